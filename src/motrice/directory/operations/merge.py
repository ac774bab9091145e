"""Two records of one body become one: every link is kept, the old address leads to the new, it can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from motrice.core import audit, pointers
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.models import AuditEntry
from motrice.core.pointers import Pointer, register_combiner
from motrice.core.policies import require
from motrice.directory.enums import NameKind
from motrice.directory.models import Affiliation, Organisation, OrganisationName, Person, Relation
from motrice.directory.operations.guards import locked, one_merge_at_a_time, overlapping, require_live
from motrice.directory.operations.organisation import EDITABLE as ORGANISATION_FIELDS
from motrice.directory.operations.person import EDITABLE as PERSON_FIELDS
from motrice.directory.tasks import search_changed

Record = Organisation | Person
VERBS = {Organisation: "organisation.merge", Person: "person.merge"}
STRICTNESS = [Level.PUBLIC, Level.NETWORK, Level.ORGANISATION, Level.CIRCLE]


@dataclass(frozen=True)
class FieldChoice:
    """One field that the two records state differently."""

    name: str
    label: str
    kept: Any
    absorbed: Any
    result: Any


def concrete(record: Record) -> type[Record]:
    """The model of a record, a unit being an organisation."""
    return Organisation if isinstance(record, Organisation) else Person


def merge_fields(record: Record) -> tuple[str, ...]:
    """The fields that a merge compares."""
    return ORGANISATION_FIELDS if isinstance(record, Organisation) else PERSON_FIELDS


def compare(*, kept: Record, absorbed: Record, take: Collection[str] = ()) -> list[FieldChoice]:
    """What the merged record will say, field by field, where the two differ."""
    rows = []
    for name in merge_fields(kept):
        mine, theirs = getattr(kept, name), getattr(absorbed, name)
        if mine == theirs:
            continue
        label = str(kept._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        rows.append(FieldChoice(name, label, mine, theirs, _result(name, mine, theirs, name in take)))
    return rows


def _result(name: str, mine: Any, theirs: Any, is_taken: bool) -> Any:
    if name == "level":  # never less closed than either
        return max(mine, theirs, key=STRICTNESS.index)
    if is_taken:
        return theirs
    return mine if mine not in (None, "") else theirs


def merge(*, kept: Record, absorbed: Record, actor: Any, reason: str = "", take: Collection[str] = ()) -> Record:
    """Make two records one; `take` names the fields whose value comes from the absorbed record.

    Refuses a record merged already, two records with an account each, and one with itself.
    """
    if concrete(kept) is not concrete(absorbed) or kept.pk == absorbed.pk:
        raise RuleViolation(_("A merge joins two different records of one sort."), field="absorbed")
    for record in (kept, absorbed):
        require(actor, "view", record)
        require(actor, "merge", record)
    unknown = set(take) - set(merge_fields(kept))
    if unknown:
        raise RuleViolation(_("There is no field “%(name)s” to take.") % {"name": min(unknown)}, field="take")
    details = {"absorbed": absorbed.pk, "absorbed_reference": absorbed.reference, "take": sorted(take)}
    model = concrete(kept)
    with audit.operation(actor, VERBS[model], subject=kept, reason=reason, details=details) as op:
        one_merge_at_a_time()
        pointers.hold(absorbed)
        kept, absorbed = locked(*(model._base_manager.get(pk=record.pk) for record in (kept, absorbed)))
        require_live(kept, absorbed)
        changes = {row.name: row.result for row in compare(kept=kept, absorbed=absorbed, take=take)}
        before = [kept.name, kept.short_name] if isinstance(kept, Organisation) else []
        _hand_over_account(op, kept, absorbed)
        pointers.repoint(op, absorbed=absorbed, kept=kept)
        op.update(kept, **changes)
        if isinstance(kept, Organisation) and isinstance(absorbed, Organisation):
            _keep_names(op, kept, [*before, absorbed.name, absorbed.short_name])
        op.update(absorbed, guard=("merged_into",), merged_into=kept)
    search_changed(kept, absorbed)
    return kept


def _hand_over_account(op: audit.Recorder, kept: Record, absorbed: Record) -> None:
    if not isinstance(kept, Person) or not isinstance(absorbed, Person) or absorbed.user_id is None:
        return
    if kept.user_id is not None:
        raise RuleViolation(
            _("Both people have an account: take it away from one of the two first."), field="absorbed"
        )
    account = absorbed.user
    op.update(absorbed, user=None)
    op.update(kept, user=account)


def _keep_names(op: audit.Recorder, kept: Organisation, borne: list[str]) -> None:
    """Every name that either bore still finds the record."""
    known = {kept.name, kept.short_name, "", *kept.names.values_list("value", flat=True)}
    for position, value in enumerate(borne):
        if value not in known:
            kind = NameKind.ACRONYM if position % 2 else NameKind.ALIAS
            op.create(OrganisationName(organisation=kept, kind=kind, value=value))
            known.add(value)


def undo_merge(*, entry: AuditEntry, actor: Any, reason: str = "") -> int:
    """Put two merged records back as they were; refused when one of the rows concerned has changed since."""
    model: Any = {verb: model for model, verb in VERBS.items()}.get(entry.verb)
    if model is None:
        raise RuleViolation(_("This entry of the log is not a merge."))
    kept = model._base_manager.filter(pk=entry.subject_pk).first()
    if kept is None:
        raise NotPermitted(_("This merge can no longer be undone."))
    require(actor, "merge", kept)
    if kept.merged_into_id is not None:
        raise RuleViolation(
            _("%(what)s was itself merged into another record since: undo that merge first.") % {"what": kept}
        )
    with audit.operation(actor, "merge.undo", reason=reason):
        one_merge_at_a_time()
        count = audit.revert([entry], actor=actor, verb="merge.undo", reason=reason)
    search_changed(kept, model._base_manager.get(pk=entry.details["absorbed"]))
    return count


def last_merge(absorbed: Record) -> AuditEntry | None:
    """The log entry that merged this record away, if it stands."""
    if absorbed.merged_into_id is None:
        return None
    entries = AuditEntry.objects.filter(verb=VERBS[concrete(absorbed)], details__absorbed=absorbed.pk)
    return entries.order_by("-sequence").first()


def _widened(rows: list[Any]) -> tuple[date | None, date | None]:
    starts = [row.starts_on for row in rows]
    ends = [row.ends_on for row in rows]
    return (None if None in starts else min(starts), None if None in ends else max(ends))


def _combine_dated(same: tuple[str, ...]) -> pointers.Combine:
    """Two dated rows that say the same at the same time become one, over both periods; a link to oneself goes."""

    def combine(op: audit.Recorder, row: Any, pointer: Pointer, kept: models.Model) -> bool:
        values = {name: getattr(row, name) for name in same}
        values[f"{pointer.field}_id"] = kept.pk
        if values.get("source_id", 0) == values.get("target_id", 1):
            op.delete(row)
            return True
        others = type(row)._base_manager.filter(**values).exclude(pk=row.pk)
        twins = overlapping(others, row.starts_on, row.ends_on)
        if not twins:
            return False
        starts_on, ends_on = _widened([row, *twins])
        op.delete(row)
        op.update(twins[0], starts_on=starts_on, ends_on=ends_on)
        for twin in twins[1:]:
            op.delete(twin)
        return True

    return combine


register_combiner(Relation, _combine_dated(("source_id", "target_id", "kind")))
register_combiner(Affiliation, _combine_dated(("person_id", "organisation_id", "role")))
