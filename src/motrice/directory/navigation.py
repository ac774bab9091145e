"""What the directory adds to the frame of every page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.web import navigation


def in_network(actor: Any) -> bool:
    """People are listed to those who work in the network."""
    return bool(getattr(actor, "is_network_member", False))


navigation.register(navigation.Area(_("Laboratories"), "directory:units", icon="microscope", order=40))
navigation.register(
    navigation.Area(_("Organisations"), "directory:organisations", icon="building", visible=in_network, order=45)
)
navigation.register(navigation.Area(_("People"), "directory:people", icon="users", visible=in_network, order=50))
