"""From ranked documents to ranked owners, each with its evidence and what would become of it without each piece.

The best documents vote for their owners. An owner's score is a sum over its best voters, each counting less than the
one before, so that one strong paper outweighs many faint ones and a large laboratory does not win by its size. The
voters are a fixed number of documents: taking one away lets the next one in, and the told consequence counts it.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from motrice.engines.search.documents import Evidence, Match, OwnerHit
from motrice.engines.search.snapshot import Snapshot
from motrice.engines.search.tuning import Tuning

DECIMALS = 10


class OwnerRanking:
    """The votes of a pool of documents, sorted best first, with one more document waiting behind the pool."""

    def __init__(
        self,
        rows: np.ndarray,
        scores: np.ndarray,
        snapshot: Snapshot,
        tuning: Tuning,
        matches_of: Callable[[int], tuple[Match, ...]],
    ) -> None:
        self._tuning = tuning
        self._matches_of = matches_of
        self._snapshot = snapshot
        self._size = min(tuning.owner_pool, len(rows))
        rows, scores = rows[: self._size + 1], scores[: self._size + 1]
        self.rows = rows.tolist()
        self.scores = scores.tolist()
        self._votes = [max(score, 0.0) ** tuning.owner_power for score in self.scores]
        numbers, places = snapshot.owners_of(rows)
        self._owners_of: list[list[int]] = [[] for _ in self.rows]
        self._places: dict[int, list[int]] = {}
        for number, place in zip(numbers.tolist(), places.tolist(), strict=True):
            self._owners_of[place].append(number)
            if place < self._size:
                self._places.setdefault(number, []).append(place)
        self._discounts = [tuning.owner_decay**rank for rank in range(tuning.owner_depth)]
        self.totals = {owner: self._total(places) for owner, places in self._places.items()}
        name = snapshot.strings.values
        self.order = sorted(self.totals, key=lambda owner: (-self.totals[owner], name[owner]))

    def _total(self, places: list[int]) -> float:
        depth = self._tuning.owner_depth
        votes = [self._votes[place] for place in places[:depth]]
        return round(sum(v * d for v, d in zip(votes, self._discounts, strict=False)), DECIMALS)

    def standings(self, limit: int) -> list[OwnerHit]:
        """Return the best owners with their ranks and scores alone: their evidence is worked out when asked."""
        name = self._snapshot.strings.values
        return [
            OwnerHit(name[owner], self.totals[owner], rank=rank, document_count=len(self._places[owner]))
            for rank, owner in enumerate(self.order[:limit], 1)
        ]

    def explained(self, standing: OwnerHit) -> OwnerHit:
        """Return one of the standings with its evidence."""
        owner = self.order[standing.rank - 1]
        voters = self._places[owner][: self._tuning.owner_depth]
        gains = [self._votes[place] * d for place, d in zip(voters, self._discounts, strict=False)]
        total = sum(gains)
        evidence = []
        for place, gain in zip(voters, gains, strict=True):
            score, new_rank = self._without(owner, place)
            row = self.rows[place]
            evidence.append(
                Evidence(
                    id=self._snapshot.identifier(row),
                    title=self._snapshot.title(row),
                    score=self.scores[place],
                    share=gain / total if total else 1.0 / len(gains),
                    score_without=score,
                    rank_without=new_rank,
                    matches=self._matches_of(place),
                )
            )
        return replace(standing, evidence=tuple(evidence))

    def _without(self, owner: int, place: int) -> tuple[float, int | None]:
        """Return the owner's score and rank were this document not there; no rank when nothing speaks for it then."""
        newcomer = self._size if len(self.rows) > self._size else None
        touched = set(self._owners_of[place])
        if newcomer is not None:
            touched.update(self._owners_of[newcomer])
        changed: dict[int, float | None] = {}
        for other in touched:
            left = [p for p in self._places.get(other, ()) if p != place]
            if newcomer is not None and other in self._owners_of[newcomer]:
                left.append(newcomer)
            changed[other] = self._total(left) if left else None
        mine = changed[owner]
        if mine is None:
            return 0.0, None
        name = self._snapshot.strings.values
        key = (-mine, name[owner])
        better = sum(1 for o in self._ahead(mine) if o not in changed and (-self.totals[o], name[o]) < key)
        better += sum(1 for o, t in changed.items() if t is not None and (-t, name[o]) < key)
        return mine, better + 1

    def _ahead(self, score: float) -> list[int]:
        """Return the owners that score at least so much."""
        low, high = 0, len(self.order)
        while low < high:
            middle = (low + high) // 2
            if self.totals[self.order[middle]] >= score:
                low = middle + 1
            else:
                high = middle
        return self.order[:low]
