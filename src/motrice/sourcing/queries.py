"""Reads of the desk used by pages, notices and operations alike."""

from __future__ import annotations

from django.db.models import Q

from motrice.accounts.models import RoleAssignment, User
from motrice.directory.policies import LABEL
from motrice.sourcing.models import Referral
from motrice.sourcing.policies import TEAM_HEADS


def team_readers(referral: Referral) -> list[User]:
    """Who is told about a referral: the person asked, or the team's heads and correspondents."""
    if referral.person is not None and referral.person.user_id is not None:
        return list(User.objects.active().filter(pk=referral.person.user_id))
    heads = RoleAssignment.objects.current().filter(
        kind__in=TEAM_HEADS, scope_label=LABEL, scope_pk=referral.organisation_id
    )
    return list(User.objects.active().filter(pk__in=heads.values("user_id")).order_by("pk"))


def desk_officers() -> list[User]:
    """Everyone to whom a need can be given today."""
    roles = RoleAssignment.objects.current().filter(Q(kind="officer") | Q(kind="coordinator", scope_label="site"))
    return list(User.objects.active().filter(pk__in=roles.values("user_id")).order_by("display_name", "pk"))
