"""Texts that show what units and people can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, require
from motrice.core.reading import Read, heed
from motrice.core.references import renew_taken
from motrice.directory.models import Evidence, EvidenceOwner, Organisation, Person
from motrice.directory.operations.guards import may_create, require_live, require_seen
from motrice.directory.tasks import search_changed

Holder = Organisation | Person
EDITABLE = ("kind", "title", "text", "language", "dated_on", "level", "url")


@dataclass(frozen=True)
class NewEvidence:
    """One text to register, with whose it is."""

    kind: str
    title: str
    owners: Sequence[Holder]
    text: str = ""
    language: str = ""
    dated_on: date | None = None
    level: str = Level.PUBLIC
    url: str = ""
    source: str = ""
    external_key: str = ""
    rows: dict[str, Any] = field(default_factory=dict)

    def row(self) -> Evidence:
        """The record to write."""
        return Evidence(
            kind=self.kind,
            title=self.title,
            text=self.text,
            language=self.language,
            dated_on=self.dated_on,
            level=self.level,
            url=self.url,
            source=self.source,
            external_key=self.external_key,
        )


def owner_row(evidence: Evidence, owner: Holder) -> EvidenceOwner:
    """The row that says whose a text is."""
    if isinstance(owner, Organisation):
        return EvidenceOwner(evidence=evidence, organisation_id=owner.pk)
    return EvidenceOwner(evidence=evidence, person_id=owner.pk)


def require_owner_edit(actor: Any, owners: Iterable[Holder]) -> None:
    """Evidence is added by who may add any, or by who keeps the record of every holder."""
    held = list(owners)
    if not held:
        raise RuleViolation(_("Evidence belongs to at least one unit or person."), field="owners")
    if may_create(actor, Evidence):
        return
    for owner in held:
        if not allows(actor, "edit", owner):
            raise NotPermitted(_("You may not add evidence to %(owner)s.") % {"owner": owner})


def register_evidence(*, actor: Any, reason: str = "", **fields: Any) -> Evidence:
    """Register one text with its holders; refuses one that its source has given already."""
    item = NewEvidence(**fields)
    require_owner_edit(actor, item.owners)
    require_live(*item.owners)
    evidence = item.row()
    with audit.operation(actor, "evidence.register", reason=reason) as op:
        op.create(evidence)
        for owner in dict.fromkeys(item.owners):
            op.create(owner_row(evidence, owner))
    search_changed(evidence)
    return evidence


def register_many(*, items: Sequence[NewEvidence], actor: Any, reason: str = "") -> list[Evidence]:
    """Register many texts at once, for generators and imports: each text once by its key in its source."""
    require_owner_edit(actor, {owner for item in items for owner in item.owners})
    keys = [item.external_key for item in items if item.external_key]
    known = set(Evidence.objects.filter(external_key__in=keys).values_list("source", "external_key"))
    fresh: dict[tuple[str, str] | int, NewEvidence] = {}
    for number, item in enumerate(items):
        if not item.external_key:
            fresh[number] = item
        elif (item.source, item.external_key) not in known:
            fresh.setdefault((item.source, item.external_key), item)
    rows = [item.row() for item in fresh.values()]
    renew_taken(rows)
    with audit.operation(actor, "evidence.register", reason=reason) as op:
        op.create_many(rows)
        op.create_many(
            [
                owner_row(row, owner)
                for row, item in zip(rows, fresh.values(), strict=True)
                for owner in dict.fromkeys(item.owners)
            ]
        )
    search_changed(*rows)
    return rows


def edit_evidence(*, evidence: Evidence, actor: Any, reason: str = "", read: Read = None, **fields: Any) -> Evidence:
    """Correct a text, its date or its level; `StaleState` when others changed what was `read` of it."""
    require(actor, "edit", evidence)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise RuleViolation(_("Evidence has no field “%(name)s”.") % {"name": min(unknown)}, field=min(unknown))
    with audit.operation(actor, "evidence.edit", subject=evidence, reason=reason) as op:
        op.update(evidence, **heed(evidence, fields, read=read, actor=actor))
        require_seen(actor, evidence)
    search_changed(evidence)
    return evidence


def withdraw_evidence(*, evidence: Evidence, actor: Any, reason: str) -> None:
    """Take a text out of the directory and of the search; the log keeps what it was."""
    require(actor, "edit", evidence)
    gone = Evidence(pk=evidence.pk)
    with audit.operation(actor, "evidence.withdraw", subject=evidence, reason=reason) as op:
        for owner in list(evidence.owners.all()):
            op.delete(owner)
        op.delete(evidence)
    search_changed(gone)
