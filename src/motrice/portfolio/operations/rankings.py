"""Published rankings: loaded from a file, their names recognised, compared by a query."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.core.imports import column_names, table_rows
from motrice.core.policies import require
from motrice.directory.models import Organisation, OrganisationName
from motrice.portfolio.marts.titles import plain_name
from motrice.portfolio.models import PublishedRanking, PublishedRankingLine

MAX_LINES = 2000
HEADINGS = {
    "rank": ("rank", "rang", "#"),
    "name": ("name", "applicant", "nom", "déposant", "deposant"),
    "value": ("value", "count", "nombre", "valeur"),
    "title": ("title", "number", "titre", "numéro", "numero"),
}
THOUSANDS = re.compile(r"[\s\u00a0\u202f']")


@dataclass(frozen=True)
class Line:
    """One line as read."""

    rank: int | None
    name: str
    value: int
    titles: tuple[str, ...] = ()


def read_ranking(text: str) -> list[Line]:
    """The lines of a CSV with rank, name and value; a column of titles, several lines a name, when the source has it.

    Commas, semicolons or tabs; refused with the number of the line that cannot be read.
    """
    text = text.lstrip("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    columns = _columns(column_names(reader))
    found: dict[str, Line] = {}
    for number, row in table_rows(reader):
        if not any(value.strip() for value in row.values()):
            continue
        line = _line(row, columns, number)
        held = found.get(line.name)
        if held is not None and not line.titles:
            raise RuleViolation(
                _("Line %(line)d: %(name)s is there twice.") % {"line": number, "name": line.name},
                field="file",
            )
        found[line.name] = line if held is None else Line(held.rank, held.name, held.value, held.titles + line.titles)
        if len(found) > MAX_LINES:
            raise RuleViolation(_("A ranking has at most %(n)d names.") % {"n": MAX_LINES}, field="file")
    if not found:
        raise RuleViolation(_("The file holds no line under its headings."), field="file")
    return list(found.values())


def _columns(headings: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading in headings:
        for name, words in HEADINGS.items():
            if (heading or "").strip().lower() in words:
                found.setdefault(name, heading)
    if "name" not in found or "value" not in found:
        raise RuleViolation(
            _("The first line names the columns: rank, name and value, and title when titles are given."), field="file"
        )
    return found


def _line(row: dict[str, Any], columns: dict[str, str], number: int) -> Line:
    name = (row.get(columns["name"]) or "").strip()
    rank = _number(row.get(columns["rank"]) if "rank" in columns else "", number, is_needed=False)
    value = _number(row.get(columns["value"]), number, is_needed=True)
    title = (row.get(columns["title"]) or "").strip() if "title" in columns else ""
    if not name or len(name) > 200:
        raise RuleViolation(_("Line %(line)d has no name, or one that is too long.") % {"line": number}, field="file")
    return Line(rank, name, value or 0, (title,) if title else ())


def _number(text: str | None, line: int, *, is_needed: bool) -> int | None:
    plain = THOUSANDS.sub("", text or "")
    if not plain and not is_needed:
        return None
    if not plain.isdecimal() or len(plain) > 6:
        raise RuleViolation(
            _("Line %(line)d: “%(text)s” is no whole number.") % {"line": line, "text": text or ""}, field="file"
        )
    return int(plain)


def load_ranking(
    *,
    organisation: Organisation,
    title: str,
    year: int,
    basis: str,
    source: str,
    text: str,
    actor: Any,
    at: datetime | None = None,
) -> PublishedRanking:
    """Keep a published ranking with its lines; names are recognised by those of the directory, accents or not."""
    require(actor, "steer", organisation)
    lines = read_ranking(text)
    if not source.strip():
        raise RuleViolation(_("Say where it was published."), field="source")
    ranking = PublishedRanking(
        organisation=organisation,
        title=title.strip(),
        year=year,
        basis=basis,
        source=source.strip(),
        loaded_on=timezone.localdate(at),
    )
    known = _recognised({plain_name(line.name) for line in lines})
    with audit.operation(actor, "ranking.load", at=at) as op:
        op.create(ranking)
        op.create_many(
            [
                PublishedRankingLine(
                    ranking=ranking,
                    rank=line.rank,
                    name=line.name,
                    value=line.value,
                    titles=list(line.titles),
                    organisation_id=known.get(plain_name(line.name)),
                )
                for line in lines
            ]
        )
    return ranking


def _recognised(wanted: set[str]) -> dict[str, int]:
    """Organisations by plain name, official or other; a name that two of them bear recognises neither."""
    found: dict[str, set[int]] = {}
    for pk, name in _names():
        plain = plain_name(name)
        if plain in wanted:
            found.setdefault(plain, set()).add(pk)
    return {plain: next(iter(keys)) for plain, keys in found.items() if len(keys) == 1}


def _names() -> Iterator[tuple[int, str]]:
    live = Organisation.objects.filter(merged_into=None)
    for pk, name, short in live.values_list("pk", "name", "short_name").iterator():
        yield pk, name
        if short:
            yield pk, short
    others = OrganisationName.objects.filter(organisation__merged_into=None)
    yield from others.values_list("organisation_id", "value").iterator()


def recognise_line(*, line: PublishedRankingLine, organisation: Organisation | None, actor: Any) -> None:
    """Say which organisation a printed name is, or that it is none of them: it is not asked again."""
    require(actor, "edit", line.ranking)
    with audit.operation(actor, "ranking.recognise", subject=line.ranking) as op:
        op.update(line, organisation=organisation, is_settled=True)


def remove_ranking(*, ranking: PublishedRanking, actor: Any) -> None:
    """Take back a ranking that was loaded by mistake, with its lines."""
    require(actor, "edit", ranking)
    with audit.operation(actor, "ranking.remove") as op:
        op.delete_many(list(ranking.lines.all()))
        op.delete(ranking)
