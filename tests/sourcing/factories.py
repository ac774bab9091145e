"""Builders of the desk's records: a small network with its offices, teams and a company; all through operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.timezone import localdate

from motrice.accounts.models import User
from motrice.core import audit
from motrice.directory.enums import AffiliationRole
from motrice.directory.models import Affiliation, Organisation, Person, Topic, YearProfile
from motrice.sourcing.enums import Channel
from motrice.sourcing.models import Need, Referral
from motrice.sourcing.operations.needs import Contact, Statement, submit_need
from motrice.sourcing.operations.offers import OfferContent, create_offer, publish_offer
from motrice.sourcing.operations.referrals import Target, refer_need
from tests.database import load_catalogue
from tests.directory.factories import OrganisationFactory, PersonFactory, user_with
from tests.kept import kept

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
SECRET = "canari-formule-secrète"
GLUE = "Ma colle perd sa force au froid et le joint se décolle sous -20 °C."


def log(*rows: Any) -> None:
    """Write rows that no operation under test writes."""
    with audit.operation(None, "test.create") as op:
        for row in rows:
            op.create(row)


@dataclass
class World:
    """A network of one institute and two teams, a company, and one account per role."""

    institute: Organisation
    chemistry: Organisation
    optics: Organisation
    company: Organisation
    rival: Organisation
    officer: User
    other_officer: User
    coordinator: User
    auditor: User
    chemist: User
    optician: User
    contact: User
    rival_contact: User
    researcher: User


@kept
def world() -> World:
    """The network in which most tests of the desk play."""
    load_catalogue()
    institute = OrganisationFactory(institute=True, name="Institut inventé des assemblages", region="Bretagne")
    far = OrganisationFactory(institute=True, name="Institut inventé des lumières", region="Occitanie")
    chemistry = OrganisationFactory(unit=True, name="Laboratoire inventé des colles")
    optics = OrganisationFactory(unit=True, name="Laboratoire inventé des lumières")
    company = OrganisationFactory(company=True, name="Société inventée du Froid", region="Bretagne")
    rival = OrganisationFactory(company=True, name="Société inventée rivale", region="Bretagne")
    log(
        Topic(organisation=institute, scheme="segment", code="chemistry-materials"),
        YearProfile(organisation=company, year=2025, naf_code="20.52Z", size_class="small", source="test"),
    )
    return World(
        institute=institute,
        chemistry=chemistry,
        optics=optics,
        company=company,
        rival=rival,
        officer=user_with("officer", on=institute),
        other_officer=user_with("officer", on=far),
        coordinator=user_with("coordinator"),
        auditor=user_with("auditor"),
        chemist=user_with("lab_director", on=chemistry),
        optician=user_with("lab_director", on=optics),
        contact=user_with("company_contact", on=company),
        rival_contact=user_with("company_contact", on=rival),
        researcher=user_with("researcher", on=OrganisationFactory(unit=True)),
    )


def statement(**changes: Any) -> Statement:
    """What the company states."""
    fields: dict[str, Any] = {"title": "Colle au froid", "problem": GLUE, "secret": SECRET} | changes
    return Statement(**fields)


def need_of(place: World, *, at: datetime | None = MONDAY, **changes: Any) -> Need:
    """A need of the world's company, stated by its contact."""
    return submit_need(
        actor=place.contact,
        statement=statement(**changes),
        contact=Contact(company=place.company, user=place.contact),
        channel=Channel.SITE,
        at=at,
    )


def refer(place: World, need: Need, *teams: Organisation, at: datetime | None = MONDAY) -> list[Referral]:
    """The need put to teams."""
    return refer_need(
        need=need,
        targets=[Target(team) for team in teams or (place.chemistry,)],
        message="Pouvez-vous aider cette entreprise ?",
        actor=need.owner,
        at=at,
    )


def person_in(team: Organisation, **fields: Any) -> Person:
    """Somebody who works in a team."""
    person = PersonFactory(**fields)
    log(Affiliation(person=person, organisation=team, role=AffiliationRole.RESEARCHER))
    return person


def content(**changes: Any) -> OfferContent:
    """What an offer says."""
    fields: dict[str, Any] = {
        "title_fr": "Essais d'adhésion à basse température",
        "title_en": "Adhesion tests at low temperature",
        "text_fr": "Mesure de la tenue des colles et joints structuraux entre -60 °C et 80 °C.",
        "text_en": "We measure how adhesives and structural joints hold between -60 °C and 80 °C.",
        "segments": ["chemistry-materials"],
    }
    return OfferContent(**(fields | changes))


def offer_of(team: Organisation, actor: User, *, review_on: date | None = None, **changes: Any) -> Any:
    """A published offer of a team, to be looked at again in three years unless told otherwise."""
    review_on = review_on or localdate() + timedelta(days=3 * 365)
    offer = create_offer(
        organisation=team, owner=person_in(team), content=content(**changes), review_on=review_on, actor=actor
    )
    return publish_offer(offer=offer, actor=actor)
