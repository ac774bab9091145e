"""Files of a need through the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from motrice.core.policies import get_permitted
from motrice.sourcing.api.shapes import actor_of, need_of
from motrice.sourcing.downloads import attachment_response
from motrice.sourcing.models import Attachment
from motrice.sourcing.operations.attachments import attach_file, remove_attachment
from motrice.web.rest import BINARY, paginated

router = Router()
SENT = File(...)


class FileOut(Schema):
    """A file of a need."""

    reference: str
    name: str
    content_type: str
    size: int
    sha256: str
    is_confidential: bool
    added_at: datetime


@router.get("/needs/{reference}/files", response=list[FileOut])
@paginated
def file_list(request: HttpRequest, reference: str) -> Any:
    """The files of a need that the caller may read."""
    rows = Attachment.objects.permitted(actor_of(request)).filter(need=need_of(request, reference))
    return rows.order_by("added_at", "pk")


@router.post("/needs/{reference}/files", response={201: FileOut})
def file_add(
    request: HttpRequest, reference: str, file: UploadedFile = SENT, is_confidential: bool = Form(True)
) -> Any:
    """Add a file, confidential unless told otherwise; 422 when its content is not what its name says."""
    made = attach_file(
        need=need_of(request, reference),
        name=file.name or "",
        content=file.read(),
        is_confidential=is_confidential,
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
