"""How fast the portfolio answers over 6,000 families: `python -m benchmarks.portfolio`.

Works on a database of its own: in a temporary folder, in `--keep FOLDER` (made once, used again by later calls), or
on `DATABASE_URL` when it is set, which is used again when it holds a portfolio already. Families, filings, events,
owners and domains are those of the demonstration world, planned for 6,000 families and written without the rest of
its history. Each page is asked several times under each value of each facet tried, under pairs, and for a text;
elapsed time is that of the clock on the wall, processor time that of this process (a PostgreSQL server is another).
"""

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from urllib.parse import urlencode

from benchmarks.own_database import TODAY, count_rows, laid, opened


def main() -> int:
    """Print one line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="the folder of a database made once and used again")
    parser.add_argument("--only", default="", help="ask only the pages whose name holds this")
    options = parser.parse_args()
    with opened(options.keep):
        from motrice.portfolio.models import Domain

        if not Domain.objects.exists():
            write(options.families)
        docket()
        return measure(options.rounds, options.only)


def write(count: int) -> None:
    """Write the directory, the accounts and the portfolio of a world of so many families."""
    from motrice.demo.writing.domains import DomainWriter
    from motrice.portfolio.models import DocketEvent

    with laid(families=count) as making:
        start = perf_counter()
        portfolio = making._portfolio()
        portfolio.write()
        print(f"portfolio: {perf_counter() - start:.1f} s, {DocketEvent.objects.count()} events")
        start = perf_counter()
        accounts = making.plan.accounts
        office = next(iter(accounts.engineers))
        team = [making.accounts.users[account.email] for account in accounts.keepers[office]]
        DomainWriter(portfolio, office, team).write()
        print(f"domains: {perf_counter() - start:.1f} s")


def docket() -> None:
    """Work out the docket, and pay what was done; a server that has just been filled is told to count its rows."""
    from django.utils import timezone

    from motrice.portfolio.models import Deadline, FeePayment
    from motrice.portfolio.operations.docket import refresh_docket

    if Deadline.objects.exists():
        return
    refresh_docket(today=timezone.localdate())
    done = Deadline.objects.exclude(amount=None).exclude(done_by=None).exclude(done_on=None)
    paid = {row.done_by_id: row for row in done.iterator()}
    FeePayment.objects.bulk_create(
        FeePayment(event_id=event, paid_on=row.done_on, amount=row.amount, currency=row.currency)
        for event, row in paid.items()
        if row.amount
    )
    print(f"docket: {Deadline.objects.count()} deadlines, {len(paid)} payments")
    count_rows()


def reader():
    """An officer of the office that steers by domain."""
    from motrice.accounts.models import User
    from motrice.portfolio.models import Asset, Domain

    office = Domain.objects.order_by("pk")[0].organisation_id
    count = {user: Asset.objects.filter(officer=user).count() for user in User.objects.filter(assets__office=office)}
    return max(count, key=lambda user: (count[user], -user.pk))


def addresses(officer) -> list[tuple[str, str]]:
    """Every facet alone, pairs, texts and pages of figures, by name: values that occur, the most frequent of each."""
    from django.http import QueryDict

    from motrice.portfolio.lists.assets import PORTFOLIO
    from motrice.portfolio.models import Asset, Domain
    from motrice.web.lists import DateFacet
    from motrice.web.lists.state import ListState, read_state

    seen = Asset.objects.permitted(officer)
    state: ListState = read_state(QueryDict(""), PORTFOLIO.columns, PORTFOLIO.facets, seen)
    _total, facets = PORTFOLIO.counts(seen, state, officer)
    single = {shown.facet.key: shown.values[0].value for shown in facets if shown.values}
    day = TODAY - timedelta(days=365)
    periods = {f"{facet.key}_from": day for facet in PORTFOLIO.facets if isinstance(facet, DateFacet)}
    asked = {"": {}, "a word": {"q": "laser"}, "two words": {"q": "capteur optique"}, "no match": {"q": "zzzzzz"}}
    asked |= {f"{key}": {key: value} for key, value in {**single, **periods}.items()}
    pairs = [("kind", "status"), ("domain", "owner"), ("country", "field"), ("owner", "held"), ("unit", "domain")]
    asked |= {f"{first} and {second}": {key: single[key] for key in (first, second)} for first, second in pairs}
    asked["a word and a field"] = {"q": "laser", "field": single["field"]}
    five = ("kind", "domain", "country", "owner", "held")
    asked["five filters"] = {key: single[key] for key in five}
    asked["page 100, by office"] = {"page": 100, "sort": "office"}
    domain = Domain.objects.get(code="robotics")
    pages = [(f"list: {name or 'everything'}", f"/portfolio/?{urlencode(query)}") for name, query in asked.items()]
    some = ("", "country", "owner", "domain", "a word")
    pages += [(f"figures: {name or 'everything'}", f"/portfolio/figures/?{urlencode(asked[name])}") for name in some]
    return [
        *pages,
        ("applications", "/portfolio/applications/"),
        ("applications: a word", "/portfolio/applications/?q=laser"),
        ("applications: an office", "/portfolio/applications/?office=EP"),
        ("domains", "/portfolio/domains/"),
        ("a domain", f"/portfolio/domains/{domain.reference}/"),
        ("ranking", "/portfolio/ranking/?year=2025"),
        ("landscape", "/portfolio/landscape/"),
    ]


def measure(rounds: int, only: str) -> int:
    """Ask each page under each filter."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from motrice.portfolio.models import Asset

    officer = reader()
    client = Client()
    client.force_login(officer)
    print(f"{connection.vendor}: {Asset.objects.permitted(officer).count()} assets seen by the officer")
    print("| page | median ms | slowest ms | processor ms | queries | KB |")
    print("|---|---|---|---|---|---|")
    slow = 0
    for name, address in addresses(officer):
        if only not in name:
            continue
        times, work = [], []
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"host": "localhost"})
        asked = len(queries)
        for _round in range(rounds):
            start, started = perf_counter(), process_time()
            answer = client.get(address, headers={"host": "localhost"})
            times.append((perf_counter() - start) * 1000)
            work.append((process_time() - started) * 1000)
            assert answer.status_code == 200, (name, answer.status_code)
        slow += median(times) > 1000
        figures = (median(times), max(times), median(work))
        print(f"| {name} | {' | '.join(f'{figure:.0f}' for figure in figures)} | {asked} | "
              f"{len(answer.content) / 1024:.0f} |", flush=True)  # fmt: skip
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
