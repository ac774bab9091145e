"""Who reads and steers the domains, the rankings and the landscape of an organisation.

Domains are a strategy: the network reads their names, goals and statements. Which assets are in them follows the
assets' own rules, and whoever only gets totals counts published families alone, the parts of small totals hidden.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core.confidentiality import everything_clause
from motrice.core.policies import (
    EVERYTHING,
    at_end_of,
    clause,
    holds,
    register,
    roles,
    scopes,
)
from motrice.directory.models import Organisation
from motrice.directory.policies import LABEL as ORGANISATION
from motrice.portfolio.enums import Reach
from motrice.portfolio.models import (
    Asset,
    Domain,
    DomainAsset,
    DomainClass,
    DomainDismissal,
    DomainUnit,
    Headline,
    Landscape,
    PublishedRanking,
    PublishedRankingLine,
)

OFFICE_READERS = ("officer", "patent_engineer", "legal", "director", "finance")
STEERERS = ("officer", "director", "legal")
TOTALS = ("coordinator", "representative", "observer", "bureau")
WORKERS = {*OFFICE_READERS, "lab_director", "correspondent", "researcher", "patent_firm", "company_contact", "auditor"}

auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")


def reads_totals_only(actor: Any) -> bool:
    """Whether somebody gets totals of published families without the families: small parts stay hidden from them."""
    kinds = {role.kind for role in roles(actor)}
    return bool(kinds & set(TOTALS)) and not kinds & WORKERS


@clause(_("You work in an institution of the network."))
def works_in_network(actor: Any) -> Q | None:
    """The network reads the strategy of its members."""
    return EVERYTHING if getattr(actor, "is_network_member", False) or holds(actor, *TOTALS) else None


@clause(_("You steer the portfolio of this organisation."))
def steers_of(actor: Any) -> Q | None:
    """Officers, lawyers and the director of the organisation itself."""
    ids = scopes(actor, ORGANISATION, *STEERERS)
    return Q(organisation_id__in=ids) if ids else None


@clause(_("You steer the portfolio of this organisation."))
def steers_organisation(actor: Any) -> Q | None:
    """The same, asked of the organisation."""
    ids = scopes(actor, ORGANISATION, *STEERERS)
    return Q(pk__in=ids) if ids else None


register(Organisation, {"steer": [steers_organisation]})
register(Domain, {"view": [works_in_network, auditor], "edit": [steers_of]})
register(Headline, {"view": [works_in_network, auditor], "edit": [steers_of]})


@clause(_("You may see the domain it belongs to."))
def sees_domain(actor: Any) -> Q | None:
    """A rule of a domain is as visible as the domain."""
    return _through(actor, Domain, "domain")


@clause(_("You may see the domain and the laboratory."))
def sees_domain_and_unit(actor: Any) -> Q | None:
    """That a laboratory works for a domain is known to who may see both."""
    return _through(actor, Domain, "domain") & _through(actor, Organisation, "unit")


@clause(_("You may see the domain and the asset."))
def sees_both(actor: Any) -> Q | None:
    """That an asset is in a domain is known to who may see both."""
    return _through(actor, Domain, "domain") & _through(actor, Asset, "asset")


@clause(_("You steer the domain and may see the asset."))
def steers_both(actor: Any) -> Q | None:
    """What was dismissed matters to who answers for the domain."""
    ids = scopes(actor, ORGANISATION, *STEERERS)
    return Q(domain__organisation_id__in=ids) & _through(actor, Asset, "asset") if ids else None


def _through(actor: Any, model: Any, path: str) -> Q:
    return at_end_of(path, model, actor, "view")


register(DomainClass, {"view": [sees_domain]})
register(DomainUnit, {"view": [sees_domain_and_unit]})
register(DomainAsset, {"view": [sees_both]})
register(DomainDismissal, {"view": [steers_both]})


@clause(_("You read the portfolio of this organisation."))
def reads_of(actor: Any) -> Q | None:
    """Whoever reads the portfolio of the organisation."""
    ids = scopes(actor, ORGANISATION, *OFFICE_READERS)
    return Q(organisation_id__in=ids) if ids else None


@clause(_("It belongs to a ranking that you may see."))
def sees_ranking(actor: Any) -> Q | None:
    """A line is as visible as its ranking."""
    return _through(actor, PublishedRanking, "ranking")


@clause(_("It holds only what the network may see, and you work in it."))
def sees_network_landscape(actor: Any) -> Q | None:
    """The network's landscape, worked out from what the whole network may see."""
    return Q(reach=Reach.NETWORK) if getattr(actor, "is_network_member", False) else None


register(PublishedRanking, {"view": [reads_of, auditor], "edit": [steers_of]})
register(PublishedRankingLine, {"view": [sees_ranking]})
register(Landscape, {"view": [reads_of, sees_network_landscape]})
