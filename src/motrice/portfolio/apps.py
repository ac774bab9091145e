"""Configuration of the portfolio app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "motrice.portfolio"
    label = "portfolio"
    verbose_name = _("Portfolio")

    def ready(self) -> None:
        """Declare the tables of the docket, the law of co-ownership and the families of licences to the catalogue."""
        import_module("motrice.portfolio.tables").register_kinds()
        import_module("motrice.portfolio.law").register_kinds()
