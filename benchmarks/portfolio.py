"""How fast the portfolio answers over 6,000 families: `python benchmarks/portfolio.py`.

Works on a database of its own in a temporary folder (or on `DATABASE_URL` when it is set, which must then be empty).
Families, filings, events, owners and domains are those of the demonstration world, planned for 6,000 families and
written without the rest of its history. Each page is asked several times under each filter.
"""

import argparse
import dataclasses
import os
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))


def main() -> int:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MOTRICE_DEMO": "1", "MOTRICE_VAR": folder}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motrice.config.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("catalogue", "sync", verbosity=0)
        officer = write(options.families)
        return measure(officer, options.rounds)


def write(count: int):
    """Write the directory, the accounts and the portfolio of a world of so many families; gives an officer."""
    from django.db import transaction

    from motrice.accounts.operations.users import system_user
    from motrice.core.references import references_from
    from motrice.demo.plan.building import build_world
    from motrice.demo.plan.model import SIZES
    from motrice.demo.world import _Making
    from motrice.demo.writing.domains import DomainWriter
    from motrice.demo.writing.times import opening
    from motrice.portfolio.models import DocketEvent

    size = dataclasses.replace(SIZES["network"], name="bench", texts=10, needs=16, offers=4, families=count)
    start = perf_counter()
    plan = build_world(size, 1, today=date(2026, 11, 20))
    print(f"planned: {perf_counter() - start:.1f} s")
    start = perf_counter()
    with transaction.atomic(), references_from(Random(1)):
        making = _Making(plan, lambda line: None)
        at = opening(making.first)
        making.accounts.open(at)
        making.directory.bodies(at)
        making.directory.links(at)
        making.directory.humans(making.accounts.of_human, at)
        making.accounts.grant(making.directory.organisations, at)
        print(f"directory and accounts: {perf_counter() - start:.1f} s")
        start = perf_counter()
        portfolio = making._portfolio()
        portfolio.write()
        print(f"portfolio: {perf_counter() - start:.1f} s, {DocketEvent.objects.count()} events")
        start = perf_counter()
        office = next(iter(plan.accounts.engineers))
        team = [making.accounts.users[account.email] for account in plan.accounts.keepers[office]]
        DomainWriter(portfolio, office, team).write()
        print(f"domains: {perf_counter() - start:.1f} s")
    assert system_user() is not None
    return team[0]


def measure(officer, rounds: int) -> int:
    """Ask each page under each filter."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from motrice.portfolio.models import Asset, Domain, Ownership

    seen = Asset.objects.permitted(officer)
    domain = Domain.objects.get(code="robotics")
    company = Ownership.objects.filter(organisation__kind="company").values_list("organisation_id", flat=True)[0]
    day = date(2026, 11, 20) - timedelta(days=365)
    pages = [
        ("list", "/portfolio/"),
        ("list, a word", "/portfolio/?q=laser"),
        ("list, in force", "/portfolio/?held=live"),
        ("list, kind and state", "/portfolio/?kind=patent_family&status=alive"),
        ("list, a domain", f"/portfolio/?domain={domain.pk}"),
        ("list, a field", "/portfolio/?field=16"),
        ("list, protected in", "/portfolio/?country=DE"),
        ("list, an owner", f"/portfolio/?owner={company}"),
        ("list, filed in a year", f"/portfolio/?filed_from={day}"),
        ("list, five filters", f"/portfolio/?kind=patent_family&domain={domain.pk}&country=FR&trl=3&held=live"),
        ("figures", "/portfolio/figures/"),
        ("figures, protected in", "/portfolio/figures/?country=US"),
        ("domains", "/portfolio/domains/"),
        ("a domain", f"/portfolio/domains/{domain.reference}/"),
        ("ranking", "/portfolio/ranking/?year=2025"),
        ("applications", "/portfolio/applications/"),
    ]
    client = Client()
    client.force_login(officer)
    print(
        f"{connection.vendor}: {seen.count()} assets seen by the officer\n| page | median ms | slowest ms | queries |"
    )
    print("|---|---|---|---|")
    slow = 0
    for name, address in pages:
        times = []
        for _round in range(rounds + 1):
            start = perf_counter()
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address, headers={"host": "localhost"})
            times.append((perf_counter() - start) * 1000)
            assert answer.status_code == 200, (name, answer.status_code)
        times = times[1:]
        slow += max(times) > 1000
        print(f"| {name} | {median(times):.0f} | {max(times):.0f} | {len(queries)} |", flush=True)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
