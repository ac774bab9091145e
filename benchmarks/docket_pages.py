"""The portfolio and its docket at full size: `DATABASE_URL=… python -m benchmarks.docket_pages`.

On an empty database (`motrice migrate`, `motrice catalogue sync`) it writes 6,000 invented families with about 40,000
events straight into the tables, derives every docket from nothing, then asks for the pages that people open, as the
officer in charge of all of them. With `--kept` it asks a database that an earlier run filled, with `--event` only what
one event costs there. Times are those of the
processor, of this process and (on PostgreSQL, when it runs on the same machine) of the database's, because other
programs take their share of the clock's; each page is asked six times and the middle one is told.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
os.environ.setdefault("MOTRICE_DEMO", "1")

import django

django.setup()

from django.db import connection  # noqa: E402 - Django must be set up first
from django.test import Client  # noqa: E402 - Django must be set up first
from django.test.utils import CaptureQueriesContext  # noqa: E402 - Django must be set up first
from django.urls import reverse  # noqa: E402 - Django must be set up first
from django.utils import timezone  # noqa: E402 - Django must be set up first

from benchmarks.docketing import Portfolio  # noqa: E402 - Django must be set up first
from motrice.accounts.models import RoleAssignment, User  # noqa: E402 - Django must be set up first
from motrice.directory.models import Organisation  # noqa: E402 - Django must be set up first
from motrice.portfolio.models import (  # noqa: E402 - Django must be set up first
    Application,
    Asset,
    Deadline,
    DocketEvent,
    Ownership,
    PatentFamily,
    Priority,
)
from motrice.portfolio.operations.docket import derive_docket  # noqa: E402 - Django must be set up first
from motrice.portfolio.operations.filings import record_event  # noqa: E402 - Django must be set up first

FAMILIES = 6000
PAGES = (
    ("portfolio:assets", ""),
    ("portfolio:assets", "?q=4711"),
    ("portfolio:assets", "?held=mine&kind=patent_family"),
    ("portfolio:filings", ""),
    ("portfolio:docket", ""),
    ("portfolio:docket", "?when=month&state=open"),
    ("portfolio:docket", "?q=4711"),
    ("portfolio:review", ""),
    ("portfolio:forecast", ""),
)
ROUTES = {"WO": "pct", "EP": "european"}


def fill() -> User:
    """An office, its officer, and the families of the engine's own benchmark."""
    office = Organisation.objects.create(name="Centre inventé de la mesure", kind="research_body", country="FR")
    officer = User.objects.create_user("mesure@exemple.invalid", password=None)
    RoleAssignment.objects.create(
        user=officer,
        kind="officer",
        scope_label="directory.organisation",
        scope_pk=office.pk,
        starts_on=date(2020, 1, 1),
    )
    portfolio = Portfolio(seed=7)
    families = [portfolio.family(number) for number in range(FAMILIES)]
    assets = [
        Asset(
            kind="patent_family",
            status="alive",
            level="organisation",
            title=f"Procédé inventé numéro {number}",
            language="fr",
            docket_number=f"M{number:05d}",
            office=office,
            officer=officer,
            officer_since=date(2020, 1, 1),
            starts_on=family.applications[0].filed_on,
        )
        for number, family in enumerate(families)
    ]
    Asset.objects.bulk_create(assets, batch_size=500)
    firsts = [family.applications[0].filed_on for family in families]
    PatentFamily.objects.bulk_create(
        [PatentFamily(asset=asset, first_filed_on=day) for asset, day in zip(assets, firsts, strict=True)],
        batch_size=500,
    )
    _owners(assets, office)
    for depth in range(3):
        _applications(families, assets, depth)
    _events(families, officer)
    return officer


def _owners(assets: list[Asset], office: Organisation) -> None:
    """Three families in ten are owned with a company, by halves or thirds."""
    companies = Organisation.objects.bulk_create(
        [Organisation(name=f"Société inventée {number}", kind="company", country="FR") for number in range(40)]
    )
    rows = []
    for number, asset in enumerate(assets):
        parts = 2 + number % 2 if number % 10 < 3 else 1
        day = {"asset": asset, "starts_on": asset.starts_on, "denominator": parts}
        rows.append(Ownership(organisation=office, numerator=max(1, parts - 1), **day))
        if parts > 1:
            rows.append(Ownership(organisation=companies[number % 40], numerator=1, **day))
    Ownership.objects.bulk_create(rows, batch_size=500)


_made: dict[str, Application] = {}


def _depth(application, by_key) -> int:
    return 1 + _depth(by_key[application.parent], by_key) if application.parent else 0


def _applications(families, assets, depth: int) -> None:
    rows, priorities = [], []
    for asset, family in zip(assets, families, strict=True):
        by_key = {application.key: application for application in family.applications}
        for application in family.applications:
            if _depth(application, by_key) != depth:
                continue
            row = Application(
                asset=asset,
                office=application.office,
                route=ROUTES.get(application.office, application.descent or "national")[:12].replace(
                    "national_pha", "national"
                ),
                number=application.key,
                filed_on=application.filed_on,
                parent=_made.get(application.parent),
                descent=application.descent,
                fee_category=application.category,
            )
            rows.append(row)
            _made[application.key] = row
            if application.priority_on and not application.parent:
                priorities.append(
                    Priority(application=row, office="FR", number=application.key, filed_on=application.priority_on)
                )
    Application.objects.bulk_create(rows, batch_size=500)
    Priority.objects.bulk_create(priorities, batch_size=500)


def _events(families, officer: User) -> None:
    rows = [
        DocketEvent(
            application=_made[application.key],
            kind=event.kind,
            occurred_on=event.on,
            year=event.year,
            recorded_by=officer,
            recorded_at=timezone.now(),
        )
        for family in families
        for application in family.applications
        for event in application.events
    ]
    DocketEvent.objects.bulk_create(rows, batch_size=500)


def _served() -> float:
    """Seconds of the processor that the database's own process took for this connection; none on SQLite."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        state = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not state.exists():
        return 0.0
    fields = state.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of the processor, and of the clock."""
    served, start, clock = _served(), time.process_time(), time.perf_counter()
    work()
    clock = time.perf_counter() - clock
    return time.process_time() - start + _served() - served, clock


ROUNDS = 6


def ask(officer: User, name: str, query: str = "") -> str:
    """The middle of six requests, in words, with the number of its queries."""
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    address = reverse(name) + query

    def once() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (name, answer.status_code)

    once()
    served, cost = _served(), [timed(once) for _round in range(ROUNDS)]
    database = (_served() - served) / ROUNDS
    with CaptureQueriesContext(connection) as queries:
        once()
    alone = statistics.median(processor for processor, _clock in cost)
    whole = statistics.median(clock for _processor, clock in cost)
    within = f", {database * 1000:.0f} of them in the database" if database else ""
    return f"{alone * 1000:.0f} ms{within}; {whole * 1000:.0f} by the clock; {len(queries)} queries"


def one_event(officer: User) -> tuple[list[float], list[float], float]:
    """Milliseconds of the processor, and of the clock, of an event entered through its operation for 200 families;
    the mean of the database's own processor, which is not in the first."""
    today = timezone.localdate()
    filings = Application.objects.filter(parent=None, filed_on__lte=today).order_by("pk")
    taken, clocks, served = [], [], _served()
    for application in filings.select_related("asset")[:200]:
        clock, start = time.perf_counter(), time.process_time()
        record_event(application=application, kind="other", occurred_on=today, actor=officer)
        taken.append((time.process_time() - start) * 1000)
        clocks.append((time.perf_counter() - clock) * 1000)
    return sorted(taken), sorted(clocks), (_served() - served) * 1000 / len(taken)


def tell_event(officer: User) -> None:
    """The figures of one event, in words."""
    taken, clocks, served = one_event(officer)
    middle, last = statistics.median(taken), taken[int(len(taken) * 0.95)]
    print(f"one event: {middle:.1f} ms (95 %: {last:.1f}), the database {served:.1f} besides; ", end="")
    print(f"{statistics.median(clocks):.1f} by the clock (95 %: {clocks[int(len(clocks) * 0.95)]:.1f})")


def derive_all() -> None:
    """Every docket from nothing."""
    processor, clock = timed(lambda: derive_docket(Asset.objects.order_by("pk")))
    count = Deadline.objects.count()
    print(f"{count} deadlines derived and written: {processor:.1f} s, {clock:.1f} by the clock", flush=True)


def main() -> None:
    """Print the figures."""
    if "--event" in sys.argv:
        tell_event(User.objects.filter(assets__docket_number="M00000").get())
        return
    if "--kept" in sys.argv:
        officer = User.objects.get(assets__docket_number="M00000")
        Deadline.objects.all().delete()
    else:
        officer = fill()
    print(f"{connection.vendor}: {Asset.objects.count()} families, {DocketEvent.objects.count()} events", flush=True)
    derive_all()
    processor, clock = timed(lambda: derive_docket(Asset.objects.order_by("pk")))
    print(f"all again, nothing changed: {processor:.1f} s, {clock:.1f} by the clock", flush=True)
    for name, query in PAGES:
        print(f"{name}{query}: {ask(officer, name, query)}", flush=True)
    tell_event(officer)


if __name__ == "__main__":
    main()
