"""Writes the bodies, people, links and texts of a world into the directory."""

from collections.abc import Iterable
from datetime import date, datetime
from random import Random
from typing import Any

from django.db import models

from motrice.core import audit
from motrice.demo import SOURCE
from motrice.demo.plan.model import Paper, World
from motrice.directory.models import (
    Address,
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    Topic,
    YearProfile,
)


class DirectoryWriter:
    """Keeps what each key of the plan became."""

    def __init__(self, world: World, actor: Any, rng: Random):
        self.world = world
        self.actor = actor
        self.rng = rng
        self.organisations: list[Organisation] = []
        self.people: list[Person] = []
        # The public projects of each body, as its offers show them.
        self.projects: dict[int, list[Evidence]] = {}

    def _record(self, verb: str, rows: Iterable[models.Model], at: datetime) -> list:
        rows = list(rows)
        if rows:
            with audit.operation(self.actor, verb, reason="demonstration world", at=at) as op:
                op.create_many(rows)
        return rows

    def bodies(self, at: datetime) -> None:
        """Write the organisations and everything that hangs on them alone."""
        self.organisations = self._record("organisation.create", map(self._organisation, self.world.bodies), at)
        pairs = list(zip(self.world.bodies, self.organisations, strict=True))
        names = [
            OrganisationName(
                organisation=row, kind=kind, value=value[:300], language=language, starts_on=start, ends_on=end
            )
            for body, row in pairs
            for kind, value, language, start, end in body.names
        ]
        identifiers = [
            Identifier(organisation=row, scheme=scheme, value=value, source=SOURCE)
            for body, row in pairs
            for scheme, value in body.identifiers
        ]
        profiles = [
            YearProfile(organisation=row, year=year, size_class=size, naf_code=naf, headcount=staff, source=SOURCE)
            for body, row in pairs
            for year, size, naf, staff in body.profiles
        ]
        topics = [
            Topic(organisation=row, scheme=scheme, code=code) for body, row in pairs for scheme, code in body.topics
        ]
        mechanisms = [Mechanism(organisation=row, **body.mechanism) for body, row in pairs if body.mechanism]
        self._record("organisation.name", names, at)
        self._record("organisation.identify", identifiers, at)
        self._record("organisation.address", (self._address(body, row) for body, row in pairs if body.city), at)
        self._record("organisation.profile", profiles, at)
        self._record("organisation.topics", topics, at)
        self._record("mechanism.describe", mechanisms, at)

    def _organisation(self, body) -> Organisation:
        return Organisation(
            kind=body.kind,
            name=body.name[:300],
            short_name=body.short_name[:80],
            description=body.description,
            legal_form=body.legal_form,
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            country="FR",
            region=body.city.region if body.city else "",
            city=body.city.name if body.city else "",
            source=SOURCE,
        )

    def _address(self, body, row: Organisation) -> Address:
        """The position is the city's, moved a little so that bodies of one city do not hide one another."""
        city = body.city
        return Address(
            organisation=row,
            street=body.street,
            postcode=city.postcode,
            city=city.name,
            region=city.region,
            country="FR",
            latitude=round(city.latitude + self.rng.uniform(-0.03, 0.03), 5),
            longitude=round(city.longitude + self.rng.uniform(-0.03, 0.03), 5),
        )

    def links(self, at: datetime) -> None:
        """Write who supervises, hosts, succeeds, labels and takes part in whom."""
        self._record(
            "relation.create",
            (
                Relation(
                    source=self.organisations[link.source],
                    target=self.organisations[link.target],
                    kind=link.kind,
                    succession=link.succession,
                    rank=link.rank,
                    label_number=link.label_number,
                    starts_on=link.starts_on,
                    ends_on=link.ends_on,
                    provenance=SOURCE,
                )
                for link in self.world.links
            ),
            at,
        )

    def humans(self, users: dict[int, Any], at: datetime) -> None:
        """Write the people, those who can sign in with their account, and their posts."""
        self.people = self._record(
            "person.create",
            (
                Person(
                    given_name=human.given_name,
                    family_name=human.family_name,
                    email=human.email,
                    level=human.level,
                    user=users.get(human.key),
                    source=SOURCE,
                )
                for human in self.world.humans
            ),
            at,
        )
        self._record(
            "person.identify",
            (
                Identifier(person=self.people[human.key], scheme="orcid", value=human.orcid, source=SOURCE)
                for human in self.world.humans
                if human.orcid
            ),
            at,
        )
        self._record(
            "person.affiliate",
            (
                Affiliation(
                    person=self.people[post.person],
                    organisation=self.organisations[post.body],
                    role=post.role,
                    starts_on=post.starts_on,
                    ends_on=post.ends_on,
                )
                for post in self.world.posts
            ),
            at,
        )

    def papers(self, papers: list[Paper], at: datetime) -> None:
        """Write texts with their holders."""
        rows = self._record(
            "evidence.register",
            (
                Evidence(
                    kind=paper.kind,
                    title=paper.title[:500],
                    text=paper.text,
                    language=paper.language,
                    dated_on=paper.dated_on,
                    level=paper.level,
                    source=SOURCE,
                )
                for paper in papers
            ),
            at,
        )
        holders = []
        for paper, row in zip(papers, rows, strict=True):
            if paper.kind == "project" and paper.level == "public":
                self.projects.setdefault(paper.bodies[0], []).append(row)
            holders += [EvidenceOwner(evidence=row, organisation=self.organisations[key]) for key in paper.bodies]
            holders += [EvidenceOwner(evidence=row, person=self.people[key]) for key in paper.people]
        self._record("evidence.hold", holders, at)

    def batches(self, first: date) -> dict[date, list[Paper]]:
        """The texts by the day on which they were registered: those of before, then each half-year's."""
        found: dict[date, list[Paper]] = {}
        for paper in self.world.papers:
            day = first
            if paper.dated_on > first:
                half = 1 if paper.dated_on.month <= 6 else 7
                day = date(paper.dated_on.year + (half == 7), 1 if half == 7 else 7, 2)
            found.setdefault(min(day, self.world.today), []).append(paper)
        return dict(sorted(found.items()))
