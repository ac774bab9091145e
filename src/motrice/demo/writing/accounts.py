"""Writes the accounts of a world and the roles they hold."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from motrice.accounts.models import RoleAssignment, User
from motrice.core import audit
from motrice.core.policies import SITE
from motrice.demo import PASSWORD
from motrice.demo.plan.accounts import SINCE, Account
from motrice.directory.models import Organisation

ORGANISATION = "directory.organisation"


class AccountWriter:
    """Keeps the user of each account, and of each person of the plan who has one."""

    def __init__(self, accounts: list[Account], actor: Any):
        # The documented ones first: they are the ones that a visitor is shown.
        self.accounts = sorted(accounts, key=lambda account: not account.titles)
        self.actor = actor
        self.users: dict[str, User] = {}
        self.of_human: dict[int, User] = {}

    def open(self, at: datetime) -> None:
        """Open the accounts; one hash serves all, because the password is the same and known."""
        hashed = make_password(PASSWORD)
        rows = [
            User(
                username=account.email,
                email=account.email,
                display_name=account.name,
                language=account.language,
                password=hashed,
                date_joined=at,
            )
            for account in self.accounts
        ]
        with audit.operation(self.actor, "user.create", reason="demonstration world", at=at) as op:
            op.create_many(rows)
        for account, user in zip(self.accounts, rows, strict=True):
            self.users[account.email] = user
            if account.human is not None:
                self.of_human[account.human] = user

    def grant(self, organisations: list[Organisation], at: datetime) -> None:
        """Give the roles, on the site or on the organisation that the plan names."""
        rows = [
            RoleAssignment(
                user=self.users[account.email],
                kind=kind,
                scope_label=SITE if body is None else ORGANISATION,
                scope_pk=None if body is None else organisations[body].pk,
                starts_on=SINCE,
                ends_on=end,
            )
            for account in self.accounts
            for kind, body, end in account.roles
        ]
        with audit.operation(self.actor, "role.grant", reason="demonstration world", at=at) as op:
            op.create_many(rows)
