"""What the modules of the desk's API share: bodies, and the records that an address or a body names."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation
from motrice.sourcing.models import Need, Referral
from motrice.web.rest import Strict

TEXT = 20_000


class MessageIn(Strict):
    """A text."""

    text: str = Field(min_length=1, max_length=TEXT)


def actor_of(request: HttpRequest) -> Any:
    """Whose session or token it is."""
    return request.auth  # type: ignore[attr-defined]


def need_of(request: HttpRequest, reference: str, action: str = "view") -> Need:
    return get_permitted(Need, actor_of(request), action, reference=reference)


def referral_of(request: HttpRequest, reference: str, action: str = "view") -> Referral:
    return get_permitted(Referral, actor_of(request), action, reference=reference)


def team_of(request: HttpRequest, reference: str, *, field: str = "team") -> Organisation:
    team = Organisation.objects.permitted(actor_of(request)).filter(reference=reference).first()
    if team is None:
        raise RuleViolation(_("No organisation that you may see has this reference."), field=field)
    return team
