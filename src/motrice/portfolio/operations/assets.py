"""Assets: registered with owners and contributors that sum to one; opened, edited, handed over, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed, last_change, of_subject, require_read
from motrice.core.references import new_reference
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Organisation, Person
from motrice.inventions.models import Disclosure
from motrice.portfolio import rules
from motrice.portfolio.enums import LIVE_STATUSES, AssetKind, AssetStatus, ContributorRole, MaterialKind
from motrice.portfolio.models import (
    Asset,
    Classification,
    Contributor,
    Design,
    KnowHow,
    Mark,
    Material,
    Ownership,
    PatentFamily,
    Publication,
    Software,
)
from motrice.portfolio.operations.holding import hold_assets, hold_life
from motrice.portfolio.queries.origin import kind_from


@dataclass(frozen=True)
class Owner:
    """Who owns what part from the first day."""

    organisation: Organisation
    share: Fraction
    ground: str = ""
    supposed_on: date | None = None


@dataclass(frozen=True)
class Maker:
    """Who invented or wrote it, and what part is theirs."""

    name: str
    share: Fraction
    role: str = ContributorRole.INVENTOR
    person: Person | None = None
    employer: Organisation | None = None
    unit: Organisation | None = None
    supposed_on: date | None = None


@dataclass(frozen=True)
class AssetContent:
    """What an asset is, before its filings."""

    kind: str
    title: str
    starts_on: date
    summary: str = ""
    language: str = "fr"
    docket_number: str = ""
    unit: Organisation | None = None
    trl: int | None = None
    level: str = Level.CIRCLE
    disclosure: Disclosure | None = None
    owners: Sequence[Owner] = ()
    makers: Sequence[Maker] = ()
    classes: Sequence[tuple[str, str]] = ()
    detail: dict[str, Any] = field(default_factory=dict)


DETAILS: dict[str, type[models.Model]] = {
    AssetKind.PATENT_FAMILY: PatentFamily,
    AssetKind.SOFTWARE: Software,
    AssetKind.KNOW_HOW: KnowHow,
    AssetKind.MATERIAL: Material,
    AssetKind.DESIGN: Design,
    AssetKind.MARK: Mark,
}
DEFAULTS: dict[str, dict[str, Any]] = {
    AssetKind.MATERIAL: {"material_kind": MaterialKind.SAMPLE},
}


def register_asset(
    *,
    office: Organisation,
    content: AssetContent,
    actor: Any,
    officer: Any = None,
    engineer: Any = None,
    reference: str = "",
    at: datetime | None = None,
) -> Asset:
    """Enter an asset in the portfolio of an office; refused when owners or contributors do not sum to one."""
    require(actor, "register_asset", office)
    _check(content)
    if content.disclosure is not None:
        _check_origin(content, content.disclosure, actor)
    asset = Asset(
        reference=reference or new_reference(),
        kind=content.kind,
        status=AssetStatus.PREPARED,
        level=content.level,
        title=content.title.strip(),
        summary=content.summary.strip(),
        language=content.language,
        docket_number=content.docket_number.strip(),
        office=office,
        officer=officer or actor,
        officer_since=timezone.localdate(at),
        engineer=engineer,
        unit=content.unit,
        disclosure=content.disclosure,
        trl=content.trl,
        starts_on=content.starts_on,
    )
    with audit.operation(actor, "asset.register", at=at) as op:
        op.create(asset)
        detail = {**DEFAULTS.get(content.kind, {}), **content.detail}
        if content.kind == AssetKind.DESIGN:
            detail.setdefault("product", asset.title[:200])
        if content.kind == AssetKind.MARK:
            detail.setdefault("sign", asset.title[:200])
        op.create(DETAILS[content.kind](asset=asset, **detail))
        _write_parts(op, asset, content)
        search_must_follow()
    return asset


def _check(content: AssetContent) -> None:
    if content.kind not in DETAILS:
        raise RuleViolation(_("Choose what kind of asset it is."), field="kind")
    if not content.owners:
        raise RuleViolation(_("Name at least one owner."), field="owners")
    rules.require_whole([owner.share for owner in content.owners], field="owners")
    if len({owner.organisation.pk for owner in content.owners}) < len(content.owners):
        raise RuleViolation(_("The same owner is named twice: add their shares up."), field="owners")
    if content.makers:
        rules.require_whole([maker.share for maker in content.makers], field="makers")
    rules.require_level(content.kind, content.level, is_published=False)


def _check_origin(content: AssetContent, disclosure: Disclosure, actor: Any) -> None:
    require(actor, "handle", disclosure)
    kind = kind_from(disclosure)
    if not kind:
        raise RuleViolation(_("Nothing is to be protected of this disclosure: its decision says otherwise."))
    if kind != content.kind:
        words = AssetKind(kind).label
        raise RuleViolation(_("This disclosure was decided to become: %(kind)s.") % {"kind": words}, field="kind")


def _write_parts(op: audit.Recorder, asset: Asset, content: AssetContent) -> None:
    for owner in content.owners:
        op.create(
            Ownership(
                asset=asset,
                organisation=owner.organisation,
                numerator=owner.share.numerator,
                denominator=owner.share.denominator,
                starts_on=content.starts_on,
                ground=owner.ground,
                supposed_on=owner.supposed_on,
            )
        )
    for position, maker in enumerate(content.makers, start=1):
        op.create(
            Contributor(
                asset=asset,
                person=maker.person,
                name=maker.name.strip() or str(maker.person or ""),
                role=maker.role,
                employer=maker.employer,
                unit=maker.unit,
                numerator=maker.share.numerator,
                denominator=maker.share.denominator,
                position=position,
                supposed_on=maker.supposed_on,
            )
        )
    op.create_many(
        [
            Classification(asset=asset, scheme=scheme, symbol=symbol, is_first=position == 0)
            for position, (scheme, symbol) in enumerate(dict.fromkeys(content.classes))
        ]
    )


EDITABLE = ("title", "summary", "language", "docket_number", "unit", "trl")


def edit_asset(
    *, asset: Asset, actor: Any, reason: str = "", read: Read = None, at: datetime | None = None, **values: Any
) -> Asset:
    """Correct what an asset says of itself; `StaleState` when others changed what was `read` of it."""
    require(actor, "edit", asset)
    unknown = set(values) - set(EDITABLE)
    if unknown:
        raise TypeError(f"No field of this operation: {', '.join(sorted(unknown))}.")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    with audit.operation(actor, "asset.edit", subject=asset, reason=reason, at=at) as op:
        op.update(asset, **heed(asset, values, read=read, actor=actor))
        search_must_follow()
    return asset


def set_level(
    *, asset: Asset, level: str, actor: Any, reason: str, read: Read = None, at: datetime | None = None
) -> Asset:
    """Open an asset to more people or close it, with the reason; a family stays inside until it is published."""
    require(actor, "edit", asset)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    with audit.operation(actor, "asset.level", subject=asset, reason=reason.strip(), at=at) as op:
        hold_assets([asset.pk])
        published = Publication.objects.filter(application__asset=asset).exists()
        rules.require_level(asset.kind, level, is_published=published)
        op.update(asset, guard=("level",), **heed(asset, {"level": level}, read=read, actor=actor))
        search_must_follow()
    return asset


def hand_over_asset(
    *,
    asset: Asset,
    actor: Any,
    officer: Any,
    engineer: Any = None,
    firm: Organisation | None = None,
    reason: str = "",
    read: Read = None,
    at: datetime | None = None,
) -> Asset:
    """Give an asset another officer, patent engineer or firm."""
    require(actor, "edit", asset)
    values = heed(asset, {"officer": officer, "engineer": engineer, "firm": firm}, read=read, actor=actor)
    if values.get("officer", asset.officer) != asset.officer:
        values["officer_since"] = timezone.localdate(at)
    with audit.operation(actor, "asset.hand_over", subject=asset, reason=reason, at=at) as op:
        op.update(asset, guard=("officer",), **values)
        search_must_follow()
    return asset


def classes_read(asset: Asset) -> list[list[str]]:
    """The classes of an asset as a page or a program reads them, the first one first."""
    return [[row.scheme, row.symbol] for row in asset.classifications.all()]


def set_classes(
    *, asset: Asset, classes: Sequence[tuple[str, str]], actor: Any, read: Read = None, at: datetime | None = None
) -> list[Classification]:
    """Replace the classes of an asset by these, the first one first; `StaleState` when not as they were `read`."""
    require(actor, "edit", asset)
    wanted = list(dict.fromkeys(classes))
    with audit.operation(actor, "asset.classify", subject=asset, at=at) as op:
        hold_assets([asset.pk])
        held = {(row.scheme, row.symbol): row for row in asset.classifications.all()}
        require_read(
            "classes",
            classes_read(asset),
            read=read,
            label=_("Classes"),
            theirs=", ".join(symbol for _scheme, symbol in held),
            changed=lambda: last_change(Classification, of_subject(asset)),
            actor=actor,
        )
        op.delete_many([row for key, row in held.items() if key not in wanted])
        for position, (scheme, symbol) in enumerate(wanted):
            row = held.get((scheme, symbol))
            if row is None:
                op.create(Classification(asset=asset, scheme=scheme, symbol=symbol, is_first=position == 0))
            else:
                op.update(row, is_first=position == 0)
        search_must_follow()
    return list(asset.classifications.all())


def end_asset(
    *, asset: Asset, status: str, ended_on: date, actor: Any, reason: str, at: datetime | None = None
) -> Asset:
    """Record that an asset has expired or was assigned; abandonment has a procedure of its own."""
    require(actor, "edit", asset)
    if status not in (AssetStatus.EXPIRED, AssetStatus.ASSIGNED):
        raise RuleViolation(_("Choose how it ended."), field="status")
    if ended_on > timezone.localdate(at):
        raise RuleViolation(_("It cannot have ended on a day to come."), field="ended_on")
    with audit.operation(actor, "asset.end", subject=asset, reason=reason, at=at) as op:
        hold_life(asset)
        if asset.status not in LIVE_STATUSES:
            raise RuleViolation(_("It has ended already."), field="status")
        op.update(asset, guard=("status",), status=status, ends_on=ended_on)
        search_must_follow()
    return asset
