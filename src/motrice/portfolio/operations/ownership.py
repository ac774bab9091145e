"""Who owns an asset, changed on a date or corrected: whole on every day of its life, or refused with the days."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.policies import require
from motrice.core.reading import Read, last_change, of_subject, require_read
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Organisation
from motrice.engines.coownership import Flaw, Holding, Refused, correct, flaws, transfer
from motrice.portfolio.models import Asset, Ownership
from motrice.portfolio.operations.holding import hold_life
from motrice.portfolio.queries.coownership import sale_standing_of
from motrice.portfolio.words.coownership import flaw_words, reason_words, reasons_words


def holdings(rows: Iterable[Ownership]) -> list[Holding]:
    """Ownerships in the shape of the engine, owners by their key."""
    return [Holding(row.organisation_id, row.share, row.starts_on, row.ends_on, row.ground) for row in rows]


def flaws_of(asset: Asset, held: Sequence[Holding]) -> list[Flaw]:
    """What is wrong with the shares during the asset's life; what is held after its end means nothing any more."""
    found = flaws(held, asset.starts_on, asset.ends_on)
    return [
        flaw
        for flaw in found
        if not (flaw.kind == "outside" and asset.ends_on is not None and flaw.starts_on > asset.ends_on)
    ]


def transfer_share(
    *,
    asset: Asset,
    giver: Organisation,
    taker: Organisation,
    share: Fraction,
    on: date,
    actor: Any,
    ground: str,
    exempt: str = "",
    at: datetime | None = None,
) -> Asset:
    """Record that an owner gave an exact part of an asset to another from a day on, and by which deed.

    A part of a patent goes to a third party once the other owners could buy it first, unless `exempt` says why not.
    """
    require(actor, "decide", asset)
    if not ground.strip():
        raise RuleViolation(_("Say by which deed: this stays in the history."), field="ground")
    told = " · ".join(filter(None, (ground.strip(), exempt.strip())))
    with audit.operation(actor, "ownership.transfer", subject=asset, reason=told, at=at) as op:
        hold_life(asset)
        if on < asset.starts_on or (asset.ends_on is not None and on > asset.ends_on):
            raise RuleViolation(_("The asset does not exist on this day."), field="on")
        rows = _rows(asset)
        names = _names(rows, taker, giver)
        try:
            after = transfer(
                holdings(rows), giver=giver.pk, taker=taker.pk, share=share, on=on, ground=ground.strip()[:200]
            )
        except Refused as refused:
            raise RuleViolation(reason_words(refused.reason, names), field="share") from refused
        standing = sale_standing_of(asset, seller=giver, buyer=taker, share=share, on=on)
        if standing.refusals and not exempt.strip():
            refusals = reasons_words(standing.refusals, names)
            advice = _("Tell them of the projected sale, or say why they have no right to buy it first.")
            raise RuleViolation(f"{refusals} {advice}", field="exempt")
        _write(op, asset, rows, after, names)
    return asset


def shares_read(rows: Iterable[Ownership]) -> list[dict[str, Any]]:
    """The shares as a page or a program reads them, in the order of their days."""
    found = [
        {
            "organisation": row.organisation.name,
            "numerator": row.numerator,
            "denominator": row.denominator,
            "starts_on": row.starts_on.isoformat(),
            "ends_on": row.ends_on.isoformat() if row.ends_on else None,
        }
        for row in rows
    ]
    return sorted(found, key=lambda share: (share["starts_on"], share["organisation"]))


def shares_words(rows: Iterable[Ownership]) -> list[str]:
    """The shares in words, from which day to which."""
    told = []
    for row in sorted(rows, key=lambda row: (row.starts_on, row.organisation.name)):
        days = f"{row.starts_on} – {row.ends_on or ''}".strip()
        told.append(f"{row.organisation} {row.share} ({days})")
    return told


def correct_shares(
    *,
    asset: Asset,
    shares: Mapping[Organisation, Fraction],
    starts_on: date,
    ends_on: date | None,
    actor: Any,
    reason: str,
    read: Read = None,
    at: datetime | None = None,
) -> Asset:
    """Write the shares of some days anew; what was held before and after stays. Shares supposed are then confirmed.

    `StaleState` when the shares are not as they were `read`.
    """
    require(actor, "decide", asset)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    seen = [audit.snapshot(row) for row in _rows(asset)]
    parts: dict[Hashable, Fraction] = {owner.pk: share for owner, share in shares.items()}
    with audit.operation(actor, "ownership.correct", subject=asset, reason=reason.strip(), at=at) as op:
        hold_life(asset)
        rows = _rows(asset)
        if [audit.snapshot(row) for row in rows] != seen:
            raise StaleState(_("Somebody else changed this meanwhile: reload the page, then try again."))
        require_read(
            "shares",
            shares_read(rows),
            read=read,
            label=_("Shares"),
            theirs="; ".join(shares_words(rows)),
            changed=lambda: last_change(Ownership, of_subject(asset)),
            actor=actor,
        )
        names = _names(rows, *shares)
        try:
            after = correct(
                holdings(rows), shares=parts, starts_on=starts_on, ends_on=ends_on, ground=reason.strip()[:200]
            )
        except Refused as refused:
            raise RuleViolation(reason_words(refused.reason, names), field="shares") from refused
        _write(op, asset, rows, after, names)
        for row in asset.ownerships.filter(supposed_on__isnull=False):
            if _meets(row, starts_on, ends_on):
                op.update(row, supposed_on=None)
    return asset


def _rows(asset: Asset) -> list[Ownership]:
    return list(asset.ownerships.select_related("organisation"))


def _names(rows: Iterable[Ownership], *others: Organisation) -> dict[Any, str]:
    return {row.organisation_id: str(row.organisation) for row in rows} | {body.pk: str(body) for body in others}


def _write(
    op: audit.Recorder,
    asset: Asset,
    rows: Sequence[Ownership],
    after: Sequence[Holding],
    names: Mapping[Any, str],
) -> None:
    wrong = flaws_of(asset, after)
    if wrong:
        told = "; ".join(flaw_words(flaw, names) for flaw in wrong)
        raise RuleViolation(_("The shares would not be whole: %(what)s.") % {"what": told}, field="shares")
    apply_shares(op, asset, rows, after)
    search_must_follow()


def apply_shares(op: audit.Recorder, asset: Asset, rows: Sequence[Ownership], after: Sequence[Holding]) -> None:
    """Go from the rows to the shares wanted in steps of which none exceeds the whole.

    First what shrinks, then what grows: a database that cannot wait for the end of the transaction accepts each step.
    """
    wanted = {(holding.owner, holding.starts_on): holding for holding in after}
    gone, less, more = [], [], []
    for row in rows:
        holding = wanted.get((row.organisation_id, row.starts_on))
        if holding is None:
            gone.append(row)
            continue
        shorter = _reaches(row.ends_on, holding.ends_on)
        longer = _reaches(holding.ends_on, row.ends_on)
        if shorter and holding.share <= row.share:
            less.append((row, wanted.pop((holding.owner, holding.starts_on))))
        elif longer and holding.share >= row.share:
            more.append((row, wanted.pop((holding.owner, holding.starts_on))))
        else:
            gone.append(row)
    op.delete_many(gone)
    for row, holding in [*less, *more]:
        op.update(
            row,
            numerator=holding.share.numerator,
            denominator=holding.share.denominator,
            ends_on=holding.ends_on,
            ground=holding.ground[:200],
        )
    for holding in wanted.values():
        op.create(
            Ownership(
                asset=asset,
                organisation_id=holding.owner,  # type: ignore[misc]
                numerator=holding.share.numerator,
                denominator=holding.share.denominator,
                starts_on=holding.starts_on,
                ends_on=holding.ends_on,
                ground=holding.ground[:200],
            )
        )


def _meets(row: Ownership, starts_on: date, ends_on: date | None) -> bool:
    """Whether a share is held on one of these days."""
    return (row.ends_on is None or row.ends_on >= starts_on) and (ends_on is None or row.starts_on <= ends_on)


def _reaches(first: date | None, second: date | None) -> bool:
    """Whether a period that ends on `first` covers one that ends on `second`."""
    return first is None or (second is not None and second <= first)
