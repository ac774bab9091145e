"""`motrice administrator ADDRESS`: open the first account of a new site, or help out who locked themselves out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from motrice.accounts.models import RoleAssignment, User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.accounts.tasks import reset_address
from motrice.core.policies import SITE

KIND = "administrator"


class Command(BaseCommand):
    """Who runs it holds the machine; what it does is in the history, in the name of the site itself."""

    help = "Make somebody administrator of the site, and print the address at which they choose their password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("--name", default="", help="their name, for a new account")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        address = email.strip().lower()
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(_("“%(email)s” is no e-mail address.") % {"email": email}) from error
        with transaction.atomic():
            user = self._account(address, name.strip())
            held = RoleAssignment.objects.current().filter(user=user, kind=KIND, scope_label=SITE)
            if not held.exists():
                grant_role(user=user, kind=KIND, actor=system_user(), reason="motrice administrator")
        self.stdout.write(_("%(user)s administers this site.") % {"user": f"{user} ({user.email})"})
        self.stdout.write(_("They choose a password here, once and within three days:"))
        self.stdout.write(reset_address(user))

    @staticmethod
    def _account(address: str, name: str) -> User:
        user = User.objects.filter(email=address).first()
        if user is None:
            if not name:
                raise CommandError(_("Nobody has this address yet: give their name too, with --name."))
            return create_user(email=address, display_name=name, actor=system_user(), reason="motrice administrator")
        if not user.is_active or user.is_system:
            raise CommandError(_("The account of %(email)s is closed: take another address.") % {"email": address})
        return user
