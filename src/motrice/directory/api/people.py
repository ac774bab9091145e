"""People of the directory through the API."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from motrice.core.confidentiality import Level
from motrice.core.policies import get_permitted
from motrice.directory.api.shapes import Reason, Strict, given
from motrice.directory.models import Person
from motrice.directory.operations.person import create_person, edit_person
from motrice.web.rest import paginated

router = Router()


class PersonOut(Schema):
    """Somebody of the field."""

    reference: str
    given_name: str
    family_name: str
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


class PersonIn(PersonFields):
    """A new person."""

    given_name: str = Field(min_length=1, max_length=80)
    family_name: str = Field(min_length=1, max_length=80)


@router.get("/people", response=list[PersonOut])
@paginated
def person_list(request: HttpRequest, q: str = Query("", max_length=80)) -> Any:
    """The people whom the caller may see; `q` is a part of the family name."""
    rows = Person.objects.live().permitted(request.auth)  # type: ignore[attr-defined]
    return rows.filter(family_name__icontains=q.replace("\x00", "")).order_by("family_name", "given_name", "pk")


@router.post("/people", response={201: PersonOut})
def person_create(request: HttpRequest, payload: PersonIn) -> Any:
    """Add somebody of the field."""
    return Status(201, create_person(actor=request.auth, **given(payload)))  # type: ignore[attr-defined]


@router.get("/people/{reference}", response=PersonOut)
def person_detail(request: HttpRequest, reference: str) -> Any:
    """One person."""
    return get_permitted(Person.objects.live(), request.auth, "view", reference=reference)  # type: ignore[attr-defined]


@router.patch("/people/{reference}", response=PersonOut)
def person_edit(request: HttpRequest, reference: str, payload: PersonFields) -> Any:
    """Correct named fields of a person."""
    person = get_permitted(Person.objects.live(), request.auth, "edit", reference=reference)  # type: ignore[attr-defined]
    return edit_person(person=person, actor=request.auth, **given(payload))  # type: ignore[attr-defined]
