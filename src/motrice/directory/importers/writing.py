"""Accepted proposals become records: many at once, each checked again against what is true now."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from motrice.core.audit import Recorder
from motrice.core.errors import MotriceError
from motrice.core.imports import ERROR, Importer, Proposed
from motrice.core.models import ImportFinding, ImportProposal
from motrice.core.references import renew_taken
from motrice.directory.enums import NameKind
from motrice.directory.importers.circles import Circles
from motrice.directory.importers.shapes import LINKS, RECORDS, TEXTS, Pair, holders, number_as_name, part_value
from motrice.directory.models import (
    Address,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Relation,
    Topic,
)
from motrice.directory.rules import fold

Action, State = ImportProposal.Action, ImportProposal.State
DATES = ("starts_on", "ends_on", "dated_on")


@dataclass(frozen=True)
class Terms:
    """On what terms an importer writes: in whose name, past which hidden bodies; circles only if links are written."""

    source: str
    hidden: Container[int]
    circles: Callable[[], Circles]


@dataclass
class Batch:
    """The rows of one piece of writing, gathered by model."""

    op: Recorder
    source: str
    hidden: Container[int]
    notes: Proposed = field(default_factory=Proposed)
    rows: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: models.Model) -> None:
        """Keep a row for the end of the batch."""
        self.rows.setdefault(type(row), []).append(row)

    def refuse(self, proposal: ImportProposal, code: str, value: object, name: str = "") -> None:
        """Leave a proposal unwritten, and say why."""
        proposal.state = State.REFUSED
        self.notes.find(proposal.line, name, code, value, severity=ERROR)

    def flush(self) -> None:
        """Write all rows that were kept."""
        for rows in self.rows.values():
            self.op.create_many(rows)
        self.rows.clear()


def accepted_changes(proposal: ImportProposal) -> list[list[Any]]:
    """The differences that were not dismissed; for a record kept apart, all that it holds."""
    if proposal.is_separate:
        return proposal.apart
    dismissed = set(proposal.dismissed)
    return [change for number, change in enumerate(proposal.changes) if number not in dismissed]


def _value(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name in DATES and isinstance(value, str) else value


def _is_still(row: models.Model, name: str, before: Any) -> bool:
    """Whether a field holds what it held when the file was read."""
    return getattr(row, name) in (_value(name, before), "" if before is None else before)


def write_records(importer: Importer, op: Recorder, proposals: Sequence[ImportProposal], terms: Terms) -> list[Any]:
    """Write new records and changes; what is no longer true is refused with a finding, never forced."""
    batch = Batch(op, terms.source, terms.hidden)
    wanted = {tuple(change[2]) for item in proposals for change in accepted_changes(item) if change[0] == "identifier"}
    held = holders(wanted)
    targets = Organisation.objects.in_bulk([item.target_pk for item in proposals if item.target_pk is not None])
    created: list[tuple[ImportProposal, Organisation]] = []
    for item in proposals:
        target = None if item.is_separate else targets.get(item.target_pk)
        if target is None:
            _create(batch, item, held, created)
        else:
            _update(batch, item, target)
    renew_taken([body for _item, body in created])
    op.create_many([body for _item, body in created])
    for item, body in created:
        item.target_pk, item.state = body.pk, State.APPLIED
        _parts(batch, item, body, held)
    for item in proposals:
        if item.state == State.ACCEPTED:
            _parts(batch, item, targets[item.target_pk], held)
            item.state = State.APPLIED
    batch.flush()
    return batch.notes.findings


def _create(
    batch: Batch, item: ImportProposal, held: dict[Pair, int], created: list[tuple[ImportProposal, Organisation]]
) -> None:
    key = (*item.key.split(":", 1),)
    if key in held:
        batch.refuse(item, "in_the_way" if held[key] in batch.hidden else "exists_now", key[1], key[0])
        return
    names = {column.name for column in Organisation._meta.concrete_fields}
    values = {change[0]: _value(change[0], change[2]) for change in accepted_changes(item) if change[0] in names}
    if not values.get("name") or not values.get("kind"):
        batch.refuse(item, "missing_name", item.title, "name")
        return
    created.append((item, Organisation(**values, source=batch.source)))


def _update(batch: Batch, item: ImportProposal, target: Organisation) -> None:
    if target.pk in batch.hidden:
        batch.refuse(item, "in_the_way", item.title)
        return
    if target.merged_into_id is not None:
        batch.refuse(item, "changed_since", target)
        return
    names = {column.name for column in Organisation._meta.concrete_fields}
    values = {}
    for name, before, after in accepted_changes(item):
        if name not in names:
            continue
        if not _is_still(target, name, before):
            batch.refuse(item, "changed_since", name, name)
            return
        values[name] = _value(name, after)
    borne = (target.name, target.short_name)
    try:
        batch.op.update(target, **values)
    except MotriceError as error:
        batch.refuse(item, "refused", error)
        return
    _keep_names(batch, target, borne, number_as_name((*item.key.split(":", 1),)))  # type: ignore[arg-type]


def _keep_names(batch: Batch, body: Organisation, borne: tuple[str, str], number: str) -> None:
    """The name and acronym that an import replaced still find the record; a number in place of a name is none."""
    for old, new, kind in ((borne[0], body.name, NameKind.FORMER), (borne[1], body.short_name, NameKind.ACRONYM)):
        if old not in ("", number) and fold(old) != fold(new) and not body.names.filter(value=old).exists():
            batch.add(OrganisationName(organisation=body, kind=kind, value=old))


def _parts(batch: Batch, item: ImportProposal, body: Organisation, held: dict[Pair, int]) -> None:
    """Everything that hangs on a record: numbers, names, topics, address, what a mechanism offers."""
    for name, before, after in accepted_changes(item):
        if before and name in ("address", "mechanism"):
            _change_part(batch, item, body, name, before, after)
        elif name == "identifier":
            pair = (after[0], after[1])
            if held.setdefault(pair, body.pk) != body.pk:
                code = "in_the_way" if held[pair] in batch.hidden else "identifier_held"
                batch.notes.find(item.line, pair[0], code, pair[1])
                continue
            batch.add(Identifier(organisation=body, scheme=pair[0], value=pair[1], source=batch.source))
        elif name == "other_name":
            batch.add(OrganisationName(organisation=body, kind=after[0], value=after[1], language=after[2]))
        elif name == "topic":
            batch.add(Topic(organisation=body, scheme=after[0], code=after[1]))
        elif name == "address":
            batch.add(Address(organisation=body, **after))
        elif name == "mechanism":
            batch.add(Mechanism(organisation=body, **after))


def _change_part(
    batch: Batch, item: ImportProposal, body: Organisation, name: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Correct the address or the offer that a record has; left as it is when it changed after the file was read."""
    row: Any = body.addresses.on().order_by("pk").first()
    if name == "mechanism":
        row = Mechanism.objects.filter(organisation=body).first()
    if row is None or any(part_value(row, key) != value for key, value in before.items()):
        batch.notes.find(item.line, name, "changed_since", body, severity=ERROR)
        return
    try:
        batch.op.update(row, **after)
    except MotriceError as error:
        batch.notes.find(item.line, name, "refused", error, severity=ERROR)


def write_links(importer: Importer, op: Recorder, proposals: Sequence[ImportProposal], terms: Terms) -> list[Any]:
    """Write links whose two ends exist now; one stated already, or that makes a circle, is left out."""
    batch = Batch(op, terms.source, terms.hidden)
    ends = _ends(importer, proposals)
    circles = terms.circles()
    stated = circles.stated
    for item in proposals:
        own = ends.get((*item.key.split(":", 1),)) or item.target_pk
        if own is None:
            batch.refuse(item, "other_end_missing", item.title)
            continue
        for _name, _before, link in accepted_changes(item):
            other = ends.get((link["other"][0], link["other"][1]))
            if other is None:
                batch.notes.find(item.line, link["kind"], "other_end_missing", ":".join(link["other"]))
                continue
            if own in terms.hidden or other in terms.hidden:
                batch.notes.find(item.line, link["kind"], "in_the_way", ":".join(link["other"]))
                continue
            source_pk, target_pk = (own, other) if link["is_source"] else (other, own)
            triple = (link["kind"], source_pk, target_pk)
            if triple in stated:
                continue
            why = circles.add(*triple)
            if why:
                batch.notes.find(item.line, link["kind"], why, ":".join(link["other"]))
                continue
            stated.add(triple)
            batch.add(_relation(triple, link, terms.source))
        item.state = State.APPLIED
        item.target_pk = own
    batch.flush()
    return batch.notes.findings


def _relation(triple: tuple[str, int, int], link: dict[str, Any], source: str) -> Relation:
    starts = link.get("starts_on")
    return Relation(
        kind=triple[0],
        source_id=triple[1],
        target_id=triple[2],
        rank=link.get("rank"),
        label_number=link.get("label_number", "")[:40],
        succession=link.get("succession", ""),
        starts_on=date.fromisoformat(starts) if starts else None,
        provenance=source,
    )


def _ends(importer: Importer, proposals: Sequence[ImportProposal]) -> dict[Pair, int]:
    """The records at both ends: by their numbers, or by the key under which this run wrote them."""
    pairs: set[Pair] = {(*item.key.split(":", 1),) for item in proposals}  # type: ignore[misc]
    for item in proposals:
        pairs |= {(change[2]["other"][0], change[2]["other"][1]) for change in accepted_changes(item)}
    found = holders(pairs)
    missing = [f"{scheme}:{value}"[:160] for scheme, value in pairs - found.keys()]
    rows = importer.run.proposals.filter(phase=RECORDS, key__in=missing, state=State.APPLIED)
    for key, pk in rows.values_list("key", "target_pk"):
        found[(*key.split(":", 1),)] = pk  # type: ignore[index]
    return found


def write_texts(importer: Importer, op: Recorder, proposals: Sequence[ImportProposal], terms: Terms) -> list[Any]:
    """Write texts with their holders, and what changed in those that the source gave before."""
    source = terms.source
    batch = Batch(op, source, terms.hidden)
    keys = [item.key for item in proposals]
    known = {row.external_key: row for row in Evidence.objects.filter(source=source, external_key__in=keys)}
    found = holders(pair for item in proposals for pair in _holders_of(item))
    owners = {pair: pk for pair, pk in found.items() if pk not in terms.hidden}
    hidden_texts = _unseen(known.values(), importer.sight)
    links = EvidenceOwner.objects.filter(evidence__in=[row.pk for row in known.values()])
    kept = set(links.values_list("evidence_id", "organisation_id"))
    fresh: list[Evidence] = []
    held: list[tuple[ImportProposal, Evidence]] = []
    for item in proposals:
        text = known.get(item.key)
        if text is not None and text.pk in hidden_texts:
            batch.refuse(item, "in_the_way", item.title)
            continue
        if item.target_pk is not None or text is not None:
            if _rewrite(batch, item, text):
                held.append((item, text))  # type: ignore[arg-type] # a text that is gone is refused
        elif not any(pair in owners for pair in _holders_of(item)):
            batch.refuse(item, "no_holder", item.title)
        else:
            values = {name: _value(name, after) for name, _old, after in accepted_changes(item) if name != "holder"}
            fresh.append(Evidence(**values, source=source, external_key=item.key))
            held.append((item, fresh[-1]))
    renew_taken(fresh)
    op.create_many(fresh)
    for item, text in held:
        item.target_pk, item.state = text.pk, State.APPLIED
        for pk in dict.fromkeys(owners[pair] for pair in _holders_of(item) if pair in owners):
            if (text.pk, pk) not in kept:
                batch.add(EvidenceOwner(evidence=text, organisation_id=pk))
    batch.flush()
    return batch.notes.findings


def _unseen(texts: Iterable[Evidence], reader: Any) -> set[int]:
    pks = {text.pk for text in texts}
    return pks - set(Evidence.objects.permitted(reader).filter(pk__in=pks).values_list("pk", flat=True))


def _rewrite(batch: Batch, item: ImportProposal, text: Evidence | None) -> bool:
    """Change a known text as proposed; refused when it was made, removed or changed after the file was read."""
    if text is None or item.target_pk != text.pk:
        batch.refuse(item, "exists_now" if text is not None else "changed_since", item.key, "key")
        return False
    values = {}
    for name, before, after in accepted_changes(item):
        if name == "holder":
            continue
        if not _is_still(text, name, before):
            batch.refuse(item, "changed_since", name, name)
            return False
        values[name] = _value(name, after)
    try:
        batch.op.update(text, **values)
    except MotriceError as error:
        batch.refuse(item, "refused", error)
        return False
    return True


def _holders_of(item: ImportProposal) -> list[Pair]:
    return [(change[2][0], change[2][1]) for change in accepted_changes(item) if change[0] == "holder"]


def write(importer: Importer, op: Recorder, proposals: Sequence[ImportProposal], terms: Terms) -> list[ImportFinding]:
    """Write one piece, all of one phase."""
    writers = {RECORDS: write_records, LINKS: write_links, TEXTS: write_texts}
    return writers[proposals[0].phase](importer, op, proposals, terms)
