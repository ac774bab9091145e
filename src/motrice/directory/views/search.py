"""The one search box: suggestions as one types, and the page of results."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.core.search_sources import sources
from motrice.directory.links import record_url
from motrice.directory.models import Person
from motrice.directory.queries.search import PICK_KINDS, Found, find_owners, find_records, find_texts
from motrice.web import htmx, parts
from motrice.web.forms import picked_words
from motrice.web.guards import public

ORDER = ("unit", "organisation", "company", "person")


def kind_of(found: Found) -> str:
    """What sort of record it is, in words."""
    if isinstance(found.record, Person):
        return _("Person")
    words = getattr(found.record, "get_kind_display", None)
    return words() if words is not None else found.record._meta.verbose_name


def asked(request: HttpRequest) -> str:
    """What was typed, without what cannot be kept."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:2000]


@require_safe
@public
def suggest(request: HttpRequest) -> HttpResponse:
    """At most eight records for what was typed so far."""
    text = asked(request)
    suggestions = [
        parts.Suggestion(found.record, found.record.get_absolute_url(), kind_of(found), found.hint or _place(found))
        for found in find_records(text, actor=request.user, limit=8)
    ]
    return render(request, "web/_suggestions.html", {"suggestions": suggestions, "search_text": text})


@require_safe
@public
def pick(request: HttpRequest) -> HttpResponse:
    """The records that a field may mean by what was typed so far, as the options of its list."""
    of = request.GET.get("of", "organisation")
    kinds = PICK_KINDS.get(of, PICK_KINDS["organisation"])
    found = find_records(asked(request), actor=request.user, limit=10, kinds=kinds)
    options = [(picked_words(one.record), " · ".join(filter(None, (kind_of(one), _note(one))))) for one in found]
    return render(request, "web/forms/_record_options.html", {"options": options})


def _note(found: Found) -> str:
    return " · ".join(filter(None, (found.hint, _place(found))))


def _place(found: Found) -> str:
    return getattr(found.record, "city", "")


@require_safe
@public
def search(request: HttpRequest) -> HttpResponse:
    """Records by name, grouped by kind; laboratories by their texts; the texts. A pasted number opens its record."""
    text, actor = asked(request), request.user
    records = find_records(text, actor=actor, limit=40)
    if len(records) == 1 and records[0].how == "identifier":
        return redirect(records[0].record.get_absolute_url())
    owners = find_owners(text, actor=actor)
    texts = find_texts(text, actor=actor)
    context = {
        "title": _("Search"),
        "search_text": text,
        "groups": _groups(records),
        "owners": [
            (
                parts.Link(owner.owner, record_url(owner.owner)),
                [parts.Evidence(title=title, share=share) for title, share in owner.evidence],
            )
            for owner in owners
        ],
        "pieces": [
            parts.Evidence(
                title=found.evidence.title,
                text=parts.opening(found.evidence.text),
                matched=found.matched,
                url=found.evidence.url,
                source=found.evidence.get_kind_display(),
                on=found.evidence.dated_on,
            )
            for found in texts
        ],
        "is_empty": bool(text) and not (records or owners or texts),
        "frame": "web/base.html" if actor.is_authenticated else "web/public_base.html",
    }
    return htmx.render_part(request, "directory/search.html", context)


def _groups(records: list[Found]) -> list[tuple[str, list[parts.Link]]]:
    titles: dict[str, Any] = {
        "unit": _("Laboratories"),
        "organisation": _("Organisations"),
        "company": _("Companies"),
        "person": _("People"),
    }
    titles |= {source.label: source.heading for source in sources() if source.heading}
    order = [*ORDER, *sorted(set(titles) - set(ORDER))]
    ranked = sorted(records, key=lambda found: order.index(found.group))
    return [
        (
            titles[group],
            [
                parts.Link(
                    found.record,
                    found.record.get_absolute_url(),
                    " · ".join(filter(None, (found.hint, _place(found)))),
                )
                for found in members
            ],
        )
        for group, members in groupby(ranked, key=lambda found: found.group)
    ]
