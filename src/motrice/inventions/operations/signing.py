"""From the draft to its receipt: sent, confirmed and signed by each inventor, sealed, given to an officer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.core.policies import require
from motrice.engines.sealing import checksum
from motrice.inventions import rules
from motrice.inventions.enums import DisclosureStatus, EventKind
from motrice.inventions.models import Disclosure, Inventor, Signature
from motrice.inventions.models.inventor import new_key
from motrice.inventions.operations.alerts import raise_alerts
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.routing import keep_officer
from motrice.inventions.operations.sealing import seal_disclosure, statement_of
from motrice.inventions.operations.timeline import inventors_of, moment, notify, notify_inventors, tell
from motrice.inventions.queries import missing_answers
from motrice.inventions.transitions import DISCLOSURE


@one_at_a_time
def submit_disclosure(*, disclosure: Disclosure, actor: Any, at: datetime | None = None) -> Disclosure:
    """Send a disclosure for signature: refused, with nothing lost, while an answer lacks or shares do not sum to one.

    It has an officer in charge at once; the officer's own time begins when everybody has signed.
    """
    DISCLOSURE.require("submit", disclosure, actor)
    when, inventors = moment(at), inventors_of(disclosure)
    missing = missing_answers(disclosure, inventors)
    if missing:
        raise RuleViolation(" ".join(fault.words for fault in missing), field=missing[0].field)
    promise = rules.current_promise()
    choice = keep_officer(disclosure, on=timezone.localdate(when))
    with audit.operation(actor, "disclosure.submit", subject=disclosure, at=at) as op:
        DISCLOSURE.apply(
            op,
            "submit",
            disclosure,
            signed_text=statement_of(disclosure, inventors),
            owner=choice.owner,
            office=choice.office,
            owned_since=when,
            routing=choice.why,
            promise=promise.entry,
            submitted_at=when,
            sign_due_at=promise.after(when, "sign_days"),
            state_since=when,
        )
        for row in inventors:
            op.update(row, invited_at=when, contested_at=None, contest="")
        tell(op, disclosure, EventKind.SUBMITTED, at=when)
        tell(op, disclosure, EventKind.ASSIGNED, at=when, officer=str(choice.owner))
        notify("assigned", [choice.owner], disclosure, at=at)
        notify_inventors("sign", inventors, at=at)
        raise_alerts(op, disclosure, at=at)
    return disclosure


@one_at_a_time
def recall_disclosure(*, disclosure: Disclosure, actor: Any, at: datetime | None = None) -> Disclosure:
    """Take a disclosure back while it waits for signatures, to correct it: signatures given lose their effect."""
    DISCLOSURE.require("recall", disclosure, actor)
    when = moment(at)
    with audit.operation(actor, "disclosure.recall", subject=disclosure, at=at) as op:
        DISCLOSURE.apply(op, "recall", disclosure, state_since=when)
        void_signatures(op, disclosure, when)
        tell(op, disclosure, EventKind.RECALLED, at=when)
        notify_inventors("recalled", inventors_of(disclosure), at=at, but=actor)
    return disclosure


def void_signatures(op: audit.Recorder, disclosure: Disclosure, when: datetime) -> None:
    """End the effect of signatures under a text that will change; they stay in the history and in the seals."""
    for row in Signature.objects.filter(inventor__disclosure=disclosure, void_at=None):
        op.update(row, void_at=when)


@one_at_a_time
def sign_disclosure(
    *, inventor: Inventor, typed_name: str, confirms_share: bool, actor: Any, at: datetime | None = None
) -> Signature:
    """Sign as an inventor who has an account; a correspondent who prepared the disclosure may not."""
    require(actor, "sign", inventor.disclosure)
    if inventor.person is None or inventor.person.user_id != actor.pk:
        raise NotPermitted(_("Each inventor signs for themselves."))
    return _sign(inventor, typed_name, confirms_share, actor, "", at)


@one_at_a_time
def sign_outside(
    *, inventor: Inventor, typed_name: str, confirms_share: bool, at: datetime | None = None
) -> Signature:
    """Sign by the secret address: the caller has opened it, which is what proves who signs."""
    if not inventor.is_outside:
        raise NotPermitted(_("This inventor has an account: please sign in, and sign there."))
    return _sign(inventor, typed_name, confirms_share, system_user(), inventor.address, at)


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _sign(
    inventor: Inventor, typed_name: str, confirms_share: bool, actor: Any, by_address: str, at: datetime | None
) -> Signature:
    disclosure, when = inventor.disclosure, moment(at)
    if disclosure.status != DisclosureStatus.SUBMITTED:
        raise InvalidTransition(_("This disclosure does not wait for signatures now."))
    if not confirms_share:
        raise RuleViolation(_("Confirm your share, or say that you contest it."), field="confirms_share")
    if not _same_name(typed_name, inventor.name):
        raise RuleViolation(
            _("Type your name as it stands on the disclosure: %(name)s.") % {"name": inventor.name}, field="typed_name"
        )
    row = Signature(
        inventor=inventor,
        content_sha256=checksum(disclosure.signed_text),
        typed_name=" ".join(typed_name.split()),
        numerator=inventor.numerator,
        denominator=inventor.denominator,
        signed_at=when,
        signed_by=None if by_address else actor,
        by_address=by_address,
    )
    with audit.operation(actor, "disclosure.sign", subject=disclosure, at=at) as op:
        op.create(row)
        op.update(inventor, contested_at=None, contest="")
        tell(op, disclosure, EventKind.SIGNED, at=when, name=inventor.name)
        inventors = inventors_of(disclosure)
        signed = set(
            Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).values_list("inventor", flat=True)
        )
        if all(each.pk in signed for each in inventors):
            _receive(op, "receive", disclosure, inventors, when, at, unsigned={})
    return row


@one_at_a_time
def contest_share(*, inventor: Inventor, reason: str, actor: Any = None, at: datetime | None = None) -> Inventor:
    """Say that one's own share is wrong instead of signing; who prepared the disclosure is told; nothing is lost."""
    disclosure = inventor.disclosure
    if actor is None:
        actor = system_user()
        if not inventor.is_outside:
            raise NotPermitted(_("This inventor has an account: please sign in, and sign there."))
    else:
        require(actor, "sign", disclosure)
        if inventor.person is None or inventor.person.user_id != actor.pk:
            raise NotPermitted(_("Each inventor signs for themselves."))
    if disclosure.status != DisclosureStatus.SUBMITTED:
        raise InvalidTransition(_("This disclosure does not wait for signatures now."))
    if not reason.strip():
        raise RuleViolation(_("Say which share would be right, and why."), field="reason")
    if Signature.objects.filter(inventor=inventor, void_at=None).exists():
        raise InvalidTransition(_("You have signed already."))
    with audit.operation(actor, "disclosure.contest", subject=disclosure, at=at) as op:
        op.update(inventor, contested_at=moment(at), contest=reason.strip()[:4000])
        tell(op, disclosure, EventKind.SIGNED, at=moment(at), name=inventor.name, contested=True)
        notify("contested", [disclosure.author], disclosure, at=at)
    return inventor


@one_at_a_time
def invite_again(*, inventor: Inventor, actor: Any, at: datetime | None = None) -> Inventor:
    """Send the invitation to sign once more under a new secret address: the one sent before is closed."""
    disclosure = inventor.disclosure
    require(actor, "write", disclosure)
    if disclosure.status != DisclosureStatus.SUBMITTED:
        raise InvalidTransition(_("This disclosure does not wait for signatures now."))
    if Signature.objects.filter(inventor=inventor, void_at=None).exists():
        raise InvalidTransition(_("%(name)s has signed already.") % {"name": inventor.name})
    with audit.operation(actor, "disclosure.invite", subject=disclosure, at=at) as op:
        op.update(inventor, invited_at=moment(at))
        Inventor.objects.filter(pk=inventor.pk).update(key=new_key())
        tell(op, disclosure, EventKind.INVITED, at=moment(at), name=inventor.name)
        notify_inventors("sign", [inventor], at=at)
    inventor.refresh_from_db()
    return inventor


@one_at_a_time
def receive_unsigned(*, disclosure: Disclosure, reason: str, actor: Any, at: datetime | None = None) -> Disclosure:
    """Receive a disclosure though somebody has not signed: the office says why, and the seal keeps it."""
    DISCLOSURE.require("receive_unsigned", disclosure, actor)
    if not reason.strip():
        raise RuleViolation(_("Say why the missing signatures are not awaited."), field="reason")
    when, inventors = moment(at), inventors_of(disclosure)
    signed = set(
        Signature.objects.filter(inventor__disclosure=disclosure, void_at=None).values_list("inventor", flat=True)
    )
    if not signed:
        raise RuleViolation(_("At least one inventor signs."))
    unsigned = {row.pk: reason.strip() for row in inventors if row.pk not in signed}
    with audit.operation(actor, "disclosure.receive", subject=disclosure, reason=reason, at=at) as op:
        _receive(op, "receive_unsigned", disclosure, inventors, when, at, unsigned=unsigned)
    return disclosure


def _receive(
    op: audit.Recorder,
    name: str,
    disclosure: Disclosure,
    inventors: Sequence[Inventor],
    when: datetime,
    at: datetime | None,
    *,
    unsigned: dict[int, str],
) -> None:
    promise = rules.promise_from(disclosure.promise)
    DISCLOSURE.apply(
        op,
        name,
        disclosure,
        received_at=when,
        take_due_at=promise.after(when, "take_days"),
        due_at=promise.after(when, "decision_days"),
        state_since=when,
    )
    seal = seal_disclosure(op, disclosure, inventors, at=when, unsigned=unsigned)
    tell(op, disclosure, EventKind.RECEIVED, at=when, seal=seal.hash, unsigned=len(unsigned))
    notify("received", [disclosure.owner], disclosure, at=at, seal=seal.hash)
    notify_inventors("received_inventors", inventors, at=at, seal=seal.hash)
    raise_alerts(op, disclosure, at=at)
