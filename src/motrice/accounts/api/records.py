"""What holds for every kind of record, through the API: why one sees it, its history, following it; saved views."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from pydantic import ConfigDict, Field

from motrice.accounts import history, past, why
from motrice.accounts.operations.follows import set_follow
from motrice.accounts.records import get_record, manages
from motrice.core.errors import NotPermitted
from motrice.core.policies import get_permitted
from motrice.web.models import SavedView
from motrice.web.operations.saved_view import delete_view, save_view
from motrice.web.rest import paginated

router = Router()


class GroundOut(Schema):
    """One reason for which the caller sees a record; the role that gives it, who gave the role and when."""

    words: str
    role: str | None
    held_on: str | None
    given_by: str
    given_at: datetime | None


class ChangedOut(Schema):
    """One field before and after."""

    label: str
    before: Any
    after: Any


class LineOut(Schema):
    """One act on a record, with what it changed in the record's own row."""

    number: int
    at: datetime
    by: str
    verb: str
    words: str
    reason: str
    changes: list[ChangedOut]


class PastFieldOut(Schema):
    """One field and what it held, in the caller's language."""

    label: str
    value: str


class PastPartOut(Schema):
    """Rows of one sort that belonged to the record and that the caller may see; `more` were left out."""

    label: str
    rows: list[list[PastFieldOut]]
    more: int


class PastOut(Schema):
    """A record and its parts at the end of a day."""

    on: date
    fields: list[PastFieldOut]
    parts: list[PastPartOut]


class FollowIn(Schema):
    """Whether to follow."""

    model_config = ConfigDict(extra="forbid")

    follows: bool


class ViewIn(Schema):
    """A list's search, filters and order under a name; the same name again replaces them."""

    model_config = ConfigDict(extra="forbid")

    list_name: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=60, pattern=r"\S")
    query: str = Field("", max_length=2000)
    is_shared: bool = False


class ViewOut(Schema):
    """A saved view: one's own, or shared in the network."""

    reference: str
    list_name: str
    name: str
    query: str
    is_shared: bool


@router.get("/records/{label}/{reference}/why", response=list[GroundOut])
@paginated
def record_why(request: HttpRequest, label: str, reference: str) -> Any:
    """Each reason for which the caller sees a record, such as `directory.organisation`."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    record = get_record(actor, label, reference)
    return [
        {
            "words": ground.words,
            "role": ground.role.kind if ground.role else None,
            "held_on": ground.role.held_on if ground.role else None,
            "given_by": ground.given_by,
            "given_at": ground.given_at,
        }
        for ground in why.grounds(actor, record)
    ]


@router.get("/records/{label}/{reference}/history", response=list[LineOut])
@paginated
def record_history(request: HttpRequest, label: str, reference: str) -> Any:
    """What happened to a record, newest first: for who keeps it."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    record = get_record(actor, label, reference)
    if not manages(actor, record):
        raise NotPermitted(_("The history of a record is kept to those who keep the record."))
    entries = history.entries_of(record, actor)
    changes = history.changes_of(record, entries)
    return [
        {
            "number": entry.sequence,
            "at": entry.at,
            "by": str(entry.actor) if entry.actor else "",
            "verb": entry.verb,
            "words": history.verb_words(entry.verb),
            "reason": entry.reason,
            "changes": [vars(field) for change in changes.get(entry.pk, []) for field in change.fields],
        }
        for entry in entries
    ]


@router.get("/records/{label}/{reference}/as-of", response=PastOut)
def record_as_of(request: HttpRequest, label: str, reference: str, on: date | None = None) -> Any:
    """A record as it stood at the end of a day, with its parts: for who keeps it; 404 when it did not exist then."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    record = get_record(actor, label, reference)
    if not manages(actor, record):
        raise NotPermitted(_("The history of a record is kept to those who keep the record."))
    day = on or timezone.localdate()
    found = past.past_of(record, day, actor)
    if found is None:
        raise Http404
    return {"on": day, "fields": found.fields, "parts": found.parts}


@router.put("/records/{label}/{reference}/follow", response={204: None})
def record_follow(request: HttpRequest, label: str, reference: str, payload: FollowIn) -> Any:
    """Follow a record, or stop: its changes show on one's home page."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    set_follow(record=get_record(actor, label, reference), actor=actor, follows=payload.follows)
    return Status(204, None)


@router.get("/saved-views", response=list[ViewOut])
@paginated
def view_list(request: HttpRequest, list_name: str = Query("", max_length=64)) -> Any:
    """The views that the caller saved or that are shared; their `query` holds for the list's page."""
    rows = SavedView.objects.permitted(request.auth)  # type: ignore[attr-defined]
    return (rows.filter(list_name=list_name) if list_name else rows).order_by("list_name", "name", "pk")


@router.post("/saved-views", response={201: ViewOut})
def view_save(request: HttpRequest, payload: ViewIn) -> Any:
    """Keep a list's address under a name."""
    return Status(201, save_view(actor=request.auth, **payload.dict()))  # type: ignore[attr-defined]


@router.delete("/saved-views/{reference}", response={204: None})
def view_delete(request: HttpRequest, reference: str) -> Any:
    """Remove a view; the records it listed are untouched."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    delete_view(actor=actor, view=get_permitted(SavedView, actor, "edit", reference=reference))
    return Status(204, None)
