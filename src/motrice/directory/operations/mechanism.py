"""What a transfer mechanism offers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed, in_own_words
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Mechanism, Organisation
from motrice.directory.operations.guards import require_live
from motrice.directory.rules import DOMAIN, REGION, STEP, TYPE, Regions, choices, region_labels
from motrice.directory.tasks import search_changed

EDITABLE = ("regions", "domains", "steps", "trl_min", "trl_max", "amount", "currency", "contact")
OFFERING = (OrganisationKind.MECHANISM, OrganisationKind.INSTITUTE, OrganisationKind.PLATFORM)
KINDS = {"mechanism_type": TYPE, "domains": DOMAIN, "steps": STEP, "regions": REGION}


def offer_of(organisation: Organisation) -> Mechanism | None:
    """What is held of a body that offers transfer, if anything."""
    return Mechanism.objects.filter(organisation=organisation).first()


def may_offer(organisation: Organisation) -> bool:
    """Whether a body is of a kind that offers transfer, or was said to."""
    return organisation.kind in OFFERING or offer_of(organisation) is not None


def set_mechanism(
    *,
    organisation: Organisation,
    actor: Any,
    mechanism_type: str,
    reason: str = "",
    read: Read = None,
    **fields: Any,
) -> Mechanism:
    """Say what a mechanism is and offers; refuses a type, domain or step that the catalogue does not have.

    `StaleState` when others changed what was `read` of it.
    """
    require(actor, "edit", organisation)
    require_live(organisation)
    if not may_offer(organisation):
        raise RuleViolation(
            _("A body of the kind “%(kind)s” is no transfer mechanism: correct its kind first.")
            % {"kind": organisation.get_kind_display()},
            field="mechanism_type",
        )
    values = clean_mechanism(mechanism_type, fields)
    with audit.operation(actor, "mechanism.set", subject=organisation, reason=reason) as op:
        held = offer_of(organisation)
        if held is None:
            held = op.create(Mechanism(organisation=organisation, mechanism_type=mechanism_type, **values))
        else:
            stated = {"mechanism_type": mechanism_type, **values}
            op.update(held, **heed(held, stated, read=read, actor=actor, say=_in_labels))
    search_changed(organisation)
    return held


def _in_labels(row: Any, name: str) -> tuple[str, str]:
    """A column in the words of the catalogue: for who is told that it changed."""
    label, text = in_own_words(row, name)
    kind = KINDS.get(name)
    if kind is None:
        return label, text
    value = getattr(row, name)
    words = region_labels() if kind == REGION else {code: choice.label for code, choice in choices(kind).items()}
    return label, ", ".join(words.get(code, code) for code in ([value] if isinstance(value, str) else value))


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
