"""Kinds of the portfolio: assets, routes, filings, events of a procedure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssetKind(models.TextChoices):
    """What is held."""

    PATENT_FAMILY = "patent_family", _("Patent family")
    SOFTWARE = "software", _("Software")
    KNOW_HOW = "know_how", _("Know-how")
    MATERIAL = "material", _("Material")
    DESIGN = "design", _("Design")
    MARK = "mark", _("Trade mark")


REGISTERED_KINDS = (AssetKind.PATENT_FAMILY, AssetKind.DESIGN, AssetKind.MARK)


class AssetStatus(models.TextChoices):
    """Where an asset stands as a whole."""

    PREPARED = "prepared", _("in preparation")
    ALIVE = "alive", _("in force")
    ABANDONED = "abandoned", _("abandoned")
    EXPIRED = "expired", _("expired")
    ASSIGNED = "assigned", _("assigned to others")


LIVE_STATUSES = (AssetStatus.PREPARED, AssetStatus.ALIVE)


class Route(models.TextChoices):
    """By which way protection is asked for."""

    NATIONAL = "national", _("national")
    EUROPEAN = "european", _("European")
    PCT = "pct", _("international (PCT)")
    UNITARY = "unitary", _("unitary effect")
    VALIDATION = "validation", _("validated European part")


class Descent(models.TextChoices):
    """How a filing comes from its parent."""

    DIVISIONAL = "divisional", _("divisional of")
    CONTINUATION = "continuation", _("continuation of")
    NATIONAL_PHASE = "national_phase", _("national phase of")
    REGIONAL_PHASE = "regional_phase", _("regional phase of")
    VALIDATION = "validation", _("national part of")
    UNITARY = "unitary", _("unitary effect of")


class FilingStatus(models.TextChoices):
    """Where one filing stands: worked out from its events, never typed."""

    PENDING = "pending", _("pending")
    GRANTED = "granted", _("granted")
    OPPOSED = "opposed", _("under opposition")
    ENTERED = "entered", _("gone into its phases")
    REFUSED = "refused", _("refused")
    REVOKED = "revoked", _("revoked")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")
    EXPIRED = "expired", _("expired")


LIVE_FILINGS = (FilingStatus.PENDING, FilingStatus.GRANTED, FilingStatus.OPPOSED)


class EventKind(models.TextChoices):
    """What happened in a procedure; the rules of the docket start from these."""

    FILING = "filing", _("filing")
    SEARCH_REPORT = "search_report", _("search report")
    SEARCH_PUBLICATION = "search_publication", _("publication of the search report")
    PUBLICATION = "publication", _("publication")
    EXAMINATION_REQUEST = "examination_request", _("request for examination")
    OFFICE_ACTION = "office_action", _("office action")
    RESPONSE = "response", _("response to the office")
    INTENTION_TO_GRANT = "intention_to_grant", _("intention to grant")
    ALLOWANCE = "allowance", _("notice of allowance")
    GRANT = "grant", _("grant")
    GRANT_PUBLICATION = "grant_publication", _("publication of the grant")
    VALIDATION = "validation", _("validation")
    UNITARY_REQUEST = "unitary_request", _("request for unitary effect")
    UNITARY_REGISTRATION = "unitary_registration", _("registration of unitary effect")
    NATIONAL_ENTRY = "national_entry", _("entry into the national phase")
    DIVISIONAL_FILING = "divisional_filing", _("filing of a divisional")
    OPPOSITION = "opposition", _("opposition")
    OPPOSITION_END = "opposition_end", _("end of the opposition")
    REVOCATION = "revocation", _("revocation")
    APPEAL = "appeal", _("appeal")
    LIMITATION = "limitation", _("limitation")
    ANNUITY_PAID = "annuity_paid", _("annuity paid")
    FEE_PAID = "fee_paid", _("fee paid")
    TRANSFER = "transfer", _("transfer recorded")
    REFUSAL = "refusal", _("refusal")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    LAPSE = "lapse", _("lapse")
    RESTORATION = "restoration", _("restoration of rights")
    ABANDONMENT = "abandonment", _("abandonment decided")
    EXPIRY = "expiry", _("expiry")
    COMMUNICATION_161 = "communication_161", _("communication under Rule 161")
    LOSS_OF_RIGHTS = "loss_of_rights", _("notice of loss of rights")
    SUMMONS = "summons", _("summons to oral proceedings")
    RESTRICTION = "restriction", _("restriction requirement")
    FINAL_ACTION = "final_action", _("final action")
    RENEWAL = "renewal", _("renewal")
    EXTENSION = "extension", _("extension granted")
    DONE = "done", _("deadline marked as done")
    LICENCE_SIGNED = "licence_signed", _("licence or assignment signed")
    UNIT_DECISION = "unit_decision", _("research unit created or renewed")
    AGENT_DECISION = "agent_decision", _("decision of the single agent")
    ABANDONMENT_NOTICE = "abandonment_notice", _("title offered to the co-owners")
    LICENCE_NOTICE = "licence_notice", _("licence announced to the co-owners")
    OTHER = "other", _("other event")


class Nature(models.TextChoices):
    """What a date on the docket is."""

    ACT = "act", _("to do")
    WINDOW = "window", _("open to others")
    TERM = "term", _("end of a right")
    OPENING = "opening", _("right that opens")
    OFFICE = "office", _("done by the office")
    HABIT = "habit", _("habit of the trade")


class DeadlineState(models.TextChoices):
    """Where a deadline stands."""

    OPEN = "open", pgettext_lazy("deadline", "open")
    DONE = "done", _("done")
    SUPERSEDED = "superseded", _("no longer needed")
    LAPSED = "lapsed", _("passed")


class Confidence(models.TextChoices):
    """How sure a rule of the docket is."""

    CONFIRMED = "confirmed", _("confirmed")
    TWO_SOURCES = "two_sources", _("two sources")
    SECONDARY = "secondary", _("secondary source")
    ONE_TOOL = "one_tool", _("seen in one tool only")
    OUTDATED = "outdated", _("possibly outdated")
    UNCONFIRMED = "unconfirmed", _("not confirmed")


class Choice(models.TextChoices):
    """What is decided of an annuity or another fee."""

    KEEP = "keep", _("keep")
    DROP = "drop", _("drop")


class FeeCategory(models.TextChoices):
    """Which fees an applicant pays."""

    STANDARD = "standard", _("standard")
    REDUCED = "reduced", _("reduced (public research, small firm, person)")
    SMALL = "small", _("small entity (United States)")
    MICRO = "micro", _("micro entity (United States)")


class MailKind(models.TextChoices):
    """Why the docket writes to somebody."""

    REMINDER = "reminder", _("reminder")
    SECOND = "second", _("to the second person")


class MailState(models.TextChoices):
    """Where a mail stands."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", pgettext_lazy("a mail", "sent")
    FAILED = "failed", _("could not be sent")


class Scheme(models.TextChoices):
    """Classifications of technology, of designs and of goods."""

    IPC = "ipc", "IPC"
    CPC = "cpc", "CPC"
    LOCARNO = "locarno", "Locarno"
    NICE = "nice", "Nice"


class ContributorRole(models.TextChoices):
    """What somebody is to an asset."""

    INVENTOR = "inventor", _("inventor")
    AUTHOR = "author", _("author")
    CONTRIBUTOR = "contributor", _("contributor")


class DepositKind(models.TextChoices):
    """Where a software was deposited as a proof of its date."""

    APP = "app", "APP"
    SOFTWARE_HERITAGE = "software_heritage", "Software Heritage"
    E_SOLEAU = "e_soleau", "e-Soleau"
    NOTARY = "notary", _("notary or bailiff")
    OTHER = "other", _("other")


class PartUse(models.TextChoices):
    """How a third party's part is used in a software."""

    LINKED = "linked", _("linked, unchanged")
    MODIFIED = "modified", _("modified")
    COPIED = "copied", _("copied into the code")
    TOOL = "tool", _("used to build, not distributed")


class MeasureKind(models.TextChoices):
    """How a secret is kept."""

    ACCESS = "access", _("limited access")
    NDA = "nda", _("confidentiality agreements")
    MARKING = "marking", _("marking of documents")
    STORAGE = "storage", _("sealed or encrypted storage")
    TRAINING = "training", _("people informed of their duty")
    OTHER = "other", _("other measure")


class MaterialKind(models.TextChoices):
    """What sort of material."""

    CELL_LINE = "cell_line", _("cell line")
    ANTIBODY = "antibody", _("antibody")
    PLASMID = "plasmid", _("plasmid")
    STRAIN = "strain", _("strain")
    ANIMAL = "animal", _("animal model")
    PLANT = "plant", _("plant variety")
    COMPOUND = "compound", _("chemical compound")
    SAMPLE = "sample", _("sample or prototype")
    DATA = "data", _("data set")
    OTHER = "other", _("other material")


class NoticeSubject(models.TextChoices):
    """What a co-owner is told of."""

    PROTECTION = "protection", _("decision to protect")
    ABANDONMENT = "abandonment", _("abandonment: the title is offered")
    SALE = "sale", _("projected sale of a part: right to buy it first")


class NoticeAnswer(models.TextChoices):
    """What a co-owner says to a notice."""

    NOTED = "noted", _("noted")
    DECLINES = "declines", _("does not want the title")
    TAKES_OVER = "takes_over", _("takes the title over")


class AbandonmentStatus(models.TextChoices):
    """Where the procedure before an abandonment stands."""

    OPEN = "open", _("notice running")
    ABANDONED = "abandoned", _("abandoned")
    TAKEN_OVER = "taken_over", _("taken over by a co-owner")
    WITHDRAWN = "withdrawn", _("withdrawn: the title is kept")


class RankingBasis(models.TextChoices):
    """What a ranking of applicants counts in a calendar year."""

    PUBLISHED = "published", _("applications published in the year")
    FILED = "filed", _("applications filed in the year")


class Reach(models.TextChoices):
    """For whom a landscape was worked out: it holds nothing that one of them may not see."""

    ORGANISATION = "organisation", _("those who work on the portfolio")
    NETWORK = "network", _("the network")


class LandscapeStep(models.TextChoices):
    """How far the working out of a landscape is."""

    QUEUED = "queued", _("waiting for its turn")
    READING = "reading", _("reading the texts")
    PLACING = "placing", _("placing them by likeness")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
