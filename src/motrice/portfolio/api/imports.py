"""A family by its publication number through the API; its import is then one of the imports of the directory."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.importers.patents import start_family
from motrice.web.rest import Strict

router = Router()


class FamilyIn(Strict):
    """Whose family, and for which office; `office` may be left out by who works for one only."""

    number: str = Field(..., max_length=40)
    office: str = Field("", max_length=16)


class FamilyImportOut(Schema):
    """The import that reads it: the rest is under `/directory/imports`."""

    reference: str
    status: str


@router.post("/families/import", response={201: FamilyImportOut})
def family_import(request: HttpRequest, payload: FamilyIn) -> Any:
    """Read the family of a publication into proposals, in the background: from the answer kept, or from the EPO.

    While Open Patent Services is busy or the quota of the hour is spent, the import waits and tries again by itself.
    """
    run = start_family(number=payload.number, office=payload.office, actor=actor_of(request))
    run.refresh_from_db()
    return Status(201, run)
