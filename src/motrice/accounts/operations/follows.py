"""Following a record: its changes then show on one's home page."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from motrice.accounts.models import Follow
from motrice.core import audit, policies
from motrice.core.errors import NotPermitted


def set_follow(*, record: models.Model, actor: Any, follows: bool) -> bool:
    """Follow a record that one may see, or stop; True when something changed."""
    if actor.pk is None:
        raise NotPermitted(_("Sign in to follow a record."))
    policies.require(actor, "view", record)
    label = (record._meta.concrete_model or record.__class__)._meta.label_lower
    held = Follow.objects.filter(user=actor, label=label, object_pk=record.pk).first()
    if (held is not None) == follows:
        return False
    with audit.operation(actor, "follow.start" if follows else "follow.stop", subject=record) as op:
        if held is None:
            op.create(Follow(user=actor, label=label, object_pk=record.pk))
        else:
            op.delete(held)
    return True
