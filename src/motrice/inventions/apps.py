"""Configuration of the inventions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventionsConfig(AppConfig):
    name = "motrice.inventions"
    label = "inventions"
    verbose_name = _("Inventions")

    def ready(self) -> None:
        """Declare how each kind of catalogue entry of the inventions is checked."""
        from motrice.inventions import rules

        rules.register_kinds()
