"""What the inventions add to the frame of every page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.core.policies import holds, roles
from motrice.inventions.policies import reads_report
from motrice.web import navigation
from motrice.web.navigation import Area

AT_WORK = {"researcher", "lab_director", "correspondent", "officer"}


def meets_disclosures(actor: Any) -> bool:
    """Those who disclose, prepare or evaluate results; whoever else is asked for an opinion finds it on the home."""
    return holds(actor, "auditor") or any(role.kind in AT_WORK for role in roles(actor))


navigation.register(
    Area(_("Disclosures"), "inventions:disclosures", icon="file-description", visible=meets_disclosures, order=25)
)
navigation.register(
    Area(_("Report of disclosures"), "inventions:report", icon="chart-bar", visible=reads_report, order=61)
)
