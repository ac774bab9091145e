"""Configuration of the web app: at start it finds each app's navigation, panels and calendars."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    name = "motrice.web"
    label = "web"
    verbose_name = _("Interface")

    def ready(self) -> None:
        """Load every app's `navigation.py`, so that the areas are known before the first page."""
        autodiscover_modules("navigation", "panels", "feeds")
