"""What the directory is asked: who supervises, leads and answers for a unit on a date, and who came before and after.

Each takes querysets that are permitted already, or limits what it shows to the viewer it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import catalogue, policies
from motrice.directory.enums import UNIT_KINDS, AffiliationRole, RelationKind
from motrice.directory.models import Affiliation, Organisation, Relation
from motrice.directory.rules import TYPE
from motrice.web.formats import day_text

HUNDRED = Decimal(100)
CENT = Decimal("0.01")


def supervisors_on(unit: Organisation, day: date | None = None, *, actor: Any = None) -> QuerySet[Relation]:
    """The links of the bodies that supervise a unit on a day, in their rank; limited to what `actor` may see."""
    rows = unit.links_in.filter(kind=RelationKind.SUPERVISES).on(day)
    if actor is not None:
        rows = rows.permitted(actor)
    return rows.select_related("source").order_by("rank", "source__name", "pk")


def units_of(organisation: Organisation, day: date | None = None) -> QuerySet[Organisation]:
    """The units and teams that a body supervises, hosts or is the parent of on a day."""
    kinds = (RelationKind.SUPERVISES, RelationKind.HOSTS, RelationKind.PARENT)
    links = Relation.objects.filter(source=organisation, kind__in=kinds).on(day)
    units = Organisation.objects.live().filter(kind__in=UNIT_KINDS, pk__in=links.values("target_id"))
    return units.on(day).order_by("name", "pk")


def heads_on(organisation: Organisation, day: date | None = None, *, actor: Any = None) -> QuerySet[Affiliation]:
    """Who leads an organisation on a day."""
    rows = organisation.affiliations.filter(role=AffiliationRole.DIRECTOR).on(day)
    if actor is not None:
        rows = rows.permitted(actor)
    return rows.select_related("person").order_by("starts_on", "pk")


@dataclass(frozen=True)
class Office:
    """Somebody, or a body, that answers for a unit, and why."""

    organisation: Organisation
    person: Any
    words: str


def offices_for(
    unit: Organisation, day: date | None = None, *, actor: Any, supervising: Iterable[Relation] | None = None
) -> list[Office]:
    """Which office answers for a unit on a day, nearest first; `supervising` is `supervisors_on`, where it was read.

    Its own correspondents; the transfer officers of the host, then of each supervisor by rank; then the transfer
    companies in which these take part.
    """
    correspondents = unit.affiliations.filter(role=AffiliationRole.CORRESPONDENT).on(day).permitted(actor)
    found = [
        Office(unit, row.person, _("correspondent in the unit")) for row in correspondents.select_related("person")
    ]
    hosts = unit.links_in.filter(kind=RelationKind.HOSTS).on(day).permitted(actor).select_related("source")
    bodies: dict[int, tuple[Organisation, str]] = {
        row.source_id: (row.source, _("it hosts the unit")) for row in hosts
    }
    for row in supervisors_on(unit, day, actor=actor) if supervising is None else supervising:
        bodies.setdefault(row.source_id, (row.source, _("it supervises the unit")))
    officers = Affiliation.objects.filter(organisation_id__in=bodies, role=AffiliationRole.OFFICER)
    by_body: dict[int, list[Affiliation]] = {}
    for row in officers.on(day).permitted(actor).select_related("person"):
        by_body.setdefault(row.organisation_id, []).append(row)
    for pk, (body, why) in bodies.items():
        found += [
            Office(body, row.person, _("transfer officer of %(body)s: %(why)s") % {"body": body, "why": why})
            for row in by_body.get(pk, [])
        ]
    return found + _companies(bodies, day, actor)


def _companies(bodies: dict[int, tuple[Organisation, str]], day: date | None, actor: Any) -> list[Office]:
    types = {row.code for row in catalogue.current(TYPE) if row.data.get("is_office")}
    kinds = (RelationKind.PARTICIPATES, RelationKind.OPERATES)
    links = Relation.objects.filter(
        source_id__in=bodies, kind__in=kinds, target__mechanism__mechanism_type__in=types
    ).on(day)
    order = list(bodies)
    seen: dict[int, Office] = {}
    rows = links.permitted(actor).select_related("source", "target")
    for row in sorted(rows, key=lambda row: (order.index(row.source_id), row.target.name)):
        words = _("transfer company: %(body)s %(kind)s it") % {"body": row.source, "kind": row.get_kind_display()}
        seen.setdefault(row.target_id, Office(row.target, None, words))
    return list(seen.values())


@dataclass(frozen=True)
class ProposedOwner:
    """One owner of an invention as the supervision of its unit proposes it."""

    organisation: Organisation
    share: Decimal
    words: str


def proposed_owners(unit: Organisation, on: date, *, actor: Any = None) -> list[ProposedOwner]:
    """The co-owners to propose for an invention made in a unit on a day: its supervisors of that day.

    Equal shares, as long as none were agreed; they sum to 100.00, what cannot be split evenly going to the first.
    """
    return owners_by(unit, on, list(supervisors_on(unit, on, actor=actor)))


def owners_by(unit: Organisation, on: date, links: Sequence[Relation]) -> list[ProposedOwner]:
    """The same, of links that were read already, in the order of their rank."""
    if not links:
        return []
    each = (HUNDRED / len(links)).quantize(CENT, rounding=ROUND_DOWN)
    rest = HUNDRED - each * len(links)
    return [
        ProposedOwner(
            link.source,
            each + (rest if position == 0 else 0),
            _("supervises %(unit)s on %(day)s%(rank)s")
            % {
                "unit": unit,
                "day": day_text(on),
                "rank": _(", rank %(rank)d") % {"rank": link.rank} if link.rank else "",
            },
        )
        for position, link in enumerate(links)
    ]


@dataclass
class SuccessionGraph:
    """What came before and after a body: bodies by key, and the links between them."""

    focus: int
    nodes: dict[int, Organisation] = field(default_factory=dict)
    links: list[Relation] = field(default_factory=list)
    is_cut: bool = False

    def columns(self) -> list[list[Organisation]]:
        """The bodies in the order of time, oldest column first, for a drawn line."""
        depth = dict.fromkeys(self.nodes, 0)
        for _round in range(len(self.nodes)):
            changed = False
            for link in self.links:
                if depth[link.target_id] < depth[link.source_id] + 1:
                    depth[link.target_id] = depth[link.source_id] + 1
                    changed = True
            if not changed:
                break
        self._draw_near(depth)
        found: list[list[Organisation]] = [[] for _level in range(max(depth.values(), default=0) + 1)]
        for pk, node in sorted(self.nodes.items(), key=lambda item: (str(item[1]), item[0])):
            found[depth[pk]].append(node)
        return [column for column in found if column]

    def _draw_near(self, depth: dict[int, int]) -> None:
        """A body without predecessor stands just before what it became, not at the very start."""
        has_before = {link.target_id for link in self.links}
        for pk in depth:
            after = [depth[link.target_id] for link in self.links if link.source_id == pk]
            if pk not in has_before and after:
                depth[pk] = min(after) - 1


def succession_graph(organisation: Organisation, *, actor: Any, limit: int = 60) -> SuccessionGraph:
    """Predecessors of predecessors and successors of successors, as far as `actor` may see them."""
    graph = SuccessionGraph(organisation.pk, {organisation.pk: organisation})
    links = Relation.objects.filter(kind=RelationKind.SUCCEEDED_BY).permitted(actor).select_related("source", "target")
    known: dict[int, Relation] = {}
    around = list(links.filter(Q(source_id=organisation.pk) | Q(target_id=organisation.pk)))
    for near, far in (("source_id", "target"), ("target_id", "source")):
        rows: Iterable[Relation] = [row for row in around if getattr(row, near) == organisation.pk]
        while rows:
            frontier = set()
            for row in rows:
                other = getattr(row, far)
                known[row.pk] = row
                if other.pk not in graph.nodes:
                    if len(graph.nodes) >= limit:
                        graph.is_cut = True
                        continue
                    graph.nodes[other.pk] = other
                    frontier.add(other.pk)
            rows = links.filter(**{f"{near}__in": frontier}) if frontier else ()
    graph.links = sorted(
        (row for row in known.values() if row.source_id in graph.nodes and row.target_id in graph.nodes),
        key=lambda row: (row.starts_on or date.min, row.pk),
    )
    return graph


def labelled_on(day: date | None = None, *, label: Organisation | None = None) -> QuerySet[Relation]:
    """The labels that hold on a day: who bears which."""
    rows = Relation.objects.filter(kind=RelationKind.LABELLED_AS).on(day)
    if label is not None:
        rows = rows.filter(target=label)
    return rows.select_related("source", "target")


def labelled_institutes_on(day: date | None = None, *, label: Organisation | None = None) -> QuerySet[Organisation]:
    """The institutes that bear a label (any when none is named) on a day."""
    return Organisation.objects.live().filter(pk__in=labelled_on(day, label=label).values("source_id"))


@dataclass(frozen=True)
class Part:
    """One institute in which a body takes part, and how."""

    institute: Organisation
    ways: tuple[str, ...]


@dataclass(frozen=True)
class Participation:
    """In how many bearers of a label a body takes part on a day: computed, with the list behind it."""

    label: Organisation
    day: date
    count: int
    total: int
    parts: tuple[Part, ...]
    others: tuple[Organisation, ...]


def participations(organisation: Organisation, day: date | None = None, *, actor: Any) -> list[Participation]:
    """For each label: in how many of its bearers the body takes part itself, or through a unit it supervises."""
    when = day or timezone.localdate()
    by_label: dict[int, tuple[Organisation, dict[int, Organisation]]] = {}
    for row in policies.scope(labelled_on(when), actor, "view"):
        by_label.setdefault(row.target_id, (row.target, {}))[1][row.source_id] = row.source
    ways = _ways(organisation, {pk for _label, bearers in by_label.values() for pk in bearers}, when, actor)
    found = []
    for label, bearers in by_label.values():
        parts = [Part(body, tuple(ways[pk])) for pk, body in bearers.items() if pk in ways]
        others = [body for pk, body in bearers.items() if pk not in ways]
        if parts:
            found.append(
                Participation(
                    label,
                    when,
                    len(parts),
                    len(bearers),
                    tuple(sorted(parts, key=lambda part: part.institute.name)),
                    tuple(sorted(others, key=lambda body: body.name)),
                )
            )
    return sorted(found, key=lambda row: (-row.total, row.label.name))


def _ways(organisation: Organisation, bearers: set[int], when: date, actor: Any) -> dict[int, list[str]]:
    """How a body takes part in each of these institutes: itself first, then through the units it supervises."""
    if not bearers:
        return {}
    units = Relation.objects.filter(source=organisation, kind=RelationKind.SUPERVISES).on(when).permitted(actor)
    links = Relation.objects.filter(
        Q(source=organisation) | Q(source_id__in=units.order_by().values("target_id")),
        target_id__in=bearers,
        kind__in=(RelationKind.PARTICIPATES, RelationKind.MEMBER_OF),
    )
    rows = links.on(when).permitted(actor).select_related("source")
    rows = rows.only("source_id", "target_id", "source__name", "source__short_name")
    ways: dict[int, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.source_id != organisation.pk):
        is_own = row.source_id == organisation.pk
        told = _("takes part itself") if is_own else _("through its unit %(unit)s") % {"unit": row.source}
        ways.setdefault(row.target_id, []).append(told)
    return ways


def resolve(record: Any) -> Any:
    """The record that stands for one that was merged away."""
    while record.merged_into_id is not None:
        record = record.merged_into
    return record


def find_by_identifiers(pairs: Iterable[tuple[str, str]]) -> Q:
    """The records that hold one of these `(scheme, value)`."""
    q = Q(pk__in=[])
    for scheme, value in pairs:
        q |= Q(identifiers__scheme=scheme, identifiers__value=value)
    return q


def visible(actor: Any, model: Any = Organisation) -> QuerySet:
    """The records that stand for themselves and that the actor may see."""
    return policies.scope(model.objects.live(), actor, "view")
