"""What an institution chooses about access, as catalogue data: who needs a code, how long an invitation lasts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from motrice.accounts.enums import RoleKind
from motrice.core import catalogue
from motrice.core.errors import RuleViolation

KIND, CODE = "accounts.access", "sign-in"
LIMITS = {"invitation_days": (1, 90), "emergency_hours": (1, 24), "view_as_minutes": (5, 480)}
_FILE = Path(__file__).parent / "catalogue" / "access" / "sign_in.toml"


@dataclass(frozen=True)
class AccessRules:
    """The rules in force."""

    second_factor_roles: frozenset[str]
    invitation_days: int
    emergency_hours: int
    view_as_minutes: int


def check(data: dict[str, Any]) -> None:
    """Refuse an unknown role, a duration out of bounds, a key that nothing reads."""
    unknown = sorted(set(data) - {"second_factor_roles", *LIMITS})
    if unknown:
        raise RuleViolation(_("Nothing reads these keys: %(keys)s.") % {"keys": ", ".join(unknown)})
    roles = data.get("second_factor_roles")
    if not isinstance(roles, list) or not set(map(str, roles)) <= set(RoleKind.values):
        raise RuleViolation(
            _("The roles that need a code are a list among: %(roles)s.") % {"roles": ", ".join(RoleKind.values)},
            field="second_factor_roles",
        )
    for name, (low, high) in LIMITS.items():
        value = data.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise RuleViolation(
                _("%(name)s is a whole number from %(low)s to %(high)s.") % {"name": name, "low": low, "high": high},
                field=name,
            )


def access_rules() -> AccessRules:
    """The newest version in the catalogue; before its first loading, what its file says."""
    rows = catalogue.current(KIND, CODE)
    data = rows[0].data if rows else tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return AccessRules(frozenset(data["second_factor_roles"]), *(data[name] for name in LIMITS))


def register_kinds() -> None:
    """Declare how the entry is checked."""
    catalogue.register_kind(KIND, check)
