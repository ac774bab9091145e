"""From texts to proposals: a text that its source gave already is compared with what is kept, field by field."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from motrice.core.imports import ERROR, Proposed
from motrice.core.models import ImportProposal
from motrice.directory.importers.shapes import TEXTS, Pair, holders
from motrice.directory.models import Evidence, EvidenceOwner


@dataclass
class Text:
    """One text as a file gives it, with the numbers of its holders."""

    line: int
    key: str
    values: dict[str, Any]
    owners: Sequence[Pair]

    @property
    def title(self) -> str:
        """Its title, as a proposal shows it."""
        return self.values["title"][:300]


@dataclass
class TextReader:
    """The texts of one source, over all the batches of one reading, compared for a reader.

    A text that the reader may not see is in the way; a holder of `hidden` is left out, whether it holds it or not.
    """

    source: str
    reader: Any
    hidden: Container[int]
    seen: dict[str, int] = field(default_factory=dict)

    def propose(self, texts: Iterable[Text], found: Proposed) -> None:
        """New texts, and what differs in those that are known; a key met twice in one file is a doubled row."""
        fresh = []
        for text in texts:
            first = self.seen.setdefault(text.key, text.line)
            if first != text.line:
                found.find(text.line, "key", "doubled_row", text.key, first, severity=ERROR)
            else:
                fresh.append(text)
        known = {
            row.external_key: row
            for row in Evidence.objects.filter(source=self.source, external_key__in=[text.key for text in fresh])
        }
        shown = Evidence.objects.permitted(self.reader).filter(pk__in=[row.pk for row in known.values()])
        seen = set(shown.values_list("pk", flat=True))
        held = holders(pair for text in fresh for pair in text.owners)
        links = EvidenceOwner.objects.filter(evidence__in=[row.pk for row in known.values()])
        kept = set(links.values_list("evidence_id", "organisation_id"))
        for text in fresh:
            row = known.get(text.key)
            if row is not None and row.pk not in seen:
                found.find(text.line, "key", "in_the_way", text.title, severity=ERROR)
                continue
            if not self._without_hidden(text, held, found):
                continue
            changes = _new(text) if row is None else _differences(text, row, held, kept)
            if changes:
                found.proposals.append(_proposal(text, row, changes))
            else:
                found.unchanged += 1

    def _without_hidden(self, text: Text, held: dict[Pair, int], found: Proposed) -> bool:
        """Leave out the holders that are hidden; False when none is left."""
        hidden = [pair for pair in text.owners if held.get(pair) in self.hidden]
        for _scheme, number in hidden:
            found.find(text.line, "holder", "in_the_way", number)
        text.owners = [pair for pair in text.owners if pair not in hidden]
        if not text.owners:
            found.find(text.line, "holder", "no_holder", text.title)
        return bool(text.owners)


def _new(text: Text) -> list[list[Any]]:
    values = [[name, None, value] for name, value in text.values.items() if value not in (None, "")]
    return values + [["holder", None, list(pair)] for pair in dict.fromkeys(text.owners)]


def _differences(text: Text, row: Evidence, held: dict[Pair, int], kept: set[tuple[int, int]]) -> list[list[Any]]:
    """A source corrects its own texts; holders are only added, for a person may have added others."""
    changes: list[list[Any]] = []
    for name, value in text.values.items():
        before = getattr(row, name)
        before = before.isoformat() if hasattr(before, "isoformat") else before
        if value not in (None, "", before):
            changes.append([name, before, value])
    for pair in dict.fromkeys(text.owners):
        if (row.pk, held.get(pair)) not in kept:
            changes.append(["holder", None, list(pair)])
    return changes


def _proposal(text: Text, row: Evidence | None, changes: list[list[Any]]) -> ImportProposal:
    return ImportProposal(
        line=text.line,
        phase=TEXTS,
        key=text.key,
        title=text.title,
        action=ImportProposal.Action.CREATE if row is None else ImportProposal.Action.UPDATE,
        target_pk=None if row is None else row.pk,
        changes=changes,
    )
