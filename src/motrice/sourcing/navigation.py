"""What the need desk adds to the frame of every page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.core.policies import holds, roles
from motrice.sourcing.policies import is_desk
from motrice.web import navigation
from motrice.web.navigation import Area

TEAM_ROLES = {"lab_director", "correspondent", "researcher"}
REPORT_ROLES = {"officer", "coordinator", "auditor", "director", "representative", "bureau", "observer"}


def works_at_desk(actor: Any) -> bool:
    """Officers, the coordinator and auditors have the queue."""
    return is_desk(actor) or holds(actor, "auditor")


def is_company(actor: Any) -> bool:
    """Contacts of companies have their own needs."""
    return any(role.kind == "company_contact" for role in roles(actor))


def is_in_team(actor: Any) -> bool:
    """Teams have what was put to them, the desk what it put to them."""
    return works_at_desk(actor) or any(role.kind in TEAM_ROLES for role in roles(actor))


def reads_report(actor: Any) -> bool:
    """Who reads the figures."""
    return any(role.kind in REPORT_ROLES for role in roles(actor))


navigation.register(Area(_("Needs"), "sourcing:queue", icon="bulb", visible=works_at_desk, order=10))
navigation.register(Area(_("My needs"), "sourcing:my_needs", icon="bulb", visible=is_company, order=11))
navigation.register(Area(_("Referrals"), "sourcing:referrals", icon="send", visible=is_in_team, order=12))
navigation.register(
    Area(_("Offers"), "sourcing:offers", icon="box", visible=lambda actor: actor.is_network_member, order=20)
)
navigation.register(Area(_("Report"), "sourcing:report", icon="chart-bar", visible=reads_report, order=13))
navigation.register(
    Area(
        _("Desk of the network"),
        "sourcing:overview",
        icon="eye",
        visible=lambda actor: holds(actor, "coordinator"),
        order=15,
    )
)
navigation.register_account_link(
    Area(_("My calendar and absences"), "sourcing:my_desk", icon="calendar", visible=lambda actor: True)
)
navigation.register_public_link(
    Area(_("Find a laboratory"), "sourcing:find", icon="search", visible=lambda actor: True, order=10)
)
navigation.register_public_link(
    Area(_("State a need"), "sourcing:visitor_need", icon="bulb", visible=lambda actor: True, order=20)
)
