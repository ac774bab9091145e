"""The calendar addresses that two apps kept apart become one list: the secrets stay, so that they still open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from motrice.core import audit
from motrice.core.references import new_reference

SECRETS = ("digest", "last_used_at")  # what the log does not keep of an address


def bring(app: str, model: str, kind: str) -> Callable[[Any, Any], None]:
    """Copy the addresses of an app, each row of which the log tells."""

    def forwards(apps: Any, editor: Any) -> None:
        address: Any = apps.get_model("accounts", "CalendarAddress")
        address.audit_excluded = SECRETS
        old = list(apps.get_model(app, model).objects.order_by("pk"))
        taken = set(address.objects.values_list("reference", flat=True))
        rows = [
            address(
                user_id=row.user_id,
                reference=new_reference() if row.reference in taken else row.reference,
                kind=kind,
                digest=row.token_hash,
                made_at=row.made_at,
                revoked_at=row.revoked_at,
            )
            for row in old
        ]
        if rows:
            with audit.operation(None, "calendar.move", reason=f"{app}.{model}") as op:
                op.create_many(rows)

    return forwards


def give_back(app: str, model: str, kind: str) -> Callable[[Any, Any], None]:
    """Copy the addresses back into the table of the app."""

    def backwards(apps: Any, editor: Any) -> None:
        address: Any = apps.get_model("accounts", "CalendarAddress")
        address.audit_excluded = SECRETS
        old: Any = apps.get_model(app, model)
        old.audit_excluded = ("token_hash",)
        names = ("user_id", "reference", "made_at", "revoked_at")
        rows = list(address.objects.filter(kind=kind).order_by("pk"))
        if rows:
            with audit.operation(None, "calendar.move", reason="accounts.CalendarAddress") as op:
                op.create_many(
                    [old(token_hash=row.digest, **{name: getattr(row, name) for name in names}) for row in rows]
                )
                op.delete_many(rows)

    return backwards
