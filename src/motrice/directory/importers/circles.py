"""Links that come back to where they started: a parent of its parent, a successor of its successor."""

from __future__ import annotations

from collections.abc import Hashable

from motrice.directory.models import Relation
from motrice.directory.operations.link import NO_CYCLE


class Circles:
    """The links stated, and those that may not come back to where they started, held in memory for one run.

    An end is the key of a record, or whatever else names a body that is not written yet.
    """

    def __init__(self) -> None:
        self.stated: set[tuple[str, Hashable, Hashable]] = set(
            Relation.objects.values_list("kind", "source_id", "target_id")
        )
        self.onward: dict[tuple[str, Hashable], set[Hashable]] = {}
        for kind, source, target in self.stated:
            if kind in NO_CYCLE:
                self.onward.setdefault((kind, source), set()).add(target)

    def add(self, kind: str, source: Hashable, target: Hashable) -> bool:
        """Add a link; False when it leads to itself, or its target leads to its source already."""
        if source == target:
            return False
        if kind not in NO_CYCLE:
            return True
        seen, frontier = {target}, [target]
        while frontier:
            for after in self.onward.get((kind, frontier.pop()), ()):
                if after == source:
                    return False
                if after not in seen:
                    seen.add(after)
                    frontier.append(after)
        self.onward.setdefault((kind, source), set()).add(target)
        return True
