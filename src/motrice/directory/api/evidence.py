"""Evidence through the API: texts that show what units and people can do."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.api.people import person_of
from motrice.directory.api.shapes import Reason, body_of
from motrice.directory.enums import EvidenceKind
from motrice.directory.models import Evidence, Organisation, Person
from motrice.directory.operations.evidence import edit_evidence, register_evidence, withdraw_evidence
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class EvidenceOut(Schema):
    """A text that shows what its holders can do."""

    reference: str
    kind: EvidenceKind
    title: str
    text: str
    language: str
    dated_on: date | None
    url: str
    source: str
    level: Level


class EvidenceIn(Strict):
    """A text to register for one or several organisations or people, named by their references."""

    kind: EvidenceKind
    title: str = Field(min_length=1, max_length=500)
    text: str = Field("", max_length=100_000)
    language: str = Field("", max_length=8)
    dated_on: date | None = None
    url: str = Field("", max_length=500)
    level: Level = Level.PUBLIC
    owners: list[str] = Field(min_length=1, max_length=20)
    reason: str = Reason


class EvidenceFields(Strict):
    """What can be corrected of a text; what is left out stays."""

    kind: EvidenceKind | None = None
    title: str | None = Field(None, min_length=1, max_length=500)
    text: str | None = Field(None, max_length=100_000)
    language: str | None = Field(None, max_length=8)
    dated_on: date | None = None
    url: str | None = Field(None, max_length=500)
    level: Level | None = None
    reason: str = Reason


class EvidenceChangeIn(EvidenceFields, ReadIn):
    """What is corrected of a text."""


class WithdrawIn(Strict):
    """Why a text is taken out."""

    reason: str = Field(min_length=1, max_length=2000)


@router.get("/organisations/{reference}/evidence", response=list[EvidenceOut])
@paginated
def evidence_list(request: HttpRequest, reference: str) -> Any:
    """The texts that an organisation holds, newest first."""
    rows = Evidence.objects.filter(owners__organisation=body_of(request, reference))
    return rows.permitted(request.auth).order_by("-dated_on", "pk")  # type: ignore[attr-defined]


def _owner(request: HttpRequest, reference: str) -> Organisation | Person:
    seen: Any
    for model in (Organisation, Person):
        seen = model.objects.live().permitted(request.auth)  # type: ignore[attr-defined]
        found = seen.filter(reference=reference).first()
        if found is not None:
            return found
    raise RuleViolation(_("No record that you may see has this reference."), field="owners")


@router.post("/evidence", response={201: EvidenceOut})
def evidence_add(request: HttpRequest, payload: EvidenceIn) -> Any:
    """Register a text for its holders."""
    fields = payload.dict()
    owners = [_owner(request, reference) for reference in dict.fromkeys(fields.pop("owners"))]
    return Status(201, register_evidence(actor=request.auth, owners=owners, **fields))  # type: ignore[attr-defined]


@router.get("/people/{reference}/evidence", response=list[EvidenceOut])
@paginated
def person_evidence_list(request: HttpRequest, reference: str) -> Any:
    """The texts that a person holds, newest first."""
    rows = Evidence.objects.filter(owners__person=person_of(request, reference))
    return rows.permitted(request.auth).order_by("-dated_on", "pk")  # type: ignore[attr-defined]


@router.get("/evidence/{reference}", response=EvidenceOut)
def evidence_detail(request: HttpRequest, reference: str) -> Any:
    """One text."""
    return get_permitted(Evidence, request.auth, "view", reference=reference)  # type: ignore[attr-defined]


@router.patch("/evidence/{reference}", response=EvidenceOut)
def evidence_edit(request: HttpRequest, reference: str, payload: EvidenceChangeIn) -> Any:
    """Correct a text, its date or its level."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    evidence = get_permitted(Evidence, actor, "edit", reference=reference)
    sent = payload.dict(exclude_unset=True)
    fields = {name: value for name, value in sent.items() if value is not None or name == "dated_on"}
    return edit_evidence(evidence=evidence, actor=actor, **fields)


@router.post("/evidence/{reference}/withdraw", response={204: None})
def evidence_withdraw(request: HttpRequest, reference: str, payload: WithdrawIn) -> Any:
    """Take a text out of the directory and of the search; the log keeps what it was."""
    actor: Any = request.auth  # type: ignore[attr-defined]
    evidence = get_permitted(Evidence, actor, "edit", reference=reference)
    withdraw_evidence(evidence=evidence, actor=actor, reason=payload.reason)
    return Status(204, None)
