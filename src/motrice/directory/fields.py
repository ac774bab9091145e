"""Fields that name records of the directory, for the forms of every app."""

from __future__ import annotations

from typing import Any

from motrice.directory.queries.search import find_meant
from motrice.web.forms import RecordField


def record_field(of: str = "organisation", **kwargs: Any) -> RecordField:
    """A field that names a record of the directory; `of` is a key of `PICK_KINDS`."""
    return RecordField(
        find=lambda text, actor: find_meant(text, actor=actor, of=of), pick="directory:pick", of=of, **kwargs
    )
