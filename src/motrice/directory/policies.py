"""Who sees and changes the directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import Level, circle_clause, everything_clause, network_clause, public_clause
from motrice.core.policies import EVERYTHING, Clause, at_end_of, clause, holds, register, scopes
from motrice.directory.enums import RelationKind
from motrice.directory.models import (
    Address,
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    Topic,
    YearProfile,
)

LABEL = "directory.organisation"
STAFF = (
    "researcher",
    "lab_director",
    "correspondent",
    "officer",
    "patent_engineer",
    "legal",
    "finance",
    "security",
    "director",
    "representative",
)
OVERSEERS = ("officer", "director", "legal", "security", "patent_engineer")
OVERSIGHT_KINDS = (RelationKind.SUPERVISES, RelationKind.PARENT, RelationKind.HOSTS)
KEEPERS = ("officer", "lab_director", "correspondent", "director", "representative")

PERSON, EVIDENCE = "directory.person", "directory.evidence"
SHARED = (Level.PUBLIC, Level.NETWORK)

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")
adds_as_coordinator = everything_clause("is_coordinator", _("You coordinate the network."), "coordinator")
adds_as_officer = everything_clause("is_site_officer", _("You are a transfer officer of the network."), "officer")


def network_grounds(label: str) -> list[Clause]:
    """Those who work for the whole network act on what its members share; what one of them keeps stays with it."""

    def over(*kinds: str) -> Callable[[Any], Q | None]:
        def rule(actor: Any) -> Q | None:
            if not holds(actor, *kinds):
                return None
            named = scopes(actor, label, "circle")
            return Q(level__in=SHARED) | Q(pk__in=named) if named else Q(level__in=SHARED)

        return rule

    return [
        Clause("coordinates_shared", _("You coordinate the network, and it is shared with it."), over("coordinator")),
        Clause("officer_of_shared", _("You are a transfer officer of the network, and it is shared with it."),
               over("officer")),
    ]  # fmt: skip


shared_organisations, shared_people, shared_evidence = map(network_grounds, (LABEL, PERSON, EVIDENCE))


def supervised_by(ids: list[int]) -> Q:
    """The organisations that these supervise, host or are parent of, whatever the date."""
    links = Relation._base_manager.filter(source_id__in=ids, kind__in=OVERSIGHT_KINDS)
    return Q(pk__in=links.values("target_id"))


@clause(_("You work in this organisation."))
def works_in(actor: Any) -> Q | None:
    """Staff of the organisation itself."""
    ids = scopes(actor, LABEL, *STAFF)
    return Q(pk__in=ids) if ids else None


@clause(_("You work in an organisation that supervises it."))
def works_in_supervisor(actor: Any) -> Q | None:
    """Officers and directors of a supervising body."""
    ids = scopes(actor, LABEL, *OVERSEERS)
    return supervised_by(ids) if ids else None


@clause(_("You represent this organisation."))
def is_company_contact(actor: Any) -> Q | None:
    """A company's contact sees the company's own record."""
    ids = scopes(actor, LABEL, "company_contact")
    return Q(pk__in=ids) if ids else None


@clause(_("You keep this organisation's record."))
def keeps(actor: Any) -> Q | None:
    """Those who keep the record of their own organisation."""
    ids = scopes(actor, LABEL, *KEEPERS)
    return Q(pk__in=ids) if ids else None


@clause(_("You keep the records of the units your organisation supervises."))
def keeps_supervised(actor: Any) -> Q | None:
    """Transfer officers keep the records of their units."""
    ids = scopes(actor, LABEL, "officer")
    return supervised_by(ids) if ids else None


@clause(_("You are a transfer officer."))
def office_officer(actor: Any) -> Q | None:
    """Officers of any organisation add the bodies they meet."""
    return EVERYTHING if scopes(actor, LABEL, "officer") else None


@clause(_("You keep a unit's record."))
def unit_keeper(actor: Any) -> Q | None:
    """Directors and correspondents add the people of their unit."""
    return EVERYTHING if scopes(actor, LABEL, "lab_director", "correspondent") else None


@clause(_("It is your own record."))
def is_own_person(actor: Any) -> Q | None:
    """One's own record as a person."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("This person works in your organisation."))
def is_colleague(actor: Any) -> Q | None:
    """People affiliated to an organisation in which one works."""
    ids = scopes(actor, LABEL, *STAFF)
    if not ids:
        return None
    return Q(pk__in=Affiliation._base_manager.filter(organisation_id__in=ids).values("person_id"))


@clause(_("It is evidence of your own organisation."))
def is_own_evidence(actor: Any) -> Q | None:
    """Evidence of a unit in which one works; what is kept to a named circle stays in it."""
    ids = scopes(actor, LABEL, *STAFF)
    if not ids:
        return None
    owned = EvidenceOwner._base_manager.filter(organisation_id__in=ids).values("evidence_id")
    return Q(pk__in=owned) & ~Q(level=Level.CIRCLE)


def seen_at(path: str, model: type[models.Model], actor: Any, action: str = "view") -> Q:
    """The rows whose record at the end of a forward link may be seen."""
    return at_end_of(path, model, actor, action) or Q(**{f"{path}__isnull": False})


def through(path: str, model: type[models.Model], action: str = "view") -> Clause:
    """A part is seen by whoever sees the whole it belongs to."""

    def rule(actor: Any) -> Q | None:
        return seen_at(path, model, actor, action)

    return Clause(name=f"through_{path}", words=_("You may see the record it belongs to."), rule=rule)


organisation_view = [
    public_clause(),
    network_clause(),
    circle_clause(LABEL),
    works_in,
    works_in_supervisor,
    is_company_contact,
    auditor,
]
register(
    Organisation,
    {
        "view": organisation_view,
        "edit": [keeps, keeps_supervised, *shared_organisations],
        "create": [adds_as_coordinator, adds_as_officer, office_officer],
        "merge": shared_organisations,
        "manage_roles": [keeps, shared_organisations[0]],
        "export": [works_in, works_in_supervisor, *shared_organisations, auditor],
    },
)
register(
    Person,
    {
        "view": [
            public_clause(),
            network_clause(),
            circle_clause(PERSON),
            is_own_person,
            is_colleague,
            auditor,
        ],
        "edit": [is_own_person, *shared_people],
        "create": [adds_as_coordinator, adds_as_officer, office_officer, unit_keeper],
        "merge": shared_people,
        "export": [*shared_people, auditor],
    },
)
register(
    Evidence,
    {
        "view": [public_clause(), network_clause(), circle_clause(EVIDENCE), is_own_evidence, auditor],
        "edit": [is_own_evidence, *shared_evidence],
        "create": [adds_as_coordinator, adds_as_officer],
        "export": [is_own_evidence, *shared_evidence, auditor],
    },
)
for part in (OrganisationName, Address, YearProfile, Topic, Mechanism):
    register(part, {"view": [through("organisation", Organisation)]})


@clause(_("You may see both bodies it links."))
def sees_both_ends(actor: Any) -> Q | None:
    """A link is seen by whoever sees its two ends."""
    return seen_at("source", Organisation, actor) & seen_at("target", Organisation, actor)


@clause(_("You may see the person and the organisation."))
def sees_person_and_organisation(actor: Any) -> Q | None:
    """An affiliation is seen by whoever sees the person and the organisation."""
    return seen_at("person", Person, actor) & seen_at("organisation", Organisation, actor)


register(Relation, {"view": [sees_both_ends]})
register(Affiliation, {"view": [sees_person_and_organisation]})
register(Identifier, {"view": [through("organisation", Organisation), through("person", Person)]})
register(EvidenceOwner, {"view": [through("evidence", Evidence)]})
