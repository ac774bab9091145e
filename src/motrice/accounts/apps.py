"""Configuration of the accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "motrice.accounts"
    label = "accounts"
    verbose_name = _("Accounts and roles")

    def ready(self) -> None:
        """Declare how the app's catalogue entries are checked, and its places in the frame of pages."""
        from motrice.accounts import navigation, rules

        rules.register_kinds()
        navigation.declare()
