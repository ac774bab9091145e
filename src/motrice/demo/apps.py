"""The demonstration world as an application: it has commands and no tables."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Invented worlds, and the world of the public files."""

    name = "motrice.demo"
    label = "demo"
