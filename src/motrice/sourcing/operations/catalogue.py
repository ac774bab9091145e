"""Changing the desk's catalogue on the site."""

from __future__ import annotations

from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.policies import require
from motrice.core.reading import Read
from motrice.sourcing.rules import ROUTING


def add_routing_rule(*, data: dict[str, Any], actor: Any, reason: str) -> CatalogueEntry:
    """Add a routing rule; its code is drawn from its English name, and never one that was used before."""
    stem = slugify(data["name"]["en"])[:50] or "rule"
    stem = "rule-add" if stem == "add" else stem  # the address of the page that adds a rule
    used = set(CatalogueEntry.objects.filter(kind=ROUTING, code__startswith=stem).values_list("code", flat=True))
    code = next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, len(used) + 3))) if name not in used)
    return catalogue.edit(kind=ROUTING, code=code, data=data, actor=actor, reason=reason)


def retire_entry(*, entry: CatalogueEntry, actor: Any, reason: str, read: Read = None) -> CatalogueEntry:
    """Stop an entry from being proposed, in a new version; refused for the last routing rule.

    `StaleState` when somebody else made a version of what was `read` of it.
    """
    require(actor, "edit", entry)
    catalogue.require_as_read(entry, read=read, actor=actor)
    if entry.kind == ROUTING and len(catalogue.current(ROUTING)) == 1:
        raise RuleViolation(_("This is the last routing rule: add another before you remove it."))
    return catalogue.edit(
        kind=entry.kind, code=entry.code, data=entry.data, actor=actor, reason=reason, is_retired=True
    )


def change_entry(*, entry: CatalogueEntry, data: Any, actor: Any, reason: str, read: Read = None) -> CatalogueEntry:
    """Make the next version of an entry of the desk; refused when its kind does not accept the content.

    `StaleState` when somebody else made a version of what was `read` of it.
    """
    require(actor, "edit", entry)
    if not isinstance(data, dict):
        raise RuleViolation(_("Write the content between braces, as a JSON object."), field="data")
    return catalogue.edit(kind=entry.kind, code=entry.code, data=data, actor=actor, reason=reason, read=read)
