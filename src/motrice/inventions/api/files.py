"""Files of a disclosure, and its sealed file, through the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from motrice.core.errors import InvalidTransition
from motrice.core.policies import get_permitted
from motrice.engines.sealing import verify_file
from motrice.inventions import words
from motrice.inventions.api.shapes import actor_of, disclosure_of
from motrice.inventions.downloads import attachment_response, proof_response
from motrice.inventions.models import Attachment, Seal
from motrice.inventions.operations.attachments import attach_file, remove_attachment
from motrice.web.rest import BINARY, Strict, paginated

router = Router()
SENT = File(...)


class DisclosureFileOut(Schema):
    """A file of a disclosure."""

    reference: str
    name: str
    content_type: str
    size: int
    sha256: str
    added_at: datetime


class SealedIn(Strict):
    """A sealed file as text, and the seal that was kept elsewhere."""

    text: str = Field(max_length=5_000_000)
    seal: str = Field("", max_length=64)


class ProofOut(Schema):
    """What a verification found; `is_known` tells whether this site put the last seal."""

    holds: bool
    reference: str
    seal: str
    faults: list[str]
    is_known: bool


@router.get("/disclosures/{reference}/files", response=list[DisclosureFileOut])
@paginated
def file_list(request: HttpRequest, reference: str) -> Any:
    """The files of a disclosure."""
    rows = Attachment.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.order_by("added_at", "pk")


@router.post("/disclosures/{reference}/files", response={201: DisclosureFileOut})
def file_add(request: HttpRequest, reference: str, file: UploadedFile = SENT) -> Any:
    """Add a file; 422 when its content is not what its name says, 409 while inventors sign."""
    made = attach_file(
        disclosure=disclosure_of(request, reference, "attach"),
        name=file.name or "",
        content=file.read(),
        actor=actor_of(request),
    )
    return Status(201, made)


@router.get("/files/{reference}", openapi_extra=BINARY)
def file_read(request: HttpRequest, reference: str) -> HttpResponse:
    """The content of a file."""
    return attachment_response(get_permitted(Attachment, actor_of(request), "view", reference=reference))


@router.delete("/files/{reference}", response={204: None})
def file_remove(request: HttpRequest, reference: str) -> Any:
    """Remove a file: its content is erased, the history keeps that it was there."""
    file = get_permitted(Attachment, actor_of(request), "edit", reference=reference)
    remove_attachment(attachment=file, actor=actor_of(request))
    return Status(204, None)


@router.get("/disclosures/{reference}/proof", openapi_extra=BINARY)
def proof_read(request: HttpRequest, reference: str) -> HttpResponse:
    """The sealed file of a disclosure; 409 until it was received."""
    disclosure = disclosure_of(request, reference)
    seals = list(Seal.objects.permitted(actor_of(request)).filter(disclosure=disclosure).order_by("position"))
    if not seals:
        raise InvalidTransition(_("There is no sealed file that you may read: it is made when everybody has signed."))
    return proof_response(disclosure, seals)


@router.post("/verify", response=ProofOut)
def proof_verify(request: HttpRequest, payload: SealedIn) -> Any:
    """Check a sealed file by itself, and whether this site put its last seal; nothing is kept."""
    proof = verify_file(payload.text, expected=payload.seal)
    return {
        "holds": proof.holds,
        "reference": proof.reference,
        "seal": proof.last,
        "faults": [words.seal_fault_words(fault) for fault in proof.faults],
        "is_known": bool(proof.last) and Seal.objects.filter(hash=proof.last).exists(),
    }
