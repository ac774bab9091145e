"""Writes the twenty strategic domains of the national body, one of them ended, with their classes and families."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from motrice.core import audit
from motrice.demo.content.vocabulary import fields
from motrice.demo.plan.assets import classes
from motrice.demo.writing.portfolio import PortfolioWriter
from motrice.portfolio.models import Domain, DomainAsset, DomainClass, DomainUnit, Headline

CHOSEN_ON, ENDED_ON, STATED_ON = date(2019, 1, 1), date(2025, 12, 31), date(2025, 6, 30)
ENDED = "heritage"
UNITS = 12


class DomainWriter:
    """One domain for each field of the content; the bridge is the beginning of the classes of its sub-topics."""

    def __init__(self, portfolio: PortfolioWriter, organisation: int, heads: list[Any]):
        self.portfolio = portfolio
        self.world = portfolio.world
        self.organisation = organisation
        self.heads = heads
        self.at = portfolio.at + timedelta(hours=2)

    def play(self) -> Iterator[datetime]:
        """One step, after the portfolio was taken over."""
        yield self.at
        self.write()

    def write(self) -> None:
        """The domains, their rules, their laboratories, the families that the rules brought, and one statement."""
        body = self.portfolio.directory.organisations[self.organisation]
        every = {
            field.code: Domain(
                organisation=body,
                code=field.code,
                name_fr=field.names["fr"],
                name_en=field.names["en"],
                goals=f"Tripler en cinq ans les contrats en {field.names['fr'].lower()}.",
                criteria="Force scientifique, portefeuille, liens avec l'industrie, potentiel.",
                owner=self.heads[rank % len(self.heads)],
                starts_on=CHOSEN_ON,
                ends_on=ENDED_ON if field.code == ENDED else None,
            )
            for rank, field in enumerate(fields())
        }
        prefixes = {field.code: self._prefixes([topic.code for topic in field.topics]) for field in fields()}
        with audit.operation(self.portfolio.actor, "domain.create", reason="demonstration world", at=self.at) as op:
            op.create_many(list(every.values()))
            op.create_many(
                [
                    DomainClass(domain=domain, prefix=prefix, starts_on=CHOSEN_ON)
                    for code, domain in every.items()
                    for prefix in prefixes[code]
                ]
            )
            op.create_many(self._units(every))
            op.create_many(self._links(every, prefixes))
            op.create_many(
                [
                    Headline(
                        organisation=body,
                        text="20 domaines stratégiques de valorisation",
                        domain_count=len(every),
                        stated_on=STATED_ON,
                    )
                ]
            )

    @staticmethod
    def _prefixes(topics: list[str]) -> list[str]:
        """The main group of the first class of each sub-topic."""
        return list(dict.fromkeys(classes()[code][0].split("/")[0] + "/" for code in topics))

    def _units(self, every: dict[str, Domain]) -> list[DomainUnit]:
        counts: dict[str, int] = {}
        out = []
        topics = {topic.code: field.code for field in fields() for topic in field.topics}
        supervised = {
            link.target
            for link in self.world.links
            if link.kind == "supervises" and link.source == self.organisation and link.ends_on is None
        }
        for body in self.world.of_kind("unit"):
            code = topics[body.subjects[0]] if body.subjects else ""
            if body.key in supervised and code in every and counts.get(code, 0) < UNITS:
                counts[code] = counts.get(code, 0) + 1
                unit = self.portfolio.directory.organisations[body.key]
                out.append(DomainUnit(domain=every[code], unit=unit, starts_on=CHOSEN_ON))
        return out

    def _links(self, every: dict[str, Domain], prefixes: dict[str, list[str]]) -> list[DomainAsset]:
        """What the rules found at the taking over was accepted; one family in nine still waits for somebody's word."""
        rules = [(prefix, code) for code, found in prefixes.items() for prefix in found]
        out = []
        pairs = zip(self.world.assets, self.portfolio.assets, strict=True)
        for rank, (plan, asset) in enumerate(pairs):
            if plan.office != self.organisation or plan.kind != "patent_family" or rank % 9 == 8:
                continue
            found: dict[str, str] = {}
            for prefix, code in rules:
                if any(symbol.startswith(prefix) for symbol in plan.classes):
                    found.setdefault(code, prefix)
            for code, prefix in found.items():
                start = max(CHOSEN_ON, plan.starts_on)
                end = every[code].ends_on
                if end is None or start <= end:
                    out.append(
                        DomainAsset(domain=every[code], asset=asset, prefix=prefix, starts_on=start, ends_on=end)
                    )
        return out
