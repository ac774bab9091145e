"""The facts of an organisation: its size and sector by year, its fields of work, what a mechanism offers."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.directory.facts_forms import MechanismForm, ProfileForm, TopicsForm
from motrice.directory.links import record_url
from motrice.directory.models import Mechanism, Organisation, YearProfile
from motrice.directory.operations.mechanism import may_offer, offer_of, set_mechanism
from motrice.directory.operations.organisation import remove_profile, set_profile, set_topics
from motrice.directory.rules import DOMAIN, choices
from motrice.directory.views import kept
from motrice.web import formats, parts
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view

FACTS: dict[str, Any] = {"size_class": "", "naf_code": "", "headcount": None, "source": ""}


def _profiles(body: Organisation) -> kept.Part:
    return kept.Part(
        body,
        _("Size and sector by year"),
        reverse("directory:profiles", args=[body.reference]),
        columns=[_("Year"), _("Size"), _("NAF code"), _("Headcount"), _("Source")],
        intro=_("Each year says where it was read. The newest is shown on the record."),
        empty=_("No year is known yet"),
        steps=[parts.Link(_("Add a year"), reverse("directory:profile_add", args=[body.reference]))],
    )


def _profile_row(row: YearProfile, *, body: Organisation) -> kept.Row:
    where = [body.reference, row.year]
    acts = [
        parts.Link(_("Correct"), reverse("directory:profile_edit", args=where)),
        parts.Link(_("Remove"), reverse("directory:profile_remove", args=where)),
    ]
    headcount = "" if row.headcount is None else formats.number_text(row.headcount)
    return kept.Row(
        [str(row.year), row.get_size_class_display(), row.naf_code, headcount, row.source], str(row.year), acts
    )


@require_safe
@object_view(Organisation, "edit")
def profiles(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Size and sector of every year, the newest first."""
    page = kept.page_of(request, body.profiles.permitted(request.user).order_by("-year"))
    return kept.list_rows(request, _profiles(body), page, partial(_profile_row, body=body))


@object_view(Organisation, "edit")
def profile_add(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Write a year; one that is known already is told, and written over only knowingly."""
    form = ProfileForm(request.POST or None)
    read = remember(form, FACTS)
    if run_form(form, lambda data: set_profile(organisation=body, actor=request.user, read=read, **data)):
        return kept.done(request, _profiles(body), _("The year was saved."))
    return kept.fill(request, _profiles(body), form, title=_("Add a year"), submit=_("Add"), intro=body.name)


def _profile(request: HttpRequest, body: Organisation, year: int) -> YearProfile:
    row = body.profiles.permitted(request.user).filter(year=min(year, 9999)).first()
    if row is None:
        raise Http404
    return row


@object_view(Organisation, "edit")
def profile_remove(request: HttpRequest, body: Organisation, year: int) -> HttpResponse:
    """Take away a year that was never right."""
    row = _profile(request, body, year)
    return kept.remove(
        request,
        _profiles(body),
        row,
        partial(remove_profile, profile=row),
        read_of=FACTS,
        title=_("Remove the year"),
        follows=_("What is said of %(name)s in %(year)s is taken away.") % {"name": body.name, "year": row.year},
        told=_("The year was removed."),
    )


@object_view(Organisation, "edit")
def profile_edit(request: HttpRequest, body: Organisation, year: int) -> HttpResponse:
    """Correct a year that is known."""
    row = _profile(request, body, year)
    form = ProfileForm(request.POST or None, initial={name: getattr(row, name) for name in FACTS})
    del form.fields["year"]
    read = remember(form)
    if run_form(
        form, lambda data: set_profile(organisation=body, actor=request.user, year=row.year, read=read, **data)
    ):
        return kept.done(request, _profiles(body), _("The year was saved."))
    return kept.fill(request, _profiles(body), form, title=_("Correct %(year)s") % {"year": year}, intro=body.name)


def _topics(body: Organisation) -> kept.Part:
    return kept.Part(
        body,
        _("Fields of work"),
        reverse("directory:topics", args=[body.reference]),
        columns=[_("Scheme"), _("Codes")],
        intro=_("What it works on, in the words of each scheme: it is found and routed by them."),
        empty=_("No field of work is stated yet"),
        steps=[
            parts.Link(_("State its domains"), _topics_url(body, "domain")),
            parts.Link(_("Add another scheme"), _topics_url(body, "")),
        ],
    )


def _topics_url(body: Organisation, scheme: str) -> str:
    address = reverse("directory:topics_edit", args=[body.reference])
    return f"{address}?{urlencode({'scheme': scheme})}" if scheme else address


def _topics_row(row: tuple[str, list[str]], *, body: Organisation, domains: dict[str, Any]) -> kept.Row:
    scheme, codes = row
    is_domain = scheme == "domain"
    words = [domains[code].label if is_domain and code in domains else code for code in codes]
    name = _("Domains") if is_domain else scheme
    return kept.Row([name, ", ".join(words)], name, [parts.Link(_("Correct"), _topics_url(body, scheme))])


@require_safe
@object_view(Organisation, "edit")
def topics(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Its fields of work, scheme by scheme."""
    rows = body.topics.permitted(request.user).order_by("scheme", "code")
    schemes = [(scheme, [row.code for row in found]) for scheme, found in groupby(rows, lambda row: row.scheme)]
    show = partial(_topics_row, body=body, domains=choices(DOMAIN))
    return kept.list_rows(request, _topics(body), kept.page_of(request, schemes), show)


@object_view(Organisation, "edit")
def topics_edit(request: HttpRequest, body: Organisation) -> HttpResponse:
    """State the fields of one scheme anew; a scheme that has some already is told before it is written over."""
    scheme = request.GET.get("scheme", "")[:16]
    held = sorted(body.topics.filter(scheme=scheme).values_list("code", flat=True))
    form = TopicsForm(request.POST or None, scheme=scheme, held=held)
    read = remember(form, {"codes": held})

    def write(data: dict[str, Any]) -> None:
        set_topics(organisation=body, actor=request.user, read=read, **{"scheme": scheme, **data})

    if run_form(form, write):
        return kept.done(request, _topics(body), _("The fields of work were saved."))
    return kept.fill(request, _topics(body), form, title=_("State its fields of work"), intro=body.name)


@object_view(Organisation, "edit")
def mechanism_edit(request: HttpRequest, body: Organisation) -> HttpResponse:
    """Say what a mechanism is and offers; a body of another kind leads back to its record, which says why."""
    if not may_offer(body):
        messages.info(request, _("Only transfer mechanisms, institutes and platforms say what they offer."))
        return redirect(record_url(body))
    form = MechanismForm(request.POST or None, held=offer_of(body) or Mechanism(organisation=body))
    read = remember(form)
    part = kept.Part(body, body.name, record_url(body))
    if run_form(form, lambda data: set_mechanism(organisation=body, actor=request.user, read=read, **data)):
        return kept.done(request, part, _("What it offers was saved."))
    return kept.fill(
        request,
        part,
        form,
        title=_("What it offers"),
        intro=_("%(name)s: what the finder of mechanisms goes by.") % {"name": body.name},
    )
