"""The landscape: families and public documents placed by the likeness of their texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.core.errors import RuleViolation
from motrice.core.policies import require
from motrice.directory.models import Organisation
from motrice.engines.landscape import positions
from motrice.portfolio.enums import Reach
from motrice.portfolio.models import Asset, Classification, Landscape

# What everybody within a reach may see: nothing else takes part in the working out, so that no place tells of it.
LEVELS = {
    Reach.ORGANISATION: (Level.PUBLIC, Level.NETWORK, Level.ORGANISATION),
    Reach.NETWORK: (Level.PUBLIC, Level.NETWORK),
}
MAX_DOCUMENTS = 5000
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
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    columns: dict[str, str] = {}
    for name, words in COLUMNS.items():
        for word in words:
            heading = next((one for one in reader.fieldnames or () if (one or "").strip().lower() == word), None)
            if heading is not None:
                columns.setdefault(name, heading)
    if "number" not in columns or "title" not in columns:
        raise RuleViolation(_("The first line names the columns: number, title and abstract."), field="file")
    found: dict[str, Document] = {}
    for row in reader:
        values = {name: (row.get(heading) or "").strip() for name, heading in columns.items()}
        if values["number"] and values["title"]:
            found.setdefault(values["number"], Document(values["number"], values["title"], values.get("text", "")))
        if len(found) > MAX_DOCUMENTS:
            raise RuleViolation(_("At most %(n)d documents are placed.") % {"n": MAX_DOCUMENTS}, field="file")
    if not found:
        raise RuleViolation(_("The file holds no document with a number and a title."), field="file")
    return list(found.values())


def compute_landscape(
    *, organisation: Organisation, reach: str, actor: Any, documents: Sequence[Document] | None = None
) -> Landscape:
    """Work out the places again; without documents, those placed before stay beside the portfolio."""
    require(actor, "steer", organisation)
    held = Landscape.objects.filter(organisation=organisation, reach=reach).first()
    families = (
        Asset.objects.families().filter(office=organisation, level__in=LEVELS[Reach(reach)]).order_by("reference")
    )
    rows = list(families.values_list("pk", "reference", "title", "summary"))
    classes: dict[int, list[str]] = {}
    for pk, symbol in Classification.objects.filter(asset__in=families.values("pk")).values_list("asset_id", "symbol"):
        classes.setdefault(pk, []).append(symbol.split(" ")[0])
    beside = _beside(held, documents)
    texts = [f"{title} {summary} {' '.join(sorted(set(classes.get(pk, ()))))}" for pk, _ref, title, summary in rows]
    places = positions([*texts, *(f"{document.title} {document.text}" for document in beside)])
    values: dict[str, Any] = {
        "computed_at": timezone.now(),
        "asset_count": len(rows),
        "document_count": len(beside),
        "places": {
            "assets": {row[1]: list(place) for row, place in zip(rows, places, strict=False)},
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


def _beside(held: Landscape | None, documents: Sequence[Document] | None) -> Sequence[Document]:
    if documents is not None or held is None:
        return documents or ()
    return [Document(row["number"], row["title"], row["text"]) for row in held.places.get("documents", ())]
