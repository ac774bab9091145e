"""Inventors with their shares, ties and publications of a disclosure, through the API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.policies import get_permitted
from motrice.inventions import rules
from motrice.inventions.api.shapes import MadeOut, actor_of, body_of, disclosure_of, person_of
from motrice.inventions.enums import DivulgationKind, InventorRole, TieKind
from motrice.inventions.models import Divulgation, Inventor, Tie
from motrice.inventions.operations import drafting
from motrice.web.rest import ReadIn, Strict, paginated

router = Router()


class InventorOut(Schema):
    """An inventor with the exact share; `person` is a reference of the directory."""

    reference: str
    name: str
    email: str
    person: str | None
    role: InventorRole
    employer: str
    unit: str | None
    numerator: int
    denominator: int
    contribution: str
    invited_at: datetime | None
    contested_at: datetime | None
    signed_at: datetime | None

    @staticmethod
    def resolve_person(row: Inventor) -> str | None:
        return row.person.reference if row.person is not None else None

    @staticmethod
    def resolve_unit(row: Inventor) -> str | None:
        return row.unit.name if row.unit is not None else None

    @staticmethod
    def resolve_signed_at(row: Inventor) -> datetime | None:
        return next((each.signed_at for each in row.signatures.all() if each.void_at is None), None)


class InventorIn(Strict):
    """An inventor to name; `share` is a fraction such as 1/3 or a percentage such as 37.5."""

    person: str = Field("", max_length=8)
    name: str = Field("", max_length=200)
    email: str = Field("", max_length=254, pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$")
    role: InventorRole = InventorRole.INVENTOR
    employer: str = Field("", max_length=200)
    unit: str = Field("", max_length=8)
    share: str = Field(max_length=20)
    contribution: str = Field("", max_length=4000)


class InventorFields(ReadIn):
    """What can be corrected of an inventor; what is left out stays."""

    name: str | None = Field(None, min_length=1, max_length=200)
    email: str | None = Field(None, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    role: InventorRole | None = None
    employer: str | None = Field(None, max_length=200)
    share: str | None = Field(None, max_length=20)
    contribution: str | None = Field(None, max_length=4000)

    @classmethod
    def as_read(cls, name: str, value: Any) -> Any:
        """The share as the exact fraction that it writes."""
        return rules.parse_share(value) if name == "share" else value


class TieOut(Schema):
    """An agreement that binds the result."""

    reference: str
    kind: TieKind
    number: str
    party: str
    note: str


class TieIn(Strict):
    """An agreement to state."""

    kind: TieKind
    party: str = Field(min_length=1, max_length=200)
    number: str = Field("", max_length=120)
    note: str = Field("", max_length=4000)


class DivulgationOut(Schema):
    """A publication or talk, past or planned."""

    reference: str
    kind: DivulgationKind
    title: str
    dated_on: date
    is_under_secrecy: bool
    note: str


class DivulgationIn(Strict):
    """A publication to state."""

    kind: DivulgationKind
    title: str = Field(min_length=1, max_length=300)
    dated_on: date
    is_under_secrecy: bool = False
    note: str = Field("", max_length=4000)


@router.get("/disclosures/{reference}/inventors", response=list[InventorOut])
@paginated
def inventor_list(request: HttpRequest, reference: str) -> Any:
    """The inventors of a disclosure, in their order."""
    rows = Inventor.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.select_related("person", "unit").prefetch_related("signatures").order_by("position", "pk")


@router.post("/disclosures/{reference}/inventors", response={201: MadeOut})
def inventor_add(request: HttpRequest, reference: str, payload: InventorIn) -> Any:
    """Name an inventor; 422 for a share that is none, or an outsider without an e-mail address."""
    fields = payload.dict()
    made = drafting.add_inventor(
        disclosure=disclosure_of(request, reference, "edit"),
        person=person_of(request, fields.pop("person")),
        unit=body_of(request, fields.pop("unit"), field="unit"),
        share=rules.parse_share(fields.pop("share")),
        actor=actor_of(request),
        **fields,
    )
    return Status(201, made)


@router.patch("/inventors/{reference}", response=MadeOut)
def inventor_change(request: HttpRequest, reference: str, payload: InventorFields) -> Any:
    """Correct an inventor of a disclosure that is being written."""
    fields = {name: value for name, value in payload.dict(exclude_unset=True).items() if value is not None}
    if "share" in fields:
        fields["share"] = rules.parse_share(fields["share"])
    row = get_permitted(Inventor, actor_of(request), "edit", reference=reference)
    return drafting.change_inventor(inventor=row, actor=actor_of(request), **fields)


@router.delete("/inventors/{reference}", response={204: None})
def inventor_remove(request: HttpRequest, reference: str) -> Any:
    """Take an inventor off a disclosure that is being written."""
    row = get_permitted(Inventor, actor_of(request), "edit", reference=reference)
    drafting.remove_inventor(inventor=row, actor=actor_of(request))
    return Status(204, None)


@router.get("/disclosures/{reference}/ties", response=list[TieOut])
@paginated
def tie_list(request: HttpRequest, reference: str) -> Any:
    """What binds the result."""
    rows = Tie.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.order_by("pk")


@router.post("/disclosures/{reference}/ties", response={201: MadeOut})
def tie_add(request: HttpRequest, reference: str, payload: TieIn) -> Any:
    """State an agreement that binds the result."""
    disclosure = disclosure_of(request, reference, "edit")
    return Status(201, drafting.add_tie(disclosure=disclosure, actor=actor_of(request), **payload.dict()))


@router.delete("/ties/{reference}", response={204: None})
def tie_remove(request: HttpRequest, reference: str) -> Any:
    """Take an agreement back."""
    row = get_permitted(Tie, actor_of(request), "edit", reference=reference)
    drafting.remove_tie(tie=row, actor=actor_of(request))
    return Status(204, None)


@router.get("/disclosures/{reference}/publications", response=list[DivulgationOut])
@paginated
def publication_list(request: HttpRequest, reference: str) -> Any:
    """The publications and talks stated, past and planned."""
    rows = Divulgation.objects.permitted(actor_of(request)).filter(disclosure=disclosure_of(request, reference))
    return rows.order_by("dated_on", "pk")


@router.post("/disclosures/{reference}/publications", response={201: MadeOut})
def publication_add(request: HttpRequest, reference: str, payload: DivulgationIn) -> Any:
    """State a publication: the officer is told when it comes before the decision."""
    disclosure = disclosure_of(request, reference, "edit")
    return Status(201, drafting.add_divulgation(disclosure=disclosure, actor=actor_of(request), **payload.dict()))


@router.delete("/publications/{reference}", response={204: None})
def publication_remove(request: HttpRequest, reference: str) -> Any:
    """Take a publication back."""
    row = get_permitted(Divulgation, actor_of(request), "edit", reference=reference)
    drafting.remove_divulgation(divulgation=row, actor=actor_of(request))
    return Status(204, None)
