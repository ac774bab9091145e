"""Who sees and changes saved views: their owner, and the network when they are shared."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from motrice.core.policies import clause, register
from motrice.web.models import SavedView


@clause(_("You saved this view yourself."))
def is_own_view(actor: Any) -> Q | None:
    """One's own views."""
    return Q(user_id=actor.pk) if actor.pk else None


@clause(_("It is shared with the network, and you work in it."))
def is_shared_view(actor: Any) -> Q | None:
    """Views shared by others: a name can tell something, so partners and the public never see them."""
    return Q(is_shared=True) if getattr(actor, "is_network_member", False) else None


register(SavedView, {"view": [is_own_view, is_shared_view], "edit": [is_own_view]})
