"""Needs of unknown visitors: a form without third party against robots, a mail to confirm, nothing kept otherwise."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from motrice.accounts.operations.users import system_user
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.sourcing.enums import Channel
from motrice.sourcing.links import read_confirmation
from motrice.sourcing.models import Need, VisitorAttempt, VisitorSubmission
from motrice.sourcing.operations.needs import Contact, Statement, submit_need
from motrice.sourcing.tasks import send_confirmation

FORM_SALT = "motrice.sourcing.visitor-form"
MINIMUM_SECONDS, MAXIMUM_SECONDS = 5, 6 * 3600
KEPT_FOR = timedelta(hours=48)
COUNTED_FOR = timedelta(hours=24)
PER_ADDRESS, PER_EMAIL = 10, 3


def form_token() -> str:
    """The proof that a form was asked for here: it holds the time, and can be sent once."""
    return signing.dumps(get_random_string(20), salt=FORM_SALT)


def fresh_token(token: str) -> str:
    """The token itself, or a new one when it is too old: a form shown again with its refusal can then be sent."""
    try:
        signing.loads(token, salt=FORM_SALT, max_age=MAXIMUM_SECONDS)
    except signing.BadSignature:
        return form_token()
    return token


def _check_token(token: str, now: datetime) -> str:
    try:
        signing.loads(token, salt=FORM_SALT, max_age=MAXIMUM_SECONDS)
    except signing.BadSignature as error:
        raise RuleViolation(_("This form is too old: nothing was sent. Send it once more.")) from error
    if (now - _made_at(token)).total_seconds() < MINIMUM_SECONDS:
        raise RuleViolation(_("This was sent faster than a person types: wait a few seconds and send it again."))
    return hashlib.sha256(token.encode()).hexdigest()


def _made_at(token: str) -> datetime:
    stamp = token.rsplit(":", 2)[1]
    return datetime.fromtimestamp(signing.b62_decode(stamp), tz=timezone.get_default_timezone())


def _hash(kind: str, value: str) -> str:
    return hmac.new(str(settings.SECRET_KEY).encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def send_as_visitor(
    *,
    statement: Statement,
    company_name: str,
    name: str,
    email: str,
    address: str,
    token: str,
    trap: str = "",
    now: datetime | None = None,
) -> VisitorSubmission:
    """Keep what a visitor sent until they confirm their address; robots and floods are refused."""
    now = now or timezone.now()
    email = email.strip().lower()
    _check_visitor(statement, company_name, email)
    if trap:
        raise RuleViolation(_("Leave the field “website” empty: it is there to stop robots."))
    nonce = _check_token(token, now)
    _count(nonce, address, email, now)
    answers = asdict(statement) | {"company_name": company_name.strip(), "name": name.strip()}
    answers["deadline_on"] = statement.deadline_on.isoformat() if statement.deadline_on else ""
    with transaction.atomic():
        submission = VisitorSubmission.objects.create(
            answers=answers, email=email, sent_at=now, expires_at=now + KEPT_FOR
        )
        send_confirmation.enqueue(submission.pk)
    return submission


def _check_visitor(statement: Statement, company_name: str, email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise RuleViolation(_("Give an e-mail address where the desk can answer you."), field="email") from error
    for field, value, message in (
        ("title", statement.title, _("Give the need a title.")),
        ("problem", statement.problem, _("Say what the problem is.")),
        ("company_name", company_name, _("Say which company has this need.")),
    ):
        if not value.strip():
            raise RuleViolation(message, field=field)


def _count(nonce: str, address: str, email: str, now: datetime) -> None:
    address_hash, email_hash = _hash("address", address), _hash("email", email)
    recent = VisitorAttempt.objects.filter(at__gte=now - COUNTED_FOR)
    if (
        recent.filter(address_hash=address_hash).count() >= PER_ADDRESS
        or recent.filter(email_hash=email_hash).count() >= PER_EMAIL
    ):
        raise RuleViolation(_("Too many needs were sent from here today: come back tomorrow, or call the desk."))
    try:
        with transaction.atomic():
            VisitorAttempt.objects.create(nonce=nonce, address_hash=address_hash, email_hash=email_hash, at=now)
    except IntegrityError as error:
        raise RuleViolation(_("This need was sent already: see the mail that we sent you.")) from error


def confirm_submission(*, token: str, now: datetime | None = None) -> Need:
    """Turn a confirmed submission into a need of the desk; a second click gives the same need."""
    now = now or timezone.now()
    try:
        reference = read_confirmation(token)
    except signing.BadSignature as error:
        raise RuleViolation(_("This address is not complete: copy it whole from the mail.")) from error
    submission = VisitorSubmission.objects.select_related("need").filter(reference=reference).first()
    if submission is not None and submission.need is not None:
        return submission.need
    if submission is None or submission.expires_at < now or submission.missed:
        raise RuleViolation(_("This address has expired and what you sent was erased: please send it again."))
    with transaction.atomic():
        won = VisitorSubmission.objects.filter(pk=submission.pk, confirmed_at=None).update(confirmed_at=now)
        if not won:
            raise RuleViolation(_("This is being confirmed already: reload the page in a moment."))
        need = _submit(submission, now)
        VisitorSubmission.objects.filter(pk=submission.pk).update(need=need, answers={})
    return need


def _submit(submission: VisitorSubmission, now: datetime) -> Need:
    answers: dict[str, Any] = dict(submission.answers)
    company_name, name = answers.pop("company_name"), answers.pop("name")
    wanted_on = date.fromisoformat(answers["deadline_on"]) if answers["deadline_on"] else None
    answers["deadline_on"] = wanted_on if wanted_on and wanted_on >= timezone.localdate(now) else None
    return submit_need(
        actor=system_user(),
        statement=Statement(**answers),
        contact=Contact(company_name=company_name, name=name, email=submission.email, confirmed_at=now),
        channel=Channel.VISITOR,
    )


def expire_submissions(*, actor: Any, now: datetime | None = None, at: datetime | None = None) -> int:
    """Erase what was never confirmed, and the counts of the rate limit after two days."""
    now = now or timezone.now()
    with transaction.atomic():
        erased, _per_model = VisitorSubmission.objects.filter(expires_at__lt=now, need=None).delete()
        if erased:
            # Of those whose mail was lost the coordinator was told: what waits is counted anew when the log grows.
            audit.trace(actor, "visitor.erase", at=at, count=erased)
    VisitorAttempt.objects.filter(at__lt=now - 2 * COUNTED_FOR).delete()
    return erased
