"""What the portal adds to the frame: the home page, what waits, and where the reader is."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from motrice.directory.models import Organisation
from motrice.web import navigation, panels

LABEL = "directory.organisation"


def place_of(actor: Any) -> str:
    """The body in which the reader holds their first role; the network's own people are simply at home."""
    held = next((role.scope_pk for role in actor.active_roles if role.scope_label == LABEL), None)
    if held is None:
        return ""
    names = Organisation.objects.filter(pk=held).values_list("short_name", "name").first()
    return (names[0] or names[1]) if names else ""


navigation.register(navigation.Area(_("Home"), "portal:home", icon="home", order=1))
navigation.set_waiting(url_name="portal:home", count=panels.count_for)
navigation.set_place(place_of)
