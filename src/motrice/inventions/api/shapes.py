"""What the modules of the inventions' API share: bodies, and the records that an address or a body names."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.models import Organisation, Person
from motrice.inventions.models import Disclosure
from motrice.web.rest import Strict

TEXT = 20_000


class DisclosureReasonIn(Strict):
    """Why."""

    reason: str = Field(min_length=1, max_length=4000)


class MadeOut(Schema):
    """What was made, by its reference."""

    reference: str


def actor_of(request: HttpRequest) -> Any:
    """Whose session or token it is."""
    return request.auth  # type: ignore[attr-defined]


def disclosure_of(request: HttpRequest, reference: str, action: str = "view") -> Disclosure:
    """The disclosure of an address."""
    return get_permitted(Disclosure, actor_of(request), action, reference=reference)


def body_of(request: HttpRequest, reference: str, *, field: str) -> Organisation | None:
    """An organisation that a body names; nothing for an empty text."""
    if not reference:
        return None
    found = Organisation.objects.permitted(actor_of(request)).filter(reference=reference).first()
    if found is None:
        raise RuleViolation(_("No organisation that you may see has this reference."), field=field)
    return found


def person_of(request: HttpRequest, reference: str) -> Person | None:
    """A person that a body names; nothing for an empty text."""
    if not reference:
        return None
    found = Person.objects.live().permitted(actor_of(request)).filter(reference=reference).first()
    if found is None:
        raise RuleViolation(_("Nobody that you may see has this reference."), field="person")
    return found
