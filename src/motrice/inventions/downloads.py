"""Files of disclosures as they leave the house: always a download, named so that the name tells nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from motrice.engines.sealing import sealed_file
from motrice.inventions.models import Attachment, Disclosure, Seal
from motrice.inventions.operations.sealing import version_of


def _closed(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def attachment_response(file: Attachment) -> HttpResponse:
    """One file, for who may read it: the caller has asked the policy."""
    with file.file.open("rb") as stored:
        return _closed(HttpResponse(stored.read(), content_type=file.content_type), file.name)


def proof_response(disclosure: Disclosure, seals: Sequence[Seal]) -> HttpResponse:
    """The sealed file of a disclosure: every version, oldest first."""
    text = sealed_file(disclosure.reference, [version_of(seal) for seal in seals])
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    return _closed(response, f"sealed-{disclosure.reference}.json")
