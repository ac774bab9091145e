"""The addresses of the directory's records, for every app that shows one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from motrice.directory.models import Organisation, Person


def record_url(record: Organisation | Person | None) -> str:
    """The lasting address of a record."""
    if record is None:
        return ""
    kind = "organisation" if isinstance(record, Organisation) else "person"
    return reverse(f"directory:{kind}", args=[record.reference])


def organisation_url(reference: Any) -> str:
    """The address of an organisation by its reference."""
    return reverse("directory:organisation", args=[reference])
