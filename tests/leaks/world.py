"""A world with planted secrets: words that exist in one record each, and know by the policy who may read them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.core.policies import allows
from motrice.directory.enums import EvidenceKind, OrganisationKind
from motrice.directory.models import Address, Evidence, Identifier, Organisation, OrganisationName, Person
from motrice.sourcing.models import Attachment, Need
from motrice.sourcing.operations.attachments import attach_file
from motrice.sourcing.operations.candidates import exclude
from motrice.sourcing.operations.drafts import save_draft
from motrice.sourcing.operations.needs import write_to_company
from motrice.sourcing.operations.referrals import accept_referral
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)
from tests.leaks import agreements, disclosures, imports, portfolio
from tests.sourcing import factories as desk

PROBE = "quartzine"  # in every text, secret or not: what the searches of the test look for
ACTORS = [
    "anonymous",
    "company contact",
    "contact of a rival company",
    "researcher of another unit",
    "researcher of the unit asked",
    "director of the unit asked",
    "director of a unit not asked",
    "officer in charge",
    "patent engineer in charge",
    "officer of another office",
    "officer of the network",
    "coordinator",
    "administrator",
    "auditor",
    "director of the network",
    "reviewer",
    "investor",
    "named in circles",
    "inventor of a disclosure",
    "evaluator of a disclosure",
    "without a role",
]
# Accounts whose own pages are visited: they hold no planted word, the door alone is tried.
VISITED = ["company contact", "officer in charge", "auditor", "without a role"]
LETTERS = "bcdfghjklmnpqrstvwxz"
LENGTH = 10
WORDS = re.compile(f"(?=(zq[{LETTERS}]{{{LENGTH}}}))")  # wherever one begins: one may begin inside another


def word() -> str:
    """A word that nothing else holds, in lower case, for names of files too."""
    return "zq" + "".join(secrets.choice(LETTERS) for _letter in range(LENGTH))


def words_in(text: str) -> set[str]:
    """All that may be planted words of a text: it is read once, however many words were planted."""
    return set(WORDS.findall(text))


@dataclass
class Canary:
    """A planted word, where it stands, and who may read it."""

    word: str
    where: str
    record: models.Model
    readable: Callable[[Any], bool]


@dataclass
class LeakWorld:
    """The records, the planted words, and one account for each kind of reader."""

    canaries: list[Canary] = field(default_factory=list)
    planted: list[models.Model] = field(default_factory=list)
    whole: list[models.Model] = field(default_factory=list)
    actors: dict[str, Any] = field(default_factory=dict)
    place: Any = None

    def plant(self, where: str, *, also: Callable[[Any], bool] | None = None, by: Callable[[], models.Model]) -> str:
        """A new word; `by` gives the record whose policy says who may read it, once it exists."""
        planted = word()
        self.canaries.append(_Late(planted, where, by, also))
        return planted

    def keep(self, row: models.Model, *, is_public: bool = False) -> None:
        """Remember a record with planted words; one that is not public can be taken out whole."""
        self.planted.append(row)
        if not is_public:
            self.whole.append(row)

    def records(self, model: type[models.Model], action: str = "view") -> list[Any]:
        """Rows of a model to visit: one of each level where it has levels; to read, every planted one too."""
        if model is User:
            return [self.actors[who] for who in VISITED]
        rows = list(model._base_manager.order_by("-pk")[:200])
        by_level = {getattr(row, "level", ""): row for row in rows}
        chosen = {row.pk: row for row in [*by_level.values(), rows[0], rows[-1]]} if rows else {}
        if action == "view":
            planted = {row.pk for row in self.planted if row._meta.concrete_model is model._meta.concrete_model}
            chosen |= {row.pk: row for row in rows if row.pk in planted}
        return [chosen[key] for key in sorted(chosen)]


class _Late(Canary):
    """A canary whose record is looked up when asked: it is planted before the record exists."""

    def __init__(self, planted: str, where: str, by: Callable[[], models.Model], also: Any) -> None:
        self.word, self.where, self._by, self._also = planted, where, by, also

    @property
    def record(self) -> models.Model:  # type: ignore[override]
        return self._by()

    def readable(self, actor: Any) -> bool:  # type: ignore[override]
        return allows(actor, "view", self.record) or (self._also is not None and self._also(actor))


def reads_log(actor: Any) -> bool:
    """Auditors read every change in the log."""
    return any(role.kind == "auditor" for role in getattr(actor, "active_roles", ()))


def build() -> LeakWorld:
    """The whole world; a second or so."""
    world = LeakWorld()
    world.place = desk.world()
    _organisations(world)
    _people(world)
    _evidence(world)
    _offers(world)
    _needs(world)
    disclosures.plant(world)
    portfolio.add(world, probe=PROBE, reads_log=reads_log)
    agreements.add(world, probe=PROBE, reads_log=reads_log)
    imports.add(world, probe=PROBE)
    _actors(world)
    return world


def _organisations(world: LeakWorld) -> None:
    place = world.place
    for level in Level.values:
        for kind in (OrganisationKind.UNIT, OrganisationKind.COMPANY, OrganisationKind.MECHANISM):
            slot: dict[str, Organisation] = {}

            def planted(what: str, slot: dict[str, Organisation] = slot, level: str = level, kind: str = kind) -> str:
                return world.plant(f"{what} of a {level} {kind}", also=reads_log, by=lambda: slot["row"])

            row = OrganisationFactory(
                kind=kind,
                level=level,
                name=f"{PROBE} {planted('name')}",
                short_name=planted("acronym"),
                description=f"{PROBE} {planted('description')}",
                website=f"https://{planted('website')}.example.org/",
                region=planted("region"),
                city=planted("city"),
                legal_form=planted("legal form"),
                source=planted("source"),
            )
            slot["row"] = row
            desk.log(
                OrganisationName(organisation=row, kind="former", value=f"{PROBE} {planted('former name')}"),
                Address(organisation=row, street=planted("street"), city="Rennes", country="FR"),
                Identifier(organisation=row, scheme="label_number", value=planted("identifier")),
            )
            RelationFactory(source=place.institute, target=row, kind="participates", starts_on=date(2020, 1, 1))
            RelationFactory(source=row, target=place.chemistry, kind="hosts", starts_on=date(2020, 1, 1))
            world.keep(row, is_public=level == Level.PUBLIC)


def _people(world: LeakWorld) -> None:
    for level in Level.values:
        slot: dict[str, Person] = {}

        def planted(what: str, slot: dict[str, Person] = slot, level: str = level) -> str:
            return world.plant(f"{what} of a {level} person", also=reads_log, by=lambda: slot["row"])

        row = PersonFactory(
            given_name=PROBE,
            family_name=planted("family name"),
            email=f"{planted('e-mail')}@example.org",
            description=f"{PROBE} {planted('description')}",
            level=level,
        )
        slot["row"] = row
        AffiliationFactory(person=row, organisation=world.place.optics)
        world.keep(row, is_public=level == Level.PUBLIC)


def _evidence(world: LeakWorld) -> None:
    for level in Level.values:
        slot: dict[str, Evidence] = {}

        def planted(what: str, slot: dict[str, Evidence] = slot, level: str = level) -> str:
            return world.plant(f"{what} of {level} evidence", also=reads_log, by=lambda: slot["row"])

        row = EvidenceFactory(
            kind=EvidenceKind.PROJECT,
            title=f"{PROBE} {planted('title')}",
            text=f"Colle au froid, joint {PROBE} {planted('text')}",
            level=level,
            dated_on=date(2024, 5, 2),
            of=[world.place.optics],
        )
        slot["row"] = row
        world.keep(row, is_public=level == Level.PUBLIC)


def _offers(world: LeakWorld) -> None:
    place = world.place
    for name, level in (("public", Level.PUBLIC), ("network", Level.NETWORK)):
        slot: dict[str, Any] = {}

        def planted(what: str, slot: dict[str, Any] = slot, name: str = name) -> str:
            return world.plant(f"{what} of a {name} offer", also=reads_log, by=lambda: slot["row"])

        row = desk.offer_of(
            place.optics,
            place.optician,
            level=level,
            title_fr=f"{PROBE} {planted('title')}",
            title_en=f"{PROBE} {planted('English title')}",
            text_fr=f"{PROBE} {planted('text')}",
            text_en=f"{PROBE} {planted('English text')}",
        )
        slot["row"] = row
        world.keep(row, is_public=level == Level.PUBLIC)


def _needs(world: LeakWorld) -> None:
    place = world.place
    slot: dict[str, Any] = {}

    def planted(what: str, key: str = "need") -> str:
        also = None if key == "draft" else reads_log  # a draft is its author's alone: no log keeps it
        return world.plant(f"{what} of a need", also=also, by=lambda: slot[key])

    need = desk.need_of(
        place,
        title=f"{PROBE} {planted('title')}",
        problem=f"{desk.GLUE} {PROBE} {planted('problem')}",
        tried=planted("what was tried"),
        secret=f"{PROBE} {planted('confidential part', 'secret')}",
    )
    slot["need"], slot["secret"] = need, need.secret
    world.keep(need)
    for key, confidential in (("closed file", True), ("open file", False)):
        name = f"{planted(f'name of a {key}', key)}.txt"
        text = planted(f"content of a {key}", key)
        slot[key] = attach_file(
            need=need,
            name=name,
            content=text.encode(),
            actor=place.contact,
            is_confidential=confidential,
            at=desk.MONDAY,
        )
    slot["message"] = write_to_company(need=need, text=planted("message", "message"), actor=need.owner, at=desk.MONDAY)
    referral = desk.refer(place, need, place.chemistry)[0]
    slot["referral"] = accept_referral(
        referral=referral, answer=planted("answer of a team", "referral"), actor=place.chemist, at=desk.MONDAY
    )
    slot["candidate"] = exclude(
        need=need,
        organisation=place.optics,
        person=None,
        reason=planted("reason of an exclusion", "candidate"),
        actor=need.owner,
        at=desk.MONDAY,
    )
    slot["draft"] = save_draft(author=place.contact, answers={"title": planted("draft", "draft")})
    slot["circle"] = desk.need_of(
        place, title=f"{PROBE} {planted('title, kept to a circle,', 'circle')}", level="circle"
    )
    world.keep(slot["circle"])
    world.place.need = Need.objects.get(pk=need.pk)


def _actors(world: LeakWorld) -> None:
    place = world.place
    circled = user_with("researcher", on=OrganisationFactory(unit=True))
    for row in (
        Organisation.objects.filter(level=Level.CIRCLE).first(),
        Evidence.objects.filter(level=Level.CIRCLE).first(),
        Person.objects.filter(level=Level.CIRCLE).first(),
    ):
        grant_role(user=circled, kind="circle", actor=system_user(), on=row, reason="named")
    world.actors = {
        "anonymous": AnonymousUser(),
        "company contact": place.contact,
        "contact of a rival company": place.rival_contact,
        "researcher of another unit": place.researcher,
        "researcher of the unit asked": user_with("researcher", on=place.chemistry),
        "director of the unit asked": place.chemist,
        "director of a unit not asked": place.optician,
        "officer in charge": place.need.owner,
        "patent engineer in charge": place.patent_engineer,
        "officer of another office": place.other_officer,
        "officer of the network": user_with("officer"),
        "coordinator": place.coordinator,
        "administrator": user_with("administrator"),
        "auditor": place.auditor,
        "director of the network": user_with("director"),
        "reviewer": user_with("reviewer"),
        "investor": user_with("investor"),
        "named in circles": circled,
        "inventor of a disclosure": place.inventor,
        "evaluator of a disclosure": place.evaluator,
        "without a role": user_with(),
    }
    world.actors = {name: _fresh(actor) for name, actor in world.actors.items()}


def _fresh(actor: Any) -> Any:
    return User.objects.get(pk=actor.pk) if actor.pk else actor


def remove(row: models.Model) -> None:
    """Take a record and all that hangs on it out of the world, as if it had never been."""
    if isinstance(row, Attachment):
        row.file.delete(save=False)
    for relation in row._meta.related_objects:
        if relation.many_to_many:
            continue
        related = relation.related_model
        for other in related._base_manager.filter(**{relation.field.name: row.pk}):
            remove(other)
    row._meta.concrete_model._base_manager.filter(pk=row.pk).delete()
