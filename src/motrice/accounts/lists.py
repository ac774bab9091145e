"""The lists of accounts, invitations and acts, declared once for the pages and for the API."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from motrice.accounts.enums import RoleKind
from motrice.accounts.models import Invitation, RoleAssignment
from motrice.core.mailing import REASONS
from motrice.web import formats
from motrice.web.addresses import path_to
from motrice.web.lists import Column, DateFacet, Empty, Facet, ListPage, Option, OptionFacet


def state_words(invitation: Invitation) -> str:
    """Where an invitation stands, in words."""
    if invitation.state == "open" and invitation.missed:
        return _("not delivered: %(why)s") % {"why": REASONS.get(invitation.missed, "")}
    return {
        "open": _("waits for an answer"),
        "accepted": _("accepted by the person"),
        "revoked": _("withdrawn by us"),
        "expired": _("expired"),
    }[invitation.state]


def _holders(kind: str) -> Any:
    return lambda actor: Q(pk__in=RoleAssignment.objects.current().filter(kind=kind).values("user_id"))


USERS = ListPage(
    name="accounts.users",
    counted=lambda n: ngettext("%(n)s account", "%(n)s accounts", n) % {"n": formats.number_text(n)},
    columns=[
        Column("display_name", gettext_lazy("Name"), kind="main", sort="display_name"),
        Column("email", gettext_lazy("E-mail address"), sort="email"),
        Column("last_login", gettext_lazy("Last sign-in"), kind="moment", sort="last_login"),
        Column("is_active", gettext_lazy("Open"), sort="is_active"),
        Column("date_joined", gettext_lazy("Opened on"), kind="moment", sort="date_joined", default=False),
    ],
    search=("display_name", "email"),
    facets=[
        OptionFacet(
            "role", gettext_lazy("Role held today"), [Option(k, label, _holders(k)) for k, label in RoleKind.choices]
        ),
        OptionFacet(
            "state",
            gettext_lazy("State"),
            [
                Option("open", gettext_lazy("open account"), lambda actor: Q(is_active=True)),
                Option("closed", gettext_lazy("closed account"), lambda actor: Q(is_active=False)),
            ],
        ),
    ],
    empty=Empty(
        gettext_lazy("No account yet"),
        gettext_lazy("Everybody who may sign in would be listed here."),
        gettext_lazy("Invite somebody"),
        "accounts:invite",
    ),
    row_url=lambda row: path_to("accounts:user", row.reference),
    order=["display_name"],
    export_action="",
)


INVITATIONS = ListPage(
    name="accounts.invitations",
    counted=lambda n: ngettext("%(n)s invitation", "%(n)s invitations", n) % {"n": formats.number_text(n)},
    columns=[
        Column("email", gettext_lazy("E-mail address"), kind="main", sort="email"),
        Column("kind", gettext_lazy("Role"), value="get_kind_display", sort="kind"),
        Column("created_at", gettext_lazy("Sent at"), kind="moment", sort="created_at"),
        Column("expires_at", gettext_lazy("Valid until"), kind="moment", sort="expires_at"),
        Column("state", gettext_lazy("State"), render=state_words),
    ],
    search=("email", "display_name"),
    empty=Empty(
        gettext_lazy("No invitation yet"),
        gettext_lazy("Invitations sent by mail would be listed here, with what became of each."),
        gettext_lazy("Invite somebody"),
        "accounts:invite",
    ),
    row_url=lambda row: path_to("accounts:invitation_page", row.reference),
    order=["-created_at"],
    export_action="",
)


AUDIT = ListPage(
    name="accounts.audit",
    counted=lambda n: ngettext("%(n)s act in the log", "%(n)s acts in the log", n) % {"n": formats.number_text(n)},
    columns=[
        Column("sequence", gettext_lazy("Number"), kind="main", sort="sequence"),
        Column("at", gettext_lazy("When"), kind="moment", sort="at"),
        Column("actor", gettext_lazy("Who"), sort="actor__display_name"),
        Column("verb", gettext_lazy("What"), sort="verb"),
        Column("reason", gettext_lazy("Why")),
        Column("subject_label", gettext_lazy("Kind of record"), sort="subject_label", default=False),
    ],
    search=("verb", "reason", "actor__display_name"),
    facets=[
        Facet("verb", gettext_lazy("What")),
        Facet("actor", gettext_lazy("Who"), label_field="actor__display_name"),
        Facet("subject_label", gettext_lazy("Kind of record")),
        DateFacet("at", gettext_lazy("When")),
    ],
    empty=Empty(gettext_lazy("The log is empty"), gettext_lazy("Each act would be listed here.")),
    row_url=lambda row: path_to("accounts:audit_entry", row.sequence),
    row_key="sequence",
    order=["-sequence"],
)
