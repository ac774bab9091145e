"""Which body of the directory an applicant is: sure, or for a person to judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from motrice.directory.enums import NameKind
from motrice.directory.models import Identifier, Organisation, OrganisationName
from motrice.engines.patentfiles.applicants import Bodies, Body, Match

SCHEME = "siren"


@dataclass(frozen=True)
class Judged:
    """The likeliest body for a name, and the others that are near."""

    name: str
    best: Match | None
    others: tuple[Match, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether a number, or the very name of one body, says so."""
        return self.best is not None and self.best.score >= 1


class Directory:
    """The bodies that the actor may see, ready to be asked; each name is judged once."""

    def __init__(self, actor: Any) -> None:
        rows = Organisation.objects.live().permitted(actor)
        self.labels: dict[int, str] = {}
        names: dict[int, list[str]] = {}
        acronyms: dict[int, list[str]] = {}
        countries: dict[int, str] = {}
        for pk, name, short, country in rows.values_list("pk", "name", "short_name", "country").iterator():
            self.labels[pk], names[pk], countries[pk] = name, [name], country
            acronyms[pk] = [short] if short else []
        others = OrganisationName.objects.values_list("organisation_id", "kind", "value")
        for pk, kind, value in others.iterator():
            if pk in names:
                (acronyms if kind == NameKind.ACRONYM else names)[pk].append(value)
        numbers: dict[int, list[str]] = {}
        held = Identifier.objects.filter(scheme=SCHEME, organisation__isnull=False)
        for pk, value in held.values_list("organisation_id", "value"):
            numbers.setdefault(pk, []).append(value)
        self.bodies = Bodies(
            Body(pk, names[pk], acronyms[pk], countries[pk], numbers.get(pk, ())) for pk in self.labels
        )
        self.judged: dict[tuple[str, str, str], Judged] = {}

    def judge(self, name: str, country: str, identifier: str = "") -> Judged:
        """The body that a name means, with its likeness and reasons."""
        key = (name, country, identifier)
        if key not in self.judged:
            found = self.bodies.best(name, country, identifier)
            self.judged[key] = Judged(name, found[0] if found else None, tuple(found[1:]))
        return self.judged[key]
