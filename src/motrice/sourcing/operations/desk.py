"""What the desk keeps around its needs: NDAs and absences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import User
from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.policies import holds, require
from motrice.directory.models import Organisation
from motrice.sourcing.enums import EventKind
from motrice.sourcing.models import Nda, Need, OfficerAbsence, Referral
from motrice.sourcing.operations.timeline import moment, tell
from motrice.sourcing.policies import is_desk


def record_nda(
    *,
    need: Need,
    organisation: Organisation,
    recorded_on: date,
    agreement: str,
    actor: Any,
    at: datetime | None = None,
) -> Nda:
    """Record that a team signed: from then on it reads the confidential part. Refused for a team not asked."""
    require(actor, "handle", need)
    when = moment(at)
    if recorded_on > timezone.localdate(when):
        raise RuleViolation(_("The date of the signature is to come."), field="recorded_on")
    if not agreement.strip():
        raise RuleViolation(_("Give the reference of the NDA."), field="agreement")
    referral = Referral.objects.filter(need=need, organisation=organisation).exclude(status="withdrawn").first()
    if referral is None:
        raise RuleViolation(_("Refer the need to this team first."), field="organisation")
    nda = Nda(
        need=need,
        organisation=organisation,
        recorded_on=recorded_on,
        agreement=agreement.strip(),
        recorded_by_id=actor.pk,
    )
    with audit.operation(actor, "need.record_nda", subject=need, at=at) as op:
        op.create(nda)
        tell(
            op,
            need,
            EventKind.NDA_RECORDED,
            at=when,
            referral=referral,
            company=True,
            teams=True,
            team=organisation.name,
        )
    return nda


def end_nda(*, nda: Nda, ended_on: date, actor: Any, at: datetime | None = None) -> Nda:
    """End an NDA: the team no longer reads the confidential part after that day."""
    require(actor, "handle", nda.need)
    if ended_on < nda.recorded_on:
        raise RuleViolation(_("An NDA cannot end before it starts."), field="ended_on")
    with audit.operation(actor, "need.end_nda", subject=nda.need, at=at) as op:
        _hold(nda)
        if nda.ends_on is not None:
            raise RuleViolation(_("The end of this NDA was recorded already."), field="nda")
        op.update(nda, ends_on=ended_on)
        _tell_of_end(op, nda, EventKind.NDA_ENDED, moment(at))
    return nda


def withdraw_nda(*, nda: Nda, reason: str, actor: Any, at: datetime | None = None) -> None:
    """Take back an NDA that was recorded by mistake: what is confidential closes to the team at once.

    The history keeps who had recorded it, who took it back and why.
    """
    need = nda.need
    require(actor, "handle", need)
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    with audit.operation(actor, "need.withdraw_nda", subject=need, reason=reason.strip(), at=at) as op:
        _hold(nda)
        _tell_of_end(op, nda, EventKind.NDA_WITHDRAWN, moment(at))
        op.delete(nda)


def _hold(nda: Nda) -> None:
    """Read an NDA again under its lock: another officer may have ended it meanwhile, or taken it back."""
    try:
        nda.refresh_from_db(from_queryset=Nda._base_manager.select_for_update(no_key=True))
    except Nda.DoesNotExist:
        raise RuleViolation(_("This NDA was taken back meanwhile."), field="nda") from None


def _tell_of_end(op: audit.Recorder, nda: Nda, kind: EventKind, when: datetime) -> None:
    """Tell the company and the team whose NDA it was."""
    asked = Referral.objects.filter(need_id=nda.need_id, organisation_id=nda.organisation_id).order_by("-pk").first()
    name = nda.organisation.name
    tell(op, nda.need, kind, at=when, referral=asked, company=True, teams=asked is not None, team=name)


def declare_absence(
    *, officer: User, starts_on: date, ends_on: date, actor: Any, at: datetime | None = None
) -> OfficerAbsence:
    """Say when an officer is away: no new need is given to them on these days."""
    if not (actor.is_system or holds(actor, "coordinator") or (actor == officer and is_desk(actor))):
        raise NotPermitted(_("Only the officer and the coordinator declare an absence."))
    absence = OfficerAbsence(officer=officer, starts_on=starts_on, ends_on=ends_on)
    with audit.operation(actor, "absence.declare", subject=officer, at=at) as op:
        op.create(absence)
    return absence


def cancel_absence(*, absence: OfficerAbsence, actor: Any) -> None:
    """Remove an absence that does not take place."""
    require(actor, "edit", absence)
    with audit.operation(actor, "absence.cancel", subject=absence.officer) as op:
        op.delete(absence)
