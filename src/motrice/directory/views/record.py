"""What the record page of an organisation shows, gathered for one reader and one day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.core.confidentiality import Level
from motrice.core.identifiers import address_of, shown
from motrice.directory import queries
from motrice.directory.enums import AffiliationRole, EvidenceKind, RelationKind
from motrice.directory.links import record_url
from motrice.directory.models import Address, DatedQuerySet, Evidence, Organisation, Relation
from motrice.web import formats, parts
from motrice.web.drawings import Lineage, LineageEdge, LineageNode, MapPoint, PositionMap

SHOWN = 25
# Of the links of one kind: how many are read at once, and how many at most are one click away.
FIRST, FOLDED = 8, 200
SPAN = ("starts_on", "ends_on")
LEVEL_BADGES = {
    Level.PUBLIC: parts.Badge("", "good", icon="world"),
    Level.NETWORK: parts.Badge("", "accent", icon="affiliate"),
    Level.ORGANISATION: parts.Badge("", "warn", icon="building"),
    Level.CIRCLE: parts.Badge("", "bad", icon="lock"),
}


def level_badge(record: Any, why_url: str) -> parts.Badge:
    """The level of confidentiality, linked to the reasons why the reader sees the record."""
    return replace(
        LEVEL_BADGES[record.level], label=record.get_level_display(), url=why_url, title=_("Why can I see this?")
    )


def span(row: Any) -> str:
    """From when to when, in words; empty when nothing is known."""
    if row.starts_on and row.ends_on:
        return _("%(start)s to %(end)s") % {
            "start": formats.day_text(row.starts_on), "end": formats.day_text(row.ends_on)
        }  # fmt: skip
    if row.starts_on:
        return _("since %(start)s") % {"start": formats.day_text(row.starts_on)}
    return _("until %(end)s") % {"end": formats.day_text(row.ends_on)} if row.ends_on else ""


@dataclass(frozen=True)
class LinkGroup:
    """Links of one kind and direction, as one table of the page."""

    title: str
    links: list[parts.Link]
    folded: list[parts.Link]
    more: int = 0


def addresses(organisation: Organisation) -> list[Address]:
    """Where it is today, each place once."""
    return list(organisation.addresses.on())


def facts(organisation: Organisation, addresses: Sequence[Address]) -> list[parts.Fact]:
    """What is known of a body, in the order in which it is asked for."""
    profile = organisation.profiles.first()
    size = profile.get_size_class_display() if profile else ""
    sector = (
        _("%(size)s · NAF %(naf)s · %(year)s, %(source)s") if profile and profile.naf_code else "%(size)s · %(year)s"
    )
    address = next(iter(addresses), None)
    return [
        parts.Fact(_("What it does"), organisation.description),
        parts.Fact(_("Legal form"), organisation.legal_form),
        parts.Fact(_("Existence"), span(organisation)),
        parts.Fact(
            _("Place"),
            _address(address) if address else ", ".join(filter(None, (organisation.city, organisation.region))),
        ),
        parts.Fact(
            _("Size and sector"),
            sector % {"size": size, "naf": profile.naf_code, "year": profile.year, "source": profile.source}
            if profile
            else "",
        ),
        parts.Fact(_("Website"), organisation.website, url=web_address(organisation.website)),
        parts.Fact(_("Source"), organisation.source),
    ]


def _address(address: Address) -> str:
    """An address on one line, its country by its name."""
    town = " ".join(filter(None, (address.postcode, address.city)))
    return ", ".join(filter(None, (address.street, town, formats.country_text(address.country))))


def identifiers(holder: Any) -> list[parts.Link]:
    """Its numbers in the registers, each linked to the register's own page."""
    rows = holder.identifiers.all()
    return [
        parts.Link(shown(row.scheme, row.value), address_of(row.scheme, row.value), row.get_scheme_display())
        for row in rows
    ]


def names(organisation: Organisation) -> list[parts.Link]:
    """Other names it bears or bore."""
    return [
        parts.Link(row.value, "", " · ".join(filter(None, (row.get_kind_display(), span(row)))))
        for row in organisation.names.all()[:SHOWN]
    ]


def supervisors(supervising: Sequence[Relation]) -> list[parts.Link]:
    """Who supervises it on the day, by rank."""
    return [
        parts.Link(row.source, record_url(row.source), " · ".join(filter(None, (row.label_number, span(row)))))
        for row in supervising
    ]


def outside(organisation: Organisation, day: date) -> str:
    """What to say of a day on which it did not exist; nothing on any other."""
    words, bound = "", None
    if organisation.starts_on is not None and day < organisation.starts_on:
        words, bound = _("On %(day)s it did not exist yet: it began on %(bound)s."), organisation.starts_on
    elif organisation.ends_on is not None and day > organisation.ends_on:
        words, bound = _("On %(day)s it no longer existed: it ended on %(bound)s."), organisation.ends_on
    return words % {"day": formats.day_text(day), "bound": formats.day_text(bound)} if bound else ""


def people(organisation: Organisation, day: date, actor: Any) -> list[parts.Link]:
    """Who works there on the day, those who lead it first."""
    order = [AffiliationRole.DIRECTOR, AffiliationRole.DEPUTY, AffiliationRole.CORRESPONDENT, AffiliationRole.OFFICER]
    rows = organisation.affiliations.on(day).permitted(actor).select_related("person")
    ranked = sorted(rows[:200], key=lambda row: (order.index(row.role) if row.role in order else 9, str(row.person)))
    return [
        parts.Link(row.person, record_url(row.person), " · ".join(filter(None, (row.get_role_display(), span(row)))))
        for row in ranked[:SHOWN]
    ]


def links(organisation: Organisation, day: date, actor: Any) -> list[LinkGroup]:
    """Its other links of the day, grouped as they read: "takes part in", "supervises"…"""
    skipped = (RelationKind.SUCCEEDED_BY,)
    outward = organisation.links_out.on(day).permitted(actor).exclude(kind__in=skipped)
    inward = organisation.links_in.on(day).permitted(actor).exclude(kind__in=[*skipped, RelationKind.SUPERVISES])
    return _grouped(outward, "target", _OUT) + _grouped(inward, "source", _IN)


def _grouped(rows: Any, end: str, words: Any) -> list[LinkGroup]:
    """The links of each kind by the name of the other end; of those that are only counted, nothing else is read."""
    keys: dict[str, list[int]] = {}
    for kind, pk in rows.order_by("kind", f"{end}__name", "pk").values_list("kind", "pk"):
        keys.setdefault(kind, []).append(pk)
    listed = [pk for members in keys.values() for pk in members[:FOLDED]]
    shown = [*SPAN, "label_number", *(f"{end}__{name}" for name in ("reference", "name", "short_name"))]
    found = Relation.objects.select_related(end).only(*shown).in_bulk(listed) if listed else {}
    groups = []
    for kind, members in keys.items():
        links = [_link(found[pk], end) for pk in members[:FOLDED] if pk in found]
        groups.append(LinkGroup(words(kind), links[:FIRST], links[FIRST:], max(0, len(members) - FOLDED)))
    return groups


def _link(row: Relation, end: str) -> parts.Link:
    other = getattr(row, end)
    return parts.Link(other, record_url(other), " · ".join(filter(None, (row.label_number, span(row)))))


def _OUT(kind: str) -> str:
    return {
        RelationKind.SUPERVISES: _("Supervises"), RelationKind.PARTICIPATES: _("Takes part in"),
        RelationKind.HOSTS: _("Hosts"), RelationKind.PARENT: _("Is the parent of"),
        RelationKind.MEMBER_OF: _("Is a member of"), RelationKind.LABELLED_AS: _("Is labelled"),
        RelationKind.MIRROR_OF: _("Is the mirror of"), RelationKind.OPERATES: _("Operates"),
    }[RelationKind(kind)]  # fmt: skip


def _IN(kind: str) -> str:
    return {
        RelationKind.PARTICIPATES: _("Who takes part in it"), RelationKind.HOSTS: _("Hosted by"),
        RelationKind.PARENT: _("Part of"), RelationKind.MEMBER_OF: _("Its members"),
        RelationKind.LABELLED_AS: _("Who bears this label"), RelationKind.MIRROR_OF: _("Its mirrors"),
        RelationKind.OPERATES: _("Operated by"),
    }[RelationKind(kind)]  # fmt: skip


def lineage(organisation: Organisation, actor: Any) -> Lineage | None:
    """What came before and after it, drawn; None when nothing did."""
    graph = queries.succession_graph(organisation, actor=actor)
    if not graph.links:
        return None
    nodes = [
        LineageNode(
            str(pk),
            node.short_name or node.name,
            node.starts_on.year if node.starts_on else None,
            node.ends_on.year if node.ends_on else None,
            record_url(node),
            is_here=pk == organisation.pk,
        )
        for pk, node in graph.nodes.items()
    ]
    edges = [
        LineageEdge(
            str(row.source_id),
            str(row.target_id),
            row.get_succession_display(),
            row.starts_on.year if row.starts_on else None,
        )
        for row in graph.links
    ]
    return Lineage(_("Predecessors and successors of %(name)s") % {"name": organisation.name}, nodes, edges)


def web_address(text: str) -> str:
    """Where a website's address leads; nowhere when it is no address of the web, whatever its source wrote."""
    return text if text.lower().startswith(("http://", "https://")) else ""


def position(organisation: Organisation, addresses: Sequence[Address]) -> PositionMap | None:
    """Where it is, on a map; None when no position is known."""
    placed = [row for row in addresses if row.latitude is not None][:SHOWN]
    points = [MapPoint(row.longitude, row.latitude, row.city or organisation.name) for row in placed]
    return PositionMap(_("Where %(name)s is") % {"name": organisation.name}, points) if points else None


def _counted(kind: EvidenceKind, n: int) -> str:
    """How many pieces of one kind, in words."""
    words = {
        EvidenceKind.PUBLICATION: ngettext("%(n)s publication", "%(n)s publications", n),
        EvidenceKind.PATENT: ngettext("%(n)s patent", "%(n)s patents", n),
        EvidenceKind.PROJECT: ngettext("%(n)s project", "%(n)s projects", n),
        EvidenceKind.AWARD: ngettext("%(n)s award", "%(n)s awards", n),
        EvidenceKind.CONTRACT: ngettext("%(n)s contract", "%(n)s contracts", n),
        EvidenceKind.EQUIPMENT: ngettext("%(n)s piece of equipment", "%(n)s pieces of equipment", n),
        EvidenceKind.STARTUP: ngettext("%(n)s start-up", "%(n)s start-ups", n),
        EvidenceKind.PROFILE: ngettext("%(n)s profile", "%(n)s profiles", n),
    }
    return words[kind] % {"n": formats.number_text(n)}


def shown_pieces(rows: Iterable[Evidence]) -> list[parts.Evidence]:
    """Texts as a record page shows them: how each begins, of what kind it is and of which day."""
    return [
        parts.Evidence(row.title, parts.opening(row.text), url=row.url, source=row.get_kind_display(), on=row.dated_on)
        for row in rows
    ]


def evidence(organisation: Organisation, actor: Any) -> tuple[list[parts.Evidence], list[str]]:
    """The newest pieces of evidence that the reader may see, and how many there are of each kind."""
    rows = Evidence.objects.filter(owners__organisation=organisation).permitted(actor)
    found = rows.order_by().values_list("kind").annotate(found=Count("pk")).order_by("kind")
    counts = [_counted(EvidenceKind(kind), n) for kind, n in found]
    return (shown_pieces(rows.order_by("-dated_on", "pk")[:6]) if counts else []), counts


def participations(organisation: Organisation, day: date, actor: Any) -> list[dict[str, Any]]:
    """Computed sentences such as "20 of 29", each with the list behind it."""
    return [
        {
            "sentence": _("%(count)s of %(total)s bearers of the label %(label)s, on %(day)s")
            % {"count": row.count, "total": row.total, "label": row.label, "day": formats.day_text(row.day)},
            "links": [
                parts.Link(part.institute, record_url(part.institute), " · ".join(part.ways)) for part in row.parts
            ],
        }
        for row in queries.participations(organisation, day, actor=actor)
    ]


def offices(organisation: Organisation, day: date, actor: Any, supervising: Sequence[Relation]) -> list[parts.Link]:
    """Who answers for a unit, nearest first."""
    return [
        parts.Link(row.person or row.organisation, record_url(row.person or row.organisation), row.words)
        for row in queries.offices_for(organisation, day, actor=actor, supervising=supervising)[:8]
    ]


def owners(organisation: Organisation, day: date, supervising: Sequence[Relation]) -> list[parts.Link]:
    """Who would own an invention made there on the day, by the supervisors that the reader may see."""
    return [
        parts.Link(row.organisation, record_url(row.organisation), formats.share_text(row.share / 100))
        for row in queries.owners_by(organisation, day, supervising)
    ]


def head(organisation: Organisation, why_url: str, *, may_edit: bool) -> parts.RecordHead:
    """The head of the page, with what the reader may do next."""
    state = None
    if organisation.ends_on is not None and organisation.ends_on < timezone.localdate():
        state = parts.Badge(_("Closed on %(day)s") % {"day": formats.day_text(organisation.ends_on)}, "warn")
    steps = []
    if may_edit:
        steps = [
            parts.Step(_("Add a link"), reverse("directory:link_add", args=[organisation.reference]), icon="link"),
            parts.Step(
                _("Edit"), reverse("directory:organisation_edit", args=[organisation.reference]), icon="pencil"
            ),
        ]
    return parts.RecordHead(
        title=organisation.name,
        reference=organisation.short_name,
        kind=organisation.get_kind_display(),
        state=state,
        level=level_badge(organisation, why_url),
        other_steps=steps,
    )


def more_words(count: int) -> str:
    """How many were left out of a list."""
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": formats.number_text(count)} if count else ""


def link_rows(organisation: Organisation, actor: Any) -> DatedQuerySet:
    """Every link of any date that the reader may see, for the page where links are kept."""
    seen = Relation.objects.permitted(actor).select_related("source", "target")
    rows = seen.filter(source=organisation) | seen.filter(target=organisation)
    return rows.order_by("kind", "-starts_on", "pk")
