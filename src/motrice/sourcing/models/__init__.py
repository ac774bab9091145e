"""Needs, referrals, what was made of them, and what the laboratories offer."""

from motrice.sourcing.models.desk import (
    ClockNotice,
    Message,
    NeedDraft,
    NeedEvent,
    OfficerAbsence,
    VisitorAttempt,
    VisitorSubmission,
    Wait,
)
from motrice.sourcing.models.need import Attachment, Need, NeedSecret, Outcome
from motrice.sourcing.models.offer import Offer, OfferReference, OfferSegment
from motrice.sourcing.models.referral import Candidate, JointAnswer, Nda, Referral
from motrice.sourcing.models.report import ReportMail

__all__ = [
    "Attachment",
    "Candidate",
    "ClockNotice",
    "JointAnswer",
    "Message",
    "Nda",
    "Need",
    "NeedDraft",
    "NeedEvent",
    "NeedSecret",
    "Offer",
    "OfferReference",
    "OfferSegment",
    "OfficerAbsence",
    "Outcome",
    "Referral",
    "ReportMail",
    "VisitorAttempt",
    "VisitorSubmission",
    "Wait",
]
