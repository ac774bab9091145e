"""Files of needs as they leave the house: always a download, never guessed into something else."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from motrice.sourcing.models import Attachment


def attachment_response(file: Attachment) -> HttpResponse:
    """One file, for who may read it: the caller has asked the policy."""
    with file.file.open("rb") as stored:
        response = HttpResponse(stored.read(), content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
