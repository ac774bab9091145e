"""Evidence through the API: texts that show what units and people can do."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.directory.api.shapes import Reason, Strict, body_of
from motrice.directory.enums import EvidenceKind
from motrice.directory.models import Evidence
from motrice.directory.operations.evidence import register_evidence
from motrice.web.rest import paginated

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
    """A text to register for one or several organisations."""

    kind: EvidenceKind
    title: str = Field(min_length=1, max_length=500)
    text: str = Field("", max_length=100_000)
    language: str = Field("", max_length=8)
    dated_on: date | None = None
    url: str = Field("", max_length=500)
    level: Level = Level.PUBLIC
    owners: list[str] = Field(min_length=1, max_length=20)
    reason: str = Reason


@router.get("/organisations/{reference}/evidence", response=list[EvidenceOut])
@paginated
def evidence_list(request: HttpRequest, reference: str) -> Any:
    """The texts that an organisation holds, newest first."""
    rows = Evidence.objects.filter(owners__organisation=body_of(request, reference))
    return rows.permitted(request.auth).order_by("-dated_on", "pk")  # type: ignore[attr-defined]


@router.post("/evidence", response={201: EvidenceOut})
def evidence_add(request: HttpRequest, payload: EvidenceIn) -> Any:
    """Register a text for its holders."""
    fields = payload.dict()
    owners = [body_of(request, reference) for reference in fields.pop("owners")]
    return Status(201, register_evidence(actor=request.auth, owners=owners, **fields))  # type: ignore[attr-defined]
