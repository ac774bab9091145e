"""Domains and what is said of them through the API, over what the caller may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.engines.technology import plain_prefix
from motrice.portfolio.api.assets import asset_of
from motrice.portfolio.api.shapes import REFERENCE, actor_of, organisation_of
from motrice.portfolio.marts import counted
from motrice.portfolio.marts import domains as domain_marts
from motrice.portfolio.models import Asset, Domain, DomainAsset, DomainClass, DomainUnit, Headline
from motrice.portfolio.operations import domains as operations
from motrice.portfolio.policies.steering import reads_totals_only
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class DomainOut(Schema):
    """A strategic domain."""

    reference: str
    organisation: str
    code: str
    name_fr: str
    name_en: str
    goals: str
    criteria: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_organisation(row: Domain) -> str:
        return row.organisation.reference


class DomainIn(Strict):
    """What a domain is."""

    code: str = Field(min_length=1, max_length=40, pattern=r"^[-a-zA-Z0-9_]+$")
    name_fr: str = Field(min_length=1, max_length=160)
    name_en: str = Field(min_length=1, max_length=160)
    goals: str = Field("", max_length=20_000)
    criteria: str = Field("", max_length=20_000)
    starts_on: date
    ends_on: date | None = None


class DomainChangeIn(DomainIn, ReadIn):
    """A domain said anew."""


class NewDomainIn(DomainIn):
    """A new domain, with the organisation whose strategy it is."""

    organisation: str = Field(min_length=8, max_length=8)


class CountOut(Schema):
    """Families of a domain; null where the number is too small to be told to a reader of totals."""

    family_count: int | None
    live_count: int | None
    by_year: dict[str, int | None]
    others: dict[str, int] = Field({}, description="What other parts count in it, such as live licences.")


class PrefixIn(Strict):
    """The beginning of classes that lead to a domain."""

    prefix: str = Field(min_length=1, max_length=20)


class PrefixOut(Schema):
    """A rule of the bridge."""

    prefix: str
    starts_on: date
    ends_on: date | None


class DomainUnitIn(Strict):
    """A laboratory or a team that works for a domain."""

    unit: str = Field(**REFERENCE)


class DomainUnitOut(Schema):
    """A laboratory that works or worked for a domain."""

    unit: str
    name: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_unit(row: DomainUnit) -> str:
        return row.unit.reference

    @staticmethod
    def resolve_name(row: DomainUnit) -> str:
        return row.unit.name


class DomainProposalOut(Schema):
    """A family that a rule proposes."""

    asset: str
    title: str
    prefix: str
    symbol: str


class ProposalAnswerIn(Strict):
    """Families to put in, and proposals to dismiss, by reference."""

    accept: list[str] = Field(default_factory=list, max_length=200)
    dismiss: list[str] = Field(default_factory=list, max_length=200)


class AnswerOut(Schema):
    """How many of each."""

    accepted: int
    dismissed: int


class DomainAssetOut(Schema):
    """An asset in a domain, with the rule that proposed it."""

    asset: str
    title: str
    prefix: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_asset(row: DomainAsset) -> str:
        return row.asset.reference

    @staticmethod
    def resolve_title(row: DomainAsset) -> str:
        return row.asset.title


class HeadlineIn(Strict):
    """What is said in public of the domains."""

    organisation: str = Field(min_length=8, max_length=8)
    text: str = Field(min_length=1, max_length=200)
    domain_count: int = Field(ge=0, le=1000)
    stated_on: date


class HeadlineOut(Schema):
    """A statement, and whether it holds today."""

    text: str
    domain_count: int
    stated_on: date
    active_count: int
    holds: bool


def steered_organisation(request: HttpRequest, reference: str) -> Organisation:
    """The organisation that a body names, for who steers it."""
    return get_permitted(Organisation.objects.live(), actor_of(request), "steer", reference=reference)


def _domain(request: HttpRequest, reference: str, action: str = "view") -> Domain:
    return get_permitted(Domain.objects.select_related("organisation"), actor_of(request), action, reference=reference)


@router.get("/domains", response=list[DomainOut])
@paginated
def domain_list(request: HttpRequest) -> Any:
    """The strategic domains that the caller may read."""
    return Domain.objects.permitted(actor_of(request)).select_related("organisation").order_by("code", "pk")


@router.post("/domains", response={201: DomainOut})
def domain_create(request: HttpRequest, payload: NewDomainIn) -> Any:
    """Add a domain to the strategy of an organisation."""
    data = payload.dict()
    organisation = steered_organisation(request, data.pop("organisation"))
    content = operations.DomainContent(**data)
    return Status(201, operations.create_domain(organisation=organisation, content=content, actor=actor_of(request)))


@router.get("/domains/{reference}", response=DomainOut)
def domain_detail(request: HttpRequest, reference: str) -> Any:
    """One domain."""
    return _domain(request, reference)


@router.put("/domains/{reference}", response=DomainOut)
def domain_change(request: HttpRequest, reference: str, payload: DomainChangeIn) -> Any:
    """Say anew what a domain is; who answers for it stays."""
    domain = _domain(request, reference, "edit")
    content = operations.DomainContent(**payload.dict(exclude={"read"}), owner=domain.owner)
    return operations.edit_domain(domain=domain, content=content, actor=actor_of(request), read=payload.read)


@router.get("/domains/{reference}/figures", response=CountOut)
def domain_figures(request: HttpRequest, reference: str) -> Any:
    """The families of a domain that the caller may count."""
    domain, actor = _domain(request, reference), actor_of(request)
    outside = reads_totals_only(actor)
    figures = domain_marts.domain_figures(
        domain, domain_marts.perimeter(actor, domain.organisation), Asset.objects.none(), timezone.localdate()
    )

    def told(count: int) -> int | None:
        return None if outside and 0 < count < domain_marts.SMALL else count

    years = {} if told(figures.family_count) is None else {str(year): told(n) for year, n in figures.by_year}
    others = {
        figure.key: figure.counts([domain], domain.organisation, actor, timezone.localdate()).by_domain[domain.pk]
        for figure in counted.figures_for(actor)
    }
    return CountOut(
        family_count=told(figures.family_count), live_count=told(figures.live_count), by_year=years, others=others
    )


@router.get("/domains/{reference}/classes", response=list[PrefixOut])
@paginated
def domain_classes(request: HttpRequest, reference: str) -> Any:
    """The rules that lead to a domain, past ones included."""
    domain = _domain(request, reference)
    return DomainClass.objects.permitted(actor_of(request)).filter(domain=domain).order_by("prefix", "pk")


@router.post("/domains/{reference}/classes", response={201: PrefixOut})
def domain_class_add(request: HttpRequest, reference: str, payload: PrefixIn) -> Any:
    """Add a rule; 422 when it is no class."""
    domain = _domain(request, reference, "edit")
    return Status(201, operations.add_class(domain=domain, prefix=payload.prefix, actor=actor_of(request)))


@router.post("/domains/{reference}/classes/end", response=PrefixOut)
def domain_class_end(request: HttpRequest, reference: str, payload: PrefixIn) -> Any:
    """End a rule: what it put into the domain stays. 422 when the domain has no such rule."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    rows = DomainClass.objects.permitted(actor).filter(domain=domain, ends_on=None)
    row = rows.filter(prefix=plain_prefix(payload.prefix)).select_related("domain").first()
    if row is None:
        raise RuleViolation(
            _("This domain has no rule “%(prefix)s” in force.") % {"prefix": payload.prefix}, field="prefix"
        )
    operations.end_class(row=row, actor=actor)
    return row


def _units(request: HttpRequest, domain: Domain) -> Any:
    return DomainUnit.objects.permitted(actor_of(request)).filter(domain=domain).select_related("domain", "unit")


@router.get("/domains/{reference}/units", response=list[DomainUnitOut])
@paginated
def domain_units(request: HttpRequest, reference: str) -> Any:
    """The laboratories that work or worked for a domain, of those that the caller may see."""
    return _units(request, _domain(request, reference)).order_by("unit__name", "pk")


@router.post("/domains/{reference}/units", response={201: DomainUnitOut})
def domain_unit_add(request: HttpRequest, reference: str, payload: DomainUnitIn) -> Any:
    """Say that a laboratory works for a domain; 422 when it is none, or does so already."""
    domain = _domain(request, reference, "edit")
    unit = organisation_of(request, payload.unit, field="unit")
    return Status(201, operations.add_unit(domain=domain, unit=unit, actor=actor_of(request)))


@router.post("/domains/{reference}/units/{unit}/end", response=DomainUnitOut)
def domain_unit_end(request: HttpRequest, reference: str, unit: str) -> Any:
    """Say that a laboratory no longer works for a domain; 422 when it does not."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    body = get_permitted(Organisation.objects.live(), actor, "view", reference=unit)
    row = _units(request, domain).filter(unit=body, ends_on=None).first()
    if row is None:
        raise RuleViolation(_("%(body)s does not work for this domain.") % {"body": body}, field="unit")
    operations.end_unit(row=row, actor=actor)
    return row


@router.get("/domains/{reference}/proposals", response=list[DomainProposalOut])
def domain_proposals(request: HttpRequest, reference: str) -> Any:
    """What the rules propose, at most two hundred, for who steers the domain."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    found = domain_marts.proposals(domain, domain_marts.perimeter(actor, domain.organisation), timezone.localdate())
    return [
        DomainProposalOut(asset=one.asset.reference, title=one.asset.title, prefix=one.prefix, symbol=one.symbol)
        for one in found
    ]


@router.post("/domains/{reference}/proposals", response=AnswerOut)
def domain_answer(request: HttpRequest, reference: str, payload: ProposalAnswerIn) -> Any:
    """Put families in and dismiss proposals; what the caller may not see is left out."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    found = domain_marts.proposals(domain, domain_marts.perimeter(actor, domain.organisation), timezone.localdate())
    known = {one.asset.reference: one for one in found}
    accepted = [(known[each].asset, known[each].prefix) for each in dict.fromkeys(payload.accept) if each in known]
    dismissed = [known[each].asset for each in dict.fromkeys(payload.dismiss) if each in known]
    return AnswerOut(
        accepted=operations.accept_assets(domain=domain, assets=accepted, actor=actor),
        dismissed=operations.dismiss_assets(domain=domain, assets=dismissed, actor=actor),
    )


@router.get("/domains/{reference}/assets", response=list[DomainAssetOut])
@paginated
def domain_assets(request: HttpRequest, reference: str) -> Any:
    """What is or was in a domain, of the assets that the caller may see."""
    rows = DomainAsset.objects.permitted(actor_of(request)).filter(domain=_domain(request, reference))
    return rows.select_related("asset").order_by("-starts_on", "-pk")


@router.post("/domains/{reference}/assets/{asset}/remove", response={204: None})
def domain_asset_remove(request: HttpRequest, reference: str, asset: str) -> Any:
    """Take an asset out of a domain; its past keeps it. 422 when it is not in it."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    operations.remove_asset(domain=domain, asset=asset_of(request, asset), actor=actor)
    return Status(204, None)


@router.post("/domains/{reference}/assets/{asset}/put-back", response={204: None})
def domain_asset_put_back(request: HttpRequest, reference: str, asset: str) -> Any:
    """Put an asset back that was taken out; 422 when it never was."""
    domain, actor = _domain(request, reference, "edit"), actor_of(request)
    operations.put_back_asset(domain=domain, asset=asset_of(request, asset), actor=actor)
    return Status(204, None)


def _headline(headline: Headline, domains: list[Domain], day: date) -> HeadlineOut:
    check = domain_marts.check_headline(headline, domains, day)
    return HeadlineOut(
        text=headline.text,
        domain_count=headline.domain_count,
        stated_on=headline.stated_on,
        active_count=len(check.active),
        holds=check.holds,
    )


@router.get("/headlines", response=list[HeadlineOut])
def headline_list(request: HttpRequest) -> Any:
    """What organisations say of their domains, and whether it holds today."""
    today = timezone.localdate()
    domains = list(Domain.objects.permitted(actor_of(request)))
    return [
        _headline(row, [domain for domain in domains if domain.organisation_id == row.organisation_id], today)
        for row in Headline.objects.permitted(actor_of(request))[:200]
    ]


@router.post("/headlines", response={201: HeadlineOut})
def headline_state(request: HttpRequest, payload: HeadlineIn) -> Any:
    """State a number of domains; 422 with the names when it is not that of the active ones."""
    data = payload.dict()
    organisation = steered_organisation(request, data.pop("organisation"))
    headline = operations.state_headline(organisation=organisation, actor=actor_of(request), **data)
    domains = list(Domain.objects.filter(organisation=organisation))
    return Status(201, _headline(headline, domains, timezone.localdate()))
