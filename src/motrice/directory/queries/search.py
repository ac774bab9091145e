"""The one search box: records by number, name or misspelling, and texts with the laboratories behind them.

The indexes answer quickly with what the reader's tokens open; the policy of each model is then asked once more, so
that a change of rights holds at once, before the index has followed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core import search_index
from motrice.core.identifiers import identify, shown
from motrice.core.policies import scope
from motrice.core.search_sources import access_tokens, sources
from motrice.directory.enums import UNIT_KINDS, EvidenceKind, OrganisationKind
from motrice.directory.models import Evidence, Identifier, Organisation, Person

Record = Any  # an organisation, a person, or a record that another app declares to the search
MORE = 3  # candidates asked for each result wanted: some may have closed since
HOWS = {
    "identifier": _("by this number"),
    "acronym": _("acronym"),
    "former": _("former name"),
    "alias": _("other name"),
    "translation": _("translation"),
    "misspelling": _("spelt nearly so"),
}


@dataclass(frozen=True)
class Found:
    """One record for what was typed, and why it was found."""

    record: Record
    matched: str
    how: str

    @property
    def hint(self) -> str:
        """What was recognised, when it is not the name that is shown."""
        if self.how in ("", "name"):
            return ""
        return f"{self.matched} · {HOWS[self.how]}" if self.how in HOWS else self.matched

    @property
    def group(self) -> str:
        """The heading under which it is listed."""
        if isinstance(self.record, Person):
            return "person"
        if not isinstance(self.record, Organisation):
            return str(self.record._meta.label_lower)
        if self.record.kind in UNIT_KINDS:
            return "unit"
        return "company" if self.record.kind == OrganisationKind.COMPANY else "organisation"


def find_records(text: str, *, actor: Any, limit: int = 10, kinds: Collection[str] | None = None) -> list[Found]:
    """The records that what was typed may mean, best first, among those the actor may see."""
    typed = " ".join(text.split())[:200]
    if not typed:
        return []
    found = _by_number(typed, actor)
    indexes = search_index.opened()
    if indexes is None:
        candidates = _plainly(typed, actor, limit)
    else:
        hits = indexes.names.suggest(typed, limit=limit * MORE, kinds=kinds, access=access_tokens(actor))
        candidates = _permitted(((hit.id, hit.matched_name, hit.how) for hit in hits), actor)
    seen = {item.record for item in found}
    found += [item for item in candidates if item.record not in seen]
    if kinds is not None:
        found = [item for item in found if getattr(item.record, "kind", "person") in kinds]
    return found[:limit]


PICK_KINDS: dict[str, Collection[str] | None] = {
    "organisation": OrganisationKind.values,
    "unit": [str(kind) for kind in UNIT_KINDS],
    "company": [str(OrganisationKind.COMPANY)],
    "person": ["person"],
}


def find_meant(text: str, *, actor: Any, of: str = "organisation") -> list[Record]:
    """The records that a field's text designates: by reference, address or number, by exact name, else by likeness.

    A text that a list of records offered ends with the reference. `of` is a key of `PICK_KINDS`.
    """
    typed = " ".join(text.replace("\x00", "").split())
    model = Person if of == "person" else Organisation
    rows = model.objects.live().permitted(actor)
    if model is Organisation:
        rows = rows.filter(kind__in=PICK_KINDS[of])
    tail = typed.rsplit(" · ", 1)[-1].rstrip("/").rsplit("/", 1)[-1]
    meant = rows.filter(reference=tail.upper()).first()
    if meant is not None:
        return [meant]
    found = find_records(typed, actor=actor, limit=6, kinds=PICK_KINDS[of])
    exact = [one.record for one in found if one.how == "identifier" or str(one.record).lower() == typed.lower()]
    if not exact and model is Organisation:
        exact = list(rows.filter(Q(name__iexact=typed) | Q(short_name__iexact=typed))[:6])
    return exact or [one.record for one in found]


def _by_number(text: str, actor: Any) -> list[Found]:
    """A pasted number of a register opens its record, straight from the tables."""
    pairs = identify(text)
    if not pairs:
        return []
    wanted = Q(pk__in=[])
    for scheme, value in pairs:
        wanted |= Q(scheme=scheme, value=value)
    held = {(row.scheme, row.value): row for row in Identifier.objects.filter(wanted).permitted(actor)}
    found = []
    for pair in pairs:
        row = held.get(pair)
        if row is not None:
            found += _records([(row, shown(*pair))], actor)
    return found


def _records(rows: Sequence[tuple[Identifier, str]], actor: Any) -> list[Found]:
    found = []
    for row, words in rows:
        model = Organisation if row.organisation_id else Person
        pk = row.organisation_id or row.person_id
        record = model.objects.live().permitted(actor).filter(pk=pk).first()
        found += [Found(record, words, "identifier")] if record is not None else []
    return found


def _permitted(hits: Iterable[tuple[str, str, str]], actor: Any) -> list[Found]:
    """The records of these hits that stand and may be seen now, in the order of the hits."""
    listed = list(hits)
    records: dict[str, Record] = {}
    for source in sources():
        prefix = f"{source.label}:"
        pks = [int(key.removeprefix(prefix)) for key, _name, _how in listed if key.startswith(prefix)]
        if pks:
            rows = scope(source.rows().filter(pk__in=pks), actor, "view")
            records |= {f"{prefix}{row.pk}": row for row in rows}
    return [Found(records[key], name, how) for key, name, how in listed if key in records]


def _plainly(text: str, actor: Any, limit: int) -> list[Found]:
    """Before the first build of the index: names that hold the text."""
    bodies = Organisation.objects.live().permitted(actor)
    bodies = bodies.filter(Q(name__icontains=text) | Q(short_name__iexact=text) | Q(names__value__icontains=text))
    people = Person.objects.live().permitted(actor)
    for word in text.split()[:4]:
        people = people.filter(Q(family_name__icontains=word) | Q(given_name__icontains=word))
    rows = [*bodies.distinct()[:limit], *people[:limit]]
    return [Found(row, str(row), "name") for row in rows]


@dataclass(frozen=True)
class FoundText:
    """One text that answers a question, with the words that matched."""

    evidence: Evidence
    score: float
    matched: tuple[str, ...]


@dataclass(frozen=True)
class FoundOwner:
    """A laboratory or person whose texts answer a question, with the texts that made it."""

    owner: Record
    score: float
    evidence: tuple[tuple[str, float], ...]


def find_texts(text: str, *, actor: Any, limit: int = 10) -> list[FoundText]:
    """The texts that answer a question best, among those the actor may see."""
    indexes = search_index.opened()
    if indexes is None or not text.strip():
        return []
    filters = {"kind": EvidenceKind.values}
    hits = indexes.evidence.search(text[:2000], limit=limit * MORE, filters=filters, access=access_tokens(actor))
    prefix = f"{Evidence._meta.label_lower}:"
    pks = [int(hit.id.removeprefix(prefix)) for hit in hits if hit.id.startswith(prefix)]
    rows = Evidence.objects.filter(pk__in=pks).permitted(actor).in_bulk()
    found = []
    for hit in hits:
        row = rows.get(int(hit.id.removeprefix(prefix))) if hit.id.startswith(prefix) else None
        if row is not None:
            words = dict.fromkeys(match.document_word for match in hit.matches)
            found.append(FoundText(row, hit.score, tuple(words)[:8]))
    return found[:limit]


def find_owners(text: str, *, actor: Any, limit: int = 5) -> list[FoundOwner]:
    """The laboratories and people whose texts answer a question best, with the titles of these texts."""
    indexes = search_index.opened()
    if indexes is None or not text.strip():
        return []
    hits = indexes.evidence.rank_owners(text[:2000], limit=limit * MORE, access=access_tokens(actor))
    records: dict[str, Record] = {}
    bodies = [int(hit.owner.split(":")[1]) for hit in hits if not hit.owner.startswith("person:")]
    people = [int(hit.owner.split(":")[1]) for hit in hits if hit.owner.startswith("person:")]
    for row in Organisation.objects.live().filter(pk__in=bodies).permitted(actor):
        records[f"{'unit' if row.is_unit else 'organisation'}:{row.pk}"] = row
    for person in Person.objects.live().filter(pk__in=people).permitted(actor):
        records[f"person:{person.pk}"] = person
    return [
        FoundOwner(records[hit.owner], hit.score, tuple((piece.title, piece.share) for piece in hit.evidence[:3]))
        for hit in hits
        if hit.owner in records
    ][:limit]
