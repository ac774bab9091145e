"""Builders of disclosures: a laboratory with its office, inventors inside and outside; all through operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from motrice.accounts.models import User
from motrice.directory.models import Organisation, Person
from motrice.inventions.models import Disclosure, Evaluator, Inventor
from motrice.inventions.operations.decisions import approve_decision, propose_decision
from motrice.inventions.operations.drafting import (
    add_inventor,
    add_tie,
    answer_disclosure,
    change_inventor,
    start_disclosure,
)
from motrice.inventions.operations.evaluation import begin_evaluation
from motrice.inventions.operations.outside_opinions import invite_outside, promise_secrecy
from motrice.inventions.operations.signing import sign_disclosure, sign_outside, submit_disclosure
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    user_with,
)
from tests.kept import kept

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
SINCE = date(2015, 1, 1)
ANSWERS: dict[str, Any] = {
    "title": "Joint qui se répare à froid",
    "summary": "Un joint structural dont la fissure se referme seule sous -20 °C.",
    "problem": "Les joints se fissurent au froid.",
    "novelty": "La réparation ne demande ni chaleur ni lumière.",
    "prior_art": "Des joints réparés à chaud sont connus.",
    "uses": "Vitrages, aéronautique.",
    "keywords": "joint, froid, réparation",
    "domain": "wipo-17",
    "trl": 4,
    "invented_on": date(2026, 6, 1),
    "has_no_divulgation": True,
}


@dataclass
class Lab:
    """A laboratory with two supervisors, its office, and the people around a disclosure."""

    unit: Organisation
    school: Organisation
    body: Organisation
    researcher: User
    person: Person
    colleague: User
    colleague_person: Person
    head: User
    correspondent: User
    officer: User
    second: User
    director: User
    coordinator: User
    auditor: User
    expert: User
    stranger: User


@kept
def lab() -> Lab:
    """The world in which most tests of disclosures play."""
    load_catalogue()
    school = OrganisationFactory(kind="school", name="École inventée des matériaux")
    body = OrganisationFactory(kind="research_body", name="Organisme inventé de recherche")
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé des joints")
    RelationFactory(source=school, target=unit, kind="hosts", starts_on=SINCE)
    RelationFactory(source=school, target=unit, kind="supervises", rank=1, starts_on=SINCE)
    RelationFactory(source=body, target=unit, kind="supervises", rank=2, starts_on=SINCE)
    researcher, colleague = user_with("researcher", on=unit), user_with("researcher", on=unit)
    person = PersonFactory(given_name="Ada", family_name="Inventée", user=researcher, email=researcher.email)
    other = PersonFactory(given_name="Blaise", family_name="Inventé", user=colleague, email=colleague.email)
    for each in (person, other):
        AffiliationFactory(person=each, organisation=unit, starts_on=SINCE)
    return Lab(
        unit=unit,
        school=school,
        body=body,
        researcher=researcher,
        person=person,
        colleague=colleague,
        colleague_person=other,
        head=user_with("lab_director", on=unit),
        correspondent=user_with("correspondent", on=unit),
        officer=user_with("officer", on=school),
        second=user_with("officer", on=school),
        director=user_with("director", on=school),
        coordinator=user_with("coordinator"),
        auditor=user_with("auditor"),
        expert=user_with(),
        stranger=user_with("researcher", on=OrganisationFactory(unit=True)),
    )


def draft(place: Lab, *, at: datetime | None = MONDAY, by: User | None = None, **changes: Any) -> Disclosure:
    """A draft with every answer but the shares: its first inventor has a third, a colleague a third."""
    author = by or place.researcher
    disclosure = start_disclosure(unit=place.unit, actor=author, at=at)
    answer_disclosure(disclosure=disclosure, answers=ANSWERS | changes, actor=author, at=at)
    first = Inventor.objects.filter(disclosure=disclosure).first()
    if first is None:
        first = add_inventor(disclosure=disclosure, person=place.person, unit=place.unit, actor=author, at=at)
    change_inventor(inventor=first, share=Fraction(1, 3), employer="École inventée", actor=author, at=at)
    add_inventor(
        disclosure=disclosure,
        person=place.colleague_person,
        unit=place.unit,
        employer="Organisme inventé",
        share=Fraction(1, 3),
        actor=author,
        at=at,
    )
    add_tie(disclosure=disclosure, kind="funding", party="Agence inventée", number="ANR-00", actor=author, at=at)
    return Disclosure.objects.get(pk=disclosure.pk)


def outsider(disclosure: Disclosure, *, at: datetime | None = MONDAY, **changes: Any) -> Inventor:
    """An inventor of another institution, with the last third."""
    fields: dict[str, Any] = {
        "name": "Chloé Dehors",
        "email": "chloe@example.org",
        "employer": "Université inventée d'ailleurs",
        "share": Fraction(1, 3),
    }
    return add_inventor(disclosure=disclosure, actor=disclosure.author, at=at, **(fields | changes))


def submitted(place: Lab, *, at: datetime | None = MONDAY, **changes: Any) -> Disclosure:
    """A disclosure sent for signature."""
    disclosure = draft(place, at=at, **changes)
    outsider(disclosure, at=at)
    return submit_disclosure(disclosure=disclosure, actor=disclosure.author, at=at)


def sign_all(disclosure: Disclosure, *, at: datetime | None = MONDAY) -> None:
    """Everybody signs."""
    for row in Inventor.objects.filter(disclosure=disclosure).select_related("person__user", "disclosure"):
        if row.is_outside:
            sign_outside(inventor=row, typed_name=row.name, confirms_share=True, at=at)
        else:
            sign_disclosure(
                inventor=row, typed_name=row.name, confirms_share=True, actor=row.person.user, at=at
            )  # fmt: skip


def received(place: Lab, *, at: datetime | None = MONDAY, **changes: Any) -> Disclosure:
    """A disclosure that everybody has signed."""
    disclosure = submitted(place, at=at, **changes)
    sign_all(disclosure, at=at)
    return Disclosure.objects.get(pk=disclosure.pk)


def evaluated(place: Lab, *, at: datetime | None = MONDAY, **changes: Any) -> Disclosure:
    """A disclosure that the office evaluates."""
    disclosure = received(place, at=at, **changes)
    return begin_evaluation(disclosure=disclosure, actor=disclosure.owner, at=at)


def decided(place: Lab, kind: str = "patent", *, at: datetime | None = MONDAY, **changes: Any) -> Disclosure:
    """A decided disclosure, approved by a second officer where that is asked."""
    disclosure = evaluated(place, at=at, **changes)
    decision = propose_decision(
        disclosure=disclosure, kind=kind, reasons="Nouveau et demandé.", actor=disclosure.owner, at=at
    )
    if decision.needs_approval:
        approver = place.second if disclosure.owner_id == place.officer.pk else place.officer
        approve_decision(decision=decision, actor=approver, at=at)
    return Disclosure.objects.get(pk=disclosure.pk)


def asked_outside(
    disclosure: Disclosure, *, at: datetime | None = MONDAY, has_promised: bool = False, **changes: Any
) -> Evaluator:
    """Somebody without an account who is asked for an opinion, and may have promised secrecy."""
    fields: dict[str, Any] = {"name": "Eve Dehors", "email": "eve@example.org"}
    row = invite_outside(disclosure=disclosure, actor=disclosure.owner, at=at, **(fields | changes))
    if has_promised:
        promise_secrecy(evaluator=row, typed_name="Eve  Dehors", promises=True, is_free=True, version=1, at=at)
    return row
