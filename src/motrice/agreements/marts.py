"""How many licences are live in each strategic domain: what a reader may see, as the list behind it shows them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from motrice.agreements.enums import AgreementKind
from motrice.agreements.models import Agreement, LicensedAsset
from motrice.directory.models import Organisation
from motrice.portfolio.marts.counted import DomainCounts
from motrice.portfolio.models import Domain, DomainAsset


def live_licences_by_domain(
    domains: Sequence[Domain], organisation: Organisation, actor: Any, day: date
) -> DomainCounts:
    """Each domain with the live licences over its assets; in all, those over any asset of the organisation."""
    live = Agreement.objects.permitted(actor).live(day).filter(kind=AgreementKind.LICENCE).order_by()
    rows = LicensedAsset.objects.filter(licence__agreement__in=live.values("pk")).order_by()
    bundled = list(rows.values_list("licence__agreement_id", "asset_id", "asset__office_id"))
    links = DomainAsset.objects.on(day).permitted(actor).filter(domain__in=domains, asset__in=rows.values("asset_id"))
    held: dict[int, set[int]] = {}
    for domain, asset in links.order_by().values_list("domain_id", "asset_id"):
        held.setdefault(asset, set()).add(domain)
    pairs = {(domain, licence) for licence, asset, _office in bundled for domain in held.get(asset, ())}
    every = {licence for licence, _asset, office in bundled if office == organisation.pk}
    placed = {licence for _domain, licence in pairs}
    counts = {domain.pk: sum(1 for key, _licence in pairs if key == domain.pk) for domain in domains}
    return DomainCounts(
        counts, total=len(every), in_no_domain=len(every - placed), counted_again=len(pairs) - len(placed)
    )
