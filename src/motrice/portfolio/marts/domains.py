"""Figures of the domains, over assets limited to what the reader may see: a list and its total agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from motrice.directory.models import Evidence, EvidenceOwner, Organisation
from motrice.portfolio.enums import LIVE_STATUSES
from motrice.portfolio.models import (
    Asset,
    Classification,
    Domain,
    DomainAsset,
    DomainClass,
    DomainDismissal,
    DomainUnit,
    Headline,
    Ownership,
)
from motrice.portfolio.policies.steering import reads_totals_only

SMALL = 5  # a total over fewer records hides its parts from who may not read the records themselves


def perimeter(actor: Any, organisation: Organisation) -> QuerySet[Asset]:
    """What a reader's totals are over: what they may see, or every published family for a reader of totals."""
    if reads_totals_only(actor):
        return Asset.objects.filter(office=organisation, family__first_published_on__isnull=False)
    return Asset.objects.permitted(actor).filter(office=organisation)


def in_domain(domain: Domain | Iterable[Domain], day: date | None = None) -> Q:
    """Assets that are in a domain, or in one of several, on a day."""
    chosen = [domain] if isinstance(domain, Domain) else list(domain)
    return Q(pk__in=DomainAsset.objects.on(day).filter(domain__in=chosen).values("asset_id"))


@dataclass(frozen=True)
class DomainLine:
    """One domain with its families and those of them that are in force."""

    domain: Domain
    family_count: int
    live_count: int


@dataclass(frozen=True)
class DomainTable:
    """The domains of an organisation: a family in two of them is in two lines and once in the total."""

    lines: tuple[DomainLine, ...]
    family_count: int
    in_no_domain: int

    @property
    def line_sum(self) -> int:
        """What the lines sum to."""
        return sum(line.family_count for line in self.lines)

    @property
    def counted_again(self) -> int:
        """How much the lines count families more than once."""
        return self.line_sum - (self.family_count - self.in_no_domain)


def domain_table(domains: Sequence[Domain], assets: QuerySet[Asset], day: date) -> DomainTable:
    """Each domain with its families, the institution's total, and what is in none."""
    families = assets.order_by().families()
    links = DomainAsset.objects.on(day).filter(domain__in=domains, asset__in=families.values("pk"))
    counted = {
        row["domain_id"]: row
        for row in links.order_by()
        .values("domain_id")
        .annotate(
            found=Count("asset_id", distinct=True),
            live=Count("asset_id", distinct=True, filter=Q(asset__status__in=LIVE_STATUSES)),
        )
    }
    lines = tuple(
        DomainLine(domain, counted.get(domain.pk, {}).get("found", 0), counted.get(domain.pk, {}).get("live", 0))
        for domain in domains
    )
    total = families.count()
    placed = links.order_by().values("asset_id").distinct().count()
    return DomainTable(lines, total, total - placed)


@dataclass(frozen=True)
class HeadlineCheck:
    """A statement against the domains that are active on a day."""

    headline: Headline
    active: tuple[Domain, ...]
    others: tuple[Domain, ...]
    day: date

    @property
    def difference(self) -> int:
        """What is stated more than there is."""
        return self.headline.domain_count - len(self.active)

    @property
    def holds(self) -> bool:
        """Whether the number is right."""
        return self.difference == 0


def check_headline(headline: Headline, domains: Iterable[Domain], day: date | None = None) -> HeadlineCheck:
    """Compare the number stated with the domains active on a day, that of the statement when none is given."""
    when = day or headline.stated_on
    active = [d for d in domains if d.starts_on <= when and (d.ends_on is None or d.ends_on >= when)]
    keys = {domain.pk for domain in active}
    others = tuple(domain for domain in domains if domain.pk not in keys)
    return HeadlineCheck(headline, tuple(active), others, when)


@dataclass(frozen=True)
class Proposal:
    """An asset that a rule of the bridge puts forward for a domain, with the class that matched."""

    asset: Asset
    prefix: str
    symbol: str


def matching(prefixes: Iterable[str]) -> Q:
    """Classes that begin with one of these."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        condition |= Q(symbol__startswith=prefix)
    return condition


def proposals(domain: Domain, assets: QuerySet[Asset], day: date, *, limit: int = 200) -> list[Proposal]:
    """What the rules of a domain propose: not in it today, not dismissed before."""
    prefixes = list(DomainClass.objects.on(day).filter(domain=domain).values_list("prefix", flat=True))
    if not prefixes:
        return []
    taken = DomainAsset.objects.on(day).filter(domain=domain).values("asset_id")
    refused = DomainDismissal.objects.filter(domain=domain).values("asset_id")
    found = (
        Classification.objects.filter(matching(prefixes), asset__in=assets.order_by().values("pk"))
        .exclude(asset_id__in=taken)
        .exclude(asset_id__in=refused)
        .select_related("asset")
        .order_by("asset_id", "-is_first", "symbol")
    )
    out: dict[int, Proposal] = {}
    for row in found.iterator():
        if row.asset_id not in out:
            if len(out) >= limit:
                break
            prefix = max((p for p in prefixes if row.symbol.startswith(p)), key=len)
            out[row.asset_id] = Proposal(row.asset, prefix, row.symbol)
    return list(out.values())


@dataclass(frozen=True)
class DomainFigures:
    """What one domain holds: each number is that of a list."""

    family_count: int
    live_count: int
    by_year: tuple[tuple[int, int], ...]
    by_trl: tuple[tuple[int | None, int], ...]
    owners: tuple[tuple[int, str, int], ...]


def domain_figures(domain: Domain, assets: QuerySet[Asset], inside: QuerySet[Asset], day: date) -> DomainFigures:
    """The figures of a domain; owners are counted over what the reader works on, since owners are not public."""
    families = assets.order_by().families().filter(in_domain(domain, day))
    years: dict[int, int] = {}
    for filed_on in families.exclude(family__first_filed_on=None).values_list("family__first_filed_on", flat=True):
        years[filed_on.year] = years.get(filed_on.year, 0) + 1
    held = inside.order_by().families().filter(in_domain(domain, day))
    owners = (
        Ownership.objects.on(day)
        .filter(asset__in=held.values("pk"))
        .order_by()
        .values("organisation_id", "organisation__name")
        .annotate(found=Count("asset_id", distinct=True))
        .order_by("-found", "organisation__name")
    )
    trl = families.values("trl").annotate(found=Count("pk")).order_by("trl")
    return DomainFigures(
        family_count=families.count(),
        live_count=families.filter(status__in=LIVE_STATUSES).count(),
        by_year=tuple(sorted(years.items())),
        by_trl=tuple((row["trl"], row["found"]) for row in trl),
        owners=tuple((row["organisation_id"], row["organisation__name"], row["found"]) for row in owners[:12]),
    )


@dataclass(frozen=True)
class Lack:
    """What a domain lacks: laboratories that have published in it without a family, classes without one in force."""

    units: tuple[tuple[Organisation, int], ...]
    prefixes: tuple[str, ...]


def lacking(domain: Domain, assets: QuerySet[Asset], evidence: QuerySet[Evidence], actor: Any, day: date) -> Lack:
    """Compare the laboratories and the classes of a domain with the families that the reader may see in it."""
    families = assets.order_by().families().filter(in_domain(domain, day))
    with_family = set(families.exclude(unit=None).values_list("unit_id", flat=True))
    links = DomainUnit.objects.on(day).permitted(actor).filter(domain=domain)
    links = links.select_related("unit").order_by("unit__name")
    units = [link.unit for link in links if link.unit_id not in with_family]
    counted: dict[Any, int] = dict(
        EvidenceOwner.objects.filter(organisation__in=units, evidence__in=evidence.order_by().values("pk"))
        .order_by()
        .values("organisation_id")
        .annotate(found=Count("evidence_id", distinct=True))
        .values_list("organisation_id", "found")
    )
    live = Classification.objects.filter(asset__in=families.filter(status__in=LIVE_STATUSES).values("pk"))
    symbols = set(live.values_list("symbol", flat=True))
    prefixes = DomainClass.objects.on(day).filter(domain=domain).values_list("prefix", flat=True)
    return Lack(
        tuple((unit, counted[unit.pk]) for unit in units if counted.get(unit.pk)),
        tuple(prefix for prefix in prefixes if not any(symbol.startswith(prefix) for symbol in symbols)),
    )
