"""The story of a record from the audit log: what was done, by whom, why, and what each field was before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.accounts.records import handles
from motrice.core.models import AuditChange, AuditEntry

VERBS = {
    "create": _("created"),
    "edit": _("changed"),
    "update": _("changed"),
    "delete": _("removed"),
    "merge": _("merged"),
    "import": _("imported"),
    "export": _("exported"),
    "grant": _("gave a role"),
    "end": _("ended a role"),
    "close": _("closed"),
    "send": _("sent"),
    "submit": _("submitted"),
    "accept": _("accepted"),
    "refuse": _("refused"),
    "revoke": _("revoked"),
    "sync": _("loaded the catalogue"),
    "open": _("opened"),
    "start": _("started"),
    "stop": _("stopped"),
    "password": _("changed the password"),
    "session.open": _("signed in"),
    "session.close_others": _("signed out everywhere else"),
}
SHOWN = 200


def verb_words(verb: str) -> str:
    """What was done, in words where the last part of the verb is known; else the verb itself, readable."""
    last = verb.rsplit(".", 1)[-1]
    return str(VERBS.get(verb) or VERBS.get(last) or verb.replace(".", ": ").replace("_", " "))


@dataclass(frozen=True)
class FieldChange:
    """One field before and after."""

    label: str
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """One row that an operation wrote."""

    kind: str
    action: str
    fields: list[FieldChange]


def row_change(change: AuditChange) -> RowChange:
    """A change with the fields' own names; values as the log keeps them."""
    try:
        model: type[models.Model] | None = apps.get_model(change.label)
    except (LookupError, ValueError):
        model = None
    names = list(dict.fromkeys([*change.before, *change.after]))
    fields = [FieldChange(_label(model, name), change.before.get(name), change.after.get(name)) for name in names]
    kind = str(model._meta.verbose_name) if model else change.label
    return RowChange(kind, change.get_action_display(), [item for item in fields if item.before != item.after])


def _label(model: type[models.Model] | None, attname: str) -> str:
    if model is None:
        return attname
    for field in model._meta.concrete_fields:
        if field.attname == attname:
            return str(field.verbose_name)
    return attname


def entries_of(obj: models.Model, actor: Any) -> list[AuditEntry]:
    """The newest operations on a record: those that wrote its row, and, for who handles it, those that name it.

    What names it may be kept from its authors: who was asked for an opinion and gave one, what is only proposed.
    """
    label = (obj._meta.concrete_model or type(obj))._meta.label_lower
    wrote = AuditChange.objects.filter(label=label, object_pk=obj.pk).values("entry_id")
    told = Q(pk__in=wrote)
    if handles(actor, obj):
        told |= Q(subject_label=label, subject_pk=obj.pk)
    rows = AuditEntry.objects.filter(told)
    return list(rows.exclude(verb="reading").select_related("actor").order_by("-sequence")[:SHOWN])


def changes_of(obj: models.Model, entries: list[AuditEntry]) -> dict[int, list[RowChange]]:
    """What these operations wrote in the record's own row, by entry."""
    label = (obj._meta.concrete_model or type(obj))._meta.label_lower
    found: dict[int, list[RowChange]] = {}
    rows = AuditChange.objects.filter(entry__in=entries, label=label, object_pk=obj.pk).order_by("position")
    for row in rows:
        found.setdefault(row.entry_id, []).append(row_change(row))
    return found
