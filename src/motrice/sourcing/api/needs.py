"""Needs through the API: stated, read, answered, moved to their end.

Annotations are evaluated here: pages of lists wrap their function, and its own names would not be found.
"""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, get_permitted
from motrice.sourcing import words
from motrice.sourcing.api.shapes import TEXT, actor_of, need_of, team_of
from motrice.sourcing.enums import Channel, EventKind, NeedLevel, NeedStatus
from motrice.sourcing.lists import QUEUE
from motrice.sourcing.models import Need, NeedEvent, NeedSecret
from motrice.sourcing.operations import needs as need_operations
from motrice.sourcing.policies import is_desk
from motrice.sourcing.queries import find_company
from motrice.web.rest import ReadIn, Strict, paginated
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class NeedOut(Schema):
    """A need, without its confidential part; the company's name is in the desk's pages only."""

    reference: str
    status: NeedStatus
    level: NeedLevel
    title: str
    problem: str
    tried: str
    constraints: str
    language: str
    naf_code: str
    segment: str
    trl: int | None
    deadline_on: date | None
    region: str
    owner: str
    received_at: datetime
    due_at: datetime
    first_answer_at: datetime | None
    escalated_at: datetime | None
    ended_at: datetime | None

    @staticmethod
    def resolve_owner(need: Need) -> str:
        return str(need.owner)


class NeedIn(Strict):
    """A need to state; `company` is a reference of the directory, `company_name` serves when there is none."""

    title: str = Field(min_length=1, max_length=200)
    problem: str = Field(min_length=1, max_length=TEXT)
    tried: str = Field("", max_length=TEXT)
    constraints: str = Field("", max_length=TEXT)
    secret: str = Field("", max_length=TEXT)
    language: str = Field("fr", pattern="^(fr|en)$")
    naf_code: str = Field("", max_length=8)
    segment: str = Field("", max_length=64)
    trl: int | None = Field(None, ge=1, le=9)
    deadline_on: date | None = None
    region: str = Field("", max_length=80)
    level: NeedLevel = NeedLevel.ORGANISATION
    hides_company: bool = False
    company: str = Field("", max_length=8)
    company_name: str = Field("", max_length=200)
    contact_name: str = Field("", max_length=150)
    contact_email: str = Field("", max_length=254)


class NeedFields(Strict):
    """What can be corrected of a statement; what is left out stays."""

    title: str | None = Field(None, min_length=1, max_length=200)
    problem: str | None = Field(None, min_length=1, max_length=TEXT)
    tried: str | None = Field(None, max_length=TEXT)
    constraints: str | None = Field(None, max_length=TEXT)
    language: str | None = Field(None, pattern="^(fr|en)$")
    naf_code: str | None = Field(None, max_length=8)
    segment: str | None = Field(None, max_length=64)
    trl: int | None = Field(None, ge=1, le=9)
    deadline_on: date | None = None
    region: str | None = Field(None, max_length=80)
    level: NeedLevel | None = None
    hides_company: bool | None = None


class NeedChangeIn(NeedFields, ReadIn):
    """A correction of a statement."""


class NeedCompanyOut(Schema):
    """Whose need it is and whom to answer: `company` is its reference where the caller sees its record."""

    company: str | None
    name: str
    contact: str
    email: str


class MatchIn(Strict):
    """A company of the directory."""

    company: str = Field(min_length=8, max_length=14)


class EventOut(Schema):
    """One line of the timeline."""

    kind: EventKind
    at: datetime
    by: str
    words: str


class SecretIn(ReadIn):
    """The confidential part; an empty text removes it."""

    text: str = Field("", max_length=TEXT)


class SecretOut(Schema):
    """The confidential part of a need."""

    text: str
    changed_at: datetime


def _needs(request: HttpRequest) -> Any:
    return Need.objects.permitted(actor_of(request)).select_related("owner", "office", "company")


@router.get("/needs", response=list[NeedOut], url_name="desk_needs")
@listed(QUEUE)
def need_list(request: HttpRequest) -> Any:
    """The needs that the caller may see as the desk, the company or an auditor does."""
    return _needs(request)


@router.get("/needs/export", openapi_extra=FILE)
@filed(QUEUE)
def need_export(request: HttpRequest) -> Any:
    """The same needs as a file, for who may export them."""
    return _needs(request)


@router.post("/needs", response={201: NeedOut})
def need_submit(request: HttpRequest, payload: NeedIn) -> Any:
    """State a need: as the company's contact for one's own company, or as an officer for any company."""
    actor = actor_of(request)
    data = payload.dict()
    wanted = data.pop("company")
    company = team_of(request, wanted, field="company") if wanted else None
    names = {name: data.pop(name) for name in ("company_name", "contact_name", "contact_email")}
    officer = is_desk(actor)
    contact = need_operations.Contact(
        company=company,
        company_name=names["company_name"],
        user=None if officer else actor,
        name=names["contact_name"],
        email=names["contact_email"],
    )
    statement = need_operations.Statement(**data)
    channel = Channel.OFFICER if officer else Channel.SITE
    return Status(201, need_operations.submit_need(actor=actor, statement=statement, contact=contact, channel=channel))


@router.get("/needs/{reference}", response=NeedOut)
def need_detail(request: HttpRequest, reference: str) -> Any:
    """One need, without its confidential part."""
    return need_of(request, reference)


@router.get("/needs/{reference}/secret", response=SecretOut)
def need_secret(request: HttpRequest, reference: str) -> Any:
    """The confidential part: 404 to who may not read it, and when there is none."""
    return get_permitted(NeedSecret, actor_of(request), "view", need__reference=reference)


@router.patch("/needs/{reference}", response=NeedOut)
def need_correct(request: HttpRequest, reference: str, payload: NeedChangeIn) -> Any:
    """Correct an open need; a null empties the TRL or the date; 409 when it is no longer as it was read."""
    need = need_of(request, reference, "correct")
    sent = payload.dict(exclude_unset=True, exclude={"read"})
    kept = {name: getattr(need, name) for name in NeedFields.model_fields}
    new = {name: value for name, value in sent.items() if value is not None or name in ("trl", "deadline_on")}
    statement = need_operations.Statement(**{**kept, **new})
    return need_operations.correct_need(need=need, statement=statement, actor=actor_of(request), read=payload.read)


@router.put("/needs/{reference}/secret", response={200: SecretOut, 204: None})
def need_change_secret(request: HttpRequest, reference: str, payload: SecretIn) -> Any:
    """Write the confidential part, or empty it (204); 409 when its `text` is no longer as it was read."""
    need = need_of(request, reference, "correct")
    secret = need_operations.change_secret(need=need, text=payload.text, actor=actor_of(request), read=payload.read)
    return Status(204, None) if secret is None else Status(200, secret)


@router.get("/needs/{reference}/company", response=NeedCompanyOut)
def need_company(request: HttpRequest, reference: str) -> Any:
    """Whose need it is and, for the desk and the company, whom to answer; a team may have to wait for its NDA."""
    actor = actor_of(request)
    need = need_of(request, reference)
    is_team = words.audience_of(actor, need) == words.TEAM
    if is_team and need.hides_company and not NeedSecret.objects.permitted(actor).filter(need=need).exists():
        raise NotPermitted(_("The company's name is kept until the NDA of your team is recorded."))
    company = need.company
    seen = company is not None and allows(actor, "view", company)
    return {
        "company": company.reference if company is not None and seen else None,
        "name": need.company_words,
        "contact": "" if is_team else need.contact_words,
        "email": "" if is_team else need.contact_email,
    }


@router.post("/needs/{reference}/company", response=NeedOut)
def need_match(request: HttpRequest, reference: str, payload: MatchIn) -> Any:
    """Link a need to the directory's record of its company, by reference or SIREN number."""
    need, actor = need_of(request, reference, "handle"), actor_of(request)
    company = find_company(payload.company, actor)
    if company is None:
        raise RuleViolation(_("No company has this reference or SIREN number."), field="company")
    return need_operations.match_company(need=need, company=company, actor=actor)


@router.get("/needs/{reference}/timeline", response=list[EventOut])
@paginated
def need_timeline(request: HttpRequest, reference: str) -> Any:
    """What happened, oldest first, as far as the caller is told."""
    need, actor = need_of(request, reference), actor_of(request)
    audience = words.audience_of(actor, need)
    rows = NeedEvent.objects.permitted(actor).filter(need=need).select_related("actor").order_by("at", "pk")
    return [
        {"kind": row.kind, "at": row.at, "by": str(row.actor), "words": words.event_words(row, audience)}
        for row in rows
    ]
