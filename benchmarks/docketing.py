"""Size and speed of the docketing engine: a whole portfolio from nothing, then one event.

    python benchmarks/docketing.py

6,000 invented families with about 40,000 events make about 120,000 deadlines, by the tables that Motrice ships. The
families are a mix of French, European, PCT and American filings with validated parts, filed over 20 years. Making
them is not timed; deriving is, on one core and on two. Then 2,000 families get one more event each: the time is that
of the family derived again and compared with what it was.
"""

import argparse
import dataclasses
import os
import random
import statistics
import sys
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from motrice.engines.docketing import (
    Application,
    Event,
    Family,
    Rulebook,
    derive,
    differences,
    read_calendar,
    read_fee_table,
    read_rule,
    read_scheme,
)

CATALOGUE = Path(__file__).resolve().parent.parent / "src" / "motrice" / "portfolio" / "catalogue"
TODAY = date(2026, 11, 28)
CORES = 2


@cache
def shipped_book() -> Rulebook:
    """The rulebook of the shipped tables."""
    readers = {"deadlines": read_rule, "renewals": read_scheme, "fees": read_fee_table, "calendars": read_calendar}
    tables = {}
    for kind, reader in readers.items():
        tables[kind] = [
            reader(entry.pop("code"), entry.pop("version"), entry)
            for path in sorted((CATALOGUE / kind).glob("*.toml"))
            for entry in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]
        ]
    return Rulebook(tables["deadlines"], tables["renewals"], tables["fees"], tables["calendars"])


class Portfolio:
    """Makes families from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.events = 0

    def event(self, kind: str, on: date, **more) -> Event:
        """An event that has its number."""
        self.events += 1
        return Event(f"E{self.events}", kind, on, **more)

    def history(self, filed_on: date, kinds: tuple[tuple[str, int], ...]) -> list[Event]:
        """Events some months after a filing, as far as today."""
        found = []
        for kind, months in kinds:
            on = filed_on + timedelta(days=30 * months + self.random.randrange(60))
            if on <= TODAY:
                found.append(self.event(kind, on))
        return found

    def paid(self, filed_on: date, first: int, last: int) -> list[Event]:
        """Annuities paid a little before their anniversaries, as far as today."""
        days = ((year, filed_on + timedelta(days=365 * (year - 1) - 20)) for year in range(first, last + 1))
        return [self.event("annuity_paid", day, year=year) for year, day in days if day <= TODAY]

    def family(self, number: int) -> Family:
        """A first filing; one in eight goes on by the PCT to Europe and its states; some end."""
        filed_on = date(2007, 1, 1) + timedelta(days=self.random.randrange(7200))
        first = Application(f"A{number}", "FR", filed_on, category="reduced")
        events = self.history(filed_on, (("search_report", 9), ("response", 11), ("publication", 18), ("grant", 30)))
        events += self.paid(filed_on, 2, self.random.randrange(2, 5))
        if self.random.random() < 0.95:
            events += self.history(filed_on, (("abandonment", self.random.randrange(24, 110)),))
        applications = [dataclasses.replace(first, events=tuple(events))]
        if self.random.random() < 0.12:
            applications += self.abroad(number, filed_on)
        return Family(f"F{number}", applications)

    def abroad(self, number: int, priority_on: date) -> list[Application]:
        """A PCT application with its European and American phases."""
        filed_on = priority_on + timedelta(days=360)
        pct = Application(f"W{number}", "WO", filed_on, priority_on=priority_on)
        kinds = (("search_publication", 20), ("examination_request", 24), ("office_action", 34), ("response", 38))
        granted = self.history(filed_on, (("grant_publication", 52),)) if self.random.random() < 0.5 else []
        events = [*self.history(filed_on, kinds), *granted, *self.paid(filed_on, 3, 4)]
        european = Application(
            f"P{number}", "EP", filed_on, parent=pct.key, descent="regional_phase", priority_on=priority_on
        )
        found = [pct, dataclasses.replace(european, events=tuple(events))]
        if granted:
            for office in self.random.sample(["FR", "DE", "GB", "IT", "ES"], 2):
                part = Application(f"{office}{number}", office, filed_on, parent=european.key, descent="validation")
                found.append(part)
        american = self.history(filed_on, (("allowance", 40), ("grant", 46)))
        found.append(
            Application(f"U{number}", "US", filed_on, parent=pct.key, descent="national_phase", events=tuple(american))
        )
        return found


def derive_all(families: list[Family]) -> int:
    """How many deadlines the families have."""
    book = shipped_book()
    return sum(len(derive(family, book, TODAY).deadlines) for family in families)


def one_event(families: list[Family], random_: random.Random) -> list[float]:
    """Milliseconds for each family that gets one more event."""
    book, taken = shipped_book(), []
    for family in random_.sample(families, 2000):
        before = derive(family, book, TODAY)
        first, *others = family.applications
        more = dataclasses.replace(first, events=(*first.events, Event("new", "publication", TODAY)))
        start = time.perf_counter()
        differences(before, derive(Family(family.key, [more, *others]), book, TODAY))
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=6000)
    size = parser.parse_args().families
    portfolio = Portfolio(seed=7)
    families = [portfolio.family(number) for number in range(size)]
    shipped_book()
    start = time.perf_counter()
    count = derive_all(families)
    alone = time.perf_counter() - start
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(derive_all, [families[:10]] * CORES))
        start = time.perf_counter()
        halves = list(pool.map(derive_all, [families[core::CORES] for core in range(CORES)]))
        together = time.perf_counter() - start
    assert sum(halves) == count
    print(f"{len(families)} families, {portfolio.events} events, {count} deadlines; {os.cpu_count()} cores")
    print(f"from nothing: {alone:.2f} s on one core, {together:.2f} s on two")
    taken = one_event(families, random.Random(1))
    print(f"one event: {statistics.median(taken):.2f} ms (median), {taken[int(len(taken) * 0.99)]:.2f} ms (99 %)")


if __name__ == "__main__":
    main()
