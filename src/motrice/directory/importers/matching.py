"""Which known record is meant: by name and country, exactly or nearly, as a proposal for a person to judge."""

from __future__ import annotations

from collections.abc import Container, Iterable

from rapidfuzz import fuzz, process

from motrice.directory.models import Identifier, Organisation, OrganisationName
from motrice.directory.rules import fold

NEAR = 93.0
SHORTEST = 8  # a shorter name says too little by itself
EXACT_SCORE = 0.99  # an equal name is not proof: a person confirms, or the whole run does by its threshold


class KnownNames:
    """The names of live records without a number of one register, by country; `hidden` are not among them."""

    def __init__(self, scheme: str, hidden: Container[int] = ()) -> None:
        held = Identifier.objects.filter(scheme=scheme, organisation__isnull=False).values("organisation_id")
        rows = Organisation.objects.live().exclude(pk__in=held)
        self.exact: dict[tuple[str, str], set[int]] = {}
        self.near: dict[tuple[str, str], dict[str, int]] = {}
        self.countries: dict[int, str] = {}
        self.sources: dict[int, str] = {}
        for pk, name, country, source in rows.order_by("pk").values_list("pk", "name", "country", "source").iterator():
            if pk in hidden:
                continue
            self.countries[pk], self.sources[pk] = country, source
            self._know(pk, name)
        others = OrganisationName.objects.exclude(kind="acronym").exclude(organisation_id__in=held)
        for pk, value in others.values_list("organisation_id", "value").order_by("pk").iterator():
            if pk in self.countries:
                self._know(pk, value)

    def _know(self, pk: int, name: str) -> None:
        folded = fold(name)
        if len(folded) < SHORTEST:
            return
        country = self.countries[pk]
        self.exact.setdefault((country, folded), set()).add(pk)
        self.near.setdefault((country, folded[0]), {})[folded] = pk

    def __len__(self) -> int:
        return len(self.countries)

    def best(self, names: Iterable[str], country: str) -> tuple[int, float] | None:
        """The record meant, with how like it is from 0 to 1; None when nothing is near, or two are equally so."""
        if not self.countries:
            return None
        folded = [name for name in map(fold, names) if len(name) >= SHORTEST]
        hits = {pk for name in folded for pk in self.exact.get((country, name), ())}
        if len(hits) == 1:
            return hits.pop(), EXACT_SCORE
        if hits:
            return None
        best: tuple[int, float] | None = None
        for name in folded:
            pool = self.near.get((country, name[0]), {})
            match = process.extractOne(name, pool.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=NEAR)
            if match and (best is None or match[1] > best[1]):
                best = (pool[match[0]], match[1])
        return (best[0], min(best[1] / 100, EXACT_SCORE - 0.01)) if best else None
