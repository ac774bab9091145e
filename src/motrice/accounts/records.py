"""Records by label and reference: what the pages that hold for every kind of record work on."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import Http404

from motrice.core import policies
from motrice.core.policies import SITE, actions_of, allows, get_permitted, holds

ORGANISATION = "directory.organisation"


def models_with_reference() -> dict[str, type[models.Model]]:
    """Every kind of record under policies that has a public reference, by label."""
    found = {}
    for model in policies.registered():
        try:
            model._meta.get_field("reference")
        except FieldDoesNotExist:
            continue
        found[model._meta.label_lower] = model
    return found


def get_record(actor: Any, label: str, reference: str, action: str = "view") -> Any:
    """Load one record of any kind: 404 when it does not exist or may not be seen."""
    model = models_with_reference().get(label)
    if model is None:
        raise Http404
    return get_permitted(model, actor, action, reference=reference)


def record_of(label: str, pk: int | None) -> Any:
    """The row that a role or an entry of the log points to, or None when it is the site or gone."""
    if label == SITE or pk is None:
        return None
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    return model._base_manager.filter(pk=pk).first()


def words_for(obj: models.Model | None) -> str:
    """The name of a record, or nothing."""
    return str(obj) if obj is not None else ""


def address_of(obj: models.Model | None) -> str:
    """The page of a record where it has one."""
    if obj is None or not hasattr(obj, "get_absolute_url"):
        return ""
    return str(obj.get_absolute_url())


def may_invite(actor: Any) -> bool:
    """Whether somebody may invite anybody anywhere: an administrator, or who keeps the roles of some organisation."""
    model = models_with_reference()[ORGANISATION]
    return holds(actor, "administrator") or policies.q_for(actor, model, "manage_roles") != policies.NOBODY


def manages(actor: Any, record: Any) -> bool:
    """Whether the reader keeps this record, or reads everything on a mission; in another's view, both must."""
    behind = getattr(actor, "ceiling", None)
    if behind is not None and not manages(behind, record):
        return False
    keeping = [action for action in ("manage_roles", "edit", "handle") if action in actions_of(record.__class__)]
    return holds(actor, "auditor") or any(allows(actor, action, record) for action in keeping)


def handles(actor: Any, record: Any) -> bool:
    """Whether the reader handles the record, where that is an act of its own: its authors keep it, and do not."""
    behind = getattr(actor, "ceiling", None)
    if behind is not None and not handles(behind, record):
        return False
    if "handle" not in actions_of(record.__class__):
        return manages(actor, record)
    return holds(actor, "auditor") or allows(actor, "handle", record)
