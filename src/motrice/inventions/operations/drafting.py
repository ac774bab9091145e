"""Writing a disclosure: begun on a laboratory, saved as typed, corrected until it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, heed
from motrice.core.references import new_reference
from motrice.directory.models import Organisation, Person
from motrice.inventions import rules
from motrice.inventions.enums import DisclosureKind, DisclosureStatus, EventKind
from motrice.inventions.models import Disclosure, Divulgation, Inventor, Tie, Typing
from motrice.inventions.operations.alerts import raise_alerts
from motrice.inventions.operations.holding import one_at_a_time
from motrice.inventions.operations.timeline import moment, tell
from motrice.inventions.operations.typing import WRITTEN, require_writable, take_answers

MOST = 40  # inventors, ties or publications of one disclosure


def start_disclosure(
    *,
    unit: Organisation,
    actor: Any,
    kind: str = DisclosureKind.INVENTION,
    language: str = "fr",
    at: datetime | None = None,
    reference: str = "",
) -> Disclosure:
    """Begin a disclosure for a laboratory; who begins it and is in the directory is its first inventor."""
    require(actor, "disclose", unit)
    if not unit.is_unit:
        raise RuleViolation(_("A result is disclosed by a laboratory or a team."), field="unit")
    if kind not in DisclosureKind.values:
        raise RuleViolation(_("Choose what sort of result it is."), field="kind")
    when = moment(at)
    disclosure = Disclosure(
        reference=reference or new_reference(),
        unit=unit,
        kind=kind,
        language=language,
        author=actor,
        created_at=when,
        state_since=when,
    )
    with audit.operation(actor, "disclosure.start", details={"reference": disclosure.reference}, at=at) as op:
        op.create(disclosure)
        tell(op, disclosure, EventKind.STARTED, at=when)
        person = Person.objects.live().filter(user_id=actor.pk).first()
        if person is not None and person.affiliations.on(timezone.localdate(when)).filter(organisation=unit).exists():
            op.create(Inventor(disclosure=disclosure, position=1, **_described(person, unit)))
    return disclosure


def _described(person: Person, unit: Organisation | None) -> dict[str, Any]:
    return {"person": person, "name": str(person), "email": person.email, "unit": unit}


@one_at_a_time
def answer_disclosure(
    *,
    disclosure: Disclosure,
    answers: dict[str, Any],
    actor: Any,
    read: Mapping[str, str] | None = None,
    page: str = "",
    at: datetime | None = None,
) -> Disclosure:
    """Save some answers of the form; what is still missing is asked only when the disclosure is sent.

    `read` gives the fingerprint of each answer as its writer read it: one that was not touched leaves what others
    wrote, one that others changed since is refused with `StaleState`; `page` names the page, as in `save_typing`.
    """
    require(actor, "edit", disclosure)
    require_writable(disclosure)
    unknown = sorted(set(answers) - set(WRITTEN))
    if unknown:
        raise RuleViolation(_("%(names)s is no question of this form.") % {"names": ", ".join(unknown)})
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in answers.items()}
    if fields.get("domain"):
        rules.require_code(rules.DOMAIN, fields["domain"], field="domain")
    invented_on = fields.get("invented_on")
    if isinstance(invented_on, date) and invented_on > timezone.localdate(moment(at)):
        raise RuleViolation(_("The date of invention is past, or today."), field="invented_on")
    with audit.operation(actor, "disclosure.answer", subject=disclosure, at=at) as op:
        fields = take_answers(disclosure, fields, actor=actor, read=read, page=page)
        op.update(disclosure, guard=("status",), **fields)
    return disclosure


@one_at_a_time
def add_inventor(
    *,
    disclosure: Disclosure,
    actor: Any,
    person: Person | None = None,
    name: str = "",
    email: str = "",
    employer: str = "",
    employer_body: Organisation | None = None,
    unit: Organisation | None = None,
    role: str = "inventor",
    share: Fraction = Fraction(0),
    contribution: str = "",
    at: datetime | None = None,
) -> Inventor:
    """Name an inventor: of the directory, or an outsider who signs by mail; shares may sum to anything until sent."""
    require(actor, "edit", disclosure)
    require_writable(disclosure)
    rows = Inventor.objects.filter(disclosure=disclosure)
    if rows.count() >= MOST:
        raise RuleViolation(_("A disclosure names at most %(count)d inventors.") % {"count": MOST})
    if person is None and not name.strip():
        raise RuleViolation(_("Give the inventor's name."), field="name")
    if person is None and not email.strip():
        raise RuleViolation(
            _("Give an e-mail address: the inventor confirms the share and signs by it."), field="email"
        )
    if email.strip() and rows.filter(email__iexact=email.strip()).exists():
        raise RuleViolation(_("Another inventor of this disclosure has this address."), field="email")
    row = Inventor(
        disclosure=disclosure,
        person=person,
        name=name.strip() or str(person),
        email=email.strip() or (person.email if person else ""),
        employer=employer.strip(),
        employer_body=employer_body,
        unit=unit,
        role=role,
        numerator=share.numerator,
        denominator=share.denominator,
        contribution=contribution.strip(),
        position=1 + max(rows.values_list("position", flat=True), default=0),
    )
    with audit.operation(actor, "disclosure.add_inventor", subject=disclosure, at=at) as op:
        op.create(row)
    return row


@one_at_a_time
def change_inventor(
    *, inventor: Inventor, actor: Any, read: Read = None, at: datetime | None = None, **fields: Any
) -> Inventor:
    """Correct an inventor's share, employer, role or contribution while the disclosure is being written.

    `StaleState` when others changed what was `read` of the line.
    """
    require(actor, "edit", inventor.disclosure)
    require_writable(inventor.disclosure)
    allowed = {"name", "email", "employer", "employer_body", "unit", "role", "contribution", "share"}
    if set(fields) - allowed:
        raise RuleViolation(_("This cannot be changed of an inventor."))
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    fields = heed(inventor, fields, read=read, actor=actor)
    share = fields.pop("share", None)
    if share is not None:
        fields |= {"numerator": share.numerator, "denominator": share.denominator}
    if fields.get("email"):
        others = Inventor.objects.filter(disclosure=inventor.disclosure_id).exclude(pk=inventor.pk)
        if others.filter(email__iexact=fields["email"]).exists():
            raise RuleViolation(_("Another inventor of this disclosure has this address."), field="email")
    with audit.operation(actor, "disclosure.change_inventor", subject=inventor.disclosure, at=at) as op:
        op.update(inventor, **fields)
    return inventor


@one_at_a_time
def remove_inventor(*, inventor: Inventor, actor: Any, at: datetime | None = None) -> None:
    """Take an inventor off a disclosure that is being written; who signed an earlier text stays in its seal."""
    require(actor, "edit", inventor.disclosure)
    require_writable(inventor.disclosure)
    with audit.operation(actor, "disclosure.remove_inventor", subject=inventor.disclosure, at=at) as op:
        op.delete_many(list(inventor.signatures.all()))
        op.delete(inventor)


@one_at_a_time
def add_tie(
    *,
    disclosure: Disclosure,
    kind: str,
    party: str,
    actor: Any,
    number: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Tie:
    """State a funding contract or agreement that binds the result."""
    require(actor, "edit", disclosure)
    require_writable(disclosure)
    if not party.strip():
        raise RuleViolation(_("Say with whom."), field="party")
    if Tie.objects.filter(disclosure=disclosure).count() >= MOST:
        raise RuleViolation(_("A disclosure states at most %(count)d agreements.") % {"count": MOST})
    row = Tie(disclosure=disclosure, kind=kind, party=party.strip(), number=number.strip(), note=note.strip())
    with audit.operation(actor, "disclosure.add_tie", subject=disclosure, at=at) as op:
        op.create(row)
        op.update(disclosure, has_no_tie=False)
    return row


@one_at_a_time
def remove_tie(*, tie: Tie, actor: Any, at: datetime | None = None) -> None:
    """Take back an agreement that does not bind the result."""
    require(actor, "edit", tie.disclosure)
    require_writable(tie.disclosure)
    with audit.operation(actor, "disclosure.remove_tie", subject=tie.disclosure, at=at) as op:
        op.delete(tie)


@one_at_a_time
def add_divulgation(
    *,
    disclosure: Disclosure,
    kind: str,
    title: str,
    dated_on: date,
    actor: Any,
    is_under_secrecy: bool = False,
    note: str = "",
    at: datetime | None = None,
) -> Divulgation:
    """State a publication or talk, past or planned, at any time before the end: it may raise an alert at once."""
    require(actor, "edit", disclosure)
    if disclosure.status == DisclosureStatus.WITHDRAWN:
        raise InvalidTransition(_("This disclosure was withdrawn."))
    if not title.strip():
        raise RuleViolation(_("Say what it is, or where."), field="title")
    if Divulgation.objects.filter(disclosure=disclosure).count() >= MOST:
        raise RuleViolation(_("A disclosure states at most %(count)d publications.") % {"count": MOST})
    row = Divulgation(
        disclosure=disclosure,
        kind=kind,
        title=title.strip(),
        dated_on=dated_on,
        is_under_secrecy=is_under_secrecy,
        note=note.strip(),
    )
    with audit.operation(actor, "disclosure.add_divulgation", subject=disclosure, at=at) as op:
        op.create(row)
        op.update(disclosure, has_no_divulgation=False)
        tell(op, disclosure, EventKind.DIVULGATION, at=moment(at), day=dated_on.isoformat())
        raise_alerts(op, disclosure, at=at)
    return row


@one_at_a_time
def remove_divulgation(*, divulgation: Divulgation, actor: Any, at: datetime | None = None) -> None:
    """Take back a publication that is not planned any more: its alert ends."""
    require(actor, "edit", divulgation.disclosure)
    with audit.operation(actor, "disclosure.remove_divulgation", subject=divulgation.disclosure, at=at) as op:
        op.delete(divulgation)


@one_at_a_time
def discard_disclosure(*, disclosure: Disclosure, actor: Any) -> None:
    """Throw away a draft that was never sent; what was sent once is withdrawn instead, and stays."""
    require(actor, "edit", disclosure)
    if disclosure.status != DisclosureStatus.DRAFT or disclosure.submitted_at is not None:
        raise InvalidTransition(_("This disclosure was sent once: withdraw it instead."))
    if disclosure.attachments.filter(removed_at=None).exists():
        raise RuleViolation(_("Remove its files first."))
    Typing.objects.filter(disclosure=disclosure).delete()
    with audit.operation(actor, "disclosure.discard", subject=disclosure) as op:
        for related in (disclosure.attachments, disclosure.divulgations, disclosure.ties, disclosure.inventors):
            op.delete_many(list(related.all()))
        op.delete_many(list(disclosure.clock_notices.all()))
        op.delete_many(list(disclosure.events.all()))
        op.delete(disclosure)
