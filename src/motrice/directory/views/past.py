"""The history of a record, and the whole of it as it stood at the end of a day: what the log says, for one reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core import audit
from motrice.core.identifiers import shown
from motrice.core.past import parts_as_of
from motrice.core.policies import PolicyQuerySet
from motrice.directory.links import record_url
from motrice.directory.models import (
    Address,
    Affiliation,
    Evidence,
    EvidenceOwner,
    Identifier,
    Mechanism,
    Organisation,
    OrganisationName,
    Person,
    Relation,
    Topic,
    YearProfile,
)
from motrice.directory.views.history import changes_of
from motrice.directory.views.kept import crumbs
from motrice.directory.views.organisation import asked_day
from motrice.directory.views.record import SHOWN, span
from motrice.web import htmx, parts
from motrice.web.formats import labelled
from motrice.web.guards import object_view


@dataclass(frozen=True)
class PastGroup:
    """Parts of one sort as they stood then."""

    title: str
    links: list[parts.Link]
    more: int = 0


@require_safe
@object_view(Organisation, "edit")
def organisation_history(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Who changed what and why, and the organisation with all its parts as it stood at the end of a day."""
    return _page(request, body, crumbs(body), organisation_parts)


@require_safe
@object_view(Person, "edit")
def person_history(request: HttpRequest, somebody: Person) -> HttpResponse:
    """Who changed what and why, and the person's record as it stood at the end of a day."""
    steps = [(_("People"), reverse("directory:people")), (str(somebody), record_url(somebody))]
    return _page(request, somebody, steps, person_parts)


def _page(
    request: HttpRequest, record: Any, steps: list[tuple[str, str]], parts_of: Callable[..., list[PastGroup]]
) -> HttpResponse:
    model, day = type(record), asked_day(request)
    at = timezone.make_aware(datetime.combine(day, time.max))
    state = audit.as_of(model, record.pk, at)
    context = {
        "record": record,
        "title": _("History of %(name)s") % {"name": getattr(record, "name", record)},
        "crumbs": [*steps, (_("History"), "")],
        "day": day,
        "fields": changes_of(model, {}, state or {}),
        "existed": state is not None,
        "groups": parts_of(record, at, request.user) if state is not None else [],
        "changes": [(row, changes_of(model, row.before, row.after)) for row in audit.history(record)[:100]],
    }
    return htmx.render_part(request, "directory/history.html", context)


def organisation_parts(body: Organisation, at: datetime, actor: Any) -> list[PastGroup]:
    """Names, numbers, places, sizes, links, people and texts of an organisation as they stood at a time."""
    out = _ends(Relation, "source", "target", body.pk, at, Organisation, actor)
    inward = _ends(Relation, "target", "source", body.pk, at, Organisation, actor)
    people = _ends(Affiliation, "organisation", "person", body.pk, at, Person, actor)
    groups = [
        _plain(_("Names"), OrganisationName, body.pk, at, lambda row: (row.value, row.get_kind_display(), span(row))),
        _plain(_("Identifiers"), Identifier, body.pk, at, _number),
        _plain(_("Addresses"), Address, body.pk, at, lambda row: (str(row), span(row))),
        _plain(_("Size and sector"), YearProfile, body.pk, at, _profile),
        _plain(_("Topics"), Topic, body.pk, at, lambda row: (row.code, row.scheme)),
        _plain(_("What it offers"), Mechanism, body.pk, at, _offer),
        _linked(_("Links to others"), [(end, (row.get_kind_display(), *_about(row))) for row, end in out]),
        _linked(_("Links from others"), [(end, (row.get_kind_display(), *_about(row))) for row, end in inward]),
        _linked(_("People"), [(end, (row.get_role_display(), span(row))) for row, end in people]),
        _texts("organisation", body.pk, at, actor),
    ]
    return [group for group in groups if group.links]


def person_parts(somebody: Person, at: datetime, actor: Any) -> list[PastGroup]:
    """Numbers, places of work and texts of a person as they stood at a time."""
    places = _ends(Affiliation, "person", "organisation", somebody.pk, at, Organisation, actor)
    numbers = parts_as_of(Identifier, "person", somebody.pk, at)
    groups = [
        PastGroup(_("Identifiers"), [_link(_number(row)) for row in numbers]),
        _linked(_("Where they work and worked"), [(end, (row.get_role_display(), span(row))) for row, end in places]),
        _texts("person", somebody.pk, at, actor),
    ]
    return [group for group in groups if group.links]


def _link(words: tuple[str, ...]) -> parts.Link:
    return parts.Link(words[0], "", " · ".join(filter(None, words[1:])))


def _plain(
    title: str, model: type[models.Model], pk: int, at: datetime, words: Callable[[Any], tuple[str, ...]]
) -> PastGroup:
    rows = parts_as_of(model, "organisation", pk, at)
    return PastGroup(title, [_link(words(row)) for row in rows[:SHOWN]], max(0, len(rows) - SHOWN))


def _number(row: Identifier) -> tuple[str, ...]:
    return shown(row.scheme, row.value), row.get_scheme_display(), span(row)


def _profile(row: YearProfile) -> tuple[str, ...]:
    sector = f"NAF {row.naf_code}" if row.naf_code else ""
    return f"{row.year}", row.get_size_class_display(), sector, row.source


def _offer(row: Mechanism) -> tuple[str, ...]:
    hidden = {"id", "organisation_id"}
    state = {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}
    kept = {name: value for name, value in state.items() if name not in hidden and value not in (None, "", [])}
    return "; ".join(labelled(change.label, change.after) for change in changes_of(Mechanism, {}, kept)), ""


def _about(row: Relation) -> tuple[str, str, str]:
    return row.get_succession_display() if row.succession else "", row.label_number, span(row)


def _ends(
    model: type[models.Model], owner: str, end: str, pk: int, at: datetime, other: type[models.Model], actor: Any
) -> list[tuple[Any, Any]]:
    """The links of a record then, each with the record at its other end, if the reader may see that one now."""
    rows = parts_as_of(model, owner, pk, at)
    query: PolicyQuerySet[Any] = other.objects.permitted(actor)  # type: ignore[attr-defined] # every one has a policy
    seen = query.in_bulk({getattr(row, f"{end}_id") for row in rows})
    return [(row, seen[getattr(row, f"{end}_id")]) for row in rows if getattr(row, f"{end}_id") in seen]


def _linked(title: str, rows: list[tuple[Any, tuple[str, ...]]]) -> PastGroup:
    links = [parts.Link(end, record_url(end), " · ".join(filter(None, words))) for end, words in rows[:SHOWN]]
    return PastGroup(title, links, max(0, len(rows) - SHOWN))


def _texts(owner: str, pk: int, at: datetime, actor: Any) -> PastGroup:
    rows = _ends(EvidenceOwner, owner, "evidence", pk, at, Evidence, actor)
    links = [parts.Link(text.title, text.url, text.get_kind_display()) for _row, text in rows[:SHOWN]]
    return PastGroup(_("Evidence"), links, max(0, len(rows) - SHOWN))
