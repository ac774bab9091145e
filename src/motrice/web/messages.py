"""Notes after an act: what was done, and one click to undo it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo:"


def undoable(request: HttpRequest, text: str, undo_url: str) -> None:
    """Say what was done, with a button that posts to `undo_url`."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo_url}")


def undo_url(message: object) -> str:
    """The address that undoes what a message tells, if any."""
    tags = getattr(message, "extra_tags", "") or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""
