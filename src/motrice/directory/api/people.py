"""People of the directory through the API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.accounts.models import User
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import get_permitted
from motrice.directory.api.shapes import Reason, given
from motrice.directory.lists import PEOPLE
from motrice.directory.models import Person
from motrice.directory.operations.person import create_person, edit_person, link_account, unlink_account
from motrice.web.rest import ReadIn, Strict
from motrice.web.rest_lists import FILE, filed, listed

router = Router()


class PersonOut(Schema):
    """Somebody of the field."""

    reference: str
    given_name: str
    family_name: str
    email: str
    description: str
    level: Level


class PersonFields(Strict):
    """What can be corrected of a person; what is left out stays."""

    given_name: str | None = Field(None, min_length=1, max_length=80)
    family_name: str | None = Field(None, min_length=1, max_length=80)
    email: str | None = Field(None, max_length=254)
    description: str | None = Field(None, max_length=20000)
    level: Level | None = None
    reason: str = Reason


class PersonChangeIn(PersonFields, ReadIn):
    """What is corrected of a person."""


class PersonIn(PersonFields):
    """A new person."""

    given_name: str = Field(min_length=1, max_length=80)
    family_name: str = Field(min_length=1, max_length=80)


def person_of(request: HttpRequest, reference: str, action: str = "view") -> Person:
    """The person of an address: 404 unseen, 403 when the act is not allowed."""
    return get_permitted(Person.objects.live(), request.auth, action, reference=reference)  # type: ignore[attr-defined]


@router.get("/people", response=list[PersonOut])
@listed(PEOPLE)
def person_list(request: HttpRequest) -> Any:
    """The people whom the caller may see; each word of `q` is in a name or the address."""
    return Person.objects.live().permitted(request.auth)  # type: ignore[attr-defined]


@router.get("/people/export", openapi_extra=FILE)
@filed(PEOPLE)
def person_export(request: HttpRequest) -> Any:
    """The same people as a file, for who may export them."""
    return Person.objects.live().permitted(request.auth)  # type: ignore[attr-defined]


@router.post("/people", response={201: PersonOut})
def person_create(request: HttpRequest, payload: PersonIn) -> Any:
    """Add somebody of the field."""
    return Status(201, create_person(actor=request.auth, **given(payload)))  # type: ignore[attr-defined]


@router.get("/people/{reference}", response=PersonOut)
def person_detail(request: HttpRequest, reference: str) -> Any:
    """One person."""
    return person_of(request, reference)


@router.patch("/people/{reference}", response=PersonOut)
def person_edit(request: HttpRequest, reference: str, payload: PersonChangeIn) -> Any:
    """Correct named fields of a person."""
    person = person_of(request, reference, "edit")
    return edit_person(person=person, actor=request.auth, **given(payload))  # type: ignore[attr-defined]


class AccountOut(Schema):
    """Whose account is that of a person; `email` is null when none is."""

    reference: str
    email: str | None


class AccountIn(Strict):
    """The address of the account that is this person's."""

    email: str = Field(min_length=3, max_length=254)
    reason: str = Reason


class AccountEndIn(Strict):
    """Why the account is taken away."""

    reason: str = Field(min_length=1, max_length=300)


def _account(person: Person) -> dict[str, Any]:
    return {"reference": person.reference, "email": person.user.email if person.user is not None else None}


@router.get("/people/{reference}/account", response=AccountOut)
def person_account(request: HttpRequest, reference: str) -> Any:
    """The account of a person, for who keeps it."""
    return _account(person_of(request, reference, "merge"))


@router.put("/people/{reference}/account", response=AccountOut)
def person_account_link(request: HttpRequest, reference: str, payload: AccountIn) -> Any:
    """Say whose account is this person's: it signs, answers and is asked in their name; its owner is told."""
    person = person_of(request, reference, "merge")
    user = User.objects.active().filter(email=payload.email.strip().lower()).first()
    if user is None:
        raise RuleViolation(_("No account has this address: invite this person first."), field="email")
    actor = request.auth  # type: ignore[attr-defined]
    return _account(link_account(person=person, user=user, actor=actor, reason=payload.reason))


@router.post("/people/{reference}/account/end", response=AccountOut)
def person_account_end(request: HttpRequest, reference: str, payload: AccountEndIn) -> Any:
    """Take the account away: what it did in this person's name stays."""
    person = person_of(request, reference, "merge")
    return _account(unlink_account(person=person, actor=request.auth, reason=payload.reason))  # type: ignore[attr-defined]
