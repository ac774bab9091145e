"""Builders of portfolio records: an office, its laboratory, a company that owns a part; all through operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from motrice.accounts.models import User
from motrice.directory.models import Organisation, Person
from motrice.portfolio.enums import AssetKind, Route
from motrice.portfolio.models import Application, Asset
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset
from motrice.portfolio.operations.filings import Filing, add_application, add_publication
from tests.database import load_catalogue
from tests.directory.factories import OrganisationFactory, PersonFactory, user_with
from tests.kept import kept

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=PARIS)
FILED_ON = date(2020, 3, 16)
HALF = Fraction(1, 2)


@dataclass
class World:
    """An office, its laboratory, a company, a rival, a firm, and one account per role."""

    office: Organisation
    other_office: Organisation
    laboratory: Organisation
    company: Organisation
    rival: Organisation
    firm: Organisation
    inventor: Person
    researcher: User
    officer: User
    colleague: User
    engineer: User
    other_officer: User
    lab_director: User
    contact: User
    rival_contact: User
    attorney: User
    coordinator: User
    auditor: User


@kept
def world() -> World:
    """The institution in which most tests of the portfolio play."""
    load_catalogue()
    office = OrganisationFactory(name="Centre inventé de la recherche")
    other = OrganisationFactory(name="École inventée des alliages")
    laboratory = OrganisationFactory(unit=True, name="Laboratoire inventé des alliages")
    company = OrganisationFactory(company=True, name="Société inventée des Aciers")
    rival = OrganisationFactory(company=True, name="Société inventée des Fontes")
    firm = OrganisationFactory(company=True, name="Cabinet inventé des Brevets")
    researcher = user_with("researcher", on=laboratory)
    return World(
        office=office,
        other_office=other,
        laboratory=laboratory,
        company=company,
        rival=rival,
        firm=firm,
        inventor=PersonFactory(given_name="Aline", family_name="Inventrice", user=researcher),
        researcher=researcher,
        officer=user_with("officer", on=office),
        colleague=user_with("officer", on=office),
        engineer=user_with("patent_engineer", on=office),
        other_officer=user_with("officer", on=other),
        lab_director=user_with("lab_director", on=laboratory),
        contact=user_with("company_contact", on=company),
        rival_contact=user_with("company_contact", on=rival),
        attorney=user_with("patent_firm", on=firm),
        coordinator=user_with("coordinator"),
        auditor=user_with("auditor"),
    )


def content(place: World, **changes: Any) -> AssetContent:
    """A family owned half by the office and half by the company, kept to its circle."""
    fields: dict[str, Any] = {
        "kind": AssetKind.PATENT_FAMILY,
        "title": "Alliage inventé à mémoire de forme",
        "starts_on": FILED_ON,
        "unit": place.laboratory,
        "owners": (Owner(place.office, HALF), Owner(place.company, HALF)),
        "makers": (Maker("Aline Inventrice", Fraction(1), person=place.inventor, unit=place.laboratory),),
    } | changes
    return AssetContent(**fields)


def asset_of(place: World, *, actor: User | None = None, at: datetime = MONDAY, **changes: Any) -> Asset:
    """An asset of the office, with its officer and its engineer."""
    return register_asset(
        office=place.office,
        content=content(place, **changes),
        actor=actor or place.officer,
        engineer=place.engineer,
        at=at,
    )


def application_of(place: World, asset: Asset, *, at: datetime = MONDAY, **changes: Any) -> Application:
    """A filing of an asset: the French priority application unless told otherwise."""
    fields: dict[str, Any] = {
        "office": "FR",
        "route": Route.NATIONAL,
        "number": "2002513",
        "filed_on": FILED_ON,
    } | changes
    return add_application(asset=asset, filing=Filing(**fields), actor=place.officer, at=at)


def published_family(place: World, **changes: Any) -> Asset:
    """A family whose French application was published eighteen months after its filing."""
    asset = asset_of(place, **changes)
    application = application_of(place, asset)
    add_publication(
        application=application,
        number="3108211",
        kind_code="A1",
        published_on=date(2021, 9, 17),
        actor=place.officer,
        at=MONDAY,
    )
    asset.refresh_from_db()
    return asset
