"""How the search finds the directory: names of organisations and people, and texts as evidence of their holders.

The tokens follow the policies of these models clause by clause; a test compares the two over many actors and records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from motrice.core import policies
from motrice.core.confidentiality import Level
from motrice.core.search_sources import SearchSource, level_tokens, record_id, register, register_tokens
from motrice.directory.enums import UNIT_KINDS, NameKind, OrganisationKind
from motrice.directory.models import (
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    Topic,
)
from motrice.directory.policies import EVIDENCE, LABEL, OVERSEERS, OVERSIGHT_KINDS, PERSON, STAFF
from motrice.engines.search import Document
from motrice.engines.search.names import NameRecord

NAME_LABELS = {
    NameKind.OFFICIAL: "name",
    NameKind.ACRONYM: "acronym",
    NameKind.ALIAS: "alias",
    NameKind.FORMER: "former",
    NameKind.TRANSLATION: "translation",
}
# What is more often meant comes first among equal names.
WEIGHTS = {
    OrganisationKind.RESEARCH_BODY: 3.0,
    OrganisationKind.UNIVERSITY: 3.0,
    OrganisationKind.SCHOOL: 3.0,
    OrganisationKind.INSTITUTE: 2.5,
    OrganisationKind.MECHANISM: 2.5,
    OrganisationKind.UNIT: 2.0,
}


def held_tokens(actor: Any) -> set[str]:
    """What an actor's roles on organisations open: their own, and for some roles those that theirs supervises."""
    held = set()
    for role in policies.roles(actor):
        if role.scope_label != LABEL:
            continue
        if role.kind in STAFF:
            held.add(f"organisation:{role.scope_pk}")
        if role.kind in OVERSEERS:
            held.add(f"supervisor:{role.scope_pk}")
        if role.kind == "company_contact":
            held.add(f"contact:{role.scope_pk}")
    return held


def _gathered(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for pk, value in rows:
        found.setdefault(pk, []).append(value)
    return found


def organisation_access(rows: Sequence[Organisation]) -> dict[int, tuple[str, ...]]:
    """Who finds each organisation."""
    links = Relation.objects.filter(target__in=rows, kind__in=OVERSIGHT_KINDS).values_list("target_id", "source_id")
    over = _gathered(links)
    return {
        row.pk: tuple(
            level_tokens(row.level, LABEL, row.pk)
            | {f"organisation:{row.pk}", f"contact:{row.pk}", "site:auditor"}
            | {f"supervisor:{pk}" for pk in over.get(row.pk, ())}
        )
        for row in rows
    }


def person_access(rows: Sequence[Person]) -> dict[int, tuple[str, ...]]:
    """Who finds each person."""
    places = _gathered(Affiliation.objects.filter(person__in=rows).values_list("person_id", "organisation_id"))
    return {
        row.pk: tuple(
            level_tokens(row.level, PERSON, row.pk)
            | {"site:auditor"}
            | ({f"user:{row.user_id}"} if row.user_id else set())
            | {f"organisation:{pk}" for pk in places.get(row.pk, ())}
        )
        for row in rows
    }


def evidence_access(rows: Sequence[Evidence], holders: dict[int, list[EvidenceOwner]]) -> dict[int, tuple[str, ...]]:
    """Who finds each text."""
    return {
        row.pk: tuple(
            level_tokens(row.level, EVIDENCE, row.pk)
            | {"site:auditor"}
            | {
                f"organisation:{owner.organisation_id}"
                for owner in holders.get(row.pk, ())
                if owner.organisation_id and row.level != Level.CIRCLE
            }
        )
        for row in rows
    }


def organisation_names(rows: Sequence[Organisation]) -> list[NameRecord]:
    """Every name and number under which an organisation may be looked for."""
    access = organisation_access(rows)
    names = _gathered(
        (pk, (value, NAME_LABELS.get(kind, "alias")))
        for pk, kind, value in OrganisationName.objects.filter(organisation__in=rows).values_list(
            "organisation_id", "kind", "value"
        )
    )
    numbers = _gathered(Identifier.objects.filter(organisation__in=rows).values_list("organisation_id", "value"))
    return [
        NameRecord(
            id=record_id(LABEL, row.pk),
            names=[row.name, *([(row.short_name, "acronym")] if row.short_name else []), *names.get(row.pk, ())],
            identifiers=numbers.get(row.pk, ()),
            kind=row.kind,
            access=access[row.pk],
            weight=WEIGHTS.get(row.kind, 1.0) + (0.5 if row.country == "FR" else 0.0),
        )
        for row in rows
    ]


def person_names(rows: Sequence[Person]) -> list[NameRecord]:
    """A person's name both ways round, and their numbers."""
    access = person_access(rows)
    numbers = _gathered(Identifier.objects.filter(person__in=rows).values_list("person_id", "value"))
    return [
        NameRecord(
            id=record_id(PERSON, row.pk),
            names=[str(row), (f"{row.family_name} {row.given_name}", "alias")],
            identifiers=numbers.get(row.pk, ()),
            kind="person",
            access=access[row.pk],
            weight=1.5,
        )
        for row in rows
    ]


def owner_key(owner: EvidenceOwner) -> str:
    """A holder as the index of evidence names it: `unit:12`, `organisation:12` or `person:12`."""
    if owner.person_id is not None:
        return f"person:{owner.person_id}"
    is_unit = owner.organisation.kind in UNIT_KINDS  # type: ignore[union-attr]
    return f"{'unit' if is_unit else 'organisation'}:{owner.organisation_id}"


def evidence_documents(rows: Sequence[Evidence]) -> list[Document]:
    """Each text with its holders."""
    held: dict[int, list[EvidenceOwner]] = {}
    for owner in EvidenceOwner.objects.filter(evidence__in=rows).select_related("organisation"):
        held.setdefault(owner.evidence_id, []).append(owner)
    access = evidence_access(rows, held)
    return [
        Document(
            id=record_id(EVIDENCE, row.pk),
            title=row.title,
            text=row.text,
            language=row.language if row.language in ("fr", "en") else None,
            owners=tuple(owner_key(owner) for owner in held.get(row.pk, ())),
            date=row.dated_on,
            kind=row.kind,
            access=access[row.pk],
        )
        for row in rows
    ]


def unit_documents(rows: Sequence[Organisation]) -> list[Document]:
    """What a unit says of itself: its name, its other names and its description."""
    units = [row for row in rows if row.kind in UNIT_KINDS]
    access = organisation_access(units)
    names = _gathered(
        OrganisationName.objects.filter(organisation__in=units, kind=NameKind.TRANSLATION).values_list(
            "organisation_id", "value"
        )
    )
    topics = _gathered(Topic.objects.filter(organisation__in=units).values_list("organisation_id", "code"))
    return [
        Document(
            id=record_id(LABEL, row.pk),
            title=row.name,
            text="\n".join([*names.get(row.pk, ()), row.description]).strip(),
            owners=(f"unit:{row.pk}",),
            kind="profile",
            tags=tuple(topics.get(row.pk, ())),
            access=access[row.pk],
        )
        for row in units
    ]


register_tokens(held_tokens)
register(
    SearchSource(
        model=Organisation,
        rows=Organisation.objects.live,
        names=organisation_names,
        documents=unit_documents,
        parts={
            OrganisationName: ("organisation_id",),
            Identifier: ("organisation_id",),
            Topic: ("organisation_id",),
            Relation: ("target_id",),
        },
    )
)
register(
    SearchSource(
        model=Person,
        rows=Person.objects.live,
        names=person_names,
        parts={Identifier: ("person_id",), Affiliation: ("person_id",)},
    )
)
register(
    SearchSource(
        model=Evidence,
        rows=Evidence.objects.all,
        documents=evidence_documents,
        parts={EvidenceOwner: ("evidence_id",)},
    )
)
