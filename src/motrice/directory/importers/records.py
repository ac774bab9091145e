"""From rows to proposals: what every importer of organisations shares.

An importer turns each row into a `Record`; here it is compared with what is known, field by field. A source corrects
the fields of the records it brought itself; on others it only fills what is empty and adds names and numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from motrice.core.audit import Recorder
from motrice.core.imports import ERROR, Change, Importer, Proposed, Row
from motrice.core.models import ImportFinding, ImportProposal
from motrice.core.tasks import search_must_follow
from motrice.directory.enums import NameKind
from motrice.directory.importers.matching import EXACT_SCORE, KnownNames
from motrice.directory.importers.shapes import LINKS, RECORDS, Known, Pair, Record, holders, known_records
from motrice.directory.importers.writing import write
from motrice.directory.models import Relation

Action = ImportProposal.Action


class RecordImporter(Importer):
    """An importer of organisations: a subclass says what a row means in `records_of`."""

    source: ClassVar[str] = ""
    main_scheme: ClassVar[str] = ""

    def prepare(self) -> None:
        """Names known without a number of this register, and what this reading has met so far."""
        self.known_names = KnownNames(self.main_scheme)
        self.seen: dict[str, int] = {}
        self.claimed: dict[Pair, str] = {}
        self.joined: set[int] = set()
        self.seen_links: set[tuple[str, Pair, Pair]] = set()

    def write(self, op: Recorder, proposals: Sequence[ImportProposal]) -> list[ImportFinding]:
        """Write one piece of accepted proposals."""
        return write(self, op, proposals, self.source)

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
        held = holders(pair for record in records for pair in record.pairs)
        targets = {record.text_key: self._target(record, held) for record in records}
        known = known_records(pk for pk, _score in targets.values() if pk is not None)
        links = self._stated({pk for pk, _score in targets.values() if pk is not None})
        for record in records:
            pk, score = targets[record.text_key]
            self._propose(record, known.get(pk) if pk is not None else None, score, held, found)
            self._propose_links(record, pk if score is None else None, links, found)

    def _target(self, record: Record, held: dict[Pair, int]) -> tuple[int | None, float | None]:
        """The record meant: by its numbers surely (score None), by its name with a likeness, or none."""
        for pair in record.pairs:
            if pair in held:
                return held[pair], None
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

    def _propose(
        self, record: Record, known: Known | None, score: float | None, held: dict[Pair, int], found: Proposed
    ) -> None:
        if known is not None and record.is_stub:
            return
        changes = self._differences(record, known, held, found)
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
                apart=self._differences(record, None, held, Proposed()) if score is not None else [],
            )
        )

    def _differences(
        self, record: Record, known: Known | None, held: dict[Pair, int], found: Proposed
    ) -> list[Change]:
        changes = self._field_changes(record, known)
        for pair in record.pairs:
            if known is not None and pair in known.identifiers:
                continue
            owner = self.claimed.setdefault(pair, record.text_key)
            if owner != record.text_key or pair in held:
                found.find(
                    record.line, pair[0], "identifier_taken", pair[1], owner if owner != record.text_key else ""
                )
                continue
            changes.append(["identifier", None, list(pair)])
        borne = known.names if known else set()
        own = {known.organisation.name, known.organisation.short_name} if known else set()
        for kind, value, language in dict.fromkeys(record.names):
            if (kind, value) not in borne and value not in own and value != record.fields["name"]:
                changes.append(["other_name", None, [kind, value, language]])
        changes += [["topic", None, list(pair)] for pair in record.topics if known is None or pair not in known.topics]
        if record.address and (known is None or known.address is None):
            changes.append(["address", None, record.address])
        if record.mechanism and (known is None or known.mechanism is None):
            changes.append(["mechanism", None, record.mechanism])
        return changes

    def _field_changes(self, record: Record, known: Known | None) -> list[Change]:
        if known is None:
            return [[name, None, value] for name, value in record.fields.items() if value not in (None, "")]
        body, changes = known.organisation, []
        is_own = body.source == self.source
        for name, value in record.fields.items():
            before = getattr(body, name)
            before = before.isoformat() if hasattr(before, "isoformat") else before
            if value in (None, "") or value == before:
                continue
            if is_own or before in (None, ""):
                changes.append([name, before, value])
            elif name == "name" and value not in {other for _kind, other in known.names}:
                changes.append(["other_name", None, [NameKind.ALIAS, value, ""]])
        return changes

    def _stated(self, pks: set[int]) -> set[tuple[str, int, int]]:
        rows = Relation.objects.filter(source_id__in=pks) | Relation.objects.filter(target_id__in=pks)
        return set(rows.values_list("kind", "source_id", "target_id")) if pks else set()

    def _propose_links(
        self, record: Record, pk: int | None, stated: set[tuple[str, int, int]], found: Proposed
    ) -> None:
        fresh = []
        others = holders(link.other for link in record.links) if pk is not None else {}
        for link in record.links:
            ends = (record.key, link.other) if link.is_source else (link.other, record.key)
            if (link.kind, *ends) in self.seen_links:
                continue
            self.seen_links.add((link.kind, *ends))
            other = others.get(link.other)
            if pk is not None and other is not None:
                pair = (pk, other) if link.is_source else (other, pk)
                if (link.kind, *pair) in stated:
                    continue
            fresh.append(["link", None, {**link.as_json(), "other": list(link.other)}])
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
