"""A family by its publication number through the API; its import is then one of the imports of the directory."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from motrice.core.imports_runs import start_run
from motrice.core.tasks import run_import
from motrice.portfolio.api.shapes import actor_of
from motrice.portfolio.clients.ops import answer_for
from motrice.portfolio.importers.patents import PatentFiles
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
    """Read the family of a publication into proposals: from the answer kept, or from Open Patent Services."""
    actor = actor_of(request)
    choices = PatentFiles.checked_options({"office": payload.office}, actor)
    path = answer_for(payload.number)
    run = start_run(kind=PatentFiles.kind, files=[("", path)], actor=actor, options=choices)
    run_import.enqueue(run.pk)
    run.refresh_from_db()
    return Status(201, run)
