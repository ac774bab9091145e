"""How the parts of a record are kept: one page lists every row of any date, each act has a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.core.policies import allows
from motrice.directory.forms import WhyForm
from motrice.directory.keeping_forms import LastDayForm
from motrice.directory.links import record_url
from motrice.directory.models import Organisation, Person
from motrice.directory.operations.mechanism import may_offer
from motrice.web import confirm, htmx, parts
from motrice.web.forms import remember, run_form

PAGE_SIZE = 50


@dataclass(frozen=True)
class Row:
    """One row of a record's part: what it says, column by column, and what may be done with it."""

    cells: list[Any]
    what: str
    acts: list[parts.Link] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """One part of a record: its page, and where its rows begin."""

    holder: Organisation | Person
    name: str
    url: str
    columns: list[str] = field(default_factory=list)
    intro: str = ""
    empty: str = ""
    steps: list[parts.Link] = field(default_factory=list)


def crumbs(holder: Organisation | Person) -> list[tuple[str, str]]:
    """Where the record is: its list, then itself."""
    if isinstance(holder, Person):
        return [(_("People"), reverse("directory:people")), (str(holder), record_url(holder))]
    if holder.is_unit:
        start = (_("Laboratories"), reverse("directory:units"))
    elif holder.kind == "company":
        start = (_("Companies"), reverse("directory:companies"))
    else:
        start = (_("Organisations"), reverse("directory:organisations"))
    return [start, (holder.short_name or holder.name, record_url(holder))]


def shelf(body: Organisation, may: Collection[str]) -> list[tuple[str, list[parts.Link]]]:
    """What a reader may do to keep a record, grouped; nothing for who may not."""
    if "edit" not in may:
        return []

    def to(name: str, label: str) -> parts.Link:
        return parts.Link(label, reverse(f"directory:{name}", args=[body.reference]))

    its_life = [
        to("organisation_close", _("Close it, or say what it became")),
        *([to("organisation_merge", _("Merge a duplicate"))] if "merge" in may else []),
        to("organisation_history", _("History and past states")),
    ]
    what_it_is = [
        to("names", _("Names")),
        to("identifiers", _("Identifiers")),
        to("address_edit", _("Address")),
        to("profiles", _("Size and sector by year")),
        to("topics", _("Fields of work")),
        *([to("mechanism_edit", _("What it offers"))] if may_offer(body) else []),
    ]
    around = [
        to("links", _("Links of all dates")),
        to("places", _("People of all dates")),
        to("organisation_evidence", _("Evidence")),
    ]
    if "manage_roles" in may:
        invite = f"{reverse('accounts:invite')}?record={body.reference}"
        around.append(parts.Link(_("Invite somebody to a role"), invite))
    return [
        (_("What it is"), what_it_is),
        (_("Around it"), around),
        (_("Its life"), its_life),
    ]  # fmt: skip


def held(rows: Any, actor: Any, pk: int) -> Any:
    """One row of the record; 404 for a row of another."""
    row = rows.permitted(actor).filter(pk=min(pk, 2**62)).first()
    if row is None:
        raise Http404
    return row


def page_of(request: HttpRequest, rows: Any) -> Page:
    """The page of rows that is asked for."""
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def list_rows(request: HttpRequest, part: Part, page: Page, show: Callable[[Any], Row]) -> HttpResponse:
    """Every row of a part, with its acts, a page at a time."""
    context = {
        "part": part,
        "title": part.name,
        "crumbs": [*crumbs(part.holder), (part.name, "")],
        "page": page,
        "rows": [(row, list(zip(part.columns, row.cells, strict=True))) for row in map(show, page)],
    }
    return htmx.render_part(request, "directory/kept.html", context)


def fill(
    request: HttpRequest, part: Part, form: Any, *, title: str, submit: str = "", intro: str = ""
) -> HttpResponse:
    """The page of one act on a part, which leads back to the part."""
    between = [] if part.url == record_url(part.holder) else [(part.name, part.url)]
    context = {
        "form": form,
        "title": title,
        "intro": intro,
        "submit": submit or _("Save"),
        "crumbs": [*crumbs(part.holder), *between, (title, "")],
        "cancel_url": part.url,
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


def done(request: HttpRequest, part: Part, words: str) -> HttpResponse:
    """Say what was done, on the page of the part; who gave the right to keep it away sees the record."""
    messages.success(request, words)
    kept = type(part.holder)._base_manager.get(pk=part.holder.pk)
    return redirect(part.url if allows(request.user, "edit", kept) else record_url(kept))


def last_day_words(row: Any) -> str:
    """What the act that writes a last day is called for a row."""
    return _("Correct the last day") if row.ends_on else _("End it")


def end(
    request: HttpRequest, part: Part, row: Any, run: Callable[..., Any], *, title: str, words: str
) -> HttpResponse:
    """Say until which day a row held; what others changed of it since the page was opened is told."""
    form = LastDayForm(request.POST or None, row=row)
    read = remember(form, {"ends_on": row.ends_on})
    if run_form(form, lambda data: run(actor=request.user, read=read, **data)):
        return done(request, part, words)
    return fill(request, part, form, title=title, intro=str(row))


def remove(
    request: HttpRequest, part: Part, row: Any, run: Callable[..., Any], *, read_of: Iterable[str], **words: str
) -> HttpResponse:
    """Ask, with the reason, then remove a row that was never right: `title`, `follows` and `told` say it."""
    form = WhyForm(request.POST if confirm.SURE in request.POST else None)
    read = remember(form, {name: getattr(row, name) for name in read_of})
    if run_form(form, lambda data: run(actor=request.user, read=read, **data)):
        return done(request, part, words["told"])
    return confirm.ask(request, form, title=words["title"], words=words["follows"], back_url=part.url)
