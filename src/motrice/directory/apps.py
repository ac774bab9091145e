"""Configuration of the directory app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "motrice.directory"
    label = "directory"
    verbose_name = _("Directory")

    def ready(self) -> None:
        """Declare the kinds of catalogue entries, and what follows when an account is opened."""
        from motrice.accounts.operations.invitations import AFTER_OPENING

        import_module("motrice.directory.rules")
        AFTER_OPENING.append("motrice.directory.operations.person.account_opened")
