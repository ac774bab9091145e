"""What people dismissed at earlier imports of the same sort of file: it is not asked again until the source changes.

The memory is the decided proposals themselves. A dismissal holds for one record (its key in the file), one field and
one proposed value. Another value that somebody decided on since ends it, and so does accepting the same value later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from motrice.core.models import ImportProposal, ImportRun

Status, State, Action = ImportRun.Status, ImportProposal.State, ImportProposal.Action
Key = tuple[int, str]  # phase and key: one record of a file
DECIDED = (State.DISMISSED, State.ACCEPTED, State.APPLIED)


@dataclass
class _Decisions:
    """The newest decision on each difference of one record, and on the record as a whole."""

    whole: tuple[str, int | None, frozenset[str]] | None = None  # a new record that was dismissed
    fields: dict[tuple[str, str], tuple[str, bool]] = field(default_factory=dict)

    def learn(self, earlier: ImportProposal) -> None:
        if earlier.state in DECIDED and earlier.action != Action.UPDATE:
            self.whole = _whole(earlier) if earlier.state == State.DISMISSED else None
        for number, (name, _before, after) in enumerate(earlier.changes):
            is_dismissed = earlier.state == State.DISMISSED or number in earlier.dismissed
            if is_dismissed or earlier.state in DECIDED:
                self.fields[_slot(name, after)] = (_text(after), is_dismissed)

    def dismissed(self, proposal: ImportProposal) -> list[int]:
        """The positions of the differences that were dismissed."""
        return [
            number
            for number, (name, _before, after) in enumerate(proposal.changes)
            if self.fields.get(_slot(name, after)) == (_text(after), True)
        ]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _slot(name: str, after: Any) -> tuple[str, str]:
    """What a decision is about: a field, or for names, numbers and links, of which there are many, each value."""
    return name, _text(after) if isinstance(after, list | dict) else ""


def _whole(proposal: ImportProposal) -> tuple[str, int | None, frozenset[str]]:
    content = proposal.apart if proposal.action == Action.JOIN else proposal.changes
    return proposal.action, proposal.target_pk, frozenset(_text([name, after]) for name, _before, after in content)


def recall(run: ImportRun, proposals: Sequence[ImportProposal]) -> None:
    """Mark in new proposals what was dismissed before; one of which nothing else is left waits for nobody.

    A record that was dismissed when it was new stays so while its whole content is the same, and its links with it:
    before the record is there, no decision on a link alone counts.
    """
    remembered = _remembered(run, {item.key for item in proposals})
    left_out: set[str] = set()
    for item in proposals:
        decisions = remembered.get((item.phase, item.key), _Decisions())
        if item.action != Action.UPDATE:
            if decisions.whole == _whole(item):
                left_out.add(item.key)
                _dismiss(item)
        elif item.target_pk is not None and (numbers := decisions.dismissed(item)):
            item.is_recalled = True
            if len(numbers) == len(item.changes):
                _dismiss(item)
            else:
                item.dismissed = numbers
    for item in proposals:
        if item.key in left_out and item.target_pk is None and item.state == State.OPEN:
            _dismiss(item)


def _dismiss(item: ImportProposal) -> None:
    item.state, item.is_recalled = State.DISMISSED, True


def _remembered(run: ImportRun, keys: Iterable[str]) -> dict[Key, _Decisions]:
    found: dict[Key, _Decisions] = {}
    earlier = (
        ImportProposal.objects.filter(run__kind=run.kind, key__in=keys, decided_by__isnull=False)
        .exclude(run=run.pk)
        .exclude(run__status__in=(Status.UNDOING, Status.UNDONE))
        .only("phase", "key", "action", "state", "target_pk", "changes", "dismissed", "apart")
        .order_by("pk")
    )
    for item in earlier.iterator():
        found.setdefault((item.phase, item.key), _Decisions()).learn(item)
    return found
