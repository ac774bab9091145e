"""Who sees and changes the portfolio.

An asset starts in a named circle: its officer, its patent engineer, its contributors, whoever is named, an auditor.
Opened to its organisation, it is seen by the office that answers for it, by its owners' offices, by the laboratory
and by the firm it is entrusted to; shared with the network or published, by more, but its docket, its owners and its
contributors stay with those who work on it.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level, circle_clause, everything_clause, network_clause, public_clause
from motrice.core.policies import (
    EVERYTHING,
    Clause,
    at_end_of,
    clause,
    holds,
    register,
    roles,
    scopes,
)
from motrice.directory.enums import RelationKind
from motrice.directory.models import Organisation, Relation
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.models import (
    Abandonment,
    AdvancedCost,
    AgentDesignation,
    AgentNotification,
    Applicant,
    Application,
    Asset,
    Classification,
    Contributor,
    CoOwnerNotice,
    Deadline,
    Design,
    DocketEvent,
    DocketMail,
    DocketPreference,
    DocketReminder,
    FeePayment,
    KeepOrDrop,
    KnowHow,
    Mandate,
    Mark,
    Material,
    Ownership,
    PatentFamily,
    Priority,
    Publication,
    SecrecyMeasure,
    Software,
    SoftwareVersion,
    ThirdPartyPart,
)

LABEL = "portfolio.asset"
OFFICE_STAFF = ("officer", "patent_engineer", "legal")
OFFICE_READERS = (*OFFICE_STAFF, "director", "finance")
DECIDERS = ("officer", "legal")
OWNER_STAFF = ("officer", "legal", "director", "company_contact")
LAB_HEADS = ("lab_director", "correspondent")
OPENED = ~Q(level=Level.CIRCLE)

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")


def keeps_portfolio(actor: Any) -> bool:
    """Whether the actor works on the portfolio of some office."""
    return bool(scopes(actor, ORGANISATION, *OFFICE_STAFF))


def reads_portfolio(actor: Any) -> bool:
    """Whether the portfolio is a place of the actor's work."""
    kinds = {role.kind for role in roles(actor)}
    return bool(getattr(actor, "is_network_member", False)) or bool(kinds & {"company_contact", "patent_firm"})


def answers_for_owner(actor: Any) -> bool:
    """Whether the actor is the contact of a company: its own titles are a place of its work."""
    return bool(scopes(actor, ORGANISATION, "company_contact"))


@clause(_("You are in charge of it."))
def is_in_charge(actor: Any) -> Q | None:
    """Its officer or its patent engineer."""
    return Q(officer_id=actor.pk) | Q(engineer_id=actor.pk) if actor.pk else None


@clause(_("Your office answers for it."))
def is_of_office(actor: Any) -> Q | None:
    """Those who work on the portfolio in the same office, once it is opened to the organisation."""
    ids = scopes(actor, ORGANISATION, *OFFICE_STAFF)
    return Q(office_id__in=ids) & OPENED if ids else None


@clause(_("Your office answers for it."))
def reads_office(actor: Any) -> Q | None:
    """Those who read the portfolio of the same office, once it is opened to the organisation."""
    ids = scopes(actor, ORGANISATION, *OFFICE_READERS)
    return Q(office_id__in=ids) & OPENED if ids else None


def owned_by(ids: list[int]) -> Q | None:
    """The opened assets of which one of these bodies owns a part today."""
    if not ids:
        return None
    held = Ownership._base_manager.filter(organisation_id__in=ids, starts_on__lte=timezone.localdate())
    held = held.exclude(ends_on__lt=timezone.localdate())
    return Q(pk__in=held.values("asset_id")) & OPENED


@clause(_("Your organisation owns a part of it."))
def is_co_owner(actor: Any) -> Q | None:
    """The offices of whoever owns a part today."""
    return owned_by(scopes(actor, ORGANISATION, *OFFICE_READERS))


@clause(_("Your company owns a part of it."))
def is_company_owner(actor: Any) -> Q | None:
    """The contacts of a company that owns a part today: the title and their own share, not what goes on inside."""
    return owned_by(scopes(actor, ORGANISATION, "company_contact"))


@clause(_("You decide on it with its co-owners."))
def decides(actor: Any) -> Q | None:
    """The officer in charge, and the officers and lawyers of the same office: never the patent engineer."""
    if not actor.pk:
        return None
    ids = scopes(actor, ORGANISATION, *DECIDERS)
    return Q(officer_id=actor.pk) | (Q(office_id__in=ids) & OPENED)


@clause(_("It comes from your laboratory."))
def is_of_laboratory(actor: Any) -> Q | None:
    """The laboratory's director and correspondent."""
    ids = scopes(actor, ORGANISATION, *LAB_HEADS)
    return Q(unit_id__in=ids) & OPENED if ids else None


@clause(_("You contributed to it."))
def is_contributor(actor: Any) -> Q | None:
    """Its inventors and authors."""
    if not actor.pk:
        return None
    return Q(pk__in=Contributor._base_manager.filter(person__user_id=actor.pk).values("asset_id"))


@clause(_("It is entrusted to your firm."))
def is_entrusted(actor: Any) -> Q | None:
    """The patent firm sees the matters assigned to it."""
    ids = scopes(actor, ORGANISATION, "patent_firm")
    return Q(firm_id__in=ids) if ids else None


INSIDE = [
    is_in_charge,
    is_of_office,
    reads_office,
    is_co_owner,
    is_of_laboratory,
    is_contributor,
    is_entrusted,
    circle_clause(LABEL),
    auditor,
]
KEEPERS = [is_in_charge, is_of_office]

register(
    Asset,
    {
        "view": [public_clause(), network_clause(), is_company_owner, *INSIDE],
        "inside": INSIDE,
        "owned": [is_company_owner, is_co_owner],
        "decide": [decides],
        "costs": [is_in_charge, is_of_office, reads_office, is_co_owner, auditor],
        "edit": KEEPERS,
        "docket": [*KEEPERS, is_entrusted],
        "export": [is_in_charge, is_of_office, reads_office, auditor],
    },
)


def inside_q(actor: Any, action: str, path: str) -> Q:
    """The rows whose asset at the end of `path` the actor may `action`."""
    return at_end_of(path, Asset, actor, action)


def of_asset(action: str = "view", path: str = "asset") -> Clause:
    """A part follows a right on its asset: `path` leads to it."""

    def rule(actor: Any) -> Q | None:
        return inside_q(actor, action, path)

    words = {
        "view": _("You may see the asset it belongs to."),
        "owned": _("Your organisation owns a part of the asset it belongs to: you are told your own part."),
    }
    other = _("You work on the asset it belongs to.")
    return Clause(name=f"{action}_of_{path}", words=words.get(action, other), rule=rule)


for part in (PatentFamily, Classification, Software, Design, Mark):
    register(part, {"view": [of_asset()]})
register(Application, {"view": [of_asset()], "docket": [of_asset("docket")], "export": [of_asset("export")]})
for part in (Publication, Applicant, Priority):
    register(part, {"view": [of_asset(path="application__asset")]})


@clause(_("It is your own organisation's share."))
def is_own_share(actor: Any) -> Q | None:
    """The contacts of a company see its shares, past and present, of what they may see, and nobody else's."""
    ids = scopes(actor, ORGANISATION, "company_contact")
    return Q(organisation_id__in=ids) & inside_q(actor, "view", "asset") if ids else None


@clause(_("Your organisation was told."))
def is_told(actor: Any) -> Q | None:
    """Those who answer for the co-owner to whom a notice was sent."""
    ids = scopes(actor, ORGANISATION, *OWNER_STAFF)
    return Q(owner_id__in=ids) if ids else None


@clause(_("The title was offered to your organisation."))
def is_offered(actor: Any) -> Q | None:
    """Those who answer for a co-owner to whom the title was offered."""
    ids = scopes(actor, ORGANISATION, *OWNER_STAFF)
    if not ids:
        return None
    told = CoOwnerNotice._base_manager.filter(owner_id__in=ids, abandonment__isnull=False)
    return Q(pk__in=told.values("abandonment_id"))


@clause(_("You work in the network."))
def works_in_network(actor: Any) -> Q | None:
    """Who acts for a unit is known to everybody in the network."""
    return EVERYTHING if getattr(actor, "is_network_member", False) else None


def _supervised_by(actor: Any) -> Any:
    ids = scopes(actor, ORGANISATION, *DECIDERS)
    links = Relation._base_manager.filter(kind=RelationKind.SUPERVISES, source_id__in=ids)
    today = timezone.localdate()
    links = links.exclude(starts_on__gt=today).exclude(ends_on__lt=today)
    return links.values("target_id") if ids else None


@clause(_("Your organisation supervises this unit."))
def supervises_unit(actor: Any) -> Q | None:
    """The officers and lawyers of a body that supervises the unit today."""
    units = _supervised_by(actor)
    return None if units is None else Q(unit_id__in=units)


@clause(_("Your organisation supervises this unit."))
def supervises(actor: Any) -> Q | None:
    """The same, on the unit itself."""
    units = _supervised_by(actor)
    return None if units is None else Q(pk__in=units)


register(AgentDesignation, {"view": [works_in_network], "edit": [supervises_unit]})
register(Organisation, {"designate_agent": [supervises]})
for part in (AgentNotification, Mandate):
    register(part, {"view": [of_asset("inside")]})
register(AdvancedCost, {"view": [of_asset("costs")]})
register(Abandonment, {"view": [of_asset("inside"), is_offered], "decide": [of_asset("decide")]})
register(CoOwnerNotice, {"view": [of_asset("inside"), is_told], "edit": [of_asset("decide")], "answer": [is_told]})
register(Ownership, {"view": [of_asset("inside"), is_own_share]})
for part in (Contributor, KnowHow, Material, SecrecyMeasure):
    register(part, {"view": [of_asset("inside")]})
for part in (SoftwareVersion, ThirdPartyPart):
    register(part, {"view": [of_asset("inside", "software__asset")]})
register(
    DocketEvent,
    {
        "view": [of_asset("inside", "application__asset")],
        "edit": [of_asset("docket", "application__asset")],
        "export": [of_asset("export", "application__asset")],
    },
)


@clause(_("You keep the fee tables: what they change is told to you in sum, never title by title."))
def keeps_fee_tables(actor: Any) -> Q | None:
    """Who enters the fees of an office learns what they change for the network, but for what is kept to a circle."""
    return ~Q(asset__level=Level.CIRCLE) if holds(actor, "coordinator", "administrator") else None


register(
    Deadline,
    {
        "view": [of_asset("inside")],
        "sum": [of_asset("inside"), keeps_fee_tables],
        "owned": [of_asset("owned")],
        "docket": [of_asset("docket")],
        "export": [of_asset("export")],
    },
)
register(FeePayment, {"view": [of_asset("inside", "event__application__asset")]})
register(KeepOrDrop, {"view": [of_asset("inside", "application__asset")]})


@clause(_("It is your own."))
def is_own(actor: Any) -> Q | None:
    """What somebody made for themselves."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("You work on the portfolio of an office: mails that fail are everybody's concern there."))
def watches_mails(actor: Any) -> Q | None:
    """Those who keep a portfolio see which mails of the docket could not be sent, and coordinators all of them."""
    if holds(actor, "coordinator", "administrator"):
        return EVERYTHING
    ids = scopes(actor, ORGANISATION, *OFFICE_STAFF)
    if not ids:
        return None
    people = Asset._base_manager.filter(office_id__in=ids)
    return Q(user_id__in=people.values("officer_id")) | Q(user_id__in=people.values("engineer_id"))


register(DocketMail, {"view": [is_own, watches_mails], "edit": [watches_mails]})
register(DocketReminder, {"view": [is_own]})
register(DocketPreference, {"view": [is_own], "edit": [is_own]})


@clause(_("You work on the portfolio of this office."))
def keeps_office(actor: Any) -> Q | None:
    """Officers, patent engineers and lawyers add to the portfolio of their own office."""
    ids = scopes(actor, ORGANISATION, *OFFICE_STAFF)
    return Q(pk__in=ids) if ids else None


register(Organisation, {"register_asset": [keeps_office]})
