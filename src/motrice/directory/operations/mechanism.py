"""What a transfer mechanism offers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.directory.models import Mechanism, Organisation
from motrice.directory.operations.guards import require_live
from motrice.directory.rules import DOMAIN, STEP, TYPE, Regions, choices
from motrice.directory.tasks import search_changed

EDITABLE = ("regions", "domains", "steps", "trl_min", "trl_max", "amount", "currency", "contact")


def set_mechanism(
    *, organisation: Organisation, actor: Any, mechanism_type: str, reason: str = "", **fields: Any
) -> Mechanism:
    """Say what a mechanism is and offers; refuses a type, domain or step that the catalogue does not have."""
    require(actor, "edit", organisation)
    require_live(organisation)
    values = clean_mechanism(mechanism_type, fields)
    with audit.operation(actor, "mechanism.set", subject=organisation, reason=reason) as op:
        held = Mechanism.objects.filter(organisation=organisation).first()
        if held is None:
            held = op.create(Mechanism(organisation=organisation, mechanism_type=mechanism_type, **values))
        else:
            op.update(held, mechanism_type=mechanism_type, **values)
    search_changed(organisation)
    return held


def clean_mechanism(mechanism_type: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Check the words of a mechanism against the catalogue, and give regions their own names."""
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise RuleViolation(_("A mechanism has no field “%(name)s”.") % {"name": min(unknown)}, field=min(unknown))
    for name, kind, codes in (
        ("mechanism_type", TYPE, [mechanism_type]),
        ("domains", DOMAIN, fields.get("domains", [])),
        ("steps", STEP, fields.get("steps", [])),
    ):
        missing = set(codes) - set(choices(kind))
        if missing:
            raise RuleViolation(_("The catalogue does not have “%(code)s”.") % {"code": min(missing)}, field=name)
    values = dict(fields)
    if values.get("regions"):
        regions = Regions()
        values["regions"] = [regions.named(name) for name in values["regions"]]
    return values
