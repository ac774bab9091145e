"""The joint answer of two teams: proposed by the one, confirmed by the other, counted once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import InvalidTransition, RuleViolation
from motrice.core.policies import require
from motrice.core.reading import Read, require_unchanged
from motrice.directory.models import Organisation
from motrice.sourcing.enums import EventKind, JointStatus, ReferralStatus
from motrice.sourcing.models import JointAnswer, Referral
from motrice.sourcing.operations.referrals import STATED, decline_joint_row, mark_accepted, settle_need
from motrice.sourcing.operations.timeline import moment, notify, tell
from motrice.sourcing.queries import team_readers
from motrice.sourcing.transitions import REFERRAL

ANSWERABLE = (ReferralStatus.SENT, ReferralStatus.QUESTIONED)


def propose_joint(
    *,
    referral: Referral,
    partner_team: Organisation,
    text: str,
    actor: Any,
    read: Read = None,
    at: datetime | None = None,
) -> JointAnswer:
    """A team proposes to answer with another; a team not yet asked is asked only if the officer refers the need.

    `StaleState` when the need is not what was `read` of it.
    """
    REFERRAL.require("propose_joint", referral, actor)
    require_unchanged(referral.need, STATED, read=read, actor=actor)
    require(actor, "view", partner_team)
    if partner_team.pk == referral.organisation_id:
        raise RuleViolation(_("Choose another team than your own."), field="partner_team")
    if not text.strip():
        raise RuleViolation(_("Say what the two teams would do together."), field="text")
    when, need = moment(at), referral.need
    asked = Referral.objects.filter(need=need, organisation=partner_team, status__in=ANSWERABLE).first()
    with audit.operation(actor, "joint.propose", subject=referral, at=at) as op:
        REFERRAL.apply(op, "propose_joint", referral)
        joint = op.create(
            JointAnswer(lead=referral, partner_team=partner_team, partner=asked, text=text.strip(), proposed_at=when)
        )
        tell(
            op,
            need,
            EventKind.JOINT_PROPOSED,
            at=when,
            referral=referral,
            teams=True,
            team=referral.organisation.name,
            partner=partner_team.name,
        )
        if asked is not None:
            notify("joint_to_confirm", team_readers(asked), need, at=at, referral=asked)
        notify("joint_proposed", [need.owner], need, at=at, referral=referral)
    return joint


def confirm_joint(*, joint: JointAnswer, actor: Any, at: datetime | None = None) -> JointAnswer:
    """The other team confirms: both have answered, with one answer."""
    require(actor, "confirm", joint)
    partner = joint.partner
    if joint.status != JointStatus.PROPOSED or partner is None or partner.status not in ANSWERABLE:
        raise InvalidTransition(_("This joint answer can no longer be confirmed: reload the page."))
    when, need = moment(at), joint.lead.need
    with audit.operation(actor, "joint.confirm", subject=joint.lead, at=at) as op:
        op.update(joint, status=JointStatus.CONFIRMED, settled_at=when)
        mark_accepted(op, joint.lead, "confirm_joint", joint.text, when)
        mark_accepted(op, partner, "accept", joint.text, when)
        settle_need(op, need)
        for referral, other in ((joint.lead, partner), (partner, joint.lead)):
            tell(
                op,
                need,
                EventKind.JOINT_CONFIRMED,
                at=when,
                referral=referral,
                teams=True,
                team=referral.organisation.name,
                partner=other.organisation.name,
            )
        notify("referral_answered", [need.owner], need, at=at, referral=joint.lead)
    return joint


def decline_joint(*, joint: JointAnswer, actor: Any, at: datetime | None = None) -> JointAnswer:
    """The other team declines; the lead team answers alone."""
    require(actor, "confirm", joint)
    return _decline(joint, actor, at)


def give_up_joint(*, joint: JointAnswer, actor: Any, at: datetime | None = None) -> JointAnswer:
    """The lead team gives up its own proposal."""
    require(actor, "lead", joint)
    return _decline(joint, actor, at)


def _decline(joint: JointAnswer, actor: Any, at: datetime | None) -> JointAnswer:
    if joint.status != JointStatus.PROPOSED:
        raise InvalidTransition(_("This joint answer was settled already: reload the page."))
    with audit.operation(actor, "joint.decline", subject=joint.lead, at=at) as op:
        decline_joint_row(op, joint, moment(at))
        notify("joint_declined", team_readers(joint.lead), joint.lead.need, at=at, referral=joint.lead)
    return joint
