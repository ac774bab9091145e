"""What changed in the records that somebody follows, for the home page: only what they may see today."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.history import row_change
from motrice.accounts.queries import followed_rows, missed_notices, untold_accesses
from motrice.accounts.records import address_of
from motrice.core.models import AuditChange
from motrice.core.policies import holds
from motrice.web import panels
from motrice.web.parts import TimelineItem

SHOWN_FOR = timedelta(days=30)


def changes_for(actor: Any) -> list[TimelineItem]:
    """The fields that others changed lately in each followed record, without who did or what they hold."""
    since = timezone.now() - SHOWN_FOR
    items = _untold(actor, since)
    for label, rows in followed_rows(actor).items():
        if label in panels.told_by_panels():
            continue
        changes = AuditChange.objects.filter(
            label=label, object_pk__in=list(rows), action=AuditChange.Action.UPDATE, entry__at__gte=since
        )
        latest = changes.exclude(entry__actor_id=actor.pk).select_related("entry").order_by("-entry__sequence")
        for change in latest[: panels.CHANGES_SHOWN]:
            fields = ", ".join(field.label for field in row_change(change).fields)
            what = _("%(record)s: changed %(fields)s") % {"record": rows[change.object_pk], "fields": fields}
            items.append(TimelineItem(what, change.entry.at, url=address_of(rows[change.object_pk])))
    return items


def _untold(actor: Any, since: datetime) -> list[TimelineItem]:
    """The notices of break-glass that never arrived, for administrators and auditors."""
    if not holds(actor, "administrator", "auditor"):
        return []
    url = reverse("accounts:emergency") if holds(actor, "administrator") else ""
    return [
        TimelineItem(
            _("Break-glass access of %(who)s: a notice did not arrive") % {"who": access.user},
            datetime.fromisoformat(access.missed[-1]["at"]),
            why="; ".join(missed_notices(access)),
            is_key=True,
            url=url,
        )
        for access in untold_accesses(actor, since)
    ]


panels.register(panels.Panel("accounts", changes=changes_for, order=80))
