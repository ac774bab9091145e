"""What the directory adds to the frame of every page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.core.policies import holds
from motrice.web import navigation


def in_network(actor: Any) -> bool:
    """People are listed to those who work in the network."""
    return bool(getattr(actor, "is_network_member", False))


def keeps_directory(actor: Any) -> bool:
    """Imports are shown to those who decide on them."""
    return holds(actor, "coordinator", "officer")


navigation.register(navigation.Area(_("Laboratories"), "directory:units", icon="microscope", order=40))
navigation.register(
    navigation.Area(_("Organisations"), "directory:organisations", icon="building", visible=in_network, order=45)
)
navigation.register(navigation.Area(_("People"), "directory:people", icon="users", visible=in_network, order=50))
navigation.register(navigation.Area(_("Transfer mechanisms"), "directory:mechanisms", icon="rocket", order=47))
navigation.register_account_link(
    navigation.Area(_("Imports"), "directory:imports", icon="file-import", visible=keeps_directory)
)
navigation.register_public_link(
    navigation.Area(_("Who can help next?"), "directory:finder", icon="rocket", visible=lambda actor: True)
)
navigation.set_search(page="directory:search", suggest="directory:suggest")
