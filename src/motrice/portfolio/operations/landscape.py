"""The landscape: families and public documents placed by the likeness of their texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.imports import column_names, table_rows
from motrice.core.policies import require
from motrice.directory.models import Organisation
from motrice.engines.landscape import positions
from motrice.portfolio.enums import LandscapeStep, Reach
from motrice.portfolio.models import Asset, Classification, Landscape

# What everybody within a reach may see: nothing else takes part in the working out, so that no place tells of it.
LEVELS = {
    Reach.ORGANISATION: (Level.PUBLIC, Level.NETWORK, Level.ORGANISATION),
    Reach.NETWORK: (Level.PUBLIC, Level.NETWORK),
}
MAX_DOCUMENTS = 5000
UNDER_WAY = (LandscapeStep.QUEUED, LandscapeStep.READING, LandscapeStep.PLACING)
STALE = timedelta(hours=1)
COLUMNS = {
    "number": ("display key", "publication number", "lens id", "number", "numéro", "numero"),
    "title": ("title", "titre"),
    "text": ("abstract", "abrégé", "abrege", "résumé", "resume", "summary"),
}


@dataclass(frozen=True)
class Document:
    """A public document put beside the portfolio."""

    number: str
    title: str
    text: str


def read_documents(text: str) -> list[Document]:
    """Public documents of a CSV with a number, a title and an abstract, such as that of The Lens."""
    text = text.lstrip("\ufeff")
    delimiter = max(";,\t", key=text.split("\n", 1)[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings = column_names(reader)
    columns: dict[str, str] = {}
    for name, words in COLUMNS.items():
        for word in words:
            heading = next((one for one in headings if one.strip().lower() == word), None)
            if heading is not None:
                columns.setdefault(name, heading)
    if "number" not in columns or "title" not in columns:
        raise RuleViolation(_("The first line names the columns: number, title and abstract."), field="file")
    found: dict[str, Document] = {}
    for _line, row in table_rows(reader):
        values = {name: row[heading].strip() for name, heading in columns.items()}
        if values["number"] and values["title"]:
            found.setdefault(values["number"], Document(values["number"], values["title"], values.get("text", "")))
        if len(found) > MAX_DOCUMENTS:
            raise RuleViolation(_("At most %(n)d documents are placed.") % {"n": MAX_DOCUMENTS}, field="file")
    if not found:
        raise RuleViolation(_("The file holds no document with a number and a title."), field="file")
    return list(found.values())


def is_under_way(landscape: Landscape, now: datetime) -> bool:
    """Whether somebody asked and the work goes on; a worker that was killed holds nobody up for more than an hour."""
    return landscape.step in UNDER_WAY and landscape.step_at is not None and now - landscape.step_at < STALE


def ask_landscape(
    *,
    organisation: Organisation,
    reach: str,
    actor: Any,
    documents: Sequence[Document] | None = None,
    at: datetime | None = None,
) -> Landscape:
    """Queue the working out of a landscape, with public documents to put beside; refused while one goes on."""
    require(actor, "steer", organisation)
    now = at or timezone.now()
    held = Landscape.objects.filter(organisation=organisation, reach=reach).first()
    if held is not None and is_under_way(held, now):
        raise RuleViolation(_("This landscape is being worked out: wait until it is done."), field="reach")
    values: dict[str, Any] = {"step": LandscapeStep.QUEUED, "step_at": now}
    if documents is not None:
        places = dict(held.places) if held else {}
        placed = {row["number"]: row.get("place") for row in places.get("documents", ())}
        rows = [{"number": one.number, "title": one.title[:200], "text": one.text} for one in documents]
        places["documents"] = [
            row | ({"place": placed[row["number"]]} if placed.get(row["number"]) else {}) for row in rows
        ]
        values |= {"places": places, "document_count": len(rows)}
    with audit.operation(actor, "landscape.ask", at=at) as op:
        if held is None:
            return op.create(Landscape(organisation=organisation, reach=reach, **values))
        op.update(held, **values)
    return held


def mark_step(landscape: Landscape, step: LandscapeStep) -> None:
    """Tell how far the work is, at once: whoever waits reads it while the work goes on."""
    landscape.step, landscape.step_at = step, timezone.now()
    Landscape.objects.filter(pk=landscape.pk).update(step=step, step_at=landscape.step_at)


def compute_landscape(
    *, organisation: Organisation, reach: str, actor: Any, documents: Sequence[Document] | None = None
) -> Landscape:
    """Work out the places again; without documents, those given before stay beside the portfolio."""
    require(actor, "steer", organisation)
    held = Landscape.objects.filter(organisation=organisation, reach=reach).first()
    if held is not None:
        mark_step(held, LandscapeStep.READING)
    rows, texts = _families(organisation, reach)
    beside = _beside(held, documents)
    if held is not None:
        mark_step(held, LandscapeStep.PLACING)
    places = positions([*texts, *(f"{document.title} {document.text}" for document in beside)])
    values: dict[str, Any] = {
        "computed_at": timezone.now(),
        "step": LandscapeStep.DONE,
        "step_at": timezone.now(),
        "asset_count": len(rows),
        "document_count": len(beside),
        "places": {
            "assets": {row: list(place) for row, place in zip(rows, places, strict=False)},
            "documents": [
                {"number": one.number, "title": one.title[:200], "text": one.text, "place": list(place)}
                for one, place in zip(beside, places[len(rows) :], strict=True)
            ],
        },
    }
    with audit.operation(actor, "landscape.compute") as op:
        if held is None:
            return op.create(Landscape(organisation=organisation, reach=reach, **values))
        op.update(held, **values)
    return held


def _families(organisation: Organisation, reach: str) -> tuple[list[str], list[str]]:
    """The references and the texts of the families that everybody within the reach may see."""
    families = (
        Asset.objects.families().filter(office=organisation, level__in=LEVELS[Reach(reach)]).order_by("reference")
    )
    rows = list(families.values_list("pk", "reference", "title", "summary"))
    classes: dict[int, list[str]] = {}
    for pk, symbol in Classification.objects.filter(asset__in=families.values("pk")).values_list("asset_id", "symbol"):
        classes.setdefault(pk, []).append(symbol.split(" ")[0])
    texts = [f"{title} {summary} {' '.join(sorted(set(classes.get(pk, ()))))}" for pk, _ref, title, summary in rows]
    return [row[1] for row in rows], texts


def _beside(held: Landscape | None, documents: Sequence[Document] | None) -> Sequence[Document]:
    if documents is not None or held is None:
        return documents or ()
    return [Document(row["number"], row["title"], row["text"]) for row in held.places.get("documents", ())]
