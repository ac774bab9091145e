"""Parts that no file gives: supposed equal, put to a person who may write others, and marked until confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from motrice.core.errors import RuleViolation
from motrice.portfolio import rules

EQUAL, STATED = "equal", "stated"
Value = dict[str, Any]  # {"parts": [[key, "1/2"], …], "by": "equal" or "stated"}; an empty part is offered, not given


def supposed(keys: Sequence[Any], offered: Sequence[Any] = ()) -> Value:
    """Equal parts for all of these; those offered beside them have none until somebody writes one."""
    parts = [[key, str(Fraction(1, len(keys)))] for key in keys]
    return {"parts": parts + [[key, ""] for key in offered if key not in keys], "by": EQUAL}


def parts_of(value: Any) -> list[tuple[Any, Fraction]]:
    """Who has which part."""
    return [(key, Fraction(part)) for key, part in value["parts"] if part]


def is_stated(value: Any) -> bool:
    """Whether a person wrote the parts."""
    return bool(value["by"] == STATED)


def restated(value: Value, answers: Sequence[str]) -> Value:
    """The parts as a person writes them, in the same order; an empty one leaves out whom it stands beside."""
    if len(answers) != len(value["parts"]):
        raise RuleViolation(_("Give one part for each name, or leave it empty."))
    shares = [rules.share_in(text.strip()) if text.strip() else None for text in answers]
    rules.require_whole([share for share in shares if share is not None])
    parts = [[key, str(share or "")] for (key, _part), share in zip(value["parts"], shares, strict=True)]
    return value if parts == value["parts"] else {"parts": parts, "by": STATED}
