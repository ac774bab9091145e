"""What changed in the records that somebody follows, for the home page: only what they may see today."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.history import row_change
from motrice.accounts.queries import followed_rows
from motrice.accounts.records import address_of
from motrice.core.models import AuditChange
from motrice.web import panels
from motrice.web.parts import TimelineItem

SHOWN_FOR = timedelta(days=30)


def changes_for(actor: Any) -> list[TimelineItem]:
    """The fields that others changed lately in each followed record, without who did or what they hold."""
    since, items = timezone.now() - SHOWN_FOR, []
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


panels.register(panels.Panel("accounts", changes=changes_for, order=80))
