"""Domains: chosen, described, bridged to classes and laboratories, filled from proposals; and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed
from motrice.directory.enums import UNIT_KINDS
from motrice.directory.models import Organisation
from motrice.directory.operations.guards import locked
from motrice.engines.technology import plain_prefix
from motrice.portfolio.marts.domains import HeadlineCheck, check_headline
from motrice.portfolio.models import Asset, Domain, DomainAsset, DomainClass, DomainDismissal, DomainUnit, Headline


@dataclass(frozen=True)
class DomainContent:
    """What a domain is."""

    code: str
    name_fr: str
    name_en: str
    starts_on: date
    ends_on: date | None = None
    goals: str = ""
    criteria: str = ""
    owner: Any = None


def create_domain(
    *, organisation: Organisation, content: DomainContent, actor: Any, at: datetime | None = None
) -> Domain:
    """Add a domain to the strategy of an organisation."""
    require(actor, "steer", organisation)
    domain = Domain(organisation=organisation, **_values(content))
    with audit.operation(actor, "domain.create", at=at) as op:
        locked(organisation)
        op.create(domain)
    return domain


def edit_domain(*, domain: Domain, content: DomainContent, actor: Any, read: Read = None) -> Domain:
    """Change what a domain is, or from and to which day it holds; `StaleState` when it is not as it was `read`."""
    require(actor, "edit", domain)
    with audit.operation(actor, "domain.edit", subject=domain) as op:
        locked(domain.organisation)
        op.update(domain, **heed(domain, _values(content), read=read, actor=actor))
    return domain


def _values(content: DomainContent) -> dict[str, Any]:
    return {
        "code": content.code.strip().lower(),
        "name_fr": content.name_fr.strip(),
        "name_en": content.name_en.strip(),
        "starts_on": content.starts_on,
        "ends_on": content.ends_on,
        "goals": content.goals.strip(),
        "criteria": content.criteria.strip(),
        "owner": content.owner,
    }


def add_class(*, domain: Domain, prefix: str, actor: Any, starts_on: date | None = None) -> DomainClass:
    """Add a rule of the bridge: families of classes with this beginning are proposed from now on."""
    require(actor, "edit", domain)
    plain = plain_prefix(prefix)
    if not plain:
        raise RuleViolation(
            _("“%(prefix)s” is no class of the IPC or CPC: write for instance B22F, B22F 10/ or B22F 10/28.")
            % {"prefix": prefix},
            field="prefix",
        )
    row = DomainClass(domain=domain, prefix=plain, starts_on=starts_on or timezone.localdate())
    with audit.operation(actor, "domain.add_class", subject=domain) as op:
        op.create(row)
    return row


def end_class(*, row: DomainClass, actor: Any, ends_on: date | None = None) -> None:
    """End a rule: what it put into the domain stays until somebody takes it out."""
    require(actor, "edit", row.domain)
    with audit.operation(actor, "domain.end_class", subject=row.domain) as op:
        op.update(row, ends_on=_last_day(row, ends_on))


def add_unit(*, domain: Domain, unit: Organisation, actor: Any, starts_on: date | None = None) -> DomainUnit:
    """Say that a laboratory works for a domain."""
    require(actor, "edit", domain)
    if unit.kind not in UNIT_KINDS:
        raise RuleViolation(_("Only laboratories and teams work for a domain."), field="unit")
    row = DomainUnit(domain=domain, unit=unit, starts_on=starts_on or timezone.localdate())
    with audit.operation(actor, "domain.add_unit", subject=domain) as op:
        op.create(row)
    return row


def end_unit(*, row: DomainUnit, actor: Any, ends_on: date | None = None) -> None:
    """Say that a laboratory no longer works for a domain."""
    require(actor, "edit", row.domain)
    with audit.operation(actor, "domain.end_unit", subject=row.domain) as op:
        op.update(row, ends_on=_last_day(row, ends_on))


def accept_assets(
    *, domain: Domain, assets: Iterable[tuple[Asset, str]], actor: Any, starts_on: date | None = None
) -> int:
    """Put assets into a domain, each with the rule that proposed it (or none); those that are in it are left alone."""
    require(actor, "edit", domain)
    chosen = list(assets)
    start = starts_on or timezone.localdate()
    seen = set(Asset.objects.permitted(actor).filter(pk__in=[a.pk for a, _p in chosen]).values_list("pk", flat=True))
    with audit.operation(actor, "domain.accept", subject=domain) as op:
        locked(domain)
        held = set(DomainAsset.objects.filter(domain=domain, ends_on=None).values_list("asset_id", flat=True))
        rows = [
            DomainAsset(domain=domain, asset=asset, prefix=prefix, starts_on=start)
            for asset, prefix in chosen
            if asset.pk in seen and asset.pk not in held
        ]
        refused = list(DomainDismissal.objects.filter(domain=domain, asset__in=[row.asset_id for row in rows]))
        op.delete_many(refused)
        for row in rows:
            op.create(row)
    return len(rows)


def dismiss_assets(*, domain: Domain, assets: Iterable[Asset], actor: Any) -> int:
    """Refuse proposals: they are not made again."""
    require(actor, "edit", domain)
    seen = Asset.objects.permitted(actor).filter(pk__in=[asset.pk for asset in assets])
    with audit.operation(actor, "domain.dismiss", subject=domain) as op:
        locked(domain)
        known = set(DomainDismissal.objects.filter(domain=domain).values_list("asset_id", flat=True))
        rows = [
            DomainDismissal(domain=domain, asset=asset, dismissed_on=timezone.localdate())
            for asset in seen
            if asset.pk not in known
        ]
        for row in rows:
            op.create(row)
    return len(rows)


def remove_asset(*, domain: Domain, asset: Asset, actor: Any, ends_on: date | None = None) -> DomainAsset:
    """Take an asset out of a domain; the past keeps it, this very day when it was put in today."""
    require(actor, "edit", domain)
    with audit.operation(actor, "domain.remove", subject=domain) as op:
        locked(domain)
        row = DomainAsset.objects.permitted(actor).filter(domain=domain, asset=asset, ends_on=None).first()
        if row is None:
            raise RuleViolation(_("This asset is not in the domain."), field="asset")
        op.update(row, ends_on=_last_day(row, ends_on))
    return row


def put_back_asset(*, domain: Domain, asset: Asset, actor: Any) -> None:
    """Put an asset back that was taken out, from today on, with the rule that proposed it then."""
    require(actor, "edit", domain)
    past = DomainAsset.objects.permitted(actor).filter(domain=domain, asset=asset, ends_on__isnull=False)
    last = past.order_by("-ends_on", "-pk").first()
    if last is None:
        raise RuleViolation(_("This asset was never taken out of the domain."), field="asset")
    if not accept_assets(domain=domain, assets=[(asset, last.prefix)], actor=actor):
        raise RuleViolation(_("This asset is in the domain already."), field="asset")


def state_headline(
    *,
    organisation: Organisation,
    text: str,
    domain_count: int,
    stated_on: date,
    actor: Any,
    at: datetime | None = None,
) -> Headline:
    """Keep what is said in public of the domains; refused when the number is not that of the active ones."""
    require(actor, "steer", organisation)
    headline = Headline(organisation=organisation, text=text.strip(), domain_count=domain_count, stated_on=stated_on)
    with audit.operation(actor, "headline.state", at=at) as op:
        locked(organisation)  # its domains stay as they are counted until the number is written
        check = check_headline(headline, Domain.objects.filter(organisation=organisation))
        if not check.holds:
            raise RuleViolation(headline_words(check), field="domain_count")
        op.create(headline)
    return headline


def headline_words(check: HeadlineCheck) -> str:
    """In words how a statement differs from the domains of the day looked at, and which are not active."""
    stated = ngettext("%(n)d domain is stated", "%(n)d domains are stated", check.headline.domain_count) % {
        "n": check.headline.domain_count
    }
    active = ngettext("%(n)d is active", "%(n)d are active", len(check.active)) % {"n": len(check.active)}
    words = f"{stated}, {active}"
    if check.others:
        names = ", ".join(_when(domain, check.day) for domain in check.others)
        words += ". " + _("Not active on that day: %(names)s") % {"names": names}
    return f"{words}."


def _when(domain: Domain, day: date) -> str:
    if domain.ends_on is not None and domain.ends_on < day:
        return _("%(name)s (ended on %(day)s)") % {"name": domain.name, "day": domain.ends_on.isoformat()}
    return _("%(name)s (starts on %(day)s)") % {"name": domain.name, "day": domain.starts_on.isoformat()}


def _last_day(row: DomainAsset | DomainClass | DomainUnit, ends_on: date | None) -> date:
    """The last day on which a link holds: yesterday, or the only one of a link made today."""
    day = ends_on or timezone.localdate() - timedelta(days=1)
    return max(day, row.starts_on)
