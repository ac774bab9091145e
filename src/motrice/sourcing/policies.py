"""Who sees and moves needs, their confidential part, referrals and offers.

A need is read by its company, by the office in charge, by the teams it was referred to, by the coordinator and by an
auditor; nobody else learns of it, not even by a count. The confidential part leaves out the coordinator, and a team
until its NDA is recorded.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level, circle_clause, everything_clause
from motrice.core.errors import NotPermitted
from motrice.core.policies import EVERYTHING, Clause, clause, holds, register, roles, scopes
from motrice.directory.models import Organisation
from motrice.directory.policies import KEEPERS, LABEL, keeps, keeps_supervised, supervised_by
from motrice.sourcing.enums import COMPANY_THREAD, TEAM_THREAD, NeedLevel, OfferStatus, ReferralStatus
from motrice.sourcing.models import (
    Attachment,
    Candidate,
    ClockNotice,
    JointAnswer,
    Message,
    Nda,
    Need,
    NeedDraft,
    NeedEvent,
    NeedSecret,
    Offer,
    OfferReference,
    OfferSegment,
    OfficerAbsence,
    Outcome,
    Referral,
    ReportMail,
    VisitorAttempt,
    VisitorSubmission,
    Wait,
)

TEAM_HEADS = ("lab_director", "correspondent")

SUMMARY_ROLES = ("director", "representative", "bureau", "observer")

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")
coordinator = everything_clause("is_coordinator", _("You coordinate the network."), "coordinator")


def require_contact(actor: Any) -> None:
    """Refuse who is no company's contact: only they write needs of their own."""
    if not any(role.kind == "company_contact" for role in roles(actor)):
        raise NotPermitted(_("Only a company's contact states a need here; officers have their own form."))


def is_desk(actor: Any) -> bool:
    """Whether the actor works at a need desk: an officer somewhere, or the coordinator."""
    return any(role.kind in ("officer", "coordinator") for role in roles(actor))


def reads_totals_only(actor: Any) -> bool:
    """Whether somebody gets totals without the needs behind them: parts of small totals stay hidden from them."""
    kinds = {role.kind for role in roles(actor)}
    return bool(kinds & set(SUMMARY_ROLES)) and not kinds & {"officer", "coordinator", "auditor"}


def reads_report(actor: Any) -> bool:
    """Whether somebody reads the desk's report: the desk, who oversees it, or who gets totals only."""
    return is_desk(actor) or holds(actor, "auditor") or reads_totals_only(actor)


def company_clauses(prefix: str = "") -> list[Clause]:
    """The company: the contact who stated the need, and the company's other contacts unless it is kept to a circle."""

    def stated(actor: Any) -> Q | None:
        return Q(**{f"{prefix}contact_id": actor.pk}) if actor.pk else None

    def represented(actor: Any) -> Q | None:
        ids = scopes(actor, LABEL, "company_contact")
        return Q(**{f"{prefix}company_id__in": ids, f"{prefix}level": NeedLevel.ORGANISATION}) if ids else None

    return [
        Clause("is_contact", _("You stated this need."), stated),
        Clause("represents_company", _("You represent the company that has this need."), represented),
    ]


def desk_clauses(prefix: str = "") -> list[Clause]:
    """The desk: the officer in charge, and the officers of the same office unless it is kept to a circle."""

    def in_charge(actor: Any) -> Q | None:
        return Q(**{f"{prefix}owner_id": actor.pk}) if actor.pk and is_desk(actor) else None

    def same_office(actor: Any) -> Q | None:
        ids = scopes(actor, LABEL, "officer")
        return Q(**{f"{prefix}office_id__in": ids, f"{prefix}level": NeedLevel.ORGANISATION}) if ids else None

    def network_desk(actor: Any) -> Q | None:
        if not holds(actor, "officer"):
            return None
        return Q(**{f"{prefix}office__isnull": True, f"{prefix}level": NeedLevel.ORGANISATION})

    return [
        Clause("is_in_charge", _("You are in charge of this need."), in_charge),
        Clause("is_of_office", _("Your office is in charge of this need."), same_office),
        Clause("is_of_network_desk", _("You work at the network's desk, which is in charge of it."), network_desk),
    ]


def team_referrals(actor: Any) -> QuerySet[Referral] | None:
    """The referrals put to the actor: to their team, or to them by name; None for who is in no team."""
    if not actor.pk:
        return None
    heads, members = scopes(actor, LABEL, *TEAM_HEADS), scopes(actor, LABEL, "researcher")
    asked = Q(person__user_id=actor.pk)
    if heads:
        asked |= Q(organisation_id__in=heads)
    if members:
        asked |= Q(organisation_id__in=members, person__isnull=True, need__level=NeedLevel.ORGANISATION)
    return Referral._base_manager.filter(asked).exclude(status=ReferralStatus.WITHDRAWN)


def team_clause(path: str) -> Clause:
    """A team asked to answer: `path` leads from the row to the need."""

    def rule(actor: Any) -> Q | None:
        asked = team_referrals(actor)
        return None if asked is None else Q(**{f"{path}__in": asked.values("need_id")})

    return Clause("is_asked", _("This need was referred to your team."), rule)


def own_referral_clause(path: str, **limits: Any) -> Clause:
    """A team reads what belongs to its own referral: `path` leads from the row to the referral."""

    def rule(actor: Any) -> Q | None:
        asked = team_referrals(actor)
        return None if asked is None else Q(**{f"{path}__in": asked.values("pk"), **limits})

    return Clause("is_own_referral", _("It was put to your team."), rule)


def nda_clause(path: str) -> Clause:
    """A team whose NDA for this need is in force today."""

    def rule(actor: Any) -> Q | None:
        asked = team_referrals(actor)
        if asked is None:
            return None
        signed = Nda.objects.in_force(timezone.localdate()).filter(
            need=OuterRef("need"), organisation=OuterRef("organisation")
        )
        return Q(**{f"{path}__in": asked.filter(Exists(signed)).values("need_id")})

    return Clause("signed_nda", _("Your team signed the NDA of this need."), rule)


def limited(clauses: list[Clause], **limits: Any) -> list[Clause]:
    """The same grounds on fewer rows."""

    def inside(actor: Any) -> Q:
        return Q(**limits)

    return [ground.within(inside) for ground in clauses]


secret_readers = [*company_clauses("need__"), *desk_clauses("need__"), nda_clause("need"), auditor]
need_readers = [
    *company_clauses(),
    *desk_clauses(),
    team_clause("pk"),
    circle_clause("sourcing.need"),
    coordinator,
    auditor,
]
desk_readers = [*desk_clauses("need__"), coordinator, auditor]


@clause(_("You may read the need, and this part is not confidential."))
def reads_need(actor: Any) -> Q | None:
    """Files that are not confidential follow the need."""
    seen = Need._base_manager.filter(_any(need_readers, actor)).values("pk")
    return Q(need__in=seen, is_confidential=False)


def _any(clauses: list[Clause], actor: Any) -> Q:
    grounds = [q for q in (ground.rule(actor) for ground in clauses) if q is not None]
    if any(not q for q in grounds):
        return EVERYTHING
    combined = Q(pk__in=[])
    for q in grounds:
        combined |= q
    return combined


register(
    Need,
    {
        "view": need_readers,
        "handle": [*desk_clauses(), coordinator],
        "withdraw": [*company_clauses(), *desk_clauses(), coordinator],
        "answer": [team_clause("pk")],
        "write": company_clauses(),
        "correct": [*company_clauses(), *desk_clauses()],
        "attach": [*company_clauses(), *desk_clauses()],
        "rank": desk_clauses(),
        "reassign": [*desk_clauses(), coordinator],
        "manage_roles": desk_clauses(),
        "export": [*desk_clauses(), coordinator, auditor],
    },
)
register(NeedSecret, {"view": secret_readers, "edit": [*company_clauses("need__"), *desk_clauses("need__")]})
register(
    Attachment,
    {
        "view": limited([reads_need, *secret_readers], removed_at=None),
        "edit": [*company_clauses("need__"), *desk_clauses("need__")],
    },
)
register(Outcome, {"view": [*company_clauses("need__"), *desk_readers, own_referral_clause("referral")]})
register(
    Candidate,
    {
        "view": [*desk_clauses("need__"), *limited([coordinator], is_from_secret=False), auditor],
        "edit": desk_clauses("need__"),
    },
)
register(
    Referral,
    {
        "view": [*desk_clauses("need__"), own_referral_clause("pk"), coordinator, auditor],
        "answer": [own_referral_clause("pk")],
        "handle": [*desk_clauses("need__"), coordinator],
        "export": [*desk_clauses("need__"), coordinator, auditor],
    },
)
register(
    JointAnswer,
    {
        "view": [
            *desk_clauses("lead__need__"),
            own_referral_clause("lead"),
            own_referral_clause("partner"),
            coordinator,
            auditor,
        ],
        "lead": [own_referral_clause("lead")],
        "confirm": [own_referral_clause("partner")],
    },
)


@clause(_("It is the NDA of your own team."))
def is_own_nda(actor: Any) -> Q | None:
    """A team sees its own NDA on a need put to it, never another team's."""
    asked = team_referrals(actor)
    if asked is None:
        return None
    return Q(need__in=asked.values("need_id"), organisation__in=asked.values("organisation_id"))


register(Nda, {"view": [*company_clauses("need__"), *desk_readers, is_own_nda]})


@clause(_("You wrote it."))
def is_writer(actor: Any) -> Q | None:
    """One's own messages, also when one takes part as coordinator."""
    return Q(author_id=actor.pk) if actor.pk else None


register(
    Message,
    {
        "view": [
            *limited(company_clauses("need__"), kind__in=COMPANY_THREAD),
            *desk_clauses("need__"),
            own_referral_clause("referral", kind__in=TEAM_THREAD),
            is_writer,
            auditor,
        ]
    },
)
register(
    NeedEvent,
    {
        "view": [
            *limited(company_clauses("need__"), is_for_company=True),
            *desk_readers,
            own_referral_clause("referral", is_for_teams=True),
            *limited([team_clause("need")], is_for_teams=True, referral=None),
        ]
    },
)
register(Wait, {"view": desk_readers})
register(ClockNotice, {"view": desk_readers})


@clause(_("It is your own absence."))
def is_own_absence(actor: Any) -> Q | None:
    """One's own days away."""
    return Q(officer_id=actor.pk) if actor.pk else None


@clause(_("It is your own draft."))
def is_author(actor: Any) -> Q | None:
    """A draft is its author's alone."""
    return Q(author_id=actor.pk) if actor.pk else None


register(OfficerAbsence, {"view": [is_own_absence, coordinator, auditor], "edit": [is_own_absence, coordinator]})
register(NeedDraft, {"view": [is_author], "edit": [is_author]})


@clause(_("The report is mailed to you."))
def is_report_reader(actor: Any) -> Q | None:
    """One's own wish: which mails somebody gets is nobody else's matter."""
    return Q(reader_id=actor.pk) if actor.pk else None


register(ReportMail, {"view": [is_report_reader], "edit": [is_report_reader]})


@clause(_("You coordinate the network: the visitor never got the mail that confirms."))
def is_told_of_visitors(actor: Any) -> Q | None:
    """Who tried in vain to reach the desk; what they wrote is erased."""
    return ~Q(missed="") if holds(actor, "coordinator") else None


register(VisitorSubmission, {"view": [is_told_of_visitors]})
register(VisitorAttempt, {"view": []})


@clause(_("You represent this company."))
def states_for_own_company(actor: Any) -> Q | None:
    """A company's contact states the company's needs."""
    ids = scopes(actor, LABEL, "company_contact")
    return Q(pk__in=ids) if ids else None


@clause(_("You work at a need desk."))
def states_for_company(actor: Any) -> Q | None:
    """An officer enters a need that a company told them."""
    return EVERYTHING if is_desk(actor) else None


register(
    Organisation,
    {"state_need": [states_for_own_company, states_for_company], "offer": [keeps, keeps_supervised, coordinator]},
)


def _current_offers(**limits: Any) -> Q:
    return Q(status=OfferStatus.PUBLISHED, review_on__gte=timezone.localdate(), **limits)


@clause(_("It is published, and its review is not late."))
def is_on_portal(actor: Any) -> Q:
    """What the public portal shows today."""
    return _current_offers(level=Level.PUBLIC)


@clause(_("It is published for the network, and you work in it."))
def is_in_network(actor: Any) -> Q | None:
    """What the network shows its members today."""
    return _current_offers(level=Level.NETWORK) if getattr(actor, "is_network_member", False) else None


@clause(_("Your organisation makes this offer."))
def is_of_organisation(actor: Any) -> Q | None:
    """The offers of one's own organisation, whatever their state."""
    ids = scopes(actor, LABEL, "researcher", *KEEPERS)
    return Q(organisation_id__in=ids) if ids else None


@clause(_("You keep the offers of this organisation."))
def keeps_offers(actor: Any) -> Q | None:
    """Those who keep the organisation's record keep its offers."""
    ids = scopes(actor, LABEL, *KEEPERS)
    return Q(organisation_id__in=ids) if ids else None


@clause(_("You keep the offers of the units your organisation supervises."))
def keeps_supervised_offers(actor: Any) -> Q | None:
    """Transfer officers keep the offers of their units."""
    ids = scopes(actor, LABEL, "officer")
    return Q(organisation__in=Organisation._base_manager.filter(supervised_by(ids)).values("pk")) if ids else None


@clause(_("You are the person in charge of this offer."))
def is_offer_owner(actor: Any) -> Q | None:
    """The person named on the offer."""
    return Q(owner__user_id=actor.pk) if actor.pk else None


offer_keepers = [keeps_offers, keeps_supervised_offers, is_offer_owner, coordinator]
offer_readers = [is_on_portal, is_in_network, is_of_organisation, *offer_keepers, auditor]
register(
    Offer,
    {
        "view": offer_readers,
        "edit": offer_keepers,
        "review": offer_keepers,
        "export": [*offer_keepers, auditor],
    },
)


@clause(_("You may see the offer it belongs to."))
def sees_offer(actor: Any) -> Q:
    """Parts of an offer follow it."""
    return Q(offer__in=Offer._base_manager.filter(_any(offer_readers, actor)).values("pk"))


register(OfferSegment, {"view": [sees_offer]})
register(OfferReference, {"view": [sees_offer]})
