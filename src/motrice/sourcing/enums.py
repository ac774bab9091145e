"""States and kinds of the need desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NeedStatus(models.TextChoices):
    """Where a need stands; the legal moves are in `transitions.NEED`."""

    RECEIVED = "received", _("Received")
    ANALYSIS = "analysis", _("In analysis")
    REFERRED = "referred", _("Referred to laboratories")
    ANSWERED = "answered", _("Answered by a laboratory")
    INTRODUCED = "introduced", _("Introduced")
    CLOSED = "closed", pgettext_lazy("need", "Closed")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    WITHDRAWN = "withdrawn", pgettext_lazy("need", "Withdrawn by the company")


OPEN_STATUSES = (
    NeedStatus.RECEIVED,
    NeedStatus.ANALYSIS,
    NeedStatus.REFERRED,
    NeedStatus.ANSWERED,
    NeedStatus.INTRODUCED,
)
ENDED_STATUSES = (NeedStatus.CLOSED, NeedStatus.OUT_OF_SCOPE, NeedStatus.WITHDRAWN)


class NeedLevel(models.TextChoices):
    """How far inside the desk a need is read; it is never public."""

    ORGANISATION = "organisation", _("The office in charge and the teams asked")
    CIRCLE = "circle", _("Only the officer in charge and the people named")


class Channel(models.TextChoices):
    """How a need reached the desk."""

    SITE = "site", _("stated by the company's contact")
    OFFICER = "officer", _("entered by an officer for the company")
    VISITOR = "visitor", _("sent by a visitor and confirmed by mail")


class ReferralStatus(models.TextChoices):
    """Where a referral stands; the legal moves are in `transitions.REFERRAL`."""

    SENT = "sent", _("Waiting for the team")
    QUESTIONED = "questioned", _("Question asked")
    JOINT = "joint", _("Joint answer to confirm")
    ACCEPTED = "accepted", pgettext_lazy("referral", "Accepted")
    REFUSED = "refused", pgettext_lazy("referral", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Called back")


PENDING_REFERRALS = (ReferralStatus.SENT, ReferralStatus.QUESTIONED, ReferralStatus.JOINT)


class JointStatus(models.TextChoices):
    """Where the joint answer of two teams stands."""

    PROPOSED = "proposed", _("Proposed by the lead team")
    CONFIRMED = "confirmed", _("Confirmed by both teams")
    DECLINED = "declined", _("Declined by the other team")


class CandidateStatus(models.TextChoices):
    """What the officer made of a proposed team."""

    SHORTLISTED = "shortlisted", _("Shortlisted")
    EXCLUDED = "excluded", _("Set aside")
    REFERRED = "referred", _("Referred")


class CandidateOrigin(models.TextChoices):
    """Where a candidate comes from."""

    RANKING = "ranking", _("proposed by the ranking")
    HAND = "hand", _("added by hand")


class MessageKind(models.TextChoices):
    """Who writes to whom: each reads only the thread in which they take part."""

    DESK_TO_COMPANY = "desk_company", _("from the desk to the company")
    COMPANY_TO_DESK = "company_desk", _("from the company to the desk")
    DESK_TO_TEAM = "desk_team", _("from the desk to the team")
    TEAM_TO_DESK = "team_desk", _("from the team to the desk")


COMPANY_THREAD = (MessageKind.DESK_TO_COMPANY, MessageKind.COMPANY_TO_DESK)
TEAM_THREAD = (MessageKind.DESK_TO_TEAM, MessageKind.TEAM_TO_DESK)


class EventKind(models.TextChoices):
    """What a line of the timeline tells."""

    RECEIVED = "received", _("Need received")
    ASSIGNED = "assigned", _("Officer in charge")
    EDITED = "edited", _("Statement corrected")
    SECRET_CHANGED = "secret_changed", _("Confidential part changed")
    QUALIFIED = "qualified", _("Taken in charge")
    MESSAGE = "message", _("Message")
    WAIT_STARTED = "wait_started", _("Waiting for the company")
    WAIT_ENDED = "wait_ended", _("The company answered")
    ATTACHED = "attached", _("File added")
    DETACHED = "detached", _("File removed")
    NDA_RECORDED = "nda_recorded", _("NDA recorded")
    NDA_ENDED = "nda_ended", _("NDA ended")
    NDA_WITHDRAWN = "nda_withdrawn", _("NDA taken back")
    CANDIDATE_ADDED = "candidate_added", _("Team shortlisted")
    CANDIDATE_EXCLUDED = "candidate_excluded", _("Team set aside")
    CANDIDATE_RESTORED = "candidate_restored", _("Team brought back")
    REFERRED = "referred", _("Referred to a team")
    QUESTION = "question", _("Question of a team")
    REPLY = "reply", _("Answer to a team")
    ACCEPTED = "accepted", _("Accepted by a team")
    REFUSED = "refused", _("Refused by a team")
    CALLED_BACK = "called_back", _("Referral called back")
    JOINT_PROPOSED = "joint_proposed", _("Joint answer proposed")
    JOINT_CONFIRMED = "joint_confirmed", _("Joint answer confirmed")
    JOINT_DECLINED = "joint_declined", _("Joint answer declined")
    REMINDED = "reminded", _("Reminder sent")
    MISSED = "missed", _("Mail not delivered")
    ESCALATED = "escalated", _("Escalated to the coordinator")
    OUTCOME = "outcome", _("Outcome recorded")
    CLOSED = "closed", pgettext_lazy("event", "Closed")
    DECLINED = "declined", _("Declined as out of scope")
    WITHDRAWN = "withdrawn", pgettext_lazy("event", "Withdrawn")
    REOPENED = "reopened", _("Reopened")


class ClockNoticeKind(models.TextChoices):
    """What the desk's clock sent, once for each due time."""

    REMINDER = "reminder", _("reminder to the officer in charge")
    ESCALATION = "escalation", _("escalation to the coordinator")
    TEAM_REMINDER = "team_reminder", _("reminder to the team")
    TEAM_OVERDUE = "team_overdue", _("team's answer overdue, told to the officer")


class OutcomeKind(models.TextChoices):
    """What a need led to."""

    INTRODUCTION = "introduction", _("Introduction")
    NDA = "nda", _("NDA signed")
    CONTRACT = "contract", _("Contract signed")
    NONE = "none", _("No outcome")


class ReportRhythm(models.TextChoices):
    """How often the report of the desk is mailed to who asked for it."""

    WEEKLY = "weekly", _("each Monday, on the week before")
    MONTHLY = "monthly", _("on the first of each month, on the month before")


class OfferKind(models.TextChoices):
    """What is offered to companies."""

    OFFER = "offer", pgettext_lazy("capability", "Offer")
    CAPABILITY = "capability", _("Capability")
    PLATFORM = "platform", pgettext_lazy("capability", "Platform")


class OfferStatus(models.TextChoices):
    """Where an offer stands; the legal moves are in `transitions.OFFER`."""

    DRAFT = "draft", _("In preparation")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")
