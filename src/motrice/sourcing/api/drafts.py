"""Drafts of needs through the API: a company's contact writes one in pieces, then sends it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.sourcing.api.needs import NeedOut
from motrice.sourcing.api.shapes import TEXT, actor_of
from motrice.sourcing.forms import AskForm, answers_of
from motrice.sourcing.models import NeedDraft
from motrice.sourcing.operations.drafts import discard_draft, save_draft, send_draft
from motrice.sourcing.operations.needs import Statement
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class DraftIn(Strict):
    """What is typed so far, right or wrong: only sending checks it."""

    title: str | None = Field(None, max_length=TEXT)
    problem: str | None = Field(None, max_length=TEXT)
    tried: str | None = Field(None, max_length=TEXT)
    constraints: str | None = Field(None, max_length=TEXT)
    deadline_on: str | None = Field(None, max_length=40)
    trl: str | None = Field(None, max_length=4)
    segment: str | None = Field(None, max_length=64)
    naf_code: str | None = Field(None, max_length=20)
    region: str | None = Field(None, max_length=80)
    language: str | None = Field(None, max_length=8)
    secret: str | None = Field(None, max_length=TEXT)
    hides_company: bool | None = None
    level: str | None = Field(None, max_length=16)


class DraftChangeIn(DraftIn, ReadIn):
    """What is typed since; `read` gives answers as they were told."""


class DraftOut(Schema):
    """A draft of one's own."""

    reference: str
    answers: dict[str, str]
    changed_at: datetime


def _draft(request: HttpRequest, reference: str) -> NeedDraft:
    return get_permitted(NeedDraft, actor_of(request), "edit", reference=reference)


def _typed(payload: DraftIn) -> dict[str, str]:
    typed = payload.dict(exclude_unset=True, exclude={"read"})
    sent = {name: value for name, value in typed.items() if value is not None}
    if "hides_company" in sent:
        sent["hides_company"] = "True" if sent["hides_company"] else ""
    return sent


@router.get("/drafts", response=list[DraftOut])
@paginated
def draft_list(request: HttpRequest) -> Any:
    """One's own drafts, the newest first."""
    return NeedDraft.objects.permitted(actor_of(request)).order_by("-changed_at", "pk")


@router.post("/drafts", response={201: DraftOut})
def draft_start(request: HttpRequest, payload: DraftIn) -> Any:
    """Start a need, as a company's contact."""
    return Status(201, save_draft(author=actor_of(request), answers=_typed(payload)))


@router.get("/drafts/{reference}", response=DraftOut)
def draft_detail(request: HttpRequest, reference: str) -> Any:
    """One draft of one's own."""
    return _draft(request, reference)


@router.patch("/drafts/{reference}", response=DraftOut)
def draft_save(request: HttpRequest, reference: str, payload: DraftChangeIn) -> Any:
    """Keep what is typed; what is left out stays. 409, and nothing is kept, when it is no longer what was read."""
    read, draft = payload.read, _draft(request, reference)
    return save_draft(author=actor_of(request), answers=_typed(payload), draft=draft, read=read)


@router.delete("/drafts/{reference}", response={204: None})
def draft_discard(request: HttpRequest, reference: str) -> Any:
    """Throw a draft away."""
    discard_draft(draft=_draft(request, reference), author=actor_of(request))
    return Status(204, None)


@router.post("/drafts/{reference}/send", response={201: NeedOut})
def draft_send(request: HttpRequest, reference: str) -> Any:
    """Send a draft to the desk; 422 with the answer to correct when something is missing."""
    draft = _draft(request, reference)
    form = AskForm(answers_of(draft))
    if not form.is_valid():
        name, errors = next(iter(form.errors.items()))
        raise RuleViolation(" ".join(errors), field=name)
    statement = Statement(**form.cleaned_data)
    return Status(201, send_draft(draft=draft, statement=statement, actor=actor_of(request)))
