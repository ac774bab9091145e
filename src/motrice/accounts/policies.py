"""Who sees and manages users, roles and the audit log."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.accounts.models import (
    ApiToken,
    EmergencyAccess,
    Follow,
    Invitation,
    RoleAssignment,
    User,
)
from motrice.core.confidentiality import everything_clause
from motrice.core.models import (
    AuditChange,
    AuditEntry,
    CatalogueEntry,
    ImportFinding,
    ImportProposal,
    ImportRun,
)
from motrice.core.pointers import register_pair
from motrice.core.policies import EVERYTHING, Clause, clause, holds, register

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
    """What belongs to one account and to nobody else: tokens, follows."""
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
for part in (ImportProposal, ImportFinding):
    register(part, {"view": [keeps_registers("run__"), is_launcher("run__"), auditor]})
register(CatalogueEntry, {"view": [is_signed_in], "edit": [coordinator, administrator]})
register_pair(RoleAssignment, label_field="scope_label", key_field="scope_pk")
