"""The desk itself through the API: segments and rules, absences, loads of the officers."""

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.accounts.models import User
from motrice.core import catalogue, policies
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.policies import get_permitted
from motrice.core.reading import fingerprint
from motrice.sourcing import rules
from motrice.sourcing.api.shapes import actor_of
from motrice.sourcing.models import Need, OfficerAbsence
from motrice.sourcing.operations.catalogue import add_routing_rule, change_entry, retire_entry
from motrice.sourcing.operations.desk import cancel_absence, declare_absence
from motrice.sourcing.operations.routing import try_rule
from motrice.sourcing.policies import is_desk
from motrice.sourcing.queries import desk_officers
from motrice.web.rest import ReadIn, ReasonIn, Strict, paginated

router = Router()


class SegmentOut(Schema):
    """A market segment."""

    code: str
    name: dict[str, str]
    description: dict[str, str]
    naf: list[str]


class RuleOut(Schema):
    """A routing rule: under which conditions, to which offices."""

    code: str
    version: int
    data: dict[str, Any]


class SegmentText(Strict):
    """What a segment says: its texts in French and English, its NAF codes."""

    name: dict[Literal["fr", "en"], str]
    description: dict[Literal["fr", "en"], str]
    naf: list[str] = Field(max_length=500)


class SegmentIn(SegmentText):
    """The next version of a segment; `read` is what it said when it was read."""

    read: SegmentText | None = None
    reason: str = Field(min_length=1, max_length=500)


class RuleIn(Strict):
    """A routing rule as the catalogue's page describes it, and why it changes."""

    data: dict[str, Any]
    reason: str = Field(min_length=1, max_length=500)


class RuleChangeIn(RuleIn, ReadIn):
    """A routing rule written anew; `read` gives its `data` as it was told."""


class RuleRetireIn(ReasonIn, ReadIn):
    """Why a routing rule is removed; `read` gives its `data` as it was told."""


class TryIn(Strict):
    """A rule to try: a new one, or the next version of the one named by `code`."""

    data: dict[str, Any]
    code: str = Field("", max_length=64)


class TriedOut(Schema):
    """Where one need received would go; no officer means that it would fall to the coordinator."""

    need: str
    received_at: datetime
    officer_now: str
    officer: str | None
    office: str | None
    rule: str | None
    is_this_rule: bool


class PromiseOut(Schema):
    """The times that the desk promises to needs that arrive now, in working days."""

    version: int
    working_days: int
    reminder_working_days: int
    team_working_days: int
    team_reminder_working_days: int


class RoutingOut(Schema):
    """How needs find their officer, and until when they are answered."""

    rules: list[RuleOut]
    promise: PromiseOut


class AbsenceIn(Strict):
    """Days away: one's own, or those of an officer named by the reference of the account."""

    starts_on: date
    ends_on: date
    officer: str = Field("", max_length=8)


class AbsenceOut(Schema):
    """Days on which an officer is given no new need."""

    reference: str
    officer: str
    starts_on: date
    ends_on: date

    @staticmethod
    def resolve_officer(absence: OfficerAbsence) -> str:
        return absence.officer.reference


class OfficerOut(Schema):
    """Somebody to whom a need can be given today."""

    reference: str
    name: str


class LoadOut(Schema):
    """How many open needs an officer holds, and how many of them nobody has answered."""

    officer: str
    office: str | None
    open_needs: int
    unanswered: int


@router.get("/segments", response=list[SegmentOut])
def segment_list(request: HttpRequest, naf: str = Query("", max_length=10)) -> Any:
    """The market segments and their NAF codes; with `naf`, the one to which that code leads."""
    rows = rules.segments()
    if naf:
        found = rules.segment_of(naf)
        rows = [row for row in rows if row.code == found]
    return [{"code": row.code, **row.data} for row in rows]


@router.get("/routing", response=RoutingOut)
def routing_read(request: HttpRequest) -> Any:
    """The routing rules in the order in which they are tried, and the promise made to needs."""
    actor = actor_of(request)
    if not (is_desk(actor) or policies.holds(actor, "auditor", "administrator")):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    promise = rules.current_promise()
    times = {name: getattr(promise, name) for name in PromiseOut.model_fields if name != "version"}
    return {
        "rules": [{"code": row.code, "version": row.version, "data": row.data} for row in rules.routing_rules()],
        "promise": {"version": promise.entry.version, **times},
    }


def _entry(kind: str, code: str) -> CatalogueEntry:
    found = catalogue.current(kind, code)
    if not found:
        raise Http404
    return found[0]


@router.put("/segments/{code}", response=SegmentOut)
def segment_change(request: HttpRequest, code: str, payload: SegmentIn) -> Any:
    """Make the next version of a segment; what was stated under the old one keeps it. 409 when not what was read."""
    data = payload.dict()
    reason = data.pop("reason")
    data["naf"] = [rules.check_naf(one) for one in data["naf"]]
    entry, read = _entry(rules.SEGMENT, code), data.pop("read")
    marks = None if read is None else {"data": fingerprint(read)}
    made = change_entry(entry=entry, data=data, actor=actor_of(request), reason=reason, read=marks)
    return {"code": made.code, **made.data}


@router.post("/routing", response={201: RuleOut})
def routing_add(request: HttpRequest, payload: RuleIn) -> Any:
    """Add a routing rule for the needs that arrive from now on."""
    catalogue.validate(rules.ROUTING, payload.data, where="data")
    return Status(201, add_routing_rule(data=payload.data, actor=actor_of(request), reason=payload.reason))


@router.post("/routing/try", response=list[TriedOut])
def routing_try(request: HttpRequest, payload: TryIn) -> Any:
    """Where the needs of the last 90 days that the caller may see would go under a rule; nothing is written."""
    actor = actor_of(request)
    if not policies.holds(actor, "coordinator", "administrator"):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    catalogue.validate(rules.ROUTING, payload.data, where="data")
    if payload.code:
        _entry(rules.ROUTING, payload.code)
    return [
        {
            "need": line.need.reference,
            "received_at": line.need.received_at,
            "officer_now": line.need.owner.reference,
            "officer": line.owner.reference if line.owner else None,
            "office": line.office.reference if line.office else None,
            "rule": line.rule.code if line.rule and line.rule.pk else None,
            "is_this_rule": line.rule is not None and line.rule.pk is None,
        }
        for line in try_rule(data=payload.data, code=payload.code, actor=actor)
    ]


@router.put("/routing/{code}", response=RuleOut)
def routing_change(request: HttpRequest, code: str, payload: RuleChangeIn) -> Any:
    """Make the next version of a routing rule; 409 when it is no longer what was read."""
    entry = _entry(rules.ROUTING, code)
    return change_entry(
        entry=entry, data=payload.data, actor=actor_of(request), reason=payload.reason, read=payload.read
    )


@router.post("/routing/{code}/retire", response={204: None})
def routing_retire(request: HttpRequest, code: str, payload: RuleRetireIn) -> Any:
    """Stop a routing rule; refused for the last one, and with 409 when it is no longer what was read."""
    entry = _entry(rules.ROUTING, code)
    retire_entry(entry=entry, actor=actor_of(request), reason=payload.reason, read=payload.read)
    return Status(204, None)


@router.get("/officers", response=list[OfficerOut])
@paginated
def officer_list(request: HttpRequest) -> Any:
    """Everyone to whom a need can be given today: for the desk."""
    if not is_desk(actor_of(request)):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    return [{"reference": user.reference, "name": str(user)} for user in desk_officers()]


@router.get("/absences", response=list[AbsenceOut])
@paginated
def absence_list(request: HttpRequest) -> Any:
    """The absences that the caller may see: one's own, or all of them."""
    rows = OfficerAbsence.objects.permitted(actor_of(request)).select_related("officer")
    return rows.order_by("starts_on", "pk")


@router.post("/absences", response={201: AbsenceOut})
def absence_declare(request: HttpRequest, payload: AbsenceIn) -> Any:
    """Say when an officer is away: no new need is given to them on these days."""
    actor = actor_of(request)
    officer: User | None = actor
    if payload.officer:
        officer = next((user for user in [actor, *desk_officers()] if user.reference == payload.officer), None)
    if officer is None:
        raise RuleViolation(_("No officer of a need desk has this reference."), field="officer")
    made = declare_absence(officer=officer, starts_on=payload.starts_on, ends_on=payload.ends_on, actor=actor)
    return Status(201, made)


@router.delete("/absences/{reference}", response={204: None})
def absence_cancel(request: HttpRequest, reference: str) -> Any:
    """Remove an absence that does not take place."""
    actor = actor_of(request)
    cancel_absence(absence=get_permitted(OfficerAbsence, actor, "edit", reference=reference), actor=actor)
    return Status(204, None)


@router.get("/loads", response=list[LoadOut])
@paginated
def load_list(request: HttpRequest) -> Any:
    """How many open needs each officer holds: for the coordinator."""
    actor = actor_of(request)
    if not policies.holds(actor, "coordinator"):
        raise NotPermitted(_("This page is kept to other roles than yours."))
    rows = Need.objects.permitted(actor).open().order_by().values("owner__display_name", "office__name")
    counted = rows.annotate(count=Count("pk"), waiting=Count("pk", filter=Q(first_answer_at=None)))
    return [
        {
            "officer": row["owner__display_name"],
            "office": row["office__name"],
            "open_needs": row["count"],
            "unanswered": row["waiting"],
        }
        for row in counted.order_by("-count", "owner__display_name", "office__name")
    ]
