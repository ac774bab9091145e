"""Licences: what they bundle, for whom, where; written, and written anew as a whole, nothing being lost between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.agreements import rules
from motrice.agreements.enums import SIGNED, AgreementKind, AgreementStatus
from motrice.agreements.models import Agreement, Licence, LicenceTerritory, LicensedAsset, Party
from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.policies import allows, require
from motrice.core.reading import Read, heed, last_change, of_subject, require_read
from motrice.core.references import new_reference
from motrice.directory.models import Organisation
from motrice.directory.operations.guards import locked
from motrice.portfolio.models import Asset
from motrice.portfolio.rules import require_whole


@dataclass(frozen=True)
class PartyNamed:
    """Who is bound: a record of the directory, or a name where there is none."""

    role: str
    organisation: Organisation | None = None
    name: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """What makes it the same party: the record, else the name, in a role."""
        return (
            (self.role, None, self.name.strip())
            if self.organisation is None
            else (self.role, self.organisation.pk, "")
        )


@dataclass(frozen=True)
class Bundled:
    """An asset of the licence, with the part of the income that is put down to it."""

    asset: Asset
    share: Fraction


@dataclass(frozen=True)
class LicenceContent:
    """What a licence says."""

    title: str
    exclusivity: str
    parties: Sequence[PartyNamed]
    bundle: Sequence[Bundled]
    is_worldwide: bool = False
    territories: Sequence[str] = ()
    field_of_use: str = ""
    summary: str = ""
    number: str = ""
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def terms(self) -> dict[str, Any]:
        """What stands in the agreement's own row."""
        texts = {name: getattr(self, name).strip() for name in ("title", "summary", "number")}
        return texts | {name: getattr(self, name) for name in ("signed_on", "starts_on", "ends_on")}

    @property
    def details(self) -> dict[str, Any]:
        """What only a licence has."""
        return {
            "exclusivity": self.exclusivity,
            "field_of_use": self.field_of_use.strip(),
            "is_worldwide": self.is_worldwide,
        }


def register_licence(
    *,
    office: Organisation,
    content: LicenceContent,
    actor: Any,
    officer: Any = None,
    level: str = Level.ORGANISATION,
    at: datetime | None = None,
) -> Agreement:
    """Write a licence in preparation; refused when the shares of its assets do not sum to one."""
    require(actor, "register_agreement", office)
    codes = _check(content, today=timezone.localdate(at), is_signed=False)
    _require_licensable([row.asset for row in content.bundle], actor)
    agreement = Agreement(
        reference=new_reference(),
        kind=AgreementKind.LICENCE,
        level=level,
        office=office,
        officer=officer or actor,
        officer_since=timezone.localdate(at),
        **content.terms,
    )
    with audit.operation(actor, "licence.create", at=at) as op:
        op.create(agreement)
        licence = op.create(Licence(agreement=agreement, **content.details))
        _write_parts(op, licence, content, codes)
    return agreement


def edit_licence(
    *,
    agreement: Agreement,
    content: LicenceContent,
    actor: Any,
    reason: str = "",
    read: Read = None,
    at: datetime | None = None,
) -> Agreement:
    """Write a licence anew; once it was signed, only with the reason of the correction.

    `StaleState` when others changed what was `read` of it; its parties, assets and territories are read as a whole.
    """
    require(actor, "edit", agreement)
    is_signed = agreement.status in SIGNED
    codes = _check(content, today=timezone.localdate(at), is_signed=is_signed)
    if agreement.status != AgreementStatus.DRAFT and not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    licence = agreement.licence
    held = set(licence.bundle.values_list("asset_id", flat=True))
    _require_licensable([row.asset for row in content.bundle if row.asset.pk not in held], actor)
    seen = _parts(licence)
    with audit.operation(actor, "licence.edit", subject=agreement, reason=reason.strip(), at=at) as op:
        locked(agreement)
        if _parts(licence) != seen:
            raise StaleState(_("Somebody else changed this meanwhile: reload the page, then try again."))
        _require_parts_read(licence, read, actor)
        op.update(agreement, guard=("status",), **heed(agreement, content.terms, read=read, actor=actor))
        op.update(licence, **heed(licence, content.details, read=read, actor=actor))
        _write_parts(op, licence, content, codes)
    return agreement


def parts_read(licence: Licence) -> dict[str, list[Any]]:
    """The parties, the assets with their shares and the territories, as a page or a program reads them."""
    parties = licence.agreement.parties.select_related("organisation").order_by("position", "pk")
    bundle = licence.bundle.select_related("asset").order_by("position", "pk")
    return {
        "parties": [[row.role, str(row)] for row in parties],
        "assets": [[row.asset.reference, row.numerator, row.denominator] for row in bundle],
        "territories": sorted(row.code for row in licence.territories.all()),
    }


def _require_parts_read(licence: Licence, read: Read, actor: Any) -> None:
    bound = licence.agreement.parties.select_related("organisation")
    bundle = licence.bundle.select_related("asset")
    words = {
        "parties": (Party, _("Parties"), [str(row) for row in bound]),
        "assets": (LicensedAsset, _("Licensed assets"), [f"{row.asset} {row.share}" for row in bundle]),
        "territories": (LicenceTerritory, _("Territories"), [row.code for row in licence.territories.all()]),
    }
    for name, now in parts_read(licence).items():
        model, label, theirs = words[name]
        require_read(
            name,
            now,
            read=read,
            label=label,
            theirs="; ".join(theirs),
            changed=partial(last_change, model, of_subject(licence.agreement)),
            actor=actor,
        )


def _parts(licence: Licence) -> list[dict[str, Any]]:
    """The assets with their shares, the parties and the territories as they stand: they are written as a whole."""
    rows = (
        licence.bundle.order_by("pk"),
        licence.agreement.parties.order_by("pk"),
        licence.territories.order_by("pk"),
    )
    return [audit.snapshot(row) for part in rows for row in part]


def _check(content: LicenceContent, *, today: date, is_signed: bool) -> tuple[str, ...]:
    """Refuse what does not hold together; gives the territories in their usual form."""
    if not content.title.strip():
        raise RuleViolation(_("Give it a title."), field="title")
    codes = rules.require_territories(content.territories)
    rules.require_place(codes, is_worldwide=content.is_worldwide)
    rules.require_dates(
        today=today,
        signed_on=content.signed_on,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        is_signed=is_signed,
    )
    rules.require_both_sides(party.role for party in content.parties)
    if len({party.key for party in content.parties}) < len(content.parties):
        raise RuleViolation(_("This party is named twice in the same role."), field="parties")
    if not content.bundle:
        raise RuleViolation(_("Name at least one asset that is licensed."), field="assets")
    if len({row.asset.pk for row in content.bundle}) < len(content.bundle):
        raise RuleViolation(_("The same asset is named twice: add its shares up."), field="assets")
    require_whole([row.share for row in content.bundle], field="assets")
    return codes


def _require_licensable(assets: Iterable[Asset], actor: Any) -> None:
    for asset in assets:
        if not allows(actor, "license", asset):
            raise RuleViolation(
                _("Only the offices that keep or own “%(asset)s” put it into a licence.") % {"asset": asset.title},
                field="assets",
            )


def _write_parts(op: audit.Recorder, licence: Licence, content: LicenceContent, codes: Sequence[str]) -> None:
    held = {row.code: row for row in licence.territories.all()}
    op.delete_many([row for code, row in held.items() if code not in codes])
    op.create_many([LicenceTerritory(licence=licence, code=code) for code in codes if code not in held])
    _write_parties(op, licence.agreement, content.parties)
    _write_bundle(op, licence, content.bundle)


def _write_parties(op: audit.Recorder, agreement: Agreement, wanted: Sequence[PartyNamed]) -> None:
    held = {
        PartyNamed(row.role, row.organisation, row.name).key: row
        for row in agreement.parties.select_related("organisation")
    }
    keys = {party.key for party in wanted}
    op.delete_many([row for key, row in held.items() if key not in keys])
    for position, party in enumerate(wanted, start=1):
        row = held.get(party.key)
        if row is not None:
            op.update(row, name=party.name.strip(), position=position)
            continue
        op.create(
            Party(
                agreement=agreement,
                organisation=party.organisation,
                name=party.name.strip(),
                role=party.role,
                position=position,
            )
        )


def _write_bundle(op: audit.Recorder, licence: Licence, wanted: Sequence[Bundled]) -> None:
    """What leaves and what shrinks first: at no moment do the shares in the database exceed one."""
    held = {row.asset_id: row for row in licence.bundle.all()}
    kept = {row.asset.pk for row in wanted}
    op.delete_many([row for asset, row in held.items() if asset not in kept])
    places = {row.asset.pk: position for position, row in enumerate(wanted, start=1)}
    changes = [(row, held.get(row.asset.pk)) for row in wanted]
    changes.sort(key=lambda change: change[0].share - (change[1].share if change[1] is not None else 0))
    for row, before in changes:
        values: dict[str, Any] = {"numerator": row.share.numerator, "denominator": row.share.denominator}
        position = places[row.asset.pk]
        if before is not None:
            op.update(before, position=position, **values)
        else:
            op.create(LicensedAsset(licence=licence, asset=row.asset, position=position, **values))
