"""What official events mean for the docket, from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.portfolio.enums import EventKind

KIND = "portfolio.legal_event"
EFFECTS = ("closes", "ends", "revives", "informs")
KEYS = {"office", "event", "kind", "effect", "by_state", "name", "source"}


@dataclass(frozen=True)
class Meaning:
    """What one official code says to the docket."""

    office: str
    event: str
    kind: str
    effect: str
    by_state: bool
    words: dict[str, str]

    def name(self) -> str:
        """The event in the reader's language."""
        return self.words.get((get_language() or "fr")[:2]) or self.words["fr"]


def check(data: dict[str, Any]) -> None:
    """What an official event of INPADOC means: the event of the docket it becomes, and what it does to deadlines."""
    unknown = sorted(set(data) - KEYS)
    if unknown:
        raise RuleViolation(_("A legal event does not know %(keys)s.") % {"keys": ", ".join(unknown)})
    if data.get("kind") not in EventKind.values:
        raise RuleViolation(_("“%(kind)s” is no event of the docket.") % {"kind": data.get("kind")}, field="kind")
    if data.get("effect") not in EFFECTS:
        raise RuleViolation(_("The effect is one of: %(known)s.") % {"known": ", ".join(EFFECTS)}, field="effect")
    name = data.get("name")
    if not isinstance(name, dict) or not name.get("fr") or not name.get("en"):
        raise RuleViolation(_("A legal event needs a French and an English name."), field="name")
    for key in ("office", "event", "source"):
        if not data.get(key):
            raise RuleViolation(_("A legal event needs its %(key)s.") % {"key": key}, field=key)


catalogue.register_kind(KIND, check)


def meanings() -> dict[tuple[str, str], Meaning]:
    """Every known meaning by office and code."""
    return {
        (entry.data["office"], entry.data["event"]): Meaning(
            entry.data["office"],
            entry.data["event"],
            entry.data["kind"],
            entry.data["effect"],
            bool(entry.data.get("by_state")),
            entry.data["name"],
        )
        for entry in catalogue.current(KIND)
    }
