"""The points of a landscape that one reader may see, with their colours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.portfolio.enums import Reach
from motrice.portfolio.models import Asset, Classification, Domain, DomainAsset, Landscape, Ownership
from motrice.portfolio.operations.landscape import LEVELS
from motrice.portfolio.tables import technology
from motrice.web.plots import COLOURS, Point, Scatter

Groups = dict[int, str]


def _by_domain(actor: Any, assets: list[int]) -> Groups:
    seen = {row.pk: row.name for row in Domain.objects.permitted(actor)}
    links = DomainAsset.objects.on().filter(domain__in=seen, asset__in=assets).order_by("-domain_id")
    return {asset: seen[domain] for asset, domain in links.values_list("asset_id", "domain_id")}


def _by_owner(actor: Any, assets: list[int]) -> Groups:
    """The first owner, among the assets that the reader works on."""
    held = Ownership.objects.on().permitted(actor).filter(asset__in=assets).order_by("-pk")
    return dict(held.values_list("asset_id", "organisation__name"))


def _by_field(actor: Any, assets: list[int]) -> Groups:
    table, fields = technology.read()
    rows = Classification.objects.filter(asset__in=assets).order_by("is_first", "-symbol")
    found: Groups = {}
    for asset, symbol in rows.values_list("asset_id", "symbol"):
        field = table.field_of(symbol)
        if field in fields:
            found[asset] = str(fields[field])
    return found


COLOURED: dict[str, Callable[[Any, list[int]], Groups]] = {
    "domain": _by_domain,
    "owner": _by_owner,
    "field": _by_field,
}


def scatter(held: Landscape, actor: Any, colour: str) -> Scatter:
    """Only what the reader may see today is drawn, and only what still has the level it was worked out under."""
    places = held.places.get("assets", {})
    rows = list(
        Asset.objects.permitted(actor)
        .filter(office=held.organisation_id, level__in=LEVELS[Reach(held.reach)])
        .order_by("reference")
        .values_list("pk", "reference", "title")
    )
    rows = [row for row in rows if row[1] in places]
    named = COLOURED[colour](actor, [pk for pk, _reference, _title in rows])
    names = _frequent(named.values())
    rank = {name: place for place, name in enumerate(names)}
    other = len(names)
    points = [
        Point(
            *places[reference],
            label=title,
            group=rank.get(named.get(pk, ""), other),
            url=reverse("portfolio:asset", args=[reference]),
        )
        for pk, reference, title in rows
    ]
    beside = [
        Point(*row["place"], label=f"{row['number']} · {row['title']}", is_beside=True)
        for row in held.places.get("documents", ())
        if "place" in row
    ]
    return Scatter(_("Families by likeness of their text"), [*points, *beside], [*names, _("others and none")])


def _frequent(names: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))[: COLOURS - 1]
