"""Configuration of the inventions."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InventionsConfig(AppConfig):
    name = "motrice.inventions"
    label = "inventions"
    verbose_name = _("Inventions")

    def ready(self) -> None:
        """Declare how each kind of catalogue entry of the inventions is checked, and how shares join in a merge."""
        from motrice.inventions import rules

        rules.register_kinds()
        import_module("motrice.inventions.operations.joining")
