"""The portfolio in the leak test: an asset of each level with planted words, and how its addresses are visited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.core.confidentiality import Level
from motrice.directory.models import Organisation
from motrice.portfolio.enums import AssetKind, EventKind, Reach, Route
from motrice.portfolio.models import (
    Abandonment,
    AdvancedCost,
    AgentDesignation,
    Application,
    Asset,
    Contributor,
    CoOwnerNotice,
    Deadline,
    DocketEvent,
    DocketMail,
    Domain,
    DomainAsset,
    DomainUnit,
    Mandate,
    PublishedRanking,
    SecrecyMeasure,
)
from motrice.portfolio.operations import domains
from motrice.portfolio.operations.abandonment import notify_protection, start_abandonment
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset, set_level
from motrice.portfolio.operations.details import add_part
from motrice.portfolio.operations.filings import Filing, add_application, add_publication, record_event
from motrice.portfolio.operations.landscape import compute_landscape
from motrice.portfolio.operations.rankings import load_ranking
from motrice.portfolio.views.acts import APPLICATION_ACTS, ASSET_ACTS, EVENT_ACTS
from motrice.portfolio.views.docket import ACTS
from motrice.portfolio.views.owner_acts import ABANDONMENT_ACTS, DETAIL_FORMS, NOTICE_ACTS
from tests.directory.factories import user_with
from tests.sourcing.factories import log

SINCE = date(2020, 3, 16)


def add(world: Any, *, probe: str, reads_log: Callable[[Any], bool]) -> None:
    """A patent family at each level, a software and a know-how kept to their circle.

    `probe` is the word that every text holds, `reads_log` tells who reads every change in the log.
    """
    world.place.patent_engineer = user_with("patent_engineer", on=world.place.institute)
    for level in Level.values:
        _asset(world, AssetKind.PATENT_FAMILY, level, probe, reads_log)
    for kind in (AssetKind.SOFTWARE, AssetKind.KNOW_HOW):
        _asset(world, kind, Level.CIRCLE, probe, reads_log)
    log(AgentDesignation(unit=world.place.chemistry, agent=world.place.institute, starts_on=SINCE))
    _steering(world)


def _steering(world: Any) -> None:
    """A domain with every other asset in it, the rest proposed by a rule; both landscapes, and a ranking loaded."""
    system, institute = system_user(), world.place.institute
    content = domains.DomainContent(code="alloys", name_fr="Alliages", name_en="Alloys", starts_on=SINCE)
    domain = domains.create_domain(organisation=institute, content=content, actor=system)
    domains.add_class(domain=domain, prefix="C22F", actor=system)
    domains.add_unit(domain=domain, unit=world.place.chemistry, actor=system)
    every = Asset.objects.filter(office=institute).order_by("pk")
    domains.accept_assets(domain=domain, assets=[(asset, "") for asset in every[::2]], actor=system)
    for reach in Reach.values:
        compute_landscape(organisation=institute, reach=reach, actor=system)
    load_ranking(
        organisation=institute, title="Palmarès", year=2021, basis="published", source="pibd.inpi.fr",
        text=f"name;value\n{institute.name};3\n", actor=system,
    )  # fmt: skip


def _asset(world: Any, kind: str, level: str, probe: str, reads_log: Callable[[Any], bool]) -> None:
    slot: dict[str, Any] = {}

    def planted(what: str, key: str = "asset") -> str:
        return world.plant(f"{what} of a {level} {kind}", also=reads_log, by=lambda: slot[key])

    place, officer = world.place, world.place.patent_engineer
    asset = register_asset(
        office=place.institute,
        content=AssetContent(
            kind=kind,
            title=f"{probe} {planted('title')}",
            summary=f"{probe} {planted('summary')}",
            docket_number=planted("our reference")[:40],
            starts_on=SINCE,
            unit=place.chemistry,
            owners=(Owner(place.institute, Fraction(1, 2)), Owner(place.company, Fraction(1, 2))),
            makers=(Maker(f"{probe} {planted('contributor', 'maker')}", Fraction(1)),),
            classes=(("ipc", "C22F 1/00"),),
        ),
        actor=officer,
    )
    slot["asset"], slot["maker"] = asset, Contributor.objects.get(asset=asset)
    if kind == AssetKind.PATENT_FAMILY:
        number = planted("application number", "application")[:30]
        slot["application"] = add_application(
            asset=asset,
            filing=Filing(office="FR", route=Route.NATIONAL, number=number, filed_on=SINCE),
            actor=officer,
        )
        add_publication(
            application=slot["application"],
            number=planted("publication number", "application")[:30],
            kind_code="A1",
            published_on=date(2021, 9, 17),
            actor=officer,
        )
        slot["event"] = record_event(
            application=slot["application"],
            kind=EventKind.OFFICE_ACTION,
            occurred_on=date(2022, 1, 5),
            note=planted("note of an event", "event"),
            actor=officer,
        )
    if level != Level.CIRCLE:
        set_level(asset=asset, level=level, actor=officer, reason="ouverture")
    _co_ownership(world, asset, slot, planted, probe)
    world.keep(asset, is_public=level == Level.PUBLIC)


def some_deadlines(world: Any) -> list[dict[str, Any]]:
    """An annuity of each planted family: its other deadlines are shown by the same code."""
    rows = Deadline.objects.filter(asset__in=[row for row in world.planted if isinstance(row, Asset)])
    return [{"reference": row.reference} for row in rows.filter(rule="fr-annuity", year=9).order_by("pk")]


def _co_ownership(world: Any, asset: Asset, slot: dict[str, Any], planted: Callable[..., str], probe: str) -> None:
    """What the co-owners were told, who acts for them, what was advanced, how a secret is kept: a word in each."""
    institute = world.place.institute
    slot["mandate"] = Mandate(
        asset=asset, agent=institute, starts_on=SINCE, ground=f"{probe} {planted('ground of a mandate', 'mandate')}"
    )
    slot["cost"] = AdvancedCost(
        asset=asset,
        payer=institute,
        paid_on=SINCE,
        amount=Decimal("1234.56"),
        what=f"{probe} {planted('object of a cost', 'cost')}",
    )
    slot["measure"] = SecrecyMeasure(
        asset=asset, kind="access", starts_on=SINCE, text=f"{probe} {planted('secrecy measure', 'measure')}"
    )
    for key in ("mandate", "cost", "measure"):
        log(slot[key])
    if asset.kind == AssetKind.SOFTWARE:
        slot["part"] = add_part(
            asset=asset,
            name=f"{probe} {planted('part of a third party', 'part')}",
            licence="GPL-3.0-only",
            use="linked",
            actor=system_user(),
        )
    if asset.level == Level.CIRCLE:
        return
    (slot["notice"],) = notify_protection(
        asset=asset,
        decided_on=timezone.localdate(),
        text=f"{probe} {planted('text of a notice', 'notice')}",
        actor=system_user(),
    )
    slot["abandonment"] = start_abandonment(
        asset=asset, reason=f"{probe} {planted('reason of an abandonment', 'abandonment')}", actor=system_user()
    )


def domain_assets(world: Any) -> list[dict[str, Any]]:
    """Each asset with its domain, as the API names them."""
    return [{"reference": row.domain.reference, "asset": row.asset.reference} for row in DomainAsset.objects.all()]


def domain_units(world: Any) -> list[dict[str, Any]]:
    """Each laboratory with the domain that it works for, as the API names them."""
    return [{"reference": row.domain.reference, "unit": row.unit.reference} for row in DomainUnit.objects.all()]


def measures(world: Any) -> list[dict[str, Any]]:
    """Each measure of secrecy with its asset, as the API names them."""
    rows = SecrecyMeasure.objects.select_related("asset").order_by("pk")
    return [{"reference": row.asset.reference, "number": row.pk} for row in rows]


def page_parameters(acts: Callable[..., Any]) -> dict[str, Any]:
    """How the addresses of the pages are visited; `acts` makes the parameters of a model and its acts."""
    return {
        "portfolio:asset_act": acts(Asset, *ASSET_ACTS),
        "portfolio:application_act": acts(Application, *APPLICATION_ACTS),
        "portfolio:abandonment_act": acts(Abandonment, *ABANDONMENT_ACTS),
        "portfolio:notice_act": acts(CoOwnerNotice, *NOTICE_ACTS),
        "portfolio:event_act": acts(DocketEvent, *EVENT_ACTS),
        "portfolio:asset_detail": lambda world: [
            {"reference": row.reference} for row in world.records(Asset) if row.kind in DETAIL_FORMS
        ],
        "portfolio:domain_act": acts(Domain, "add-class", "accept", "take-out", "put-back"),
        "portfolio:deadline": some_deadlines,
        "portfolio:deadline_act": lambda world: [row | {"act": act} for row in some_deadlines(world) for act in ACTS],
    }


API_MODELS: dict[str, Any] = {
    "/api/v1/portfolio/assets/{reference}": Asset,
    "/api/v1/portfolio/applications/{reference}": Application,
    "/api/v1/portfolio/events/{reference}": DocketEvent,
    "/api/v1/portfolio/abandonments/{reference}": Abandonment,
    "/api/v1/portfolio/notices/{reference}": CoOwnerNotice,
    "/api/v1/portfolio/agents/{reference}": AgentDesignation,
    "/api/v1/portfolio/domains/{reference}": Domain,
    "/api/v1/portfolio/rankings/{reference}": PublishedRanking,
    "/api/v1/portfolio/landscapes/{reference}": Organisation,
    "/api/v1/portfolio/deadlines/{reference}": Deadline,
    "/api/v1/portfolio/docket/mails/{reference}": DocketMail,
}
