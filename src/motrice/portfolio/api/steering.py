"""Domains, rankings, the landscape and figures through the API, over what the caller may see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.engines.titles import Reason
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.drawings.landscape import scatter
from motrice.portfolio.enums import RankingBasis, Reach
from motrice.portfolio.importers.ranking_names import candidates_of, open_lines
from motrice.portfolio.marts import counted
from motrice.portfolio.marts import domains as domain_marts
from motrice.portfolio.marts import titles as title_marts
from motrice.portfolio.models import Application, Asset, Domain, DomainClass, Headline, Landscape, PublishedRanking
from motrice.portfolio.operations import domains as operations
from motrice.portfolio.operations import rankings
from motrice.portfolio.policies.steering import reads_totals_only
from motrice.portfolio.tables import technology
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()
TEXT = 5_000_000
MOST_NAMES = 200


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


class YearOut(Schema):
    """The titles of an organisation in a year, by both rules, each by its application number."""

    year: int
    basis: RankingBasis
    method: str
    source: str
    whole: int
    fractional: str
    titles: list[str]
    expected_year: int
    expected: list[str]


class RankingIn(Strict):
    """A published ranking as the text of a CSV."""

    organisation: str = Field(min_length=8, max_length=8)
    title: str = Field(min_length=1, max_length=160)
    year: int = Field(ge=1990, le=2100)
    basis: RankingBasis
    source: str = Field(min_length=1, max_length=300)
    text: str = Field(min_length=1, max_length=TEXT)


class RankingOut(Schema):
    """A published ranking that was loaded."""

    reference: str
    title: str
    year: int
    basis: RankingBasis
    source: str


class GapOut(Schema):
    """One published value against what is held, with the reason that each title gives."""

    rank: int | None
    name: str
    published: int
    held: int
    difference: int
    titles: dict[str, Reason]


class PointOut(Schema):
    """One point of the landscape."""

    asset: str
    title: str
    x: float
    y: float
    group: str


class LandscapeOut(Schema):
    """A landscape as the caller may see it."""

    reach: Reach
    computed_at: datetime
    points: list[PointOut]


class RankingCandidateOut(Schema):
    """A body that a printed name may mean, and how likely."""

    organisation: str
    name: str
    percent: int


class RankingNameOut(Schema):
    """A printed name to recognise."""

    name: str
    value: int
    candidates: list[RankingCandidateOut]


class RankingNameIn(Strict):
    """A printed name with the organisation that it is, or none."""

    name: str = Field(min_length=1, max_length=200)
    organisation: str = Field("", max_length=8)


class NameJudgedOut(Schema):
    """What was said of a name."""

    name: str
    organisation: str | None


def _organisation(request: HttpRequest, reference: str) -> Organisation:
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
    organisation = _organisation(request, data.pop("organisation"))
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
    organisation = _organisation(request, data.pop("organisation"))
    headline = operations.state_headline(organisation=organisation, actor=actor_of(request), **data)
    domains = list(Domain.objects.filter(organisation=organisation))
    return Status(201, _headline(headline, domains, timezone.localdate()))


class YearIn(Schema):
    """Which year of which organisation."""

    organisation: str = Field(min_length=8, max_length=8)
    year: int = Field(ge=1990, le=2100)


@router.get("/ranking", response=YearOut)
def ranking_year(request: HttpRequest, asked: Query[YearIn]) -> Any:
    """The titles of an organisation in a year over those that the caller may see, and those expected next year."""
    actor = actor_of(request)
    organisation = get_permitted(Organisation.objects.live(), actor, "view", reference=asked.organisation)
    method = technology.method_for(asked.year)
    held = title_marts.titles_of(Application.objects.permitted(actor), method)
    year = title_marts.year_of(held, organisation, method.basis, asked.year)
    today = timezone.localdate()
    expected = title_marts.expected_of(held, organisation, today.year + 1, today)
    titles = year.count.titles if year.count else ()
    return YearOut(
        year=asked.year,
        basis=method.basis,
        method=str(method),
        source=method.source,
        whole=year.whole,
        fractional=str(year.fractional),
        titles=[held.rows[str(title.key)].number for title in titles],
        expected_year=today.year + 1,
        expected=[held.rows[str(title.key)].number for _day, title in expected.awaited],
    )


@router.get("/rankings", response=list[RankingOut])
@paginated
def ranking_list(request: HttpRequest) -> Any:
    """The published rankings that were loaded."""
    return PublishedRanking.objects.permitted(actor_of(request)).order_by("-year", "-pk")


@router.post("/rankings", response={201: RankingOut})
def ranking_load(request: HttpRequest, payload: RankingIn) -> Any:
    """Load a published ranking; 422 with the line that cannot be read."""
    data = payload.dict()
    organisation = _organisation(request, data.pop("organisation"))
    return Status(201, rankings.load_ranking(organisation=organisation, actor=actor_of(request), **data))


@router.get("/rankings/{reference}/gaps", response=list[GapOut])
def ranking_gaps(request: HttpRequest, reference: str) -> Any:
    """A published ranking against what is held, line by line."""
    actor = actor_of(request)
    loaded = get_permitted(PublishedRanking, actor, "view", reference=reference)
    method = next(one for one in technology.methods() if one.basis == loaded.basis)
    held = title_marts.titles_of(Application.objects.permitted(actor), method)
    return [
        GapOut(
            rank=gap.listed.rank,
            name=gap.listed.name,
            published=int(gap.listed.value),
            held=int(gap.ours),
            difference=int(gap.difference),
            titles={held.rows[key].number if key in held.rows else key: reason for key, reason, _title in gap.titles},
        )
        for gap in title_marts.gaps_of(held, loaded, list(loaded.lines.all()))
    ]


@router.get("/landscapes/{reference}", response=list[LandscapeOut])
def landscape_of(request: HttpRequest, reference: str) -> Any:
    """The landscapes of an organisation, with the points that the caller may see, grouped by domain."""
    actor = actor_of(request)
    organisation = get_permitted(Organisation.objects.live(), actor, "view", reference=reference)
    out = []
    for held in Landscape.objects.permitted(actor).filter(organisation=organisation, computed_at__isnull=False):
        plot = scatter(held, actor, "domain")
        points = [
            PointOut(
                asset=point.url.rstrip("/").rsplit("/", 1)[-1], title=point.label, x=point.x, y=point.y,
                group=str(plot.groups[point.group]),
            )
            for point in plot.points
            if not point.is_beside
        ]  # fmt: skip
        out.append(LandscapeOut(reach=held.reach, computed_at=held.computed_at, points=points))
    return out


@router.get("/rankings/{reference}/names", response=list[RankingNameOut])
@paginated
def ranking_names_list(request: HttpRequest, reference: str) -> Any:
    """The printed names that nothing recognised, each with the bodies it may mean."""
    actor = actor_of(request)
    loaded = get_permitted(PublishedRanking, actor, "edit", reference=reference)
    return [
        RankingNameOut(
            name=row.line.name,
            value=row.line.value,
            candidates=[
                RankingCandidateOut(
                    organisation=one.organisation.reference, name=one.organisation.name, percent=one.percent
                )
                for one in row.candidates
            ],
        )
        for row in candidates_of(list(open_lines(loaded)[:MOST_NAMES]), actor)
    ]


@router.post("/rankings/{reference}/names", response=NameJudgedOut)
def ranking_name_judge(request: HttpRequest, reference: str, payload: RankingNameIn) -> Any:
    """Say which organisation a printed name is; without one, that it is none of the directory."""
    actor = actor_of(request)
    loaded = get_permitted(PublishedRanking, actor, "edit", reference=reference)
    line = loaded.lines.filter(name=payload.name).first()
    if line is None:
        raise RuleViolation(_("This ranking has no such name."), field="name")
    organisation = None
    if payload.organisation:
        organisation = get_permitted(Organisation.objects.live(), actor, "view", reference=payload.organisation)
    rankings.recognise_line(line=line, organisation=organisation, actor=actor)
    return NameJudgedOut(name=line.name, organisation=payload.organisation or None)
