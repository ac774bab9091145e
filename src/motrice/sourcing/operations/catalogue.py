"""Changing the desk's catalogue on the site."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from motrice.core import catalogue
from motrice.core.errors import RuleViolation
from motrice.core.models import CatalogueEntry
from motrice.core.policies import require


def change_entry(*, entry: CatalogueEntry, data: Any, actor: Any, reason: str) -> CatalogueEntry:
    """Make the next version of an entry of the desk; refused when its kind does not accept the content."""
    require(actor, "edit", entry)
    if not isinstance(data, dict):
        raise RuleViolation(_("Write the content between braces, as a JSON object."), field="data")
    return catalogue.edit(kind=entry.kind, code=entry.code, data=data, actor=actor, reason=reason)
