"""What the offices keep: patent families, software, know-how, materials, designs and marks, with owners and makers."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from random import Random

from motrice.demo.content.texts import Writer
from motrice.demo.content.vocabulary import Topic, topics
from motrice.demo.plan.filings import FilingPlan, Numbers, Procedures
from motrice.demo.plan.institutions import Institutions
from motrice.demo.plan.laboratories import Laboratories
from motrice.demo.plan.model import Body, Link, World
from motrice.demo.plan.names import NameMaker, cities
from motrice.demo.plan.records import canary

OFFICE_KINDS = ("research_body", "university", "school")
FIRMS = ("Cabinet {} et associés", "{} Propriété industrielle", "Cabinet {} Brevets")
OTHER_KINDS = (("software", 50), ("know_how", 20), ("material", 18), ("design", 6), ("mark", 6))
# The portfolio was taken over from another tool some days before the day of the demonstration.
TAKEN_OVER = timedelta(days=12)
CO_OWNED = 0.30
FIRST_CANARY = 20000
LICENCES = ("Apache-2.0", "GPL-3.0-or-later", "CECILL-2.1", "MIT", "")
PARTS = (("libmatrice", "MIT"), ("gridlib", "LGPL-2.1-or-later"), ("signalkit", "GPL-3.0-only"))


@lru_cache(maxsize=1)
def classes() -> dict[str, list[str]]:
    """The classes of each sub-topic."""
    return tomllib.loads((resources.files(__package__) / "classes.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class AssetPlan:
    """One asset: whose it is and since when, who made it, and its filings when it has any."""

    kind: str
    topic: str
    title: str
    summary: str
    language: str
    office: int
    unit: int
    starts_on: date
    level: str
    trl: int | None
    number: str
    firm: int | None = None
    ends_on: date | None = None
    status: str = "alive"
    owners: list[tuple[int, Fraction, date, date | None]] = field(default_factory=list)
    makers: list[tuple[int, Fraction]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    filings: list[FilingPlan] = field(default_factory=list)
    detail: dict = field(default_factory=dict)


class Assets:
    """Adds the firms and the assets of a world; `kept` and `canaries` are what others look for in it."""

    def __init__(self, world: World, names: NameMaker, rng: Random, around: Institutions, laboratories: Laboratories):
        self.world = world
        self.names = names
        self.rng = rng
        self.around = around
        self.laboratories = laboratories
        self.writer = Writer(rng)
        self.by_code = {topic.code: topic for topic in topics()}
        self.until = world.today - TAKEN_OVER
        self.procedures = Procedures(rng, Numbers(), self.until)
        self.firms: list[Body] = []
        self.canaries: list[str] = []
        self.counts: dict[int, int] = {}
        self.supervisors: dict[int, list[Link]] = {}
        self.partners: dict[str, list[int]] = {}

    def build(self) -> None:
        """The firms, the titles that one school publishes in the last full year, the other families, the rest."""
        for form in FIRMS:
            self.firms.append(
                self.world.add("other", form.format(self.names.family()), city=self.rng.choice(cities()))
            )
        for link in self.world.links:
            if link.kind == "supervises" and self.world.bodies[link.source].kind in OFFICE_KINDS:
                self.supervisors.setdefault(link.target, []).append(link)
        for company in self.world.of_kind("company"):
            self.partners.setdefault(self.by_code[company.subjects[0]].field, []).append(company.key)
        self._published_by_school()
        units = [unit for unit in self.laboratories.units if self.supervisors.get(unit.key)]
        while len(self.world.assets) < self.world.size.families:
            self._family(self.rng.choice(units), self._first_day())
        for rank in range(self.world.size.families // 8):
            self._other(units[rank % len(units)], rank)

    def _published_by_school(self) -> None:
        """One school has a known number of titles published in the last full year: no other is made for it there."""
        school = self.around.schools[0]
        units = [
            self.world.bodies[key]
            for key, links in self.supervisors.items()
            if any(link.source == school.key and _holds(link, self.world.today) for link in links)
        ] or self.laboratories.units[:1]
        year = self.world.today.year - 1
        for _rank in range(self.world.size.published_by_school):
            first = date(year - 2, 7, 20) + timedelta(days=self.rng.randint(0, 320))
            self._family(self.rng.choice(units), first, school=school.key)

    def _first_day(self) -> date:
        """More families each year, from 2005 to the day of the taking over."""
        span = (self.until - date(2005, 2, 1)).days
        return date(2005, 2, 1) + timedelta(days=round(span * max(self.rng.random(), self.rng.random())))

    def _family(self, unit: Body, first: date, *, school: int | None = None) -> None:
        owners = self._owners(unit, first, school=school)
        is_school = school is not None
        if not is_school and self.around.schools[0].key in {key for key, *_rest in owners}:
            last_year = self.world.today.year - 1
            if date(last_year - 2, 6, 1) <= first <= date(last_year, 12, 31):
                return
        topic = self._topic(unit)
        language = "en" if self.rng.random() < 0.4 else "fr"
        text = self.writer.evidence(topic, "patent", language)
        filings = self.procedures.family(first, is_kept=is_school)
        plan = self._plan("patent_family", unit, topic, first, text.title, text.body, language, owners)
        plan.filings = filings
        plan.classes = [symbol for rank, symbol in enumerate(classes()[topic.code]) if not rank or self._chance(0.6)]
        if topic.field != self.by_code[unit.subjects[0]].field or self._chance(0.2):
            other = self.rng.choice([each for each in topics() if each.field == topic.field])
            plan.classes += [symbol for symbol in classes()[other.code][:1] if symbol not in plan.classes]
        plan.firm = self.rng.choice(self.firms).key if self._chance(0.8) else None
        self._end(plan)
        self._close(plan)

    def _end(self, plan: AssetPlan) -> None:
        """A family ends with its last filing."""
        ends = [
            event for filing in plan.filings for event in filing.events
            if event.kind in ("lapse", "withdrawal", "expiry")
        ]  # fmt: skip
        if len(ends) == len(plan.filings):
            last = max(ends, key=lambda event: event.day)
            plan.ends_on, plan.status = last.day, "expired" if last.kind == "expiry" else "abandoned"

    def _close(self, plan: AssetPlan) -> None:
        """Unpublished families stay in a circle with a planted word, or in their organisation; others open."""
        is_published = any(filing.publications for filing in plan.filings)
        chance = self.rng.random()
        if plan.kind in ("patent_family", "know_how") and not is_published:
            plan.level = "circle" if chance < 0.6 or plan.kind == "know_how" else "organisation"
        else:
            plan.level = "public" if chance < 0.35 else "network" if chance < 0.6 else "organisation"
        if plan.level == "circle":
            mark = canary(FIRST_CANARY + len(self.canaries))
            self.canaries.append(mark)
            plan.summary += f" Nom de code : {mark}." if plan.language == "fr" else f" Code name: {mark}."
        self.world.assets.append(plan)

    def _plan(
        self, kind: str, unit: Body, topic: Topic, day: date, title: str, summary: str, language: str, owners: list
    ) -> AssetPlan:
        office = owners[0][0]
        self.counts[office] = self.counts.get(office, 0) + 1
        house = self.world.bodies[office]
        number = f"{house.short_name or house.name.split()[0]}-{day:%y}-{self.counts[office]:04d}"
        plan = AssetPlan(
            kind, topic.code, title, summary, language, office, unit.key, day, "organisation",
            self.rng.choice((2, 2, 3, 3, 3, 4, 4, 5, 6, 7, None)), number,
        )  # fmt: skip
        plan.owners = owners
        plan.makers = self._makers(unit)
        return plan

    def _owners(self, unit: Body, day: date, *, school: int | None = None) -> list:
        """The supervisors on that day, with a company for three in ten; one in forty is sold to it in part later."""
        links = self.supervisors.get(unit.key, ())
        held = [link.source for link in sorted(links, key=lambda link: link.rank or 9) if _holds(link, day)]
        held = list(dict.fromkeys(held or [link.source for link in links][:1] or [self.around.national.key]))
        if school is not None:
            held = [school, *(key for key in held if key != school)]
        held = held[:3]
        if self._chance(CO_OWNED):
            company = self.rng.choice(self._companies(unit))
            part = self.rng.choice((Fraction(1, 2), Fraction(1, 2), Fraction(2, 5), Fraction(1, 3)))
            return [*((key, (1 - part) / len(held), day, None) for key in held), (company, part, day, None)]
        whole = [(key, Fraction(1, len(held)), day, None) for key in held]
        sold = day + timedelta(days=self.rng.randint(900, 2500))
        if self._chance(0.025) and sold < self.until:
            company = self.rng.choice(self._companies(unit))
            before = [(key, share, day, sold - timedelta(days=1)) for key, share, _from, _to in whole]
            after = [(key, share / 2, sold, None) for key, share, _from, _to in whole]
            return [*before, *after, (company, Fraction(1, 2), sold, None)]
        return whole

    def _companies(self, unit: Body) -> list[int]:
        return self.partners.get(self.by_code[unit.subjects[0]].field) or next(iter(self.partners.values()))

    def _makers(self, unit: Body) -> list[tuple[int, Fraction]]:
        staff = self.laboratories.staff.get(unit.key) or next(iter(self.laboratories.staff.values()))
        chosen = self.rng.sample(staff, min(len(staff), self.rng.choice((1, 2, 2, 3))))
        shares = {1: (1,), 2: (Fraction(3, 5), Fraction(2, 5)), 3: (Fraction(1, 2), Fraction(3, 10), Fraction(1, 5))}
        return [(key, Fraction(share)) for key, share in zip(chosen, shares[len(chosen)], strict=True)]

    def _topic(self, unit: Body) -> Topic:
        return self.by_code[unit.subjects[0] if self._chance(0.75) else self.rng.choice(unit.subjects)]

    def _chance(self, part: float) -> bool:
        return self.rng.random() < part

    def _other(self, unit: Body, rank: int) -> None:
        """An asset without a patent, with what its kind asks for."""
        kind = self.rng.choices([name for name, _w in OTHER_KINDS], [weight for _n, weight in OTHER_KINDS])[0]
        topic = self._topic(unit)
        day = date(2012, 1, 9) + timedelta(days=self.rng.randrange((self.until - date(2012, 1, 9)).days - 40))
        text = self.writer.evidence(topic, "project", "fr")
        name = f"{self.names.family()} {rank + 1}"
        plan = self._plan(kind, unit, topic, day, text.title, text.body, "fr", self._owners(unit, day))
        later = day + timedelta(days=30)
        if kind == "software":
            plan.title = f"{name} : {text.title}"
            plan.detail = {"licence": self.rng.choice(LICENCES), "deposit": "app", "deposited_on": later,
                           "deposit_number": f"IDDN.FR.001.{100000 + rank}.000.S.P.{day.year}.000.10000"}  # fmt: skip
        elif kind == "know_how":
            plan.detail = {"holders": "Les deux auteurs et le directeur du laboratoire.", "support": "Cahier scellé."}
        elif kind == "material":
            plan.detail = {"material_kind": self.rng.choice(("cell_line", "plasmid", "strain", "compound", "sample"))}
        elif kind == "design":
            plan.detail = {"product": topic.products[0].fr}
        else:
            plan.title = name
            plan.detail = {"sign": name, "goods": topic.products[0].fr}
        if self._chance(0.1):
            plan.status, plan.ends_on = "abandoned", min(later + timedelta(days=700), self.until)
        self._close(plan)


def _holds(link: Link, day: date) -> bool:
    return (link.starts_on is None or link.starts_on <= day) and (link.ends_on is None or link.ends_on >= day)
