"""Who sees and changes agreements.

An agreement is seen by the office that answers for it and by the offices that license with it; by the companies in it
once it is signed; by more when it is shared with the network or published. Whatever the ground, nobody sees a licence
who may not see every asset that it bundles: neither its page, nor a count, nor a share from which a hidden asset could
be read. So a licence is never seen further than its most confidential asset.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.agreements.enums import SIGNED, PartyRole
from motrice.agreements.models import Agreement, Licence, LicenceTerritory, LicensedAsset, Party
from motrice.core.confidentiality import Level, circle_clause, everything_clause, network_clause, public_clause
from motrice.core.policies import EVERYTHING, Clause, at_end_of, clause, q_for, register, roles, scopes
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.models import Asset
from motrice.portfolio.policies.assets import (
    OFFICE_READERS,
    OFFICE_STAFF,
    keeps_office,
    owned_by,
)
from motrice.portfolio.policies.assets import is_in_charge as answers_for_asset
from motrice.portfolio.policies.assets import is_of_office as keeps_asset

LABEL = "agreements.agreement"
OPENED = ~Q(level=Level.CIRCLE)
READERS = (*OFFICE_READERS, "company_contact", "auditor", "coordinator")

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")


def keeps_agreements(actor: Any) -> bool:
    """Whether the actor writes the agreements of some office."""
    return bool(scopes(actor, ORGANISATION, *OFFICE_STAFF))


def reads_agreements(actor: Any) -> bool:
    """Whether agreements are a place of the actor's work."""
    return any(role.kind in READERS for role in roles(actor))


def hides_nothing(actor: Any) -> Q:
    """The agreements that bundle no asset hidden from the actor."""
    seen = q_for(actor, Asset, "view")
    if not seen:
        return EVERYTHING
    hidden = LicensedAsset._base_manager.exclude(asset__in=Asset._base_manager.filter(seen).values("pk"))
    return ~Q(pk__in=hidden.values("licence__agreement_id"))


def kept(ground: Clause) -> Clause:
    """A ground to see agreements, less those that bundle an asset hidden from the actor."""
    return ground.within(hides_nothing)


@clause(_("You are in charge of it."))
def is_in_charge(actor: Any) -> Q | None:
    """Its officer."""
    return Q(officer_id=actor.pk) if actor.pk else None


@clause(_("Your office answers for it."))
def is_of_office(actor: Any) -> Q | None:
    """Those who write the agreements of the same office."""
    ids = scopes(actor, ORGANISATION, *OFFICE_STAFF)
    return Q(office_id__in=ids) & OPENED if ids else None


@clause(_("Your office answers for it."))
def reads_office(actor: Any) -> Q | None:
    """Those who read the agreements of the same office."""
    ids = scopes(actor, ORGANISATION, *OFFICE_READERS)
    return Q(office_id__in=ids) & OPENED if ids else None


@clause(_("Your organisation licenses with it."))
def reads_licensor(actor: Any) -> Q | None:
    """The offices of whoever is a licensor in it."""
    ids = scopes(actor, ORGANISATION, *OFFICE_READERS)
    if not ids:
        return None
    parties = Party._base_manager.filter(organisation_id__in=ids, role=PartyRole.LICENSOR)
    return Q(pk__in=parties.values("agreement_id")) & OPENED


@clause(_("Your company is a party to it."))
def is_company_party(actor: Any) -> Q | None:
    """The contacts of a company that is a party, once it is signed: what is agreed, not how income is shared."""
    ids = scopes(actor, ORGANISATION, "company_contact")
    if not ids:
        return None
    parties = Party._base_manager.filter(organisation_id__in=ids)
    return Q(pk__in=parties.values("agreement_id"), status__in=SIGNED) & OPENED


@clause(_("Your organisation owns a part of it."))
def keeps_for_owner(actor: Any) -> Q | None:
    """Those who write the agreements of a body that owns a part of an asset today."""
    return owned_by(scopes(actor, ORGANISATION, *OFFICE_STAFF))


KEEPERS = [kept(is_in_charge), kept(is_of_office)]
INSIDE = [
    *KEEPERS,
    *(kept(ground) for ground in (reads_office, reads_licensor, circle_clause(LABEL))),
    auditor,
]

register(
    Agreement,
    {
        "view": [kept(public_clause()), kept(network_clause()), kept(is_company_party), *INSIDE],
        "inside": INSIDE,
        "edit": KEEPERS,
        "export": [*KEEPERS, kept(reads_office), auditor],
    },
)
register(Organisation, {"register_agreement": [keeps_office]})
register(Asset, {"license": [answers_for_asset, keeps_asset, keeps_for_owner]})


def inside_q(actor: Any, action: str, path: str) -> Q:
    """The rows whose agreement at the end of `path` the actor may `action`."""
    return at_end_of(path, Agreement, actor, action)


def of_agreement(action: str = "view", path: str = "agreement") -> Clause:
    """A part follows a right on its agreement: `path` leads to it."""

    def rule(actor: Any) -> Q | None:
        return inside_q(actor, action, path)

    words = _("You may see the agreement it belongs to.")
    inside = _("You work on the agreement it belongs to.")
    return Clause(name=f"{action}_of_{path}", words=words if action == "view" else inside, rule=rule)


@clause(_("It is your own organisation."))
def is_own_party(actor: Any) -> Q | None:
    """The contacts of a company see it named in what they may see."""
    ids = scopes(actor, ORGANISATION, "company_contact")
    return Q(organisation_id__in=ids) & inside_q(actor, "view", "agreement") if ids else None


register(Licence, {"view": [of_agreement()]})
register(LicenceTerritory, {"view": [of_agreement(path="licence__agreement")]})
register(LicensedAsset, {"view": [of_agreement("inside", "licence__agreement")]})
register(Party, {"view": [of_agreement("inside"), is_own_party]})
