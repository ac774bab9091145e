"""The shapes that importers share: an organisation as a file describes it, and what the directory knows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from motrice.core.audit import label_of
from motrice.core.models import AuditChange
from motrice.directory.enums import NameKind
from motrice.directory.models import Address, Identifier, Mechanism, Organisation, OrganisationName, Topic

RECORDS, LINKS, TEXTS = range(3)
Pair = tuple[str, str]
MERGE = "organisation.merge"


@dataclass
class Link:
    """A link as a file states it: the other end is a number of a register, or a key of the same file."""

    kind: str
    other: Pair
    is_source: bool  # whether the record, rather than the other end, is the source
    rank: int | None = None
    label_number: str = ""
    succession: str = ""
    starts_on: str = ""

    def as_json(self) -> dict[str, Any]:
        """The form kept in a proposal."""
        return {name: value for name, value in vars(self).items() if value not in (None, "")} | {
            "other": list(self.other)
        }


@dataclass
class Record:
    """One organisation as a file describes it."""

    line: int
    key: Pair
    fields: dict[str, Any]
    identifiers: list[Pair] = field(default_factory=list)
    names: list[tuple[str, str, str]] = field(default_factory=list)
    address: dict[str, Any] = field(default_factory=dict)
    topics: list[Pair] = field(default_factory=list)
    mechanism: dict[str, Any] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    is_stub: bool = False  # known by its number alone: never changes nor resembles a known record
    is_mention: bool = False  # named by a row about another: met again without remark
    match_names: bool = True

    @property
    def text_key(self) -> str:
        """The key that makes a second import of the same row change nothing."""
        return f"{self.key[0]}:{self.key[1]}"[:160]

    @property
    def pairs(self) -> list[Pair]:
        """Every number by which it may be known."""
        own = [] if self.key[0] == "key" else [self.key]
        return list(dict.fromkeys([*own, *self.identifiers]))

    def titles(self) -> list[str]:
        """The names by which a known record may be recognised."""
        return [self.fields["name"], *(value for kind, value, _lang in self.names if kind != NameKind.ACRONYM)]


def number_as_name(pair: Pair) -> str:
    """What a body is called while nothing but a number is known of it."""
    return f"{pair[0].upper()} {pair[1]}"


@dataclass
class Known:
    """What the directory says of one record now."""

    organisation: Organisation
    identifiers: set[Pair] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    topics: set[Pair] = field(default_factory=set)
    address: Address | None = None
    mechanism: Mechanism | None = None
    absorbed: set[Pair] = field(default_factory=set)  # numbers that a merge brought

    def is_of(self, source: str, key: Pair) -> bool:
        """Whether a row of this source may correct it: not one about a record that was merged into it."""
        return self.organisation.source == source and key not in self.absorbed

    @property
    def is_nameless(self) -> bool:
        """Whether it bears a number for a name, until some file knows better."""
        return self.organisation.name in {number_as_name(pair) for pair in self.identifiers}


def part_value(row: models.Model, name: str) -> Any:
    """What an address or an offer says now, in the form of a proposal."""
    value = getattr(row, name)
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def holders(pairs: Iterable[Pair]) -> dict[Pair, int]:
    """Which organisation holds each of these numbers, in one question to the database."""
    wanted = set(pairs)
    rows = Identifier.objects.filter(value__in={value for _scheme, value in wanted}, organisation__isnull=False)
    return {
        (scheme, value): pk
        for scheme, value, pk in rows.values_list("scheme", "value", "organisation_id")
        if (scheme, value) in wanted
    }


def unseen_by(reader: Any) -> frozenset[int]:
    """The organisations that a reader may not see: to an importer they are only in the way."""
    seen = Organisation.objects.permitted(reader)
    return frozenset(Organisation.objects.exclude(pk__in=seen.values("pk")).values_list("pk", flat=True))


def known_records(pks: Iterable[int]) -> dict[int, Known]:
    """What is known of these organisations, with six questions whatever their number."""
    wanted = set(pks)
    found = {row.pk: Known(row) for row in Organisation.objects.filter(pk__in=wanted)}
    for row in Identifier.objects.filter(organisation_id__in=wanted):
        found[row.organisation_id].identifiers.add((row.scheme, row.value))
    for pk, kind, value in OrganisationName.objects.filter(organisation_id__in=wanted).values_list(
        "organisation_id", "kind", "value"
    ):
        found[pk].names.add((kind, value))
    for row in Topic.objects.filter(organisation_id__in=wanted):
        found[row.organisation_id].topics.add((row.scheme, row.code))
    for row in Address.objects.filter(organisation_id__in=wanted).on().order_by("-pk"):
        found[row.organisation_id].address = row
    for row in Mechanism.objects.filter(organisation_id__in=wanted):
        found[row.organisation_id].mechanism = row
    for pk, pair in _absorbed(wanted):
        found[pk].absorbed.add(pair)
    return found


def _absorbed(pks: set[int]) -> Iterator[tuple[int, Pair]]:
    """The numbers that came to these organisations by a merge that stands."""
    kept = Organisation.objects.filter(merged_into_id__in=pks).values_list("merged_into_id", flat=True).distinct()
    numbers = {row.pk: row for row in Identifier.objects.filter(organisation_id__in=list(kept))}
    moves = AuditChange.objects.filter(label=label_of(Identifier), object_pk__in=numbers, is_leaving=True)
    last = dict(moves.order_by("entry__sequence", "position").values_list("object_pk", "verb"))
    for pk, row in numbers.items():
        if last.get(pk) == MERGE and row.organisation_id is not None:
            yield row.organisation_id, (row.scheme, row.value)
