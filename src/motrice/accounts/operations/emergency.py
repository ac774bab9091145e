"""Break-glass: an administrator reads everything for some hours, for a stated reason that others learn at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import EmergencyAccess, RoleAssignment, User
from motrice.accounts.operations.users import system_user
from motrice.accounts.rules import access_rules
from motrice.accounts.tasks import send_emergency_notice
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import SITE, holds

MIN_REASON = 15


def open_emergency(*, actor: Any, reason: str) -> EmergencyAccess:
    """Open everything to be read, write the reason in the log, and tell directors and auditors by mail."""
    if not holds(actor, "administrator"):
        raise NotPermitted(_("Only an administrator may break the glass."))
    if len(reason.strip()) < MIN_REASON:
        raise RuleViolation(_("Say in a sentence why this is needed: directors and auditors get it."), field="reason")
    if EmergencyAccess.objects.current().filter(user=actor).exists():
        raise RuleViolation(_("You have such an access already: close it first."))
    now = timezone.now()
    access = EmergencyAccess(
        user=actor,
        reason=reason.strip(),
        starts_at=now,
        ends_at=now + timedelta(hours=access_rules().emergency_hours),
    )
    told = RoleAssignment.objects.current().filter(
        kind__in=(RoleKind.DIRECTOR, RoleKind.AUDITOR), scope_label=SITE, user__is_active=True
    )
    recipients = sorted(set(told.exclude(user=actor).values_list("user_id", flat=True)))
    with audit.operation(actor, "emergency.open", reason=reason.strip(), details={"told": len(recipients)}) as op:
        op.create(access)
        for recipient in recipients:
            send_emergency_notice.enqueue(access.pk, recipient)
    actor.__dict__.pop("active_roles", None)
    return access


def notice_missed(*, access_pk: int, recipient_pk: int, reason: str, actor: Any) -> None:
    """A director or an auditor never got the mail: said on the access, for administrators and auditors."""
    person = User.objects.get(pk=recipient_pk)
    with audit.operation(actor or system_user(), "emergency.mail_missed") as op:
        access = EmergencyAccess.objects.select_for_update().get(pk=access_pk)
        missed = {"name": str(person), "reason": reason, "at": timezone.now().isoformat()}
        op.update(access, missed=[*access.missed, missed])


def close_emergency(*, access: EmergencyAccess, actor: Any) -> EmergencyAccess:
    """End it before its time."""
    if access.user_id != actor.pk and not holds(actor, "administrator"):
        raise NotPermitted(_("This is another administrator's access."))
    with audit.operation(actor, "emergency.close", subject=access.user) as op:
        op.update(access, ends_at=max(access.starts_at, min(access.ends_at, timezone.now())))
    actor.__dict__.pop("active_roles", None)
    return access
