"""Typed, dated links between organisations: supervision, participation, labels, successions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import allows, require, scope
from motrice.core.reading import Read, heed, require_unchanged
from motrice.directory.enums import RelationKind, SuccessionKind
from motrice.directory.models import Organisation, Relation
from motrice.directory.operations.guards import in_days, locked, overlapping, require_last_day, require_live
from motrice.directory.operations.organisation import close_organisation
from motrice.directory.tasks import search_changed

# These give the source rights over the target, so that only who keeps the target may state them.
GIVES_RIGHTS = (RelationKind.SUPERVISES, RelationKind.PARENT, RelationKind.HOSTS)
CORRECTED = ("rank", "label_number", "succession", "starts_on", "ends_on")
NO_CYCLE = (*GIVES_RIGHTS, RelationKind.SUCCEEDED_BY, RelationKind.MEMBER_OF)


def link_organisations(
    *,
    source: Organisation,
    target: Organisation,
    kind: str,
    actor: Any,
    starts_on: date | None = None,
    ends_on: date | None = None,
    rank: int | None = None,
    label_number: str = "",
    succession: str = "",
    provenance: str = "",
    reason: str = "",
) -> Relation:
    """State a link for a time; refuses the same link twice on one day, and a circle of supervision or succession."""
    _require_both(actor, source, target, kind)
    row = Relation(
        source=source,
        target=target,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        rank=rank,
        label_number=label_number,
        succession=succession,
        provenance=provenance,
    )
    with audit.operation(actor, "link.add", subject=target, reason=reason) as op:
        if source.pk != target.pk:
            require_live(*locked(source, target))
        _refuse_twice(row)
        _refuse_circle(row)
        op.create(row)
    search_changed(source, target)
    return row


def changeable(links: Iterable[Relation], actor: Any) -> set[int]:
    """Which of these links somebody may correct, end or remove: asked once for a page of them."""
    rows = list(links)
    ends = {pk for row in rows for pk in (row.source_id, row.target_id)}
    kept = set(scope(Organisation.objects.filter(pk__in=ends), actor, "edit").values_list("pk", flat=True))
    return {
        row.pk for row in rows if row.target_id in kept or (row.source_id in kept and row.kind not in GIVES_RIGHTS)
    }


def _require_both(actor: Any, source: Organisation, target: Organisation, kind: str) -> None:
    for end in (source, target):
        require(actor, "view", end)
    keeps_target = allows(actor, "edit", target)
    if not keeps_target and (kind in GIVES_RIGHTS or not allows(actor, "edit", source)):
        raise NotPermitted(_("Only those who keep the record of %(what)s may state this link.") % {"what": target})


def _refuse_twice(row: Relation) -> None:
    same = Relation.objects.filter(source=row.source, target=row.target, kind=row.kind).exclude(pk=row.pk)
    if overlapping(same, row.starts_on, row.ends_on):
        raise RuleViolation(
            _("“%(source)s %(kind)s %(target)s” is stated already for some of these dates.")
            % {"source": row.source, "kind": row.get_kind_display(), "target": row.target},
            field="starts_on",
        )


def _refuse_circle(row: Relation) -> None:
    """Follow links of the same kind that run at the same time; a succession never comes back, whatever the dates."""
    if row.kind not in NO_CYCLE or row.source_id == row.target_id:
        return
    timeless = row.kind == RelationKind.SUCCEEDED_BY
    seen, frontier = {row.target_id}, {row.target_id}
    while frontier:
        links = Relation.objects.filter(kind=row.kind, source_id__in=frontier)
        running = list(links) if timeless else overlapping(links, row.starts_on, row.ends_on)
        frontier = {link.target_id for link in running} - seen
        seen |= frontier
        if row.source_id in seen:
            raise RuleViolation(
                _("This would make a circle: %(target)s already leads to %(source)s.")
                % {"target": row.target, "source": row.source},
                field="target",
            )


def edit_link(*, link: Relation, actor: Any, reason: str = "", read: Read = None, **fields: Any) -> Relation:
    """Correct the dates, rank or label number of a link, under the same rules as a new one.

    `StaleState` when others changed what was `read` of it.
    """
    _require_both(actor, link.source, link.target, link.kind)
    unknown = set(fields) - set(CORRECTED)
    if unknown:
        raise RuleViolation(
            _("A link has no field “%(name)s” that can be set.") % {"name": min(unknown)}, field=min(unknown)
        )
    with audit.operation(actor, "link.edit", subject=link.target, reason=reason) as op:
        locked(link.source, link.target)
        op.update(link, **heed(link, fields, read=read, actor=actor, say=in_days))
        _refuse_twice(link)
        _refuse_circle(link)
    search_changed(link.source, link.target)
    return link


def end_link(*, link: Relation, actor: Any, on: date | None, reason: str = "", read: Read = None) -> Relation:
    """Say on which day a link ended, or that it still holds; what was true before stays true for the past."""
    require_last_day(link, on)
    return edit_link(link=link, actor=actor, reason=reason, read=read, ends_on=on)


def remove_link(*, link: Relation, actor: Any, reason: str, read: Read = None) -> None:
    """Remove a link that was never true; one that was true is ended instead."""
    _require_both(actor, link.source, link.target, link.kind)
    require_unchanged(link, CORRECTED, read=read, actor=actor, say=in_days)
    source, target = link.source, link.target
    with audit.operation(actor, "link.remove", subject=target, reason=reason) as op:
        op.delete(link)
    search_changed(source, target)


SHAPES = {
    SuccessionKind.RENAMED: (lambda old, new: old == 1 and new == 1),
    SuccessionKind.CONTINUED: (lambda old, new: old == 1 and new == 1),
    SuccessionKind.MERGED: (lambda old, new: old >= 2 and new == 1),
    SuccessionKind.SPLIT: (lambda old, new: old == 1 and new >= 2),
}


def record_succession(
    *,
    predecessors: Sequence[Organisation],
    successors: Sequence[Organisation],
    kind: str,
    on: date,
    actor: Any,
    reason: str = "",
    read: Read = None,
) -> list[Relation]:
    """Say that some bodies became others on a day: the old ones close the day before, each led to each new one.

    What still runs of them ends as in `close_organisation`; `StaleState` when the first closed since it was `read`.
    """
    shape = SHAPES.get(SuccessionKind(kind)) if kind in SuccessionKind.values else None
    if shape is None or not shape(len(predecessors), len(successors)):
        raise RuleViolation(
            _("A renaming or continuation leads from one body to one, a merger from several, a split to several."),
            field="kind",
        )
    rows = []
    require_unchanged(predecessors[0], ("ends_on",), read=read, actor=actor, say=in_days)
    with audit.operation(actor, "succession.record", subject=predecessors[0], reason=reason):
        for old in predecessors:
            require(actor, "edit", old)
            if old.ends_on is None:
                close_organisation(organisation=old, actor=actor, on=on - timedelta(days=1))
            rows += [
                link_organisations(
                    source=old,
                    target=new,
                    kind=RelationKind.SUCCEEDED_BY,
                    succession=kind,
                    starts_on=on,
                    actor=actor,
                )
                for new in successors
            ]
    return rows
