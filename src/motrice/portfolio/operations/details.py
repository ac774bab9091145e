"""What only one kind of asset has: software and its parts, know-how and its secrecy, materials, designs, marks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed
from motrice.core.tasks import search_must_follow
from motrice.engines.software import UnfitSwhid, UnknownLicence, normalise, parse_swhid
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Asset, SecrecyMeasure, SoftwareVersion, ThirdPartyPart

DETAIL_NAMES: dict[str, str] = {
    AssetKind.SOFTWARE: "software",
    AssetKind.KNOW_HOW: "know_how",
    AssetKind.MATERIAL: "material",
    AssetKind.DESIGN: "design",
    AssetKind.MARK: "mark",
}
EDITABLE: dict[str, tuple[str, ...]] = {
    AssetKind.SOFTWARE: (
        "technologies",
        "repository_url",
        "licence",
        "is_exclusive",
        "swhid",
        "deposit",
        "deposit_number",
        "deposited_on",
    ),
    AssetKind.KNOW_HOW: ("holders", "support", "value"),
    AssetKind.MATERIAL: ("material_kind", "origin", "storage", "restrictions", "is_available"),
    AssetKind.DESIGN: ("product", "disclosed_on"),
    AssetKind.MARK: ("sign", "goods", "first_used_on"),
}


def licence_of(text: str, *, field: str) -> str:
    """A licence as SPDX writes it today; refused with what is wrong."""
    try:
        return normalise(text)
    except UnknownLicence as error:
        faults = {
            "empty": _("Give the licence by its SPDX identifier."),
            "grammar": _("“%(text)s” is no SPDX expression: write MIT, or GPL-2.0-only OR MIT."),
            "unknown": _("SPDX knows no licence “%(text)s”: write LicenseRef- and a name for one of its own."),
        }
        raise RuleViolation(faults[error.kind] % {"text": text.strip()}, field=field) from error


def swhid_of(text: str, *, field: str) -> str:
    """An identifier of Software Heritage; refused when its form is wrong."""
    try:
        return str(parse_swhid(text))
    except UnfitSwhid as error:
        raise RuleViolation(
            _("“%(text)s” is no identifier of Software Heritage: swh:1:dir: and 40 digits from 0 to f.")
            % {"text": text.strip()[:80]},
            field=field,
        ) from error


def edit_detail(
    *, asset: Asset, actor: Any, reason: str = "", read: Read = None, at: datetime | None = None, **values: Any
) -> Asset:
    """Correct what only this kind of asset says of itself; licences and identifiers are read and refused if wrong.

    `StaleState` when others changed what was `read` of it.
    """
    require(actor, "edit", asset)
    name = DETAIL_NAMES.get(asset.kind)
    if name is None:
        raise RuleViolation(_("This kind of asset has no such details."))
    unknown = set(values) - set(EDITABLE[asset.kind])
    if unknown:
        raise TypeError(f"No field of this kind of asset: {', '.join(sorted(unknown))}.")
    values = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    if values.get("licence"):
        values["licence"] = licence_of(values["licence"], field="licence")
    if values.get("swhid"):
        values["swhid"] = swhid_of(values["swhid"], field="swhid")
    for key in ("deposited_on", "disclosed_on", "first_used_on"):
        if values.get(key) and values[key] > timezone.localdate(at):
            raise RuleViolation(_("It cannot be a day to come."), field=key)
    with audit.operation(actor, "asset.detail", subject=asset, reason=reason, at=at) as op:
        detail = getattr(asset, name)
        op.update(detail, **heed(detail, values, read=read, actor=actor))
        search_must_follow()
    return asset


def _require_kind(asset: Asset, kind: str) -> None:
    if asset.kind != kind:
        raise RuleViolation(_("This kind of asset has no such part."))


def add_version(
    *, asset: Asset, label: str, released_on: date, actor: Any, note: str = "", at: datetime | None = None
) -> SoftwareVersion:
    """Record a version of a software."""
    require(actor, "edit", asset)
    _require_kind(asset, AssetKind.SOFTWARE)
    row = SoftwareVersion(software=asset.software, label=label.strip(), released_on=released_on, note=note.strip())
    with audit.operation(actor, "software.version", subject=asset, at=at) as op:
        return op.create(row)


def add_part(
    *,
    asset: Asset,
    name: str,
    licence: str,
    use: str,
    actor: Any,
    version: str = "",
    url: str = "",
    at: datetime | None = None,
) -> ThirdPartyPart:
    """List somebody else's code that a software uses, with its licence and how it is used."""
    require(actor, "edit", asset)
    _require_kind(asset, AssetKind.SOFTWARE)
    row = ThirdPartyPart(
        software=asset.software,
        name=name.strip(),
        version=version.strip(),
        licence=licence_of(licence, field="licence"),
        use=use,
        url=url.strip(),
    )
    with audit.operation(actor, "software.part", subject=asset, at=at) as op:
        return op.create(row)


def remove_part(*, asset: Asset, part: ThirdPartyPart, actor: Any, at: datetime | None = None) -> None:
    """Take a part off the list: the software does not use it any more."""
    require(actor, "edit", asset)
    if part.software.asset_id != asset.pk:
        raise RuleViolation(_("This part belongs to another software."), field="part")
    with audit.operation(actor, "software.part_removed", subject=asset, at=at) as op:
        op.delete(part)


def add_measure(
    *, asset: Asset, kind: str, text: str, starts_on: date, actor: Any, at: datetime | None = None
) -> SecrecyMeasure:
    """Record a measure that keeps an asset secret."""
    require(actor, "edit", asset)
    row = SecrecyMeasure(asset=asset, kind=kind, text=text.strip(), starts_on=starts_on)
    with audit.operation(actor, "secrecy.measure", subject=asset, at=at) as op:
        return op.create(row)


def end_measure(
    *, asset: Asset, measure: SecrecyMeasure, ends_on: date, actor: Any, read: Read = None, at: datetime | None = None
) -> SecrecyMeasure:
    """Say when a measure stopped; `StaleState` when its last day is no longer what was `read`."""
    require(actor, "edit", asset)
    if measure.asset_id != asset.pk:
        raise RuleViolation(_("This measure belongs to another asset."), field="measure")
    with audit.operation(actor, "secrecy.measure_ended", subject=asset, at=at) as op:
        op.update(measure, **heed(measure, {"ends_on": ends_on}, read=read, actor=actor))
    return measure
