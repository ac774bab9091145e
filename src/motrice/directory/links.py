"""The addresses of the directory's records, for every app that shows one."""

from __future__ import annotations

from typing import Any

from motrice.directory.models import Organisation, Person
from motrice.web.addresses import path_to


def record_url(record: Organisation | Person | None) -> str:
    """The lasting address of a record."""
    if record is None:
        return ""
    kind = "organisation" if isinstance(record, Organisation) else "person"
    return path_to(f"directory:{kind}", record.reference)


def organisation_url(reference: Any) -> str:
    """The address of an organisation by its reference."""
    return path_to("directory:organisation", reference)
