"""Rankings and the landscape through the API, over what the caller may see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
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
from motrice.portfolio.api.domains import steered_organisation
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.drawings.landscape import scatter
from motrice.portfolio.enums import LandscapeStep, RankingBasis, Reach
from motrice.portfolio.importers.ranking_names import candidates_of, open_lines
from motrice.portfolio.jobs import queue_landscape
from motrice.portfolio.marts import titles as title_marts
from motrice.portfolio.models import Application, Landscape, PublishedRanking
from motrice.portfolio.operations import rankings
from motrice.portfolio.operations.landscape import read_documents
from motrice.portfolio.tables import technology
from motrice.web.rest import Strict, paginated

router = Router()
TEXT = 5_000_000
MOST_NAMES = 200


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


class LandscapeIn(Strict):
    """For whom a landscape is worked out, and public documents to put beside it."""

    reach: Reach
    text: str | None = Field(
        None,
        min_length=1,
        max_length=TEXT,
        description="A CSV with a number, a title and an abstract; without it, the documents given before stay.",
    )


class LandscapeWorkOut(Schema):
    """How far the working out of a landscape is, since when, and what it was worked out from."""

    reach: Reach
    step: LandscapeStep
    step_at: datetime | None
    computed_at: datetime | None
    asset_count: int
    document_count: int


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
    organisation = steered_organisation(request, data.pop("organisation"))
    with _text_is_file():
        loaded = rankings.load_ranking(organisation=organisation, actor=actor_of(request), **data)
    return Status(201, loaded)


@contextmanager
def _text_is_file() -> Iterator[None]:
    """What a file is refused for on the pages is told of the text that stands for it."""
    try:
        yield
    except RuleViolation as error:
        raise RuleViolation(str(error), field="text" if error.field == "file" else error.field) from error


@router.post("/rankings/{reference}/remove", response={204: None})
def ranking_remove(request: HttpRequest, reference: str) -> Any:
    """Take back a ranking that was loaded by mistake, with its lines."""
    loaded = get_permitted(PublishedRanking, actor_of(request), "edit", reference=reference)
    rankings.remove_ranking(ranking=loaded, actor=actor_of(request))
    return Status(204, None)


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


@router.post("/landscapes/{reference}", response=LandscapeWorkOut)
def landscape_ask(request: HttpRequest, reference: str, payload: LandscapeIn) -> Any:
    """Ask for a landscape to be worked out anew, in the background; 422 while that goes on."""
    organisation = steered_organisation(request, reference)
    with _text_is_file():
        documents = None if payload.text is None else read_documents(payload.text)
    return queue_landscape(
        organisation=organisation, reach=payload.reach, documents=documents, actor=actor_of(request)
    )


@router.get("/landscapes/{reference}/work", response=list[LandscapeWorkOut])
def landscape_work(request: HttpRequest, reference: str) -> Any:
    """How far the landscapes of an organisation are that the caller may see, those never worked out among them."""
    actor = actor_of(request)
    organisation = get_permitted(Organisation.objects.live(), actor, "view", reference=reference)
    return Landscape.objects.permitted(actor).filter(organisation=organisation).order_by("reach")


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
