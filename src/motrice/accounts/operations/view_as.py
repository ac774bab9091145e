"""Seeing the site as another: read-only, for a reason, logged; never more than one's own rights already show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import User
from motrice.accounts.rules import access_rules
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import SITE, RoleGrant, allows, holds
from motrice.core.values import label_of

SOMEBODY = "somebody@motrice.invalid"


def somebody() -> User:
    """The account that stands for anybody in a role: it can never sign in, and owns nothing."""
    user = User.objects.filter(username="somebody").first()
    if user is None:
        user = User(username="somebody", email=SOMEBODY, display_name="—", is_active=False)
        user.set_unusable_password()
        with audit.operation(None, "user.create", reason="stands for anybody in a role") as op:
            op.create(user)
    return user


def start_view_as(
    *, actor: Any, reason: str, person: User | None = None, kind: str = "", on: models.Model | None = None
) -> dict[str, Any]:
    """Log the start and give what the session keeps: whom or which role one sees as, and until when."""
    if getattr(actor, "ceiling", None) is not None or not holds(actor, "administrator", "coordinator"):
        raise NotPermitted(_("Only administrators and coordinators may see the site as another."))
    if not reason.strip():
        raise RuleViolation(_("Say why: it is written in the log."), field="reason")
    if (person is None) == (not kind):
        raise RuleViolation(_("Choose a person, or a role."), field="person")
    if person is not None and (not person.is_active or person.is_system or person.pk == actor.pk):
        raise RuleViolation(_("Choose another open account than yours."), field="person")
    if kind and kind not in RoleKind.values:
        raise RuleViolation(_("This role does not exist."), field="kind")
    if on is not None and not allows(actor, "view", on):
        raise RuleViolation(_("Choose a record that you may see."), field="record")
    label, pk = (SITE, None) if on is None else (label_of(type(on)), on.pk)
    until = timezone.now() + timedelta(minutes=access_rules().view_as_minutes)
    name = person.reference if person else None
    details: dict[str, Any] = {"person": name, "kind": kind or None, "held_on": [label, pk]}
    audit.trace(actor, "view_as.start", subject=person, reason=reason.strip(), **details)
    somebody()
    return {
        "person": person.pk if person else None,
        "kind": kind,
        "label": label,
        "pk": pk,
        "until": until.isoformat(),
    }


def stop_view_as(*, actor: Any, state: dict[str, Any]) -> None:
    """Log the end."""
    audit.trace(actor, "view_as.stop", person_pk=state.get("person"), kind=state.get("kind") or None)


def viewed_actor(real: Any, state: dict[str, Any]) -> User | None:
    """The actor that policies see: the person or role, under the ceiling of one's own rights; None when it is over."""
    if timezone.now().isoformat() >= state["until"] or not holds(real, "administrator", "coordinator"):
        return None
    if state["person"]:
        viewed = User.objects.active().filter(pk=state["person"]).first()
        if viewed is None:
            return None
    else:
        viewed = User.objects.filter(username="somebody").first()
        if viewed is None:
            return None
        words = str(RoleKind(state["kind"]).label)
        viewed.display_name = words
        viewed.__dict__["active_roles"] = (RoleGrant(state["kind"], state["label"], state["pk"], words),)
    viewed.ceiling = real
    return viewed
