"""From rows to proposals: what every importer of organisations shares.

An importer turns each row into a `Record`; here it is compared with what is known, field by field. A source corrects
the fields of the records it brought itself; on others it only fills what is empty and adds names and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from motrice.core.audit import Recorder
from motrice.core.imports import ERROR, Change, Importer, Proposed, Row
from motrice.core.models import ImportFinding, ImportProposal, ImportRun
from motrice.core.tasks import search_must_follow
from motrice.directory.enums import NameKind
from motrice.directory.importers.circles import Circles
from motrice.directory.importers.matching import EXACT_SCORE, KnownNames
from motrice.directory.importers.shapes import (
    LINKS,
    RECORDS,
    Known,
    Link,
    Pair,
    Record,
    holders,
    known_records,
    number_as_name,
    part_value,
    unseen_by,
)
from motrice.directory.importers.writing import Terms, write
from motrice.directory.models import Organisation
from motrice.directory.rules import fold

Action, State, Status = ImportProposal.Action, ImportProposal.State, ImportRun.Status
POSITION = ("latitude", "longitude")
QUARTER = re.compile(r"\b(?:cedex|\d).*")  # what a postal address adds to the name of a town


@dataclass
class Batch:
    """What the directory knows of the records of one batch and of the ends of their links, read once."""

    held: dict[Pair, int]
    targets: dict[str, tuple[int | None, float | None]]
    known: dict[int, Known]


class RecordImporter(Importer):
    """An importer of organisations: a subclass says what a row means in `records_of`."""

    source: ClassVar[str] = ""
    main_scheme: ClassVar[str] = ""

    def prepare(self) -> None:
        """What this reading has met so far."""
        self.seen: dict[str, int] = {}
        self.claimed: dict[Pair, tuple[str, str]] = {}
        self.joined: set[int] = set()
        self.seen_links: set[tuple[str, Pair, Pair]] = set()
        self.keyed: dict[Pair, int] = {}

    @cached_property
    def known_names(self) -> KnownNames:
        """Names known without a number of this register; read when the first record without a known number is met."""
        return KnownNames(self.main_scheme, self.hidden)

    @cached_property
    def hidden(self) -> frozenset[int]:
        """The bodies that a reader of this run may not see: neither shown nor counted."""
        return unseen_by(self.sight)

    @cached_property
    def circles(self) -> Circles:
        """The links that may not come back to where they started; read when the first link is met."""
        return Circles(self.hidden)

    @cached_property
    def announced(self) -> set[Pair]:
        """The numbers that the file describes somewhere: a link to another is only written once that one is known."""
        return set()

    def write(self, op: Recorder, proposals: Sequence[ImportProposal]) -> list[ImportFinding]:
        """Write one piece of accepted proposals."""
        return write(self, op, proposals, Terms(self.source, self.hidden, lambda: self.circles))

    def finished(self) -> None:
        """The search follows in the background."""
        search_must_follow()

    def records_of(self, line: int, row: Row, found: Proposed) -> list[Record]:
        """What one row describes."""
        raise NotImplementedError

    def read(self, rows: Sequence[tuple[int, Row]]) -> Proposed:
        """Compare a batch of rows with the directory."""
        found = Proposed()
        records = []
        for line, row in rows:
            for record in self.records_of(line, row, found):
                first = self.seen.get(record.text_key)
                if first is None:
                    self.seen[record.text_key] = record.line
                    records.append(record)
                elif not (record.is_stub or record.is_mention):
                    found.find(line, record.key[0], "doubled_row", record.key[1], first, severity=ERROR)
        self.compare(records, found)
        return found

    def compare(self, records: list[Record], found: Proposed) -> None:
        """Turn records into proposals, the record first, its links in a later phase."""
        others = {link.other for record in records for link in record.links}
        held = holders({pair for record in records for pair in record.pairs} | others)
        self.keyed |= self._written_before(records)
        targets = {record.text_key: self._target(record, held) for record in records}
        waiting = self._undecided([record for record in records if targets[record.text_key][0] is None])
        for record in records:
            if record.text_key in waiting and not record.is_stub:
                name = record.fields["name"]
                found.find(record.line, record.key[0], "undecided", name, waiting[record.text_key], severity=ERROR)
        records = [
            record
            for record in records
            if record.text_key not in waiting and not self._is_in_the_way(record, targets[record.text_key][0], found)
        ]
        for record in records:
            pk, score = targets[record.text_key]
            if pk is not None and score is None and not record.pairs:
                self.keyed[record.key] = pk
        batch = Batch(
            held | {pair: pk for pair, pk in self.keyed.items() if pair in others},
            targets,
            known_records(pk for pk, _score in targets.values() if pk is not None and pk not in self.hidden),
        )
        for record in records:
            pk, score = targets[record.text_key]
            self._propose(record, batch, found)
            self._propose_links(record, pk if score is None else None, batch, found)

    def _is_in_the_way(self, record: Record, pk: int | None, found: Proposed) -> bool:
        """Whether the record meant is hidden: told once, without a word of it; a mere mention of its number is not."""
        if pk not in self.hidden:
            return False
        if not record.is_stub:
            found.find(record.line, record.key[0], "in_the_way", record.fields["name"], severity=ERROR)
        return True

    def _undecided(self, records: Sequence[Record]) -> dict[str, str]:
        """The imports where somebody has yet to decide whether a number is that of a known record.

        A record of its own, made here of that number, would decide it for them, and stand twice in the directory.
        """
        keys = [record.text_key for record in records if record.pairs]
        rows = ImportProposal.objects.filter(
            run__is_private=False,
            run__status__in=(Status.READY, Status.APPLYING, Status.DONE),
            phase=RECORDS,
            key__in=keys,
            action=Action.JOIN,
            state__in=(State.OPEN, State.ACCEPTED),
        ).exclude(run=self.run.pk)
        waiting = rows.order_by("pk").values_list("key", "target_pk", "run__reference")
        return {key: reference for key, target, reference in waiting if target not in self.hidden}

    def _written_before(self, records: Sequence[Record]) -> dict[Pair, int]:
        """Bodies without any number, by the key under which an earlier import of such a file wrote them."""
        keys = {record.text_key: record.key for record in records if not record.pairs}
        if not keys:
            return {}
        rows = ImportProposal.objects.filter(
            run__kind=self.kind, phase=RECORDS, key__in=keys, state=State.APPLIED
        ).order_by("pk")
        written = dict(rows.values_list("key", "target_pk"))
        found = dict(zip(written.values(), written.values(), strict=True))
        while merged := dict(
            Organisation.objects.filter(pk__in=found.values(), merged_into__isnull=False).values_list(
                "pk", "merged_into_id"
            )
        ):
            found = {first: merged.get(last, last) for first, last in found.items()}
        return {keys[key]: found[pk] for key, pk in written.items() if found[pk] not in self.hidden}

    def _target(self, record: Record, held: dict[Pair, int]) -> tuple[int | None, float | None]:
        """The record meant: by its numbers surely (score None), by its name with a likeness, or none."""
        for pair in record.pairs:
            if pair in held:
                return held[pair], None
        if record.key in self.keyed:
            return self.keyed[record.key], None
        if record.is_stub or not record.match_names:
            return None, None
        best = self.known_names.best(record.titles(), record.fields.get("country", ""))
        if best is None or best[0] in self.joined:
            return None, None
        self.joined.add(best[0])
        is_own = record.key[0] == "key" and self.known_names.sources[best[0]] == self.source
        if is_own and best[1] == EXACT_SCORE:  # a body without number that this very source brought
            return best[0], None
        return best

    def _propose(self, record: Record, batch: Batch, found: Proposed) -> None:
        pk, score = batch.targets[record.text_key]
        known = batch.known.get(pk) if pk is not None else None
        if known is not None and record.is_stub and not known.is_nameless:
            return
        changes = self._differences(record, known, batch, found)
        if not changes and score is None:
            found.unchanged += 1
            return
        action = Action.CREATE if known is None else Action.UPDATE if score is None else Action.JOIN
        found.proposals.append(
            ImportProposal(
                line=record.line,
                phase=RECORDS,
                key=record.text_key,
                title=record.fields["name"][:300],
                action=action,
                target_pk=known.organisation.pk if known else None,
                score=score,
                changes=changes,
                apart=self._differences(record, None, batch, Proposed()) if score is not None else [],
            )
        )

    def _differences(self, record: Record, known: Known | None, batch: Batch, found: Proposed) -> list[Change]:
        changes = self._field_changes(record, known)
        for pair in record.pairs:
            if known is not None and pair in known.identifiers:
                continue
            key, owner = self.claimed.setdefault(pair, (record.text_key, record.fields["name"]))
            if pair in batch.held:
                code = "in_the_way" if batch.held[pair] in self.hidden else "identifier_held"
                found.find(record.line, pair[0], code, pair[1])
                continue
            if key != record.text_key:
                found.find(record.line, pair[0], "identifier_taken", pair[1], owner)
                continue
            changes.append(["identifier", None, list(pair)])
        borne = known.names if known else set()
        own = {known.organisation.name, known.organisation.short_name} if known else set()
        for kind, value, language in dict.fromkeys(record.names):
            if (kind, value) not in borne and value not in own and value != record.fields["name"]:
                changes.append(["other_name", None, [kind, value, language]])
        changes += [["topic", None, list(pair)] for pair in record.topics if known is None or pair not in known.topics]
        is_own = known is not None and known.is_of(self.source, record.key)
        changes += _part_changes("address", record.address, known.address if known else None, is_own)
        changes += _part_changes("mechanism", record.mechanism, known.mechanism if known else None, is_own)
        return changes

    def _field_changes(self, record: Record, known: Known | None) -> list[Change]:
        if known is None:
            return [[name, None, value] for name, value in record.fields.items() if value not in (None, "")]
        body, changes = known.organisation, []
        is_own = known.is_of(self.source, record.key)
        for name, value in record.fields.items():
            before = getattr(body, name)
            before = before.isoformat() if hasattr(before, "isoformat") else before
            if value in (None, "") or value == before or (name == "name" and value == number_as_name(record.key)):
                continue
            if is_own or before in (None, "") or (name == "name" and known.is_nameless):
                changes.append([name, before, value])
            elif name == "name" and value not in {other for _kind, other in known.names}:
                changes.append(["other_name", None, [NameKind.ALIAS, value, ""]])
        return changes

    def _propose_links(self, record: Record, pk: int | None, batch: Batch, found: Proposed) -> None:
        fresh = []
        for link in record.links:
            ends = (record.key, link.other) if link.is_source else (link.other, record.key)
            if (link.kind, *ends) in self.seen_links:
                continue
            self.seen_links.add((link.kind, *ends))
            if self._is_to_state(record, link, pk, batch, found):
                fresh.append(["link", None, link.as_json()])
        if fresh:
            found.proposals.append(
                ImportProposal(
                    line=record.line,
                    phase=LINKS,
                    key=record.text_key,
                    title=record.fields["name"][:300],
                    action=Action.UPDATE,
                    target_pk=pk,
                    changes=fresh,
                )
            )

    def _is_to_state(self, record: Record, link: Link, pk: int | None, batch: Batch, found: Proposed) -> bool:
        """Whether a link is new and can be written: one that cannot is told now, not proposed each time anew."""
        name = ":".join(link.other)
        other: Hashable = batch.held.get(link.other)
        if other is None:
            if name[:160] not in self.seen and link.other not in self.announced:
                found.find(record.line, link.kind, "other_end_missing", name)
                return False
            other = link.other
        own: Hashable = record.key if pk is None else pk
        if other in self.hidden:
            found.find(record.line, link.kind, "in_the_way", name)
            return False
        triple = (link.kind, own, other) if link.is_source else (link.kind, other, own)
        if triple in self.circles.stated:
            return False
        why = self.circles.add(*triple)
        if why:
            found.find(record.line, link.kind, why, name)
        return not why


def _part_changes(name: str, stated: dict[str, Any], row: Any, is_own: bool) -> list[Change]:
    """What a file says otherwise of an address or an offer; another source only adds the position in the same town."""
    if not stated or row is None:
        return [[name, None, stated]] if stated else []
    if not is_own and (name != "address" or _town(stated.get("city", "")) != _town(row.city)):
        return []
    before, after = {}, {}
    for key, value in stated.items():
        now = part_value(row, key)
        if value in (None, "", []) or value == now or not (is_own or (key in POSITION and now is None)):
            continue
        before[key], after[key] = now, value
    return [[name, before, after]] if after else []


def _town(city: str) -> str:
    return QUARTER.sub("", fold(city)).strip()
