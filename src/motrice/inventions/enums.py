"""Kinds and states of disclosures, of what binds or threatens them, and of what is decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DisclosureKind(models.TextChoices):
    """What sort of result is disclosed."""

    INVENTION = "invention", _("Invention")
    SOFTWARE = "software", _("Software")
    KNOW_HOW = "know_how", _("Know-how")
    MATERIAL = "material", _("Biological or other material")


class DisclosureStatus(models.TextChoices):
    """Where a disclosure stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Awaiting signatures")
    RECEIVED = "received", _("Received")
    RETURNED = "returned", _("Returned for correction")
    EVALUATION = "evaluation", _("Under evaluation")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


WRITABLE = (DisclosureStatus.DRAFT, DisclosureStatus.RETURNED)
UNDECIDED = (
    DisclosureStatus.SUBMITTED,
    DisclosureStatus.RECEIVED,
    DisclosureStatus.RETURNED,
    DisclosureStatus.EVALUATION,
)
WITH_OFFICE = (DisclosureStatus.RECEIVED, DisclosureStatus.EVALUATION)


class DisclosureLevel(models.TextChoices):
    """Who may read a disclosure besides those who work on it."""

    CIRCLE = "circle", _("Named circle")
    ORGANISATION = "organisation", _("Organisation")


class DecisionKind(models.TextChoices):
    """What becomes of a disclosed result."""

    PATENT = "patent", _("Protect by patent")
    SOFTWARE = "software", _("Protect by software deposit")
    SECRET = "secret", _("Keep secret")
    PUBLISH = "publish", _("Publish")
    RELEASE = "release", _("Release to the inventors")
    MORE_WORK = "more_work", _("More work first")


class DecisionStatus(models.TextChoices):
    """Whether a decision holds, waits for a second person, or was refused by them."""

    PROPOSED = "proposed", _("Proposed")
    TAKEN = "taken", _("Taken")
    REFUSED = "refused", _("Refused")
    SUPERSEDED = "superseded", _("Taken up again")


class DeclineKind(models.TextChoices):
    """Why somebody who was asked gives no opinion."""

    TIME = "time", _("no time for it")
    FIELD = "field", _("not my field")
    CONFLICT = "conflict", _("a conflict of interest")
    OTHER = "other", _("another reason")


class EvaluatorState(models.TextChoices):
    """How far an invitation to give an opinion is."""

    ASKED = "asked", _("asked")
    OPENED = "opened", _("address opened")
    PROMISED = "promised", _("secrecy promised")
    ANSWERED = "answered", _("opinion given")
    DECLINED = "declined", _("declined")
    CONFLICT = "conflict", _("conflict of interest declared")
    OVER = "over", _("address closed")
    ENDED = "ended", _("called off")


class ShownPart(models.TextChoices):
    """What an evaluator from outside reads beside the title and what it is, if the officer chooses so."""

    PROBLEM = "problem", _("what it solves")
    NOVELTY = "novelty", _("what is new")
    PRIOR_ART = "prior_art", _("prior art known")
    USES = "uses", _("uses and advantages")
    MATURITY = "maturity", _("maturity, field and keywords")
    INVENTORS = "inventors", _("the inventors' names and employers")


class InventorRole(models.TextChoices):
    """What somebody did for the result."""

    INVENTOR = "inventor", _("inventor")
    AUTHOR = "author", _("author")
    CONTRIBUTOR = "contributor", _("contributor")


class TieKind(models.TextChoices):
    """What can bind a result: money, agreements, materials of others."""

    FUNDING = "funding", _("funding contract")
    COLLABORATION = "collaboration", _("research collaboration")
    CONSORTIUM = "consortium", _("consortium agreement")
    THESIS = "thesis", _("thesis with a company")
    MTA = "mta", _("material transfer (MTA)")
    NDA = "nda", _("confidentiality (NDA)")
    OTHER = "other", _("other agreement")


class DivulgationKind(models.TextChoices):
    """How a result leaves, or left, the circle of those who keep it."""

    ARTICLE = "article", _("article")
    CONFERENCE = "conference", _("conference or poster")
    THESIS = "thesis", _("thesis or its defence")
    PREPRINT = "preprint", _("preprint or open repository")
    TALK = "talk", _("talk to others")
    DEMONSTRATION = "demonstration", _("demonstration, sale or samples")
    CODE = "code", _("source code put online")
    OTHER = "other", _("other")


class EventKind(models.TextChoices):
    """Lines of a disclosure's timeline."""

    STARTED = "started", _("started")
    SUBMITTED = "submitted", _("sent for signature")
    RECALLED = "recalled", _("taken back")
    ASSIGNED = "assigned", _("given to an officer")
    INVITED = "invited", _("invited to sign")
    SIGNED = "signed", _("signed")
    RECEIVED = "received", _("received")
    RETURNED = "returned", _("returned")
    EVALUATION = "evaluation", _("evaluation began")
    EVALUATOR = "evaluator", _("evaluator invited")
    EVALUATOR_ENDED = "evaluator_ended", _("evaluator called off")
    EVALUATOR_CHANGED = "evaluator_changed", _("invitation of an evaluator changed")
    UNDERTAKEN = "undertaken", _("secrecy promised by an evaluator")
    DECLINED = "declined", _("opinion declined")
    OPINION = "opinion", _("opinion given")
    MESSAGE = "message", _("message")
    ATTACHED = "attached", _("file added")
    DETACHED = "detached", _("file removed")
    DIVULGATION = "divulgation", _("publication stated")
    PROPOSED = "proposed", _("decision proposed")
    REFUSED = "refused", _("decision not approved")
    DECIDED = "decided", _("decision taken")
    REOPENED = "reopened", _("taken up again")
    WITHDRAWN = "withdrawn", _("withdrawn")
    RESTORED = "restored", _("restored")
    LEVEL = "level", _("confidentiality changed")
    REMINDED = "reminded", _("reminder")
    MISSED = "missed", _("mail not delivered")
    ALERT = "alert", _("publication before the decision")
    ESCALATED = "escalated", _("escalation")


class NoticeKind(models.TextChoices):
    """What the clock sends, once for each thing and due day."""

    SIGN = "sign", _("reminder to sign")
    UNSIGNED = "unsigned", _("signatures missing")
    TAKE = "take", _("reminder to begin the evaluation")
    DECIDE = "decide", _("reminder of the promised decision")
    OVERDUE = "overdue", _("promise over")
    OPINION = "opinion", _("reminder of an opinion")
    ALERT = "alert", _("publication before the decision")
    NEXT_STEP = "next_step", _("promised next step")
