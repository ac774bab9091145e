"""The portfolio and its docket at full size: `DATABASE_URL=… python -m benchmarks.docket_pages`.

On an empty database (`motrice migrate`, `motrice catalogue sync`) it writes 6,000 invented families with about 40,000
events straight into the tables, derives every docket from nothing, then asks for the pages that people open, as the
officer in charge of all of them. The time is that of a whole request inside the server.
"""

from __future__ import annotations

import os
import time
from datetime import date

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
os.environ.setdefault("MOTRICE_DEMO", "1")

import django

django.setup()

from django.test import Client  # noqa: E402 - Django must be set up first
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

FAMILIES = 6000
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
    Ownership.objects.bulk_create(
        [Ownership(asset=asset, organisation=office, numerator=1, starts_on=asset.starts_on) for asset in assets],
        batch_size=500,
    )
    for depth in range(3):
        _applications(families, assets, depth)
    _events(families, officer)
    return officer


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


def ask(officer: User, name: str, query: str = "") -> float:
    """Seconds of the second of two requests."""
    client = Client(headers={"host": "localhost"})
    client.force_login(officer)
    for _again in range(2):
        start = time.perf_counter()
        answer = client.get(reverse(name) + query)
        taken = time.perf_counter() - start
    assert answer.status_code == 200, (name, answer.status_code)
    return taken


def main() -> None:
    """Print the figures."""
    officer = fill()
    print(f"{Asset.objects.count()} families, {DocketEvent.objects.count()} events")
    start = time.perf_counter()
    derive_docket(Asset.objects.order_by("pk"))
    print(f"{Deadline.objects.count()} deadlines derived and written in {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    derive_docket([Asset.objects.order_by("pk")[100]])
    print(f"one family again: {(time.perf_counter() - start) * 1000:.1f} ms")
    for name, query in (
        ("portfolio:assets", ""),
        ("portfolio:assets", "?q=4711"),
        ("portfolio:assets", "?held=mine&kind=patent_family"),
        ("portfolio:filings", ""),
        ("portfolio:docket", ""),
        ("portfolio:docket", "?when=month&state=open"),
        ("portfolio:docket", "?q=4711"),
        ("portfolio:review", ""),
        ("portfolio:forecast", ""),
    ):
        print(f"{name}{query}: {ask(officer, name, query) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
