"""The portfolio in the world of the table of rights: an asset at each level, with all that hangs on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetKind, Route
from motrice.portfolio.models import (
    AdvancedCost,
    AgentDesignation,
    AgentNotification,
    Application,
    Asset,
    Deadline,
    DocketEvent,
    DocketMail,
    DocketReminder,
    Mandate,
    SecrecyMeasure,
    SoftwareVersion,
    ThirdPartyPart,
)
from motrice.portfolio.operations.abandonment import notify_protection, start_abandonment
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset, set_level
from motrice.portfolio.operations.docket import choose, record_payment
from motrice.portfolio.operations.docket_clock import choose_leads
from motrice.portfolio.operations.filings import Filing, add_application, add_publication
from tests.directory.factories import OrganisationFactory
from tests.sourcing.factories import log

SINCE = date(2020, 1, 1)


def add(world: Any) -> None:
    """A family at each level, and one asset of each other kind opened to the organisation."""
    for level in Level.values:
        asset = _asset(world, AssetKind.PATENT_FAMILY, f"{level} family of the institute")
        _filing(world, asset, f"of the {level} family")
        if level != Level.CIRCLE:
            set_level(asset=asset, level=level, actor=system_user(), reason="test")
        _co_ownership(world, asset, f"of the {level} family")
    designation = AgentDesignation(
        unit=world.holdings["the team asked"], agent=world.holdings["the institute"], starts_on=SINCE
    )
    log(designation)
    world.name(designation, "of the team asked")
    for kind in AssetKind.values[1:]:
        asset = _asset(world, kind, f"{kind} of the institute")
        set_level(asset=asset, level=Level.ORGANISATION, actor=system_user(), reason="test")
    _mails(world)


def _co_ownership(world: Any, asset: Asset, words: str) -> None:
    """Who acts for the owners, what they were told, what was advanced."""
    institute, company = world.holdings["the institute"], world.holdings["the company"]
    rows = (
        AgentNotification(asset=asset, sender=institute, recipient=company, notified_at=timezone.now()),
        Mandate(asset=asset, agent=institute, starts_on=SINCE),
        AdvancedCost(asset=asset, payer=institute, paid_on=SINCE, amount=Decimal("120.00"), what="dépôt"),
    )
    for row in rows:
        log(row)
        world.name(row, f"{words} ({row._meta.model_name})")
    if asset.level == Level.CIRCLE:
        return
    today = timezone.localdate()
    for notice in notify_protection(asset=asset, decided_on=today, text="dépôt", actor=system_user()):
        world.name(notice, f"{words}, of its protection")
    abandonment = start_abandonment(asset=asset, reason="sans preneur", actor=system_user())
    world.name(abandonment, words)
    world.name(abandonment.notices.get(), f"{words}, of its abandonment")


def _asset(world: Any, kind: str, words: str) -> Asset:
    institute, company = world.holdings["the institute"], world.holdings["the company"]
    asset = register_asset(
        office=institute,
        content=AssetContent(
            kind=kind,
            title=words,
            starts_on=SINCE,
            unit=world.holdings["the team asked"],
            owners=(Owner(institute, Fraction(1, 2)), Owner(company, Fraction(1, 2))),
            makers=(Maker("Aline Inventrice", Fraction(1)),),
            classes=(("ipc", "C22F 1/00"),),
        ),
        actor=system_user(),
        officer=world.desk.officer,
    )
    world.name(asset, words)
    for name in ("family", "software", "know_how", "material", "design", "mark"):
        if hasattr(asset, name):
            world.name(getattr(asset, name), f"of the {words}")
    for rows in (asset.ownerships, asset.contributors, asset.classifications):
        world.name_all(rows.all(), f"of the {words}")
    if kind == AssetKind.SOFTWARE:
        parts = (
            SoftwareVersion(software=asset.software, label="1.0", released_on=SINCE),
            ThirdPartyPart(software=asset.software, name="bibliothèque inventée", licence="MIT", use="linked"),
        )
    elif kind == AssetKind.KNOW_HOW:
        parts = (SecrecyMeasure(asset=asset, kind="access", text="armoire fermée", starts_on=SINCE),)
    else:
        parts = ()
    for part in parts:
        log(part)
        world.name(part, f"of the {words}")
    return asset


def _filing(world: Any, asset: Asset, words: str) -> None:
    number = asset.reference
    application: Application = add_application(
        asset=asset,
        filing=Filing(
            office="FR",
            route=Route.NATIONAL,
            number=number,
            filed_on=SINCE,
            applicants=(("Institut inventé", "FR", OrganisationFactory()),),
            priorities=(("US", number, date(2019, 6, 1)),),
        ),
        actor=system_user(),
    )
    publication = add_publication(
        application=application, number=number, kind_code="A1", published_on=date(2021, 7, 2), actor=system_user()
    )
    world.name(application, words)
    world.name(publication, words)
    for rows in (application.applicants, application.priorities):
        world.name_all(rows.all(), words)
    for event in DocketEvent.objects.filter(application=application):
        world.name(event, f"{event.kind} {words}")
    _docket(world, application, words)


def _docket(world: Any, application: Application, words: str) -> None:
    """One deadline that was paid and one that is kept."""
    paid = application.deadlines.get(rule="fr-annuity", term="7")
    payment = record_payment(
        deadline=paid, paid_on=date(2026, 1, 5), amount=Decimal(96), currency="EUR", actor=system_user()
    )
    world.name(payment, words)
    world.name(payment.event, f"annuity_paid {words}")
    kept = application.deadlines.get(rule="fr-annuity", term="9")
    world.name(choose(deadline=kept, choice="keep", actor=system_user()), words)
    world.name(kept, words)


def _mails(world: Any) -> None:
    """What the docket holds for one officer."""
    officer = world.desk.officer
    deadline = Deadline.objects.order_by("pk").first()
    assert deadline is not None
    mail = DocketMail.objects.create(user=officer, kind="reminder", made_at=timezone.now())
    reminder = DocketReminder.objects.create(
        mail=mail, user=officer, application=deadline.application, kind="reminder", rule="x", due_on=SINCE, lead_days=7
    )
    for row in (mail, reminder, choose_leads(actor=officer, lead_days="30")):
        world.name(row, "of the officer")
