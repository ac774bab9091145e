"""Loads a published ranking of applicants as an office does: as printed, one title more than is held, one odd name."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from motrice.demo.plan.assets import AssetPlan
from motrice.demo.plan.filings import FilingPlan
from motrice.demo.plan.names import ascii_words
from motrice.demo.writing.portfolio import PortfolioWriter
from motrice.portfolio.enums import RankingBasis
from motrice.portfolio.operations.rankings import load_ranking
from motrice.portfolio.tables import technology

LINES, ODD = 12, 2
ARTICLES = {"DE", "DU", "DES", "LA", "LE", "LES", "D", "L", "ET"}


class RankingWriter:
    """The ranking of the last full year, and the one before, of one organisation."""

    def __init__(self, portfolio: PortfolioWriter, organisation: int, actor: Any):
        self.portfolio = portfolio
        self.organisation = organisation
        self.actor = actor
        self.at = portfolio.at + timedelta(hours=5)

    def play(self) -> Iterator[datetime]:
        """One step, after the portfolio was taken over."""
        yield self.at
        for year in (self.portfolio.world.today.year - 2, self.portfolio.world.today.year - 1):
            self._load(year)

    def _load(self, year: int) -> None:
        method = technology.method_for(year)
        counts = self._counts(year, method.basis)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:LINES]
        if not ranked:
            return
        lines = [
            f"{rank};{self._printed(body, is_odd=rank == ODD)};{count + (body == self.organisation)}"
            for rank, (body, count) in enumerate(ranked, start=1)
        ]
        load_ranking(
            organisation=self.portfolio.directory.organisations[self.organisation],
            title=f"Palmarès inventé des déposants {year}",
            year=year,
            basis=method.basis,
            source=f"Bulletin inventé de la propriété industrielle, mars {year + 1}",
            text="\n".join(["rang;nom;nombre", *lines]),
            actor=self.actor,
            at=self.at,
        )

    def _counts(self, year: int, basis: str) -> Counter[int]:
        """Titles of the French office by each body that was an owner on the first day."""
        counts: Counter[int] = Counter()
        for plan in self.portfolio.world.assets:
            titles = sum(_is_counted(filing, year, basis) for filing in plan.filings)
            for body in _applicants(plan) if titles else ():
                counts[body] += titles
        return counts

    def _printed(self, body: int, *, is_odd: bool) -> str:
        """A name in capitals without accents; the odd one leaves its small words out, and is not recognised."""
        words = [word.upper() for word in ascii_words(self.portfolio.directory.organisations[body].name)]
        return " ".join(word for word in words if not is_odd or word not in ARTICLES)[:200]


def _applicants(plan: AssetPlan) -> list[int]:
    return [key for key, _share, start, _end in plan.owners if start == plan.starts_on]


def _is_counted(filing: FilingPlan, year: int, basis: str) -> bool:
    if (filing.office, filing.route) != ("FR", "national"):
        return False
    if basis == RankingBasis.FILED:
        return filing.filed_on.year == year
    return any(kind in ("A1", "A3") and day.year == year for _number, kind, day in filing.publications)
