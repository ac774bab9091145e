"""Who owns an asset on a day, who acts for the co-owners and why, where an abandonment stands, what was advanced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from motrice.directory.models import Organisation
from motrice.directory.queries.structure import proposed_owners
from motrice.engines.coownership import (
    AgentAnswer,
    Answer,
    Designation,
    Notification,
    Notified,
    Reason,
    Standing,
    UnitPart,
    Year,
    abandonment_standing,
    add_months,
    equal_shares,
    propose_agent,
    recover_costs,
    sale_standing,
)
from motrice.portfolio.enums import AssetKind, NoticeAnswer, NoticeSubject
from motrice.portfolio.models import (
    Abandonment,
    AdvancedCost,
    AgentDesignation,
    AgentNotification,
    Asset,
    Contributor,
    CoOwnerNotice,
    Ownership,
)
from motrice.portfolio.tables import coownership as law


def owners_on(asset: Asset, day: date) -> list[Organisation]:
    """Who owns a part on a day, the greatest first."""
    rows = list(Ownership.objects.filter(asset=asset).on(day).select_related("organisation"))
    rows.sort(key=lambda row: (-row.share, str(row.organisation)))
    return [row.organisation for row in rows]


def unit_parts(asset: Asset) -> list[UnitPart]:
    """What part of the result each unit's contributors have, the greatest first."""
    parts: dict[int, Fraction] = {}
    for row in Contributor.objects.filter(asset=asset):
        if row.unit_id is not None:
            parts[row.unit_id] = parts.get(row.unit_id, Fraction(0)) + row.share
    if not parts and asset.unit_id:
        parts[asset.unit_id] = Fraction(1)
    return [UnitPart(unit, share) for unit, share in sorted(parts.items(), key=lambda item: (-item[1], item[0]))]


def agent_answer(asset: Asset, *, on: date, field: str = "") -> AgentAnswer:
    """Who acts for the public co-owners of an asset on a day by the rules in force, with the reasons."""
    parts = unit_parts(asset)
    designations = AgentDesignation.objects.filter(unit_id__in=[part.unit for part in parts]).on(on)
    notices = AgentNotification.objects.filter(asset=asset)
    return propose_agent(
        parts=parts,
        designations=[
            Designation(row.unit_id, row.agent_id, row.starts_on, row.ends_on, row.field) for row in designations
        ],
        notifications=[Notification(row.sender_id, row.recipient_id, row.notified_at) for row in notices],
        rules=law.rules(),
        on=on,
        field=field,
    )


def names_of(reasons: Iterable[Reason]) -> dict[int, str]:
    """The names of the bodies that some reasons speak of."""
    keys: set[int] = set()
    for reason in reasons:
        for name, value in reason.facts.items():
            if isinstance(value, Mapping | tuple):
                keys.update(value)
            elif isinstance(value, int) and name not in ("months",):
                keys.add(value)
    return {row.pk: row.short_name or row.name for row in Organisation.objects.filter(pk__in=keys)}


@dataclass(frozen=True)
class OwnerProposal:
    """An owner to propose for an invention of a joint unit, its exact share, and why."""

    organisation: Organisation
    share: Fraction
    words: str
    article: str

    @property
    def ground(self) -> str:
        """By what they own it, as the row of ownership keeps it."""
        return " · ".join(filter(None, (self.words, self.article)))[:200]


def joint_unit_owners(unit: Organisation, on: date, *, actor: Any = None) -> list[OwnerProposal]:
    """The supervisors of a unit on the day of an invention, with equal exact parts and the rule that says so."""
    found = proposed_owners(unit, on, actor=actor)
    if not found:
        return []
    rule = law.rules().on("joint_unit_owners", on)
    shares = equal_shares([row.organisation.pk for row in found])
    return [
        OwnerProposal(row.organisation, shares[row.organisation.pk], row.words, rule.article if rule else "")
        for row in found
    ]


def offered_to(asset: Asset, day: date) -> list[Organisation]:
    """To whom a title is offered before it is given up: all its owners but the office that answers for it."""
    return [owner for owner in owners_on(asset, day) if owner.pk != asset.office_id]


def last_day_of(notice: CoOwnerNotice) -> date | None:
    """Until when an offer may be answered, once it was received."""
    topics = {NoticeSubject.ABANDONMENT: "notice_of_abandonment", NoticeSubject.SALE: "preemption"}
    topic = topics.get(NoticeSubject(notice.subject))
    rule = law.rules().on(topic, notice.decided_on) if topic else None
    return add_months(notice.received_on, rule.months) if notice.received_on and rule else None


def as_notified(notice: CoOwnerNotice) -> Notified:
    """A notice in the shape of the engine; one that was only noted is no answer to an offer."""
    answer = notice.answer if notice.answer != NoticeAnswer.NOTED else ""
    return Notified(notice.owner_id, notice.sent_on, notice.received_on, Answer(answer), notice.answered_on)


def standing_of(abandonment: Abandonment, *, today: date | None = None) -> Standing:
    """From when an abandonment is allowed, and why not yet."""
    day = today or timezone.localdate()
    return abandonment_standing(
        owners=[owner.pk for owner in offered_to(abandonment.asset, day)],
        notices=[as_notified(row) for row in abandonment.notices.all()],
        started_on=abandonment.started_on,
        rules=law.rules(),
        today=day,
    )


def cost_years(asset: Asset, *, currency: str = "EUR") -> list[Year]:
    """What was advanced for an asset, year by year, and what remains to be repaid from revenue."""
    rows = AdvancedCost.objects.filter(asset=asset, currency=currency).values("paid_on__year")
    advanced: dict[int, Decimal] = {
        row["paid_on__year"]: row["total"] for row in rows.annotate(total=Sum("amount")).order_by("paid_on__year")
    }
    return recover_costs(advanced, {})


def sale_standing_of(
    asset: Asset, *, seller: Organisation, buyer: Organisation, share: Fraction, on: date
) -> Standing:
    """Whether a part of a patent may go to a third party on a day, as far as the other owners may buy it first."""
    owners = owners_on(asset, on)
    others = [owner.pk for owner in owners if owner.pk != seller.pk]
    if asset.kind != AssetKind.PATENT_FAMILY or any(owner.pk == buyer.pk for owner in owners):
        return Standing(None, ())
    rows = CoOwnerNotice.objects.filter(asset=asset, subject=NoticeSubject.SALE, seller=seller, buyer=buyer)
    told = {
        row.owner_id: as_notified(row)
        for row in rows.order_by("sent_on", "pk")
        if Fraction(row.numerator or 0, row.denominator or 1) >= share
    }
    return sale_standing(owners=others, notices=told.values(), rules=law.rules(), on=on)
