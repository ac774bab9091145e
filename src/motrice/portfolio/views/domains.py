"""The strategic domains: their table, the page of each, and the acts on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.core.reading import Read
from motrice.directory.models import Evidence, Organisation
from motrice.portfolio.forms import steering as steering_forms
from motrice.portfolio.lists.steering import FAMILIES
from motrice.portfolio.marts import counted
from motrice.portfolio.marts import domains as marts
from motrice.portfolio.models import Asset, Domain, DomainAsset, DomainClass, DomainUnit, Headline
from motrice.portfolio.operations import domains as operations
from motrice.portfolio.policies.steering import reads_totals_only
from motrice.portfolio.views.steering import Number, chosen_organisation, list_url, number, year_chart
from motrice.web.charts import Chart, Series
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view, signed_in
from motrice.web.messages import undoable

PER_PAGE = 50


@require_safe
@signed_in
def domains(request: HttpRequest) -> HttpResponse:
    """The domains of one organisation, with what is said of them in public."""
    readable = Domain.objects.permitted(request.user)
    organisation, others = chosen_organisation(request, readable, "steer")
    rows = list(readable.filter(organisation=organisation).select_related("owner")) if organisation else []
    today, outside = timezone.localdate(), reads_totals_only(request.user)
    table = marts.domain_table(rows, marts.perimeter(request.user, organisation), today) if organisation else None
    may_steer = organisation is not None and policies.allows(request.user, "steer", organisation)
    checks = [
        marts.check_headline(headline, rows, today)
        for headline in Headline.objects.permitted(request.user).filter(organisation=organisation)
    ]
    figures = _figures(rows, organisation, request.user)
    context = {
        "title": _("Strategic domains"),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Strategic domains"), "")],
        "organisation": organisation,
        "organisations": others,
        "table": table,
        "lines": _lines(table, organisation, outside, figures) if table and organisation else [],
        "figures": [(figure.label, total) for figure, _counted, total in figures],
        "total": _total(table, organisation, outside) if table and organisation else None,
        "notes": _notes(table, outside, figures) if table else [],
        "checks": [(check, operations.headline_words(check)) for check in checks],
        "may_steer": may_steer,
        "today": today,
    }
    return render(request, "portfolio/domains.html", context)


Figures = list[tuple[counted.DomainFigure, counted.DomainCounts, Number]]


def _figures(domains: list[Domain], organisation: Organisation | None, actor: Any) -> Figures:
    """What the apps above count by domain, over what the reader may see, with the total of each."""
    found: Figures = []
    for figure in counted.figures_for(actor) if organisation is not None else ():
        counts = figure.counts(domains, organisation, actor, timezone.localdate())
        found.append((figure, counts, number(counts.total, figure.list_url(organisation, None))))
    return found


def _numbers(figures: Figures, organisation: Organisation, domain: Domain) -> list[tuple[Any, Number]]:
    return [
        (figure.label, number(counts.by_domain.get(domain.pk, 0), figure.list_url(organisation, domain)))
        for figure, counts, _total in figures
    ]


def _lines(
    table: marts.DomainTable, organisation: Organisation, outside: bool, figures: Figures
) -> list[tuple[Any, bool, Number, Number, list[tuple[Any, Number]]]]:
    today, base = timezone.localdate(), {**FAMILIES, "office": organisation.pk}
    return [
        (
            line.domain,
            line.domain.ends_on is None or line.domain.ends_on >= today,
            number(line.family_count, list_url(**base, domain=line.domain.pk), outside=outside),
            number(line.live_count, list_url(**base, domain=line.domain.pk, held="live"), outside=outside),
            _numbers(figures, organisation, line.domain),
        )
        for line in table.lines
    ]


def _total(table: marts.DomainTable, organisation: Organisation, outside: bool) -> Number:
    return number(table.family_count, list_url(**FAMILIES, office=organisation.pk), outside=outside)


def _notes(table: marts.DomainTable, outside: bool, figures: Figures) -> list[str]:
    """How the lines and the totals fit together."""
    return _family_notes(table, outside) + [note for figure, counts, _n in figures for note in figure.notes(counts)]


def _family_notes(table: marts.DomainTable, outside: bool) -> list[str]:
    """The same of families, unless that would tell of single ones."""
    if outside and (table.family_count < marts.SMALL or 0 < table.counted_again < marts.SMALL):
        return []
    again = ngettext(
        "A family in two domains counts in both lines and once in the total: the lines count %(n)d family more.",
        "A family in two domains counts in both lines and once in the total: the lines count %(n)d families more.",
        table.counted_again,
    ) % {"n": table.counted_again}
    if outside and 0 < table.in_no_domain < marts.SMALL:
        return [again]
    none = ngettext("%(n)d family is in no domain.", "%(n)d families are in no domain.", table.in_no_domain) % {
        "n": table.in_no_domain
    }
    return [again, none]


@require_safe
@object_view(Domain, "view")
def domain_page(request: HttpRequest, domain: Domain) -> HttpResponse:
    """What a domain holds, what it lacks, what its rules propose."""
    actor, today = request.user, timezone.localdate()
    outside = reads_totals_only(actor)
    assets = marts.perimeter(actor, domain.organisation)
    inside = Asset.objects.permitted(actor, "inside").filter(office=domain.organisation)
    figures = marts.domain_figures(domain, assets, inside, today)
    hides = outside and figures.family_count < marts.SMALL
    may_edit = policies.allows(actor, "edit", domain)
    base = {**FAMILIES, "office": domain.organisation_id, "domain": domain.pk}
    lack = None if outside else marts.lacking(domain, assets, Evidence.objects.permitted(actor), actor, today)
    context = {
        "title": domain.name,
        "crumbs": [
            (_("Portfolio"), reverse("portfolio:assets")),
            (_("Strategic domains"), reverse("portfolio:domains")),
            (domain.name, ""),
        ],
        "domain": domain,
        "hides": hides,
        "families": number(figures.family_count, list_url(**base), outside=outside),
        "live": number(figures.live_count, list_url(**base, held="live"), outside=outside),
        "years": None if hides else year_chart(_("First filings by year"), figures.by_year, base, outside=outside),
        "readiness": None if hides else _readiness(figures, base, outside),
        "owners": [] if outside else [(name, number(n, list_url(**base, owner=pk))) for pk, name, n in figures.owners],
        "lack": lack,
        "figures": _numbers(_figures([domain], domain.organisation, actor), domain.organisation, domain),
        "classes": DomainClass.objects.on().filter(domain=domain),
        "units": DomainUnit.objects.on().permitted(actor).filter(domain=domain).select_related("unit"),
        "proposals": marts.proposals(domain, assets, today) if may_edit else [],
        "may_edit": may_edit,
        "held": _held(request, domain) if may_edit else None,
        "class_form": steering_forms.ClassForm(),
        "unit_form": steering_forms.UnitForm(actor=actor),
    }
    return render(request, "portfolio/domain.html", context)


def _held(request: HttpRequest, domain: Domain) -> Page:
    """What is in the domain as far as its reader sees it, a page at a time."""
    rows = DomainAsset.objects.permitted(request.user).filter(domain=domain, ends_on=None)
    rows = rows.select_related("asset").order_by("asset__title", "pk")
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def _readiness(figures: marts.DomainFigures, base: dict[str, Any], outside: bool) -> Chart | None:
    known = [(trl, n) for trl, n in figures.by_trl if trl is not None]
    if not known or outside:
        return None
    series = Series(_("Families"), [n for _trl, n in known], [list_url(**base, trl=trl) for trl, _n in known])
    return Chart(
        "bar", _("Readiness"), [f"TRL {trl}" for trl, _n in known], [series], category_label=_("TRL"),
        element_id="readiness",
    )  # fmt: skip


@require_POST
@object_view(Domain, "edit")
def domain_act(request: HttpRequest, domain: Domain, act: str) -> HttpResponse:
    """One act on the rules, the laboratories or the families of a domain."""
    acts = {
        "add-class": _add_class, "end-class": _end_class, "add-unit": _add_unit, "end-unit": _end_unit,
        "accept": _accept, "dismiss": _dismiss, "take-out": _take_out, "put-back": _put_back,
    }  # fmt: skip
    if act not in acts:
        raise Http404
    try:
        said = acts[act](request, domain)
        if act == "take-out":
            undo = reverse("portfolio:domain_act", args=[domain.reference, "put-back"])
            undoable(request, said, f"{undo}?{urlencode({'asset': request.POST['asset']})}")
        else:
            messages.success(request, said)
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("portfolio:domain", domain.reference)


def _add_class(request: HttpRequest, domain: Domain) -> str:
    operations.add_class(domain=domain, prefix=request.POST.get("prefix", ""), actor=request.user)
    return _("The rule was added: what it proposes is listed below.")


def _row(rows: QuerySet, request: HttpRequest) -> Any:
    pk = request.POST.get("row", "")
    row = rows.filter(pk=pk).first() if pk.isdecimal() else None
    if row is None:
        raise RuleViolation(_("This is not there any more."))
    return row


def _end_class(request: HttpRequest, domain: Domain) -> str:
    operations.end_class(row=_row(DomainClass.objects.on().filter(domain=domain), request), actor=request.user)
    return _("The rule was ended.")


def _add_unit(request: HttpRequest, domain: Domain) -> str:
    form = steering_forms.UnitForm(request.POST, actor=request.user)
    if not form.is_valid():
        raise RuleViolation(" ".join(str(error) for error in form.errors["unit"]))
    operations.add_unit(domain=domain, unit=form.cleaned_data["unit"], actor=request.user)
    return _("The laboratory was added.")


def _end_unit(request: HttpRequest, domain: Domain) -> str:
    rows = DomainUnit.objects.on().permitted(request.user).filter(domain=domain)
    operations.end_unit(row=_row(rows, request), actor=request.user)
    return _("The laboratory was ended.")


def _chosen(request: HttpRequest, domain: Domain) -> list[marts.Proposal]:
    wanted = set(request.POST.getlist("asset"))
    found = marts.proposals(domain, marts.perimeter(request.user, domain.organisation), timezone.localdate())
    return [proposal for proposal in found if proposal.asset.reference in wanted]


def _accept(request: HttpRequest, domain: Domain) -> str:
    chosen = [(proposal.asset, proposal.prefix) for proposal in _chosen(request, domain)]
    count = operations.accept_assets(domain=domain, assets=chosen, actor=request.user)
    return ngettext("%(n)d family was put in.", "%(n)d families were put in.", count) % {"n": count}


def _dismiss(request: HttpRequest, domain: Domain) -> str:
    chosen = [proposal.asset for proposal in _chosen(request, domain)]
    count = operations.dismiss_assets(domain=domain, assets=chosen, actor=request.user)
    return ngettext("%(n)d proposal was dismissed.", "%(n)d proposals were dismissed.", count) % {"n": count}


def _asset(request: HttpRequest, reference: str) -> Asset:
    asset = Asset.objects.permitted(request.user).filter(reference=reference).first()
    if asset is None:
        raise RuleViolation(_("This is not there any more."))
    return asset


def _take_out(request: HttpRequest, domain: Domain) -> str:
    asset = _asset(request, request.POST.get("asset", ""))
    row = operations.remove_asset(domain=domain, asset=asset, actor=request.user)
    if row.ends_on == timezone.localdate():
        return _("“%(title)s”, put in today, leaves the domain tomorrow.") % {"title": asset.title}
    return _("“%(title)s” was taken out of the domain; its past keeps it.") % {"title": asset.title}


def _put_back(request: HttpRequest, domain: Domain) -> str:
    asset = _asset(request, request.GET.get("asset", ""))
    operations.put_back_asset(domain=domain, asset=asset, actor=request.user)
    return _("“%(title)s” was put back.") % {"title": asset.title}


@object_view(Organisation, "steer")
def domain_new(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Add a domain to the strategy of an organisation."""

    def run(data: dict[str, Any]) -> str:
        content = operations.DomainContent(**data)
        domain = operations.create_domain(organisation=organisation, content=content, actor=request.user)
        return reverse("portfolio:domain", args=[domain.reference])

    return _form_page(request, steering_forms.DomainForm, run, _("Add a domain"), str(organisation))


@object_view(Domain, "edit")
def domain_edit(request: HttpRequest, domain: Domain) -> HttpResponse:
    """Change what a domain is."""

    def run(data: dict[str, Any], read: Read = None) -> str:
        content = operations.DomainContent(**data)
        operations.edit_domain(domain=domain, content=content, actor=request.user, read=read)
        return reverse("portfolio:domain", args=[domain.reference])

    names = ("code", "name_fr", "name_en", "goals", "criteria", "starts_on", "ends_on")
    held = {name: getattr(domain, name) for name in names}
    return _form_page(request, steering_forms.DomainForm, run, _("Edit the domain"), str(domain), initial=held)


@object_view(Organisation, "steer")
def headline_new(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """State a number of domains; refused with the names when it is not that of the active ones."""

    def run(data: dict[str, Any]) -> str:
        operations.state_headline(organisation=organisation, actor=request.user, **data)
        return f"{reverse('portfolio:domains')}?{urlencode({'organisation': organisation.reference})}"

    return _form_page(request, steering_forms.HeadlineForm, run, _("State a number of domains"), str(organisation))


def _form_page(
    request: HttpRequest, form_class: Any, run: Any, title: str, intro: str, *, initial: dict[str, Any] | None = None
) -> HttpResponse:
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=initial)
    kept = {"read": remember(form, initial)} if initial else {}
    done: list[str] = []
    if request.method == "POST" and run_form(form, lambda data: done.append(run(data, **kept))):
        return redirect(done[0])
    crumbs = [(_("Strategic domains"), reverse("portfolio:domains")), (title, "")]
    context = {"title": title, "intro": intro, "form": form, "submit": title, "crumbs": crumbs}
    return render(request, "web/form.html", context, status=422 if form.is_bound else 200)
