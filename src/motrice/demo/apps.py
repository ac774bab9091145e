"""The demonstration world as an application: it has commands and no tables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """Invented worlds, and the world of the public files."""

    name = "motrice.demo"
    label = "demo"
    verbose_name = _("demonstration")
