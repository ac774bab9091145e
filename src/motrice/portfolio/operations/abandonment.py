"""Notices to co-owners, and the procedure before a title is given up: offered, waited for, then decided."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.core.tasks import search_must_follow
from motrice.directory.models import Organisation
from motrice.engines.coownership import Reason, answer_refusal, late_notice, preemption_refusal
from motrice.portfolio.enums import LIVE_STATUSES, AbandonmentStatus, AssetStatus, NoticeAnswer, NoticeSubject
from motrice.portfolio.models import Abandonment, Asset, CoOwnerNotice
from motrice.portfolio.operations.holding import hold_assets, hold_life
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.queries.coownership import as_notified, names_of, offered_to, standing_of
from motrice.portfolio.tables import coownership as law
from motrice.portfolio.transitions import ABANDONMENT
from motrice.portfolio.words.coownership import reason_words, reasons_words


def require_opened(asset: Asset) -> None:
    """Refuse to tell co-owners of what they may not see."""
    if asset.level == Level.CIRCLE:
        raise RuleViolation(
            _("It is kept to a named circle: open it to the organisation before its co-owners are told."),
            field="text",
        )


def notify_protection(
    *,
    asset: Asset,
    decided_on: date,
    text: str,
    actor: Any,
    sent_on: date | None = None,
    late_reason: str = "",
    at: datetime | None = None,
) -> list[CoOwnerNotice]:
    """Tell every co-owner of a decision to protect; after the delay of the law, only with the reason why so late."""
    require(actor, "decide", asset)
    require_opened(asset)
    today = timezone.localdate(at)
    sent_on = sent_on or today
    if sent_on > today:
        raise RuleViolation(_("A notice cannot have been sent on a day to come."), field="sent_on")
    if not text.strip():
        raise RuleViolation(_("Say what was decided."), field="text")
    rules = law.rules()
    refusal = late_notice(decided_on=decided_on, sent_on=sent_on, rules=rules)
    is_late = refusal is not None and refusal.code == "notice_too_late"
    if refusal is not None and not (is_late and late_reason.strip()):
        more = _(" Say why it is late to record it all the same.") if is_late else ""
        raise RuleViolation(reason_words(refusal, {}) + more, field="late_reason" if is_late else "sent_on")
    owners = offered_to(asset, sent_on)
    if not owners:
        raise RuleViolation(_("Nobody else owns a part: there is nobody to tell."), field="text")
    rule = rules.on("inform_of_protection", decided_on)
    with audit.operation(actor, "notice.protection", subject=asset, reason=late_reason.strip(), at=at) as op:
        return [
            op.create(
                CoOwnerNotice(
                    asset=asset,
                    owner=owner,
                    subject=NoticeSubject.PROTECTION,
                    decided_on=decided_on,
                    text=text.strip(),
                    article=rule.article if rule else "",
                    sent_on=sent_on,
                    is_late=is_late,
                )
            )
            for owner in owners
        ]


def start_abandonment(
    *, asset: Asset, reason: str, actor: Any, text: str = "", at: datetime | None = None
) -> Abandonment:
    """Begin to give a title up: every co-owner is offered it at once, and the delay of the law begins to run."""
    require(actor, "decide", asset)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    today = timezone.localdate(at)
    abandonment = Abandonment(asset=asset, started_on=today, reason=reason.strip())
    with audit.operation(actor, "abandonment.start", subject=asset, reason=reason.strip(), at=at) as op:
        hold_life(asset)
        if asset.status not in LIVE_STATUSES:
            raise RuleViolation(_("It has ended already."), field="reason")
        owners = offered_to(asset, today)
        if owners:
            require_opened(asset)
        op.create(abandonment)
        for owner in owners:
            _offer(op, abandonment, owner, text, today)
    return abandonment


def _offer(op: audit.Recorder, abandonment: Abandonment, owner: Organisation, text: str, today: date) -> CoOwnerNotice:
    rule = law.rules().on("notice_of_abandonment", abandonment.started_on)
    return op.create(
        CoOwnerNotice(
            asset=abandonment.asset,
            owner=owner,
            subject=NoticeSubject.ABANDONMENT,
            abandonment=abandonment,
            decided_on=abandonment.started_on,
            text=text.strip() or abandonment.reason,
            article=rule.article if rule else "",
            sent_on=today,
        )
    )


def offer_title(
    *, abandonment: Abandonment, owner: Organisation, actor: Any, text: str = "", at: datetime | None = None
) -> CoOwnerNotice:
    """Offer the title to a co-owner who was not one when the procedure began."""
    require(actor, "decide", abandonment)
    today = timezone.localdate(at)
    with audit.operation(actor, "abandonment.offer", subject=abandonment.asset, at=at) as op:
        _hold(abandonment)
        _require_open(abandonment)
        if owner not in offered_to(abandonment.asset, today):
            raise RuleViolation(_("This body owns no part of it today."), field="owner")
        return _offer(op, abandonment, owner, text, today)


def _hold(abandonment: Abandonment) -> None:
    """Hold the asset, then read what others left of the procedure: nothing is decided on an answer given meanwhile."""
    hold_life(abandonment.asset)
    abandonment.refresh_from_db(fields=["status"])


def _require_open(abandonment: Abandonment) -> None:
    if abandonment.status != AbandonmentStatus.OPEN:
        raise RuleViolation(_("This procedure is over."), field="status")


def confirm_receipt(
    *, notice: CoOwnerNotice, received_on: date, actor: Any, at: datetime | None = None
) -> CoOwnerNotice:
    """Record on which day a co-owner received a notice: its delay runs from there."""
    require(actor, "edit", notice)
    if notice.received_on is not None:
        raise RuleViolation(_("Its receipt is recorded already."), field="received_on")
    if received_on > timezone.localdate(at):
        raise RuleViolation(_("It cannot have been received on a day to come."), field="received_on")
    with audit.operation(actor, "notice.receipt", subject=notice.asset, at=at) as op:
        op.update(notice, guard=("received_on",), received_on=received_on)
    return notice


def open_notice(*, notice: CoOwnerNotice, actor: Any, at: datetime | None = None) -> CoOwnerNotice:
    """Record that a co-owner has read a notice on the site: that day is the day of its receipt."""
    require(actor, "answer", notice)
    if notice.received_on is None:
        with audit.operation(actor, "notice.read", subject=notice.asset, at=at) as op:
            op.update(notice, guard=("received_on",), received_on=max(timezone.localdate(at), notice.sent_on))
    return notice


def answer_notice(
    *, notice: CoOwnerNotice, answer: str, actor: Any, text: str = "", at: datetime | None = None
) -> CoOwnerNotice:
    """Answer for a co-owner: noted, no, or taking the title over; refused once the delay has run out."""
    require(actor, "answer", notice)
    today = timezone.localdate(at)
    if notice.subject == NoticeSubject.PROTECTION and answer != NoticeAnswer.NOTED:
        raise RuleViolation(_("A decision to protect is only noted."), field="answer")
    with audit.operation(actor, "notice.answer", subject=notice.asset, reason=text.strip(), at=at) as op:
        hold_assets([notice.asset_id])
        notice.refresh_from_db(fields=["answer", "received_on"])
        if notice.answer and notice.answer != NoticeAnswer.NOTED:
            raise RuleViolation(_("This notice was answered already."), field="answer")
        if notice.abandonment is not None:
            notice.abandonment.refresh_from_db(fields=["status"])
            _require_open(notice.abandonment)
        if notice.received_on is None:
            op.update(notice, guard=("received_on",), received_on=max(today, notice.sent_on))
        if notice.abandonment is not None:
            _require_in_time(
                answer_refusal(
                    notice=as_notified(notice), on=today, rules=law.rules(), started_on=notice.abandonment.started_on
                )
            )
        elif notice.subject == NoticeSubject.SALE:
            if answer == NoticeAnswer.NOTED:
                raise RuleViolation(_("Say whether you buy it or not."), field="answer")
            _require_in_time(preemption_refusal(notice=as_notified(notice), on=today, rules=law.rules()))
        op.update(notice, guard=("answer",), answer=answer, answered_on=today, answer_text=text.strip())
    return notice


def _require_in_time(refusal: Reason | None) -> None:
    if refusal is not None:
        raise RuleViolation(reason_words(refusal, {}), field="answer")


def abandon_title(
    *, abandonment: Abandonment, actor: Any, reason: str = "", at: datetime | None = None
) -> Abandonment:
    """Give a title up: refused, with the article, until every co-owner was offered it and the delay has run."""
    ABANDONMENT.require("abandon", abandonment, actor)
    asset, today = abandonment.asset, timezone.localdate(at)
    with audit.operation(actor, "abandonment.abandon", subject=asset, reason=reason.strip(), at=at) as op:
        hold_life(asset)
        standing = standing_of(abandonment, today=today)
        if standing.refusals:
            raise RuleViolation(reasons_words(standing.refusals, names_of(standing.refusals)), field="status")
        ABANDONMENT.apply(op, "abandon", abandonment, ended_on=today)
        op.update(asset, guard=("status",), status=AssetStatus.ABANDONED, ends_on=today)
        search_must_follow()
    return abandonment


def withdraw_abandonment(
    *, abandonment: Abandonment, actor: Any, reason: str, at: datetime | None = None
) -> Abandonment:
    """Keep the title after all."""
    ABANDONMENT.require("withdraw", abandonment, actor)
    if not reason.strip():
        raise RuleViolation(_("Say why: this stays in the history."), field="reason")
    with audit.operation(actor, "abandonment.withdraw", subject=abandonment.asset, reason=reason.strip(), at=at) as op:
        hold_assets([abandonment.asset_id])
        ABANDONMENT.apply(op, "withdraw", abandonment, ended_on=timezone.localdate(at))
    return abandonment


def hand_title_over(
    *, abandonment: Abandonment, taker: Organisation, actor: Any, on: date, ground: str, at: datetime | None = None
) -> Abandonment:
    """Hand the title over to a co-owner who took it over: the share of the office goes to it from a day on."""
    ABANDONMENT.require("take_over", abandonment, actor)
    notice = abandonment.notices.filter(owner=taker, answer=NoticeAnswer.TAKES_OVER).first()
    if notice is None or notice.answered_on is None:
        raise RuleViolation(_("%(body)s has not said that it takes the title over.") % {"body": taker}, field="taker")
    asset, today = abandonment.asset, timezone.localdate(at)
    if on < notice.answered_on or on > today + timedelta(days=366):
        raise RuleViolation(_("Choose a day between its answer and a year from now."), field="on")
    with audit.operation(actor, "abandonment.take_over", subject=asset, reason=ground.strip(), at=at) as op:
        hold_life(asset)
        share = next((row.share for row in asset.ownerships.on(on) if row.organisation_id == asset.office_id), None)
        if share is None:
            raise RuleViolation(_("The office owns nothing of it on this day."), field="on")
        transfer_share(
            asset=asset, giver=asset.office, taker=taker, share=share, on=on, actor=actor, ground=ground, at=at
        )
        ABANDONMENT.apply(op, "take_over", abandonment, ended_on=today, taken_over_by=taker)
    return abandonment
