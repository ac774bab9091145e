"""Configuration of the core app: at start it discovers what each app declares."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "motrice.core"
    label = "core"
    verbose_name = _("The house")

    def ready(self) -> None:
        """Load every app's policies and importers: a model whose policies nobody imported would be closed to all."""
        autodiscover_modules("policies")
        autodiscover_modules("importers", "search_documents")
