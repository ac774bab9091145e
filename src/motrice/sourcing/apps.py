"""Configuration of the need desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcingConfig(AppConfig):
    name = "motrice.sourcing"
    label = "sourcing"
    verbose_name = _("Need desk")

    def ready(self) -> None:
        """Declare how each kind of catalogue entry of the desk is checked, and told."""
        from motrice.sourcing import rules, words

        rules.register_kinds()
        words.register_parts()
