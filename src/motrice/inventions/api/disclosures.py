"""Disclosures through the API: begun, answered, sent, followed; and their figures."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import NotPermitted
from motrice.core.policies import get_permitted
from motrice.core.reading import fingerprint
from motrice.directory.models import Organisation
from motrice.inventions import marts, words
from motrice.inventions.api.shapes import TEXT, DisclosureReasonIn, actor_of, disclosure_of
from motrice.inventions.enums import DecisionKind, DisclosureKind, DisclosureLevel, DisclosureStatus, EventKind
from motrice.inventions.lists import DISCLOSURES
from motrice.inventions.models import Disclosure, DisclosureEvent
from motrice.inventions.operations import decisions, drafting, evaluation, routing
from motrice.inventions.operations.timeline import inventors_of
from motrice.inventions.operations.typing import WRITTEN, changed_meanwhile, save_typing
from motrice.inventions.policies import reads_report
from motrice.inventions.queries import current_decision, missing_answers, threats
from motrice.web.rest import Strict, paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()
READ = "Answers as they were read, by name: one that somebody changed since is refused with 409, one left alone stays."


class DisclosureOut(Schema):
    """A disclosure, to whom it is not kept from."""

    reference: str
    kind: DisclosureKind
    status: DisclosureStatus
    level: DisclosureLevel
    language: str
    title: str
    summary: str
    problem: str
    novelty: str
    prior_art: str
    uses: str
    keywords: str
    domain: str
    trl: int | None
    invented_on: date | None
    unit: str
    owner: str | None
    office: str | None
    state_since: datetime
    submitted_at: datetime | None
    received_at: datetime | None
    due_at: datetime | None
    decided_at: datetime | None
    decision: str

    @staticmethod
    def resolve_unit(row: Disclosure) -> str:
        return row.unit.name

    @staticmethod
    def resolve_owner(row: Disclosure) -> str | None:
        return str(row.owner) if row.owner is not None else None

    @staticmethod
    def resolve_office(row: Disclosure) -> str | None:
        return row.office.name if row.office is not None else None


class StandingOut(Schema):
    """Where a disclosure stands: the state, who holds it, since how many days, what comes next, what threatens it."""

    status: DisclosureStatus
    holder: str
    since: datetime
    since_words: str
    next: str
    planned_publications: list[date]
    missing: list[str]


class DisclosureIn(Strict):
    """A disclosure to begin, for a laboratory by its reference."""

    unit: str = Field(min_length=8, max_length=8)
    kind: DisclosureKind = DisclosureKind.INVENTION
    language: str = Field("fr", pattern="^(fr|en)$")


class AnswersIn(Strict):
    """Some answers of the form; what is left out stays."""

    title: str | None = Field(None, max_length=200)
    summary: str | None = Field(None, max_length=TEXT)
    problem: str | None = Field(None, max_length=TEXT)
    novelty: str | None = Field(None, max_length=TEXT)
    prior_art: str | None = Field(None, max_length=TEXT)
    uses: str | None = Field(None, max_length=TEXT)
    keywords: str | None = Field(None, max_length=300)
    domain: str | None = Field(None, max_length=64)
    kind: DisclosureKind | None = None
    language: str | None = Field(None, pattern="^(fr|en)$")
    trl: int | None = Field(None, ge=1, le=9)
    invented_on: date | None = None
    has_no_tie: bool | None = None
    has_no_divulgation: bool | None = None
    read: dict[str, str | int | bool | None] = Field({}, max_length=40, description=READ)


class TypedIn(Strict):
    """What is being typed, as it is."""

    answers: dict[str, str] = Field(max_length=40)
    read: dict[str, str | int | bool | None] = Field({}, max_length=40, description=READ)


class DisclosureEventOut(Schema):
    """One line of the timeline."""

    kind: EventKind
    at: datetime
    by: str
    words: str

    @staticmethod
    def resolve_by(event: DisclosureEvent) -> str:
        return str(event.actor)

    @staticmethod
    def resolve_words(event: DisclosureEvent) -> str:
        return words.event_words(event)


class LevelIn(Strict):
    """Who may read a decided disclosure, and why."""

    level: DisclosureLevel
    reason: str = Field(min_length=1, max_length=4000)


class DisclosureReassignIn(Strict):
    """Another officer of the office in charge, by the reference of their account."""

    owner: str = Field(min_length=8, max_length=8)
    reason: str = Field(min_length=1, max_length=4000)


class DisclosureCountOut(Schema):
    """One figure of the report."""

    key: str
    value: int


class DisclosureReportOut(Schema):
    """Figures of the received disclosures that the caller may count."""

    total: int
    undecided: int
    decided: int
    decided_in_time: int
    median_days: float | None
    by_year: list[DisclosureCountOut]
    by_unit: list[DisclosureCountOut]
    by_decision: list[DisclosureCountOut]


def _rows(request: HttpRequest) -> Any:
    return Disclosure.objects.permitted(actor_of(request)).select_related("unit", "owner", "office")


@router.get("/disclosures", response=list[DisclosureOut], url_name="inventions_disclosures")
@listed(DISCLOSURES)
def disclosure_list(request: HttpRequest) -> Any:
    """The disclosures that the caller may see, with the search, filters and order of their page."""
    return _rows(request)


@router.get("/disclosures/file", openapi_extra=FILE)
@filed(DISCLOSURES)
def disclosure_file(request: HttpRequest) -> Any:
    """The same list as a file; the export leaves a trace."""
    return _rows(request)


@router.post("/disclosures", response={201: DisclosureOut})
def disclosure_start(request: HttpRequest, payload: DisclosureIn) -> Any:
    """Begin a disclosure; 403 for a laboratory in which the caller may not disclose."""
    unit = get_permitted(Organisation, actor_of(request), "disclose", reference=payload.unit)
    made = drafting.start_disclosure(unit=unit, actor=actor_of(request), kind=payload.kind, language=payload.language)
    return Status(201, made)


@router.get("/report", response=DisclosureReportOut)
def report(request: HttpRequest) -> Any:
    """Disclosures by year, laboratory and decision, for who works at a transfer office or audits."""
    if not reads_report(actor_of(request)):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    figures = marts.report(marts.perimeter(actor_of(request)))
    return {
        "total": figures.total,
        "undecided": figures.undecided,
        "decided": figures.decided,
        "decided_in_time": figures.in_time,
        "median_days": figures.median_days,
        "by_year": [{"key": str(year), "value": n} for year, n in figures.by_year],
        "by_unit": [{"key": name, "value": n} for name, _pk, n in figures.by_unit],
        "by_decision": [{"key": kind, "value": n} for kind, n in figures.by_decision],
    }


@router.get("/disclosures/{reference}", response=DisclosureOut)
def disclosure_detail(request: HttpRequest, reference: str) -> Any:
    """One disclosure; 404 when it does not exist or may not be seen."""
    return disclosure_of(request, reference)


@router.patch("/disclosures/{reference}", response=DisclosureOut)
def disclosure_answer(request: HttpRequest, reference: str, payload: AnswersIn) -> Any:
    """Save some answers of a disclosure that is being written; 409 once it was sent, or what was read is no more."""
    sent = payload.dict(exclude_unset=True)
    read = {name: fingerprint(value) for name, value in sent.pop("read", {}).items()}
    answers = {name: value for name, value in sent.items() if value is not None or name in ("trl", "invented_on")}
    disclosure = disclosure_of(request, reference, "edit")
    return drafting.answer_disclosure(disclosure=disclosure, answers=answers, actor=actor_of(request), read=read)


@router.put("/disclosures/{reference}/typing", response={204: None})
def disclosure_type(request: HttpRequest, reference: str, payload: TypedIn) -> Any:
    """Keep what is being typed, without checking it; 409 names what others wrote meanwhile, the words wait aside."""
    disclosure = disclosure_of(request, reference, "edit")
    answers = {name: text for name, text in payload.answers.items() if name in WRITTEN}
    read = {name: fingerprint(value) for name, value in payload.read.items()}
    kept = save_typing(disclosure=disclosure, answers=answers, actor=actor_of(request), read=read)
    if kept.clashes:
        raise changed_meanwhile(kept.clashes[0].name)
    return Status(204, None)


@router.delete("/disclosures/{reference}", response={204: None})
def disclosure_discard(request: HttpRequest, reference: str) -> Any:
    """Throw away a draft that was never sent."""
    drafting.discard_disclosure(disclosure=disclosure_of(request, reference, "edit"), actor=actor_of(request))
    return Status(204, None)


@router.get("/disclosures/{reference}/standing", response=StandingOut)
def disclosure_standing(request: HttpRequest, reference: str) -> Any:
    """Where it stands, who holds it, since when, and what comes next."""
    disclosure = disclosure_of(request, reference)
    today = timezone.localdate()
    lacks = missing_answers(disclosure, inventors_of(disclosure)) if disclosure.is_writable else []
    return {
        "status": disclosure.status,
        "holder": words.holder_words(disclosure),
        "since": disclosure.state_since,
        "since_words": words.days_words(disclosure.state_since),
        "next": words.next_words(disclosure, decision=current_decision(disclosure, actor=actor_of(request))),
        "planned_publications": [
            row.divulgation.dated_on for row in threats([disclosure], on=today).get(disclosure.pk, [])
        ],
        "missing": [fault.words for fault in lacks],
    }


@router.get("/disclosures/{reference}/events", response=list[DisclosureEventOut])
@paginated
def disclosure_events(request: HttpRequest, reference: str) -> Any:
    """The lines of the timeline that the caller may read, newest first."""
    rows = DisclosureEvent.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("actor").order_by("-at", "-pk")


@router.post("/disclosures/{reference}/withdraw", response=DisclosureOut)
def disclosure_withdraw(request: HttpRequest, reference: str, payload: DisclosureReasonIn) -> Any:
    """Withdraw a disclosure that is not decided."""
    disclosure = disclosure_of(request, reference, "withdraw")
    return decisions.withdraw_disclosure(disclosure=disclosure, actor=actor_of(request), reason=payload.reason)


@router.post("/disclosures/{reference}/restore", response=DisclosureOut)
def disclosure_restore(request: HttpRequest, reference: str) -> Any:
    """Take a withdrawn disclosure up again as a draft."""
    disclosure = disclosure_of(request, reference, "edit")
    return decisions.restore_disclosure(disclosure=disclosure, actor=actor_of(request))


@router.post("/disclosures/{reference}/level", response=DisclosureOut)
def disclosure_level(request: HttpRequest, reference: str, payload: LevelIn) -> Any:
    """Open a decided disclosure to the organisation, or close it again."""
    disclosure = disclosure_of(request, reference, "handle")
    evaluation.change_level(disclosure=disclosure, actor=actor_of(request), **payload.dict())
    return disclosure


@router.post("/disclosures/{reference}/reassign", response=DisclosureOut)
def disclosure_reassign(request: HttpRequest, reference: str, payload: DisclosureReassignIn) -> Any:
    """Give a disclosure to another officer of the office in charge."""
    disclosure = disclosure_of(request, reference, "reassign")
    people = {user.reference: user for user in routing.office_officers(disclosure)}
    if payload.owner not in people:
        raise NotPermitted(_("No officer of the office in charge has this reference."))
    return routing.reassign_disclosure(
        disclosure=disclosure, owner=people[payload.owner], actor=actor_of(request), reason=payload.reason
    )


@router.get("/decided/{kind}", response=list[DisclosureOut])
@paginated
def disclosure_decided(request: HttpRequest, kind: DecisionKind) -> Any:
    """The decided disclosures of one kind of decision: what becomes an asset of the portfolio."""
    return _rows(request).filter(status=DisclosureStatus.DECIDED, decision=kind).order_by("decided_at", "pk")
