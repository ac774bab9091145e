"""How to build the parameters of each route: a new one that is neither here nor found by its guard fails the test.

A route whose guard names a model, with one parameter, is visited for every row of that model. The others say here what
to visit. `SKIPPED` gives the reason why a route shows nothing that could leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from motrice.accounts.models import ApiToken, CalendarAddress, Invitation, RoleAssignment, User
from motrice.accounts.records import models_with_reference
from motrice.core import search_index
from motrice.core.models import AuditEntry, CatalogueEntry, ImportRun
from motrice.directory.models import (
    Affiliation,
    Evidence,
    Identifier,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    YearProfile,
)
from motrice.inventions import models as inventions
from motrice.inventions.links import opinion_token
from motrice.inventions.views.acts import ACTS as DISCLOSURE_ACTS
from motrice.inventions.views.writing import NAMES as DISCLOSURE_STEPS
from motrice.sourcing.models import (
    Attachment,
    Candidate,
    JointAnswer,
    Need,
    NeedDraft,
    Offer,
    OfficerAbsence,
    Referral,
)
from motrice.sourcing.views.ask import NAMES as STEPS
from motrice.sourcing.views.needs import ACTS as NEED_ACTS
from motrice.sourcing.views.referrals import ACTS as REFERRAL_ACTS
from motrice.web.models import SavedView
from tests.leaks import agreements, imports, portfolio
from tests.leaks.world import LeakWorld

Parameters = list[dict[str, Any]]


def references(model: Any) -> Callable[[LeakWorld], Parameters]:
    """Every row of a model by its reference."""
    return lambda world: [{"reference": row.reference} for row in world.records(model, "act")]


def labelled(world: LeakWorld) -> Parameters:
    """One record of every kind that has a reference, and every planted one."""
    rows = [row for model in models_with_reference().values() for row in world.records(model, "act")[:1]]
    rows += [row for row in world.planted if hasattr(row, "reference")]
    return [{"label": row._meta.label_lower, "reference": row.reference} for row in dict.fromkeys(rows)]


def catalogue(world: LeakWorld) -> Parameters:
    """A few entries of the catalogue."""
    return [{"kind": row.kind, "code": row.code} for row in CatalogueEntry.objects.order_by("pk")[:3]]


def kinds(world: LeakWorld) -> Parameters:
    """A few kinds of the catalogue."""
    return [{"kind": kind} for kind in sorted({row["kind"] for row in catalogue(world)})]


def relation_ends(world: LeakWorld) -> Parameters:
    """Each link by its source."""
    rows = Relation._base_manager.select_related("source").order_by("-pk")[:6]
    return [{"reference": row.source.reference, "pk": row.pk} for row in rows]


def rows_of(model: Any, holder: str) -> Callable[[LeakWorld], Parameters]:
    """The last rows of a part of a record, each by the record that holds it."""

    def found(world: LeakWorld) -> Parameters:
        rows = model._base_manager.filter(**{f"{holder}__isnull": False}).select_related(holder).order_by("-pk")[:6]
        return [{"reference": getattr(row, holder).reference, "pk": row.pk} for row in rows]

    return found


def years(world: LeakWorld) -> Parameters:
    """The last years of size and sector."""
    rows = YearProfile._base_manager.select_related("organisation").order_by("-pk")[:6]
    return [{"reference": row.organisation.reference, "year": row.year} for row in rows]


def entries(world: LeakWorld) -> Parameters:
    """The log."""
    return [
        {"sequence": number}
        for number in AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True)[:8]
    ]


def acts(model: Any, *names: str) -> Callable[[LeakWorld], Parameters]:
    """Every row of a model with some of its acts."""
    return lambda world: [
        {"reference": row.reference, "act": act} for row in world.records(model, "act") for act in names
    ]


def steps(world: LeakWorld) -> Parameters:
    """Every draft of a need, at its first and last questions."""
    return [
        {"reference": row.reference, "step": step}
        for row in world.records(NeedDraft)
        for step in (STEPS[0], STEPS[-1])
    ]


def excluded(world: LeakWorld) -> Parameters:
    """Every need with a team that may be set aside."""
    team = world.place.optics.reference
    return [
        {"reference": row.reference, "owner": owner} for row in world.records(Need) for owner in (team, f"team-{team}")
    ]


def code(kind: str) -> Callable[[LeakWorld], Parameters]:
    """A few entries of a kind by their code."""
    return lambda world: [{"code": row.code} for row in CatalogueEntry.objects.filter(kind=kind).order_by("pk")[:2]]


def disclosure_steps(world: LeakWorld) -> Parameters:
    """Every disclosure at each section of its form."""
    rows = world.records(inventions.Disclosure, "act")
    return [{"reference": row.reference, "step": step} for row in rows for step in DISCLOSURE_STEPS]


def closed_doors(world: LeakWorld) -> Parameters:
    """The secret addresses of evaluators without an account, closed since, and a forged one."""
    rows = inventions.Evaluator._base_manager.filter(user=None).select_related("disclosure")
    return [{"token": opinion_token(row)} for row in rows] + [{"token": "forged"}]


def closed_files(world: LeakWorld) -> Parameters:
    """Each file by each of these addresses."""
    files = world.records(inventions.Attachment, "act")
    return [{**door, "reference": file.reference} for door in closed_doors(world) for file in files]


PARAMETERS: dict[str, Callable[[LeakWorld], Parameters]] = {
    "accounts:invitation": lambda world: [{"token": "AAAAAAAA:forged"}],
    "accounts:confirm_key_closed": lambda world: [{"key": "forged"}],
    "accounts:catalogue_kind": kinds,
    "accounts:catalogue_entry": catalogue,
    "accounts:catalogue_edit": catalogue,
    "accounts:audit_entry": entries,
    "accounts:role_end": references(RoleAssignment),
    "accounts:calendar": lambda world: [{"token": "forged"}],
    "accounts:calendar_of_docket": lambda world: [{"token": "forged"}],
    "accounts:calendar_of_desk": lambda world: [{"token": "forged"}],
    "accounts:calendar_make": lambda world: [{"kind": "docket"}, {"kind": "desk"}],
    "accounts:why": labelled,
    "accounts:history": labelled,
    "accounts:follow": labelled,
    **{f"directory:link_{act}": relation_ends for act in ("edit", "end", "remove")},
    "directory:profile_edit": years,
    "directory:profile_remove": years,
    "directory:name_end": rows_of(OrganisationName, "organisation"),
    "directory:name_remove": rows_of(OrganisationName, "organisation"),
    "directory:identifier_end": rows_of(Identifier, "organisation"),
    "directory:identifier_remove": rows_of(Identifier, "organisation"),
    "directory:person_identifier_end": rows_of(Identifier, "person"),
    "directory:person_identifier_remove": rows_of(Identifier, "person"),
    "directory:place_end": rows_of(Affiliation, "organisation"),
    "directory:place_remove": rows_of(Affiliation, "organisation"),
    "inventions:outside": lambda world: [{"token": "forged"}],
    **{f"inventions:outside_{door}": closed_doors for door in ("opinion", "save", "decline")},
    "inventions:outside_file": closed_files,
    "inventions:act": acts(inventions.Disclosure, *DISCLOSURE_ACTS),
    "inventions:step": disclosure_steps,
    "inventions:step_save": disclosure_steps,
    "sourcing:confirm": lambda world: [{"token": "forged"}],
    "sourcing:follow": lambda world: [{"token": "forged"}],
    "sourcing:ask_send": references(NeedDraft),
    "sourcing:ask_step": steps,
    "sourcing:ask_save": steps,
    "sourcing:exclude_team": excluded,
    "sourcing:need_act": acts(Need, *NEED_ACTS),
    "sourcing:referral_act": acts(Referral, *REFERRAL_ACTS),
    "sourcing:joint_act": acts(JointAnswer, "confirm", "decline"),
    "portfolio:fee_table": code("portfolio.fees"),
    "portfolio:fee_table_next": code("portfolio.fees"),
    "sourcing:segment_edit": code("sourcing.segment"),
    "sourcing:routing_edit": code("sourcing.routing"),
    "sourcing:routing_retire": code("sourcing.routing"),
    "sourcing:offer_act": acts(Offer, "publish", "retire"),
    "directory:proposal_decide": imports.proposals,
    "directory:import_act": lambda world: [{"reference": "AAAAAAAA", "act": "write"}],
    "directory:merge_undo": lambda world: [{"sequence": number["sequence"]} for number in entries(world)],
    **portfolio.page_parameters(acts),
    **agreements.page_parameters(acts),
    "api_missing": lambda world: [{"rest": "v1/nothing"}],
    "account_confirm_email": lambda world: [{"key": "forged"}],
    "account_reset_password_from_key": lambda world: [{"uidb36": "1", "key": "forged-key"}],
}
SKIPPED: dict[str, str] = {
    "account_logout": "ends the session of the test itself",
}


def ndas(world: LeakWorld) -> Parameters:
    """Every need with the team whose NDA may be recorded there."""
    return [{"reference": row.reference, "team": world.place.chemistry.reference} for row in world.records(Need)]


def links(world: LeakWorld) -> Parameters:
    """Each link by its source, as the API names it."""
    return [{"reference": row["reference"], "number": row["pk"]} for row in relation_ends(world)]


API_PARAMETERS: dict[str, Callable[[LeakWorld], Parameters]] = {
    "accounts_role_end": references(RoleAssignment),
    "inventions_disclosure_decided": lambda world: [{"kind": kind} for kind in ("patent", "publish")],
    "sourcing_segment_change": code("sourcing.segment"),
    "sourcing_routing_change": code("sourcing.routing"),
    "sourcing_routing_retire": code("sourcing.routing"),
    "directory_link_edit": links,
    "directory_link_end": links,
    "directory_merge_undo": lambda world: [{"number": row["sequence"]} for row in entries(world)],
    "directory_proposal_decide": lambda world: [
        {"reference": row["reference"], "number": row["pk"]} for row in imports.proposals(world)
    ],
    "accounts_record_why": labelled,
    "accounts_record_history": labelled,
    "accounts_record_follow": labelled,
    "accounts_record_as_of": labelled,
    "accounts_audit_changes": entries,
    "accounts_catalogue_edit": catalogue,
    "portfolio_fee_table_detail": code("portfolio.fees"),
    "portfolio_fee_table_dockets": code("portfolio.fees"),
    "portfolio_fee_table_preview": code("portfolio.fees"),
    "portfolio_fee_table_next": code("portfolio.fees"),
    "portfolio_domain_asset_remove": portfolio.domain_assets,
    "portfolio_domain_asset_put_back": portfolio.domain_assets,
    "portfolio_domain_unit_end": portfolio.domain_units,
    "portfolio_measure_end": portfolio.measures,
    "sourcing_nda_end": ndas,
    "sourcing_nda_withdraw": ndas,
}


def walk(
    resolver: URLResolver | None = None, space: str = "", route: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every route: its name with its namespace, its address, its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry, f"{space}{entry.namespace}:" if entry.namespace else space, path)
        else:
            yield f"{space}{entry.name or path}", path, entry


# Records that the addresses of the API name, by the beginning of the address.
API_MODELS: dict[str, Any] = {
    "/api/v1/directory/organisations/{reference}": Organisation,
    "/api/v1/directory/people/{reference}": Person,
    "/api/v1/directory/evidence/{reference}": Evidence,
    "/api/v1/directory/imports/{reference}": ImportRun,
    "/api/v1/accounts/users/{reference}": User,
    "/api/v1/accounts/invitations/{reference}": Invitation,
    "/api/v1/accounts/tokens/{reference}": ApiToken,
    "/api/v1/accounts/calendars/{reference}": CalendarAddress,
    "/api/v1/accounts/saved-views/{reference}": SavedView,
    "/api/v1/inventions/disclosures/{reference}": inventions.Disclosure,
    "/api/v1/inventions/inventors/{reference}": inventions.Inventor,
    "/api/v1/inventions/ties/{reference}": inventions.Tie,
    "/api/v1/inventions/publications/{reference}": inventions.Divulgation,
    "/api/v1/inventions/files/{reference}": inventions.Attachment,
    "/api/v1/inventions/opinions/{reference}": inventions.Evaluator,
    "/api/v1/inventions/decisions/{reference}": inventions.Decision,
    "/api/v1/desk/needs/{reference}": Need,
    "/api/v1/desk/files/{reference}": Attachment,
    "/api/v1/desk/drafts/{reference}": NeedDraft,
    "/api/v1/desk/candidates/{reference}": Candidate,
    "/api/v1/desk/absences/{reference}": OfficerAbsence,
    "/api/v1/desk/referrals/{reference}": Referral,
    "/api/v1/desk/joint-answers/{reference}": JointAnswer,
    "/api/v1/desk/offers/{reference}": Offer,
    **portfolio.API_MODELS,
    **agreements.API_MODELS,
}


def api_records(address: str) -> Callable[[LeakWorld], Parameters] | None:
    """The rows to visit for an address of the API that names one record (and maybe an act)."""
    model = next((model for start, model in API_MODELS.items() if address.startswith(start)), None)
    if model is None or address.count("{") > 2:
        return None
    if address.count("{") == 1:
        return references(model)
    return acts(model, "write", "undo") if address.endswith("/{act}") else None


# Pages that show the whole log or catalogue to those who may read all of it: their own acts and readings change them.
TELL_OF_ALL = {"mfa_activate_totp", "accounts:audit", "accounts:my_data", "accounts:profile", "accounts_me_data"}


def rebuild_indexes() -> None:
    """Make the search anew from what is left."""
    search_index.rebuild()
