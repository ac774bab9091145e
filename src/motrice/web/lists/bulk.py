"""Acts on several rows: chosen, previewed, confirmed, undoable."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

MAX_ROWS = 1000


@dataclass(frozen=True)
class BulkResult:
    """What was done, what was refused and why, and where to undo it."""

    message: str
    undo_url: str = ""
    refused: Sequence[str] = ()


@dataclass(frozen=True)
class BulkAction:
    """An act that a list offers on its selected rows.

    `run(actor, rows, **fields)` calls one operation and returns a BulkResult; `check(actor, row)` returns why a row
    would be refused, or an empty text; `form` asks what the act needs (a reason, a person).
    """

    key: str
    label: Any
    run: Callable[..., BulkResult]
    explanation: Any = ""
    check: Callable[[Any, Any], Any] = lambda actor, row: ""
    form: type[forms.Form] | None = None
    visible: Callable[[Any], bool] = lambda actor: True
    is_danger: bool = False
