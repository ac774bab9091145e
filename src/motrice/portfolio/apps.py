"""Configuration of the portfolio app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "motrice.portfolio"
    label = "portfolio"
    verbose_name = _("Portfolio")

    def ready(self) -> None:
        """Declare what the docket, co-ownership, licences and steering read of the catalogue, and how shares join."""
        for name in ("docket", "coownership", "technology", "unitary"):
            import_module(f"motrice.portfolio.tables.{name}").register_kinds()
        import_module("motrice.portfolio.operations.joining")
