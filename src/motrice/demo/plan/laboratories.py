"""The laboratories, who supervises them over time, what became of them, and who works there."""

from datetime import date, timedelta
from random import Random

from motrice.demo.content.grammar import french
from motrice.demo.content.texts import Writer
from motrice.demo.content.vocabulary import Topic, fields, topics
from motrice.demo.plan import identifiers
from motrice.demo.plan.institutions import DOMAINS, SEGMENTS, Institutions
from motrice.demo.plan.model import Body, Human, Link, Post, World
from motrice.demo.plan.names import NameMaker, cities, mail_name, street

UNIT_FORMS = (
    ("Laboratoire {de.top} de {city}", "{city} Laboratory of {en}"),
    ("Institut {eponym}, {top}", "{eponym} Institute, {en}"),
    ("Centre {eponym} de recherche sur {le.top}", "{eponym} Centre for Research on {en}"),
    ("Laboratoire {eponym} : {obj} et {met}", "{eponym} Laboratory: {en_obj} and {en_met}"),
    ("Unité {top} et {obj} de {city}", "{city} Unit of {en} and {en_obj}"),
)
# How new units came out of older ones, in turn; one unit in fourteen has such a past.
SUCCESSIONS = ("renamed", "merged", "split", "continued", "renamed", "merged")


class Laboratories:
    """Adds units with their supervisors, predecessors and people."""

    def __init__(self, world: World, names: NameMaker, rng: Random, around: Institutions):
        self.world = world
        self.names = names
        self.rng = rng
        self.around = around
        self.writer = Writer(rng)
        self.rank = 0
        self.units: list[Body] = []
        self.staff: dict[int, list[int]] = {}
        self.heads: dict[int, int] = {}
        self.by_region: dict[str, list[Body]] = {}
        for body in around.universities + around.schools:
            self.by_region.setdefault(body.city.region, []).append(body)
        # Whom a unit supervised by the national organisation may join, and the others, by field.
        self.homes: dict[tuple[str, bool], list[Body]] = {}
        for institute in around.institutes:
            for code in around.fields_of[institute.key]:
                self.homes.setdefault((code, institute.key in around.national_in), []).append(institute)

    def build(self) -> None:
        """Add the units, the sub-topics going round so that each has its laboratories."""
        every = self._topics()
        for rank in range(self.world.size.units):
            self._unit(every[rank % len(every)], rank)
        for turn, unit in enumerate(self.units[5::14]):
            self._past(unit, SUCCESSIONS[turn % len(SUCCESSIONS)])
        self._people()

    def _topics(self) -> list[Topic]:
        """One sub-topic of each field, then a second one: a small world has few, each with several laboratories."""
        order = [
            field.topics[(turn + rank) % len(field.topics)] for turn in range(4) for rank, field in enumerate(fields())
        ]
        return order[: max(len(fields()), min(len(order), self.world.size.units // 3))]

    def _unit(self, topic: Topic, rank: int) -> Body:
        others = [other for other in topics() if other.field == topic.field and other is not topic]
        subjects = [topic.code, *(other.code for other in self.rng.sample(others, self.rng.choice((0, 1, 1, 2))))]
        founded = date(self.rng.choice((1998, 2004, 2008, 2012, 2014, 2016, 2018, 2020)), 1, 1)
        city = self.rng.choice(cities())
        unit = self._body(topic, city, founded, subjects)
        unit.description = self.writer.evidence(topic, "unit", "fr").body
        if rank == 0:
            unit.starts_on = date(2008, 1, 1)
            self._three_supervisors(unit)
        else:
            self._supervisors(unit, topic)
        self._home(unit, topic)
        self.units.append(unit)
        return unit

    def _body(self, topic: Topic, city, founded: date, subjects: list[str]) -> Body:
        self.rank += 1
        name, english = self._name(topic, city.name)
        unit = self.world.add(
            "unit",
            name,
            short_name=self.names.acronym(name),
            city=city,
            street=street(self.rng),
            starts_on=founded,
            subjects=subjects,
        )
        unit.names.append(("translation", english, "en", None, None))
        unit.identifiers.append(("rnsr", identifiers.rnsr(founded.year, self.rank)))
        if self.rng.random() < 0.35:
            unit.identifiers.append(("ror", identifiers.ror(2000 + self.rank)))
        unit.topics += [("segment", code) for code in SEGMENTS[topic.field]] + [("domain", DOMAINS[topic.field])]
        return unit

    def _name(self, topic: Topic, city: str) -> tuple[str, str]:
        for _attempt in range(60):
            form, english = self.rng.choice(UNIT_FORMS)
            thing, method = self.rng.choice(topic.objects), self.rng.choice(topic.methods)
            values = {
                "city": city,
                "eponym": f"{self.names.family()}-{self.names.family()}",
                "top": topic.name.fr,
                "obj": thing.fr,
                "met": method.fr,
                "en": topic.name.en,
                "en_obj": thing.en,
                "en_met": method.en,
            }
            name = form.replace("{de.top}", french("du", topic.name, "")).replace(
                "{le.top}", french("le", topic.name, "")
            )
            name = name.format(**values)
            if name not in self.names.taken:
                self.names.taken.add(name)
                return name, english.format(**values)
        raise ValueError("No new unit name was found in sixty attempts.")

    def _three_supervisors(self, unit: Body) -> None:
        """The unit of the directory's first check: three supervisors, one of which leaves on 31 December 2019."""
        near = [self.around.national, self.around.universities[0], self.around.schools[0]]
        for position, body in enumerate(near, start=1):
            leaves = date(2019, 12, 31) if position == 3 else None
            self._supervise(body, unit, position, unit.starts_on, leaves)
        self.world.links.append(Link(near[1].key, unit.key, "hosts", unit.starts_on))
        self.world.landmarks["three_supervisors"] = unit.key

    def _supervisors(self, unit: Body, topic: Topic) -> None:
        local = self.by_region.get(unit.city.region) or self.around.universities
        chosen = [self.rng.choice(local)]
        if self.rng.random() < 0.58:
            chosen.insert(0, self.around.national)
        fitting = [body for body, served in self.around.research if topic.field in served]
        if fitting and self.rng.random() < 0.4:
            chosen.append(self.rng.choice(fitting))
        if self.rng.random() < 0.25:
            chosen.append(self.rng.choice(self.around.schools))
        chosen = list(dict.fromkeys(body.key for body in chosen))
        bodies = [self.world.bodies[key] for key in chosen]
        for position, body in enumerate(bodies, start=1):
            joins, leaves = unit.starts_on, None
            if position > 1 and self.rng.random() < 0.16:
                leaves = date(self.rng.randint(max(2019, joins.year + 1), 2024), 12, 31)
            elif position > 2 and self.rng.random() < 0.3:
                joins = date(max(unit.starts_on.year, 2021), 1, 1)
            self._supervise(body, unit, position, joins, leaves)
        host = next((body for body in bodies if body.kind in ("university", "school")), bodies[0])
        self.world.links.append(Link(host.key, unit.key, "hosts", unit.starts_on))

    def _supervise(self, body: Body, unit: Body, position: int, start: date | None, end: date | None) -> None:
        number = f"{'UMR' if body is self.around.national else 'UR'} {990000 + self.rank}" if position == 1 else ""
        self.world.links.append(Link(body.key, unit.key, "supervises", start, end, rank=position, label_number=number))
        if number:
            unit.identifiers.append(("label_number", number))

    def _home(self, unit: Body, topic: Topic) -> None:
        """Labelled institutes take units of their fields; a national unit only where that organisation takes part."""
        national = self.around.national.key
        is_national = any(
            link.source == national and link.kind == "supervises"
            for link in self.world.links[-5:]
            if link.target == unit.key
        )
        homes = list(self.homes.get((topic.field, True), ()))
        if not is_national:
            homes += self.homes.get((topic.field, False), ())
        if homes and self.rng.random() < 0.6:
            home = self.rng.choice(homes)
            start = max(unit.starts_on, self.around.waves_of[home.key][0][0])
            self.world.links.append(Link(unit.key, home.key, "member_of", start))

    def _past(self, unit: Body, how: str) -> None:
        """Close one or two older units whose work this unit took over, or split one between it and a sister."""
        unit.starts_on = date(self.rng.choice((2018, 2020, 2022)), 1, 1)
        end = unit.starts_on - timedelta(days=1)
        topic = next(topic for topic in topics() if topic.code == unit.subjects[0])
        for _number in range(2 if how == "merged" else 1):
            old = self._body(topic, unit.city, date(2004, 1, 1), unit.subjects)
            old.ends_on = end
            supervisor = self.rng.choice(self.by_region.get(unit.city.region) or self.around.universities)
            self._supervise(supervisor, old, 1, old.starts_on, end)
            self._succeed(old, unit, how)
            if how == "renamed":
                unit.names.append(("former", old.name, "fr", old.starts_on, end))
            if how == "split":
                sister = self.units[(self.units.index(unit) + 1) % len(self.units)]
                sister.starts_on = unit.starts_on
                self._restart(sister)
                self._succeed(old, sister, how)
            self.world.landmarks.setdefault(f"first_{how}", old.key)
        self._restart(unit)

    def _succeed(self, old: Body, new: Body, how: str) -> None:
        self.world.links.append(Link(old.key, new.key, "succeeded_by", new.starts_on, succession=how))

    def _restart(self, unit: Body) -> None:
        """Links of a unit cannot begin before the unit itself."""
        for position, link in enumerate(self.world.links):
            if unit.key not in (link.source, link.target) or link.kind == "succeeded_by":
                continue
            if link.starts_on and link.starts_on < unit.starts_on:
                end = link.ends_on
                if end and end < unit.starts_on:
                    end = None
                self.world.links[position] = Link(
                    link.source, link.target, link.kind, unit.starts_on, end, link.rank, link.label_number
                )

    def _people(self) -> None:
        """Give each unit its director, correspondent, researchers and engineers, the directors changing."""
        count = min(round(self.world.size.people * 0.86), self.world.size.people - 90)
        for rank in range(count):
            unit = self.units[rank % len(self.units)]
            self._member(unit, rank // len(self.units))

    def _member(self, unit: Body, order: int) -> None:
        human = self.person(unit, orcid=order != 1 or self.rng.random() < 0.3)
        staff = self.staff.setdefault(unit.key, [])
        staff.append(human.key)
        start = date(self.rng.randint(max(unit.starts_on.year, 2012), 2023), self.rng.choice((1, 9)), 1)
        start = max(start, unit.starts_on)
        role = (
            ("director", "correspondent")[order] if order < 2 else self.rng.choice(("researcher",) * 4 + ("engineer",))
        )
        if order == 0:
            self.heads[unit.key] = human.key
            start = max(unit.starts_on, date(2019, 1, 1))
        end = None
        if order == 2 and unit.starts_on < date(2016, 1, 1):
            # The director before the present one stays as a researcher.
            self.post(human, unit, "director", unit.starts_on, date(2018, 12, 31))
            start = date(2019, 1, 1)
        if order > 3 and self.rng.random() < 0.06:
            end = date(2025, 8, 31)
        self.post(human, unit, role, start, end)

    def post(self, human: Human, body: Body, role: str, start: date | None, end: date | None = None) -> None:
        """Note what a person is in a body."""
        self.world.posts.append(Post(human.key, body.key, role, start, end))

    def person(self, body: Body, *, orcid: bool = False, level: str = "network") -> Human:
        """Add somebody, with an address at their organisation that cannot receive mail."""
        given, family = self.names.person()
        key = len(self.world.humans)
        house = mail_name(body.short_name or body.name)
        human = Human(key, given, family, f"{mail_name(given, family)}@{house}.motrice.invalid", level=level)
        if orcid:
            human.orcid = identifiers.orcid(key + 1)
        self.world.humans.append(human)
        return human
