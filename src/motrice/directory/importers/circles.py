"""Links that come back to where they started: a parent of its parent, a successor of its successor."""

from __future__ import annotations

from collections.abc import Container, Hashable

from motrice.directory.models import Relation
from motrice.directory.operations.link import NO_CYCLE


class Circles:
    """The links stated, and those that may not come back to where they started, held in memory for one run.

    An end is the key of a record, or whatever else names a body that is not written yet. A circle that closes through
    a body of `hidden` is refused as any other, but not called one: that would tell of its links.
    """

    def __init__(self, hidden: Container[Hashable] = ()) -> None:
        self.hidden = hidden
        self.stated: set[tuple[str, Hashable, Hashable]] = set(
            Relation.objects.values_list("kind", "source_id", "target_id")
        )
        self.onward: dict[tuple[str, Hashable], set[Hashable]] = {}
        for kind, source, target in self.stated:
            if kind in NO_CYCLE:
                self.onward.setdefault((kind, source), set()).add(target)

    def add(self, kind: str, source: Hashable, target: Hashable) -> str:
        """Add a link, or say why not: `circle`, or `in_the_way` when it closes through a hidden body."""
        if source == target:
            return "circle"
        if kind not in NO_CYCLE:
            return ""
        if self._leads(kind, target, source, ()):
            return "circle" if self._leads(kind, target, source, self.hidden) else "in_the_way"
        self.onward.setdefault((kind, source), set()).add(target)
        return ""

    def _leads(self, kind: str, start: Hashable, end: Hashable, without: Container[Hashable]) -> bool:
        seen, frontier = {start}, [start]
        while frontier:
            for after in self.onward.get((kind, frontier.pop()), ()):
                if after == end:
                    return True
                if after not in seen and after not in without:
                    seen.add(after)
                    frontier.append(after)
        return False
