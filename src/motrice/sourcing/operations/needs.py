"""Receiving a need and talking with its company: from its first sending to the first answer of a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.core.policies import allows, require, roles
from motrice.core.reading import Read, heed, last_change, of_subject, require_read
from motrice.core.references import new_reference
from motrice.directory.models import Organisation, YearProfile
from motrice.sourcing import rules
from motrice.sourcing.enums import Channel, EventKind, MessageKind, NeedLevel
from motrice.sourcing.models import Message, Need, NeedDraft, NeedSecret, Referral, Wait
from motrice.sourcing.operations.routing import Wanted, choose_owner
from motrice.sourcing.operations.timeline import moment, notify, tell
from motrice.sourcing.policies import is_desk
from motrice.sourcing.tasks import send_outside_notice
from motrice.sourcing.transitions import NEED


@dataclass(frozen=True)
class Statement:
    """What a company states; `secret` is kept apart, for the desk and the teams whose NDA is recorded."""

    title: str
    problem: str
    tried: str = ""
    constraints: str = ""
    language: str = "fr"
    naf_code: str = ""
    segment: str = ""
    trl: int | None = None
    deadline_on: date | None = None
    region: str = ""
    level: str = NeedLevel.ORGANISATION
    hides_company: bool = False
    secret: str = ""


@dataclass(frozen=True)
class Contact:
    """Which company, and whom to answer: an account, or a name and an e-mail address."""

    company: Organisation | None = None
    company_name: str = ""
    user: User | None = None
    name: str = ""
    email: str = ""
    confirmed_at: datetime | None = None


def submit_need(
    *,
    actor: Any,
    statement: Statement,
    contact: Contact,
    channel: str = Channel.SITE,
    at: datetime | None = None,
    reference: str = "",
) -> Need:
    """Receive a need: it has an officer in charge and a promised time at once, or it is refused with the reason."""
    _require_stating(actor, contact, channel)
    when = moment(at)
    fields = _checked(statement, contact, on=timezone.localdate(when))
    wanted = Wanted(fields["segment"], fields["naf_code"], fields["region"], fields["trl"])
    choice = choose_owner(wanted, on=timezone.localdate(when))
    promise = rules.current_promise()
    need = Need(
        **fields,
        reference=reference or new_reference(),
        channel=channel,
        company=contact.company,
        company_name=contact.company_name.strip(),
        contact=contact.user,
        contact_name=contact.name.strip(),
        contact_email=contact.email.strip(),
        contact_confirmed_at=contact.confirmed_at,
        owner=choice.owner,
        office=choice.office,
        owned_since=when,
        routing=choice.why,
        received_at=when,
        due_at=promise.first_answer_due(when),
        promise=promise.entry,
    )
    with audit.operation(actor, "need.submit", subject=None, details={"reference": need.reference}, at=at) as op:
        op.create(need)
        if statement.secret.strip():
            op.create(NeedSecret(need=need, text=statement.secret.strip(), changed_at=when))
        tell(op, need, EventKind.RECEIVED, at=when, company=True, channel=channel)
        tell(op, need, EventKind.ASSIGNED, at=when, company=True, officer=str(choice.owner))
        notify("need_assigned", [choice.owner], need, at=at)
        notify("need_received", [contact.user] if contact.user else [], need, at=at)
    return need


def submit_draft(*, draft: NeedDraft, statement: Statement, company: Organisation | None, author: User) -> Need:
    """Send what was typed: the need takes the draft's reference, so that a button pressed twice sends it once."""
    require(author, "edit", draft)
    contact = Contact(company=company, company_name="" if company else str(author), user=author)
    try:
        need = submit_need(actor=author, statement=statement, contact=contact, reference=draft.reference)
    except IntegrityError:
        return Need.objects.get(reference=draft.reference, contact=author)
    draft.delete()
    return need


def _require_stating(actor: Any, contact: Contact, channel: str) -> None:
    if channel == Channel.VISITOR:
        permitted = getattr(actor, "is_system", False)
    elif channel == Channel.OFFICER:
        permitted = is_desk(actor)
    elif contact.company is not None:
        permitted = contact.user == actor and allows(actor, "state_need", contact.company)
    else:
        permitted = contact.user == actor and any(role.kind == "company_contact" for role in roles(actor))
    if not permitted:
        raise NotPermitted(_("You may not state a need for this company."))


def _checked(statement: Statement, contact: Contact, *, on: date) -> dict[str, Any]:
    fields = asdict(statement)
    del fields["secret"]
    for name in ("title", "problem", "tried", "constraints", "region"):
        fields[name] = fields[name].strip()
    for name, message in (("title", _("Give the need a title.")), ("problem", _("Say what the problem is."))):
        if not fields[name]:
            raise RuleViolation(message, field=name)
    fields["naf_code"] = rules.check_naf(statement.naf_code or _naf_of(contact.company))
    if fields["segment"]:
        rules.require_code(rules.SEGMENT, fields["segment"], field="segment")
    else:
        fields["segment"] = rules.segment_of(fields["naf_code"])
    if not fields["region"] and contact.company is not None:
        fields["region"] = contact.company.region
    if statement.trl is not None and not 1 <= statement.trl <= 9:
        raise RuleViolation(_("Readiness runs from TRL 1 to TRL 9."), field="trl")
    if statement.deadline_on is not None and statement.deadline_on < on:
        raise RuleViolation(_("The date wanted is past: give one to come."), field="deadline_on")
    return fields


def _naf_of(company: Organisation | None) -> str:
    if company is None:
        return ""
    profile = YearProfile.objects.filter(organisation=company).exclude(naf_code="").order_by("-year").first()
    return profile.naf_code if profile is not None else ""


def correct_need(
    *, need: Need, statement: Statement, actor: Any, read: Read = None, at: datetime | None = None
) -> Need:
    """Correct the statement of an open need; the company sees that it changed, and what it was stays in the log.

    Of what was `read`, what others changed since is refused with `StaleState`, and what was left alone stays theirs.
    """
    require(actor, "correct", need)
    _require_open(need)
    when = moment(at)
    past = need.deadline_on if need.deadline_on == statement.deadline_on else None
    fields = _checked(
        statement,
        Contact(company=need.company),
        on=min(timezone.localdate(when), past) if past else timezone.localdate(when),
    )
    fields = heed(need, fields, read=read, actor=actor)
    changed = [name for name, value in fields.items() if getattr(need, name) != value]
    if not changed:
        return need
    with audit.operation(actor, "need.correct", subject=need, at=at) as op:
        need.refresh_from_db(from_queryset=Need._base_manager.select_for_update(no_key=True))
        fields = heed(need, fields, read=read, actor=actor)
        op.update(need, **fields, guard=("status",))
        tell(op, need, EventKind.EDITED, at=when, company=True, teams=True, fields=changed)
    return need


def change_secret(
    *, need: Need, text: str, actor: Any, read: Read = None, at: datetime | None = None
) -> NeedSecret | None:
    """Write or empty the confidential part of an open need; `StaleState` when it is not what was `read`."""
    require(actor, "correct", need)
    _require_open(need)
    when, text = moment(at), text.strip()
    if _secret_of(need)[1] == text:
        return _secret_of(need)[0]
    with audit.operation(actor, "need.change_secret", subject=need, at=at) as op:
        need.refresh_from_db(from_queryset=Need._base_manager.select_for_update(no_key=True))
        secret, held = _secret_of(need)
        require_read(
            "text",
            held,
            read=read,
            label=_("confidential part"),
            theirs=held if secret is None or allows(actor, "view", secret) else "",
            changed=lambda: last_change(NeedSecret, of_subject(need)),
            actor=actor,
        )
        if secret is None:
            secret = op.create(NeedSecret(need=need, text=text, changed_at=when))
        elif text:
            op.update(secret, text=text, changed_at=when)
        else:
            op.delete(secret)
            secret = None
        tell(op, need, EventKind.SECRET_CHANGED, at=when, company=True)
    return secret


def _secret_of(need: Need) -> tuple[NeedSecret | None, str]:
    secret = NeedSecret.objects.filter(need=need).first()
    return secret, secret.text if secret is not None else ""


def _require_open(need: Need) -> None:
    if not need.is_open:
        raise InvalidTransition(_("This need has ended: reopen it first."))


def _text(text: str, field: str = "text") -> str:
    if not text.strip():
        raise RuleViolation(_("Write the message."), field=field)
    return text.strip()


PRESSED_TWICE = timedelta(minutes=2)


def sent_just_now(
    need: Need, kind: str, text: str, when: datetime, actor: Any, *, referral: Referral | None = None
) -> Message | None:
    """The message itself when the same person sent the same words a moment ago: a button pressed twice sends once."""
    since = when - PRESSED_TWICE
    sent = Message.objects.filter(need=need, referral=referral, kind=kind, author_id=actor.pk, sent_at__gte=since)
    return sent.filter(text=text).last()


def first_answer(need: Need, when: datetime) -> dict[str, Any]:
    """The fields that stop the clock when a person of the desk answers the company for the first time."""
    if need.first_answer_at is not None:
        return {}
    calendar = rules.promise_from(need.promise).calendar
    return {
        "first_answer_at": when,
        "first_answer_days": round(calendar.working_days_between(need.received_at, when), 4),
    }


def qualify_need(*, need: Need, message: str, actor: Any, at: datetime | None = None) -> Need:
    """Take a need in charge by answering its company: this first answer of a person stops the clock."""
    NEED.require("qualify", need, actor)
    when, text = moment(at), _text(message, "message")
    with audit.operation(actor, "need.qualify", subject=need, at=at) as op:
        NEED.apply(op, "qualify", need, **first_answer(need, when))
        _post(op, need, MessageKind.DESK_TO_COMPANY, text, when)
        tell(op, need, EventKind.QUALIFIED, at=when, company=True)
        tell_company("message_to_company", need, at=at)
    return need


def _post(
    op: audit.Recorder, need: Need, kind: str, text: str, when: datetime, forwards: Message | None = None
) -> Message:
    message = Message(need=need, kind=kind, text=text, author_id=op.actor.pk, sent_at=when, forwards=forwards)
    return op.create(message)


def tell_company(kind: str, need: Need, *, at: datetime | None) -> None:
    """Send a notice to the company's contact, who may have no account."""
    if need.contact is not None:
        notify(kind, [need.contact], need, at=at)
    elif at is None:
        send_outside_notice.enqueue(kind, need.pk)


def write_to_company(
    *,
    need: Need,
    text: str,
    actor: Any,
    awaits_reply: bool = False,
    forwards: Message | None = None,
    at: datetime | None = None,
) -> Message:
    """Write to the company; with `awaits_reply`, the time until it answers is counted apart from the desk's own."""
    require(actor, "handle", need)
    _require_open(need)
    if forwards is not None and forwards.need_id != need.pk:
        raise RuleViolation(_("This question belongs to another need."))
    when, text = moment(at), _text(text)
    if (sent := sent_just_now(need, MessageKind.DESK_TO_COMPANY, text, when, actor)) is not None:
        return sent
    with audit.operation(actor, "need.write", subject=need, at=at) as op:
        message = _post(op, need, MessageKind.DESK_TO_COMPANY, text, when, forwards)
        op.update(need, **first_answer(need, when), guard=("status",))
        tell(op, need, EventKind.MESSAGE, at=when, company=True, direction=MessageKind.DESK_TO_COMPANY)
        if awaits_reply and not Wait.objects.filter(need=need, ended_at=None).exists():
            op.create(Wait(need=need, started_at=when))
            tell(op, need, EventKind.WAIT_STARTED, at=when, company=True)
        tell_company("message_to_company", need, at=at)
    return message


def reply_to_desk(*, need: Need, text: str, actor: Any, at: datetime | None = None) -> Message:
    """Take the company's message; it ends the wait for the company, if there was one."""
    require(actor, "write", need)
    _require_open(need)
    when, text = moment(at), _text(text)
    if (sent := sent_just_now(need, MessageKind.COMPANY_TO_DESK, text, when, actor)) is not None:
        return sent
    with audit.operation(actor, "need.reply", subject=need, at=at) as op:
        message = _post(op, need, MessageKind.COMPANY_TO_DESK, text, when)
        tell(op, need, EventKind.MESSAGE, at=when, company=True, direction=MessageKind.COMPANY_TO_DESK)
        _end_wait(op, need, when)
        notify("company_replied", [need.owner], need, at=at)
    return message


def end_wait(*, need: Need, actor: Any, at: datetime | None = None) -> None:
    """Note that the company answered by another way: the desk's own time runs again."""
    require(actor, "handle", need)
    with audit.operation(actor, "need.end_wait", subject=need, at=at) as op:
        if not _end_wait(op, need, moment(at)):
            raise RuleViolation(_("The desk is not waiting for this company."))


def _end_wait(op: audit.Recorder, need: Need, when: datetime) -> bool:
    wait = Wait.objects.filter(need=need, ended_at=None).first()
    if wait is None:
        return False
    op.update(wait, ended_at=when)
    tell(op, need, EventKind.WAIT_ENDED, at=when, company=True)
    return True


def match_company(*, need: Need, company: Organisation, actor: Any, at: datetime | None = None) -> Need:
    """Link a need to the directory's record of the company that stated it in its own words."""
    require(actor, "handle", need)
    require(actor, "view", company)
    with audit.operation(actor, "need.match_company", subject=need, at=at) as op:
        op.update(need, company=company)
        tell(op, need, EventKind.EDITED, at=moment(at), fields=["company"])
    return need
