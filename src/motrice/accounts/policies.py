"""Who sees and manages users, roles and the audit log."""

from typing import Any

from django.apps import apps
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import (
    ApiToken,
    CalendarAddress,
    EmergencyAccess,
    Follow,
    Invitation,
    RoleAssignment,
    User,
)
from motrice.core.confidentiality import everything_clause
from motrice.core.imports import importers
from motrice.core.models import (
    AuditChange,
    AuditEntry,
    CatalogueEntry,
    ImportFinding,
    ImportProposal,
    ImportRun,
)
from motrice.core.pointers import register_pair
from motrice.core.policies import EVERYTHING, NOBODY, Clause, clause, holds, q_for, register

administrator = everything_clause("is_administrator", _("You administer the site."), "administrator")
auditor = everything_clause("is_auditor", _("You are on an audit mission."), "auditor")
coordinator = everything_clause("is_coordinator", _("You coordinate the network."), "coordinator")
site_officer = everything_clause("is_site_officer", _("You are a transfer officer of the network."), "officer")


def keeps_registers(path: str = "") -> Clause:
    """Who keeps the directory works on every import of a register, and on nobody's private import."""

    @clause(_("You keep the directory of the network."))
    def keeps_directory(actor: Any) -> Q | None:
        return Q(**{f"{path}is_private": False}) if holds(actor, "coordinator", "officer") else None

    return keeps_directory


def is_launcher(path: str = "") -> Clause:
    """A private import, whose proposals may show confidential records, is kept to who launched it."""

    @clause(_("You launched it."))
    def launched(actor: Any) -> Q | None:
        return Q(**{f"{path}is_private": True, f"{path}launched_by_id": actor.pk}) if actor.pk else None

    return launched


def shows_what_is_seen(actor: Any) -> Q:
    """The proposals that tell nothing of a record which the actor may not see.

    One about a new record tells what the file says, unless the record was written and is hidden; one about a record
    that was there tells what it held, so that the record must be there and seen.
    """
    shown = Q(target_pk__isnull=True)
    for importer in importers().values():
        ends = ((importer.target, "lt"), (importer.linked_target, "gte"))
        for label, compared in ends:
            about = Q(run__kind=importer.kind, **{f"phase__{compared}": importer.linked_phases})
            model = apps.get_model(label)
            q = q_for(actor, model, "view")
            rows = model._base_manager
            seen = Q(target_pk__in=rows.filter(q).values("pk"))
            hidden = Q(target_pk__in=rows.exclude(pk__in=rows.filter(q).values("pk")).values("pk")) if q else NOBODY
            shown |= about & (seen | (Q(action=ImportProposal.Action.CREATE) & ~hidden))
    return shown


def proposals_seen(ground: Clause) -> Clause:
    """A ground to see proposals, less those about records that the actor may not see."""
    return ground.within(shows_what_is_seen)


@clause(_("It is your own account."))
def is_self(actor: Any) -> Q | None:
    """One's own account."""
    return Q(pk=actor.pk) if actor.pk else None


@clause(_("It is your own role."))
def is_own_role(actor: Any) -> Q | None:
    """One's own roles."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("It is yours."))
def is_own(actor: Any) -> Q | None:
    """What belongs to one account and to nobody else: tokens, calendar addresses, follows."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("You sent it."))
def is_own_invitation(actor: Any) -> Q | None:
    """Invitations one has sent."""
    return Q(invited_by_id=actor.pk) if actor.pk else None


@clause(_("You did it yourself."))
def is_own_act(actor: Any) -> Q | None:
    """One's own acts in the log."""
    return Q(actor_id=actor.pk) if actor.pk else None


@clause(_("The catalogue can be read by everyone who signs in."))
def is_signed_in(actor: Any) -> Q | None:
    """The catalogue holds no secret."""
    return EVERYTHING if actor.is_authenticated else None


register(
    User,
    {
        "view": [is_self, administrator, auditor, coordinator],
        "manage": [administrator],
        "edit": [is_self, administrator],
    },
)
register(RoleAssignment, {"view": [is_own_role, administrator, auditor], "manage": [administrator]})
register(ApiToken, {"view": [is_own, administrator], "revoke": [is_own, administrator]})
register(CalendarAddress, {"view": [is_own], "edit": [is_own]})
register(Follow, {"view": [is_own], "edit": [is_own]})
register(
    Invitation,
    {
        "view": [is_own_invitation, administrator, auditor],
        "revoke": [is_own_invitation, administrator],
    },
)
register(EmergencyAccess, {"view": [is_own, administrator, auditor]})
register(AuditEntry, {"view": [is_own_act, auditor], "export": [auditor]})
register(AuditChange, {"view": [auditor]})
register(
    ImportRun,
    {
        "view": [keeps_registers(), is_launcher(), auditor],
        "create": [coordinator, site_officer],
        "decide": [keeps_registers(), is_launcher()],
    },
)
register(
    ImportProposal,
    {"view": [*map(proposals_seen, (keeps_registers("run__"), is_launcher("run__"))), auditor]},
)
register(ImportFinding, {"view": [keeps_registers("run__"), is_launcher("run__"), auditor]})
register(CatalogueEntry, {"view": [is_signed_in], "edit": [coordinator, administrator]})
for pointing in (RoleAssignment, Invitation):
    register_pair(pointing, label_field="scope_label", key_field="scope_pk")
register_pair(Follow, label_field="label", key_field="object_pk")
