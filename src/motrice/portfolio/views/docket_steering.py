"""What the docket costs, what to keep each year, and one's own reminders, calendar and mails."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motrice.accounts.queries import calendar_addresses
from motrice.core import policies
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.reading import fingerprint
from motrice.portfolio.enums import Choice, DeadlineState, MailState
from motrice.portfolio.feeds import DOCKET
from motrice.portfolio.forms import docket as forms
from motrice.portfolio.links import deadline_url
from motrice.portfolio.lists.costs import BUT, NOBODY_KNOWN
from motrice.portfolio.lists.docket import MAILS, mail_rows
from motrice.portfolio.models import Deadline, DocketMail, DocketPreference
from motrice.portfolio.operations.docket import choose
from motrice.portfolio.operations.docket_clock import LEAD_DAYS, choose_leads, retry_mail
from motrice.portfolio.queries.docket import YEARS, CostForecast, cost_forecast
from motrice.portfolio.tables.docket import rulebook
from motrice.portfolio.tasks import still_due
from motrice.portfolio.words.docket import FeeBasis, fee_basis, rule_name
from motrice.web import parts
from motrice.web.charts import Chart, Series
from motrice.web.formats import amount_text, day_text, labelled
from motrice.web.forms import run_form
from motrice.web.guards import object_view, signed_in

PER_PAGE = 40
SHOWN = 12


def _crumbs(title: Any) -> list[tuple[Any, str]]:
    return [(_("Docket"), reverse("portfolio:docket")), (title, "")]


@require_safe
@signed_in
def forecast(request: HttpRequest) -> HttpResponse:
    """The fees of twenty years by year, office and co-owner."""
    today = timezone.localdate()
    found = cost_forecast(Deadline.objects.permitted(request.user), today=today)
    charts = [chart for currency in found.currencies for chart in _charts(found, currency)]
    lines = [
        (
            fees_url(currency=currency),
            amount_text(found.total[currency], currency),
            amount_text(found.estimated.get(currency, 0), currency),
        )
        for currency in found.currencies
    ]
    context = {
        "title": _("Cost forecast"),
        "charts": charts,
        "lines": lines,
        "forecast": found,
        "tables": _fee_tables(found),
        "crumbs": _crumbs(_("Cost forecast")),
    }
    return render(request, "portfolio/forecast.html", context)


def _fee_tables(found: CostForecast) -> list[tuple[str, FeeBasis | None, int, int]]:
    """Each table that gave fees, those that gave most first, with how many of its fees are estimates."""
    book = rulebook()
    most = sorted(found.tables.items(), key=lambda item: (-item[1][0], item[0][0]))
    return [(code, fee_basis(code, version, book), *counts) for (code, version), counts in most if code]


Bar = tuple[str, Decimal, str]


def fees_url(**asked: Any) -> str:
    """The list of the fees to come that a number counts."""
    return f"{reverse('portfolio:fees_ahead')}?{urlencode(asked, doseq=True)}"


def _charts(found: CostForecast, currency: str) -> list[Chart]:
    shown = [
        (_("By year"), _("Year"), _year_bars(found, currency)),
        (_("By office"), _("Office"), _office_bars(found, currency)),
        (_("By co-owner"), _("Co-owner"), _owner_bars(found, currency)),
    ]
    note = _("Open deadlines that you may see, on %(day)s; fees of the catalogue.") % {
        "day": day_text(timezone.localdate())
    }
    return [
        Chart(
            kind="bar",
            title=f"{title}, {currency}",
            categories=[name for name, _amount, _url in bars],
            series=[
                Series(
                    _("Fees"), [float(amount) or None for _name, amount, _url in bars], [url for *_rest, url in bars]
                )
            ],
            unit=currency,
            note=note,
            category_label=label,
            element_id=f"costs-{number}-{currency.lower()}",
        )
        for number, (title, label, bars) in enumerate(shown)
    ]


def _year_bars(found: CostForecast, currency: str) -> list[Bar]:
    sums = found.by_year[currency]
    first = min(found.first_year, *sums)  # a fee in its grace fell due the year before
    return [
        (
            str(year),
            sums.get(year, Decimal(0)),
            fees_url(currency=currency, due_from=f"{year}-01-01", due_to=f"{year}-12-31"),
        )
        for year in range(first, found.first_year + YEARS)
    ]


def _office_bars(found: CostForecast, currency: str) -> list[Bar]:
    largest, others = _largest(found.by_office[currency])
    bars = [(code, amount, fees_url(currency=currency, fee_office=code)) for code, amount in largest]
    if others:
        codes = [code for code, _amount in others]
        bars.append((_("others"), _sum(others), fees_url(currency=currency, fee_office=codes)))
    return bars


def _owner_bars(found: CostForecast, currency: str) -> list[Bar]:
    largest, others = _largest(found.by_owner[currency])
    known = [(owner.name, amount, owner.reference or NOBODY_KNOWN) for owner, amount in largest]
    bars = [
        (name or _("nobody known"), amount, fees_url(currency=currency, part=part)) for name, amount, part in known
    ]
    if others:
        rest = [f"{BUT}{part}" for _name, _amount, part in known]
        bars.append((_("others"), _sum(others), fees_url(currency=currency, part=rest)))
    return bars


def _largest(sums: dict[Any, Decimal]) -> tuple[list[tuple[Any, Decimal]], list[tuple[Any, Decimal]]]:
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return ordered[:SHOWN], ordered[SHOWN:]


def _sum(items: list[tuple[Any, Decimal]]) -> Decimal:
    return sum((amount for _key, amount in items), Decimal(0))


@dataclass(frozen=True)
class ReviewLine:
    """One annuity of the year with the facts that the decision rests on; what was refused keeps what was typed."""

    deadline: Deadline
    name: str
    url: str
    amount: str
    years_left: int
    choice: str
    reason: str
    mark: str


@signed_in
def review(request: HttpRequest) -> HttpResponse:
    """The annuities of a year on one screen: keep or drop each, with the facts."""
    year = _year(request)
    rows = (
        Deadline.objects.permitted(request.user, "docket")
        .filter(due_on__year=year, year__isnull=False, state=DeadlineState.OPEN)
        .select_related("asset", "application")
        .order_by("due_on", "pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    refusals = _decide(request, list(page)) if request.method == "POST" else {}
    if request.method == "POST" and not refusals:
        messages.success(request, _("The decisions are recorded."))
        return redirect(f"{reverse('portfolio:review')}?year={year}&page={page.number}")
    if refusals:
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("Keep or drop in %(year)d") % {"year": year},
        "year": year,
        "years": range(timezone.localdate().year, timezone.localdate().year + 5),
        "page": page,
        "lines": [_line(deadline, *refusals.get(deadline.pk, ("", deadline.choice, ""))[1:]) for deadline in page],
        "refusals": [words for words, _choice, _reason in refusals.values()],
        "crumbs": _crumbs(_("Keep or drop")),
    }
    return render(request, "portfolio/review.html", context, status=422 if refusals else 200)


def _year(request: HttpRequest) -> int:
    today = timezone.localdate()
    text = request.GET.get("year", str(today.year + (today.month > 9)))
    if not text.isdecimal() or not 2000 <= int(text) <= 2100:
        raise Http404
    return int(text)


def _line(deadline: Deadline, choice: str, reason: str) -> ReviewLine:
    amount = amount_text(deadline.amount, deadline.currency) if deadline.amount is not None else ""
    return ReviewLine(
        deadline,
        rule_name(deadline),
        deadline_url(deadline),
        amount,
        max(0, 20 - (deadline.year or 0)),
        choice,
        reason,
        fingerprint(deadline.choice),
    )


def _decide(request: HttpRequest, rows: list[Deadline]) -> dict[int, tuple[str, str, str]]:
    """Record the choices that the page changed: why each refused one was, with what was chosen and typed."""
    refusals = {}
    for deadline in rows:
        choice = request.POST.get(f"choice-{deadline.reference}", "")
        reason = request.POST.get(f"reason-{deadline.reference}", "")[:1000]
        seen = request.POST.get(f"read-choice-{deadline.reference}")
        read = {"choice": seen[:64]} if seen is not None else None
        if choice not in Choice.values or choice == deadline.choice or fingerprint(choice) == seen:
            continue
        try:
            choose(deadline=deadline, choice=choice, reason=reason, actor=request.user, read=read)
        except (RuleViolation, StaleState) as error:
            refusals[deadline.pk] = (labelled(deadline.asset, error), choice, reason)
    return refusals


@signed_in
def my_docket(request: HttpRequest) -> HttpResponse:
    """When one is reminded, and one's own calendar addresses."""
    held = DocketPreference.objects.permitted(request.user).first()
    leads = held.lead_days if held else ", ".join(str(lead) for lead in LEAD_DAYS)
    form = forms.LeadsForm(request.POST or None, initial={"lead_days": leads})
    if form.is_bound and run_form(form, lambda data: choose_leads(actor=request.user, **data)):
        messages.success(request, _("You will be reminded then."))
        return redirect("portfolio:my_docket")
    context = {
        "title": _("My reminders and calendar"),
        "form": form,
        "calendar": DOCKET.kind,
        "addresses": calendar_addresses(request.user, DOCKET.kind),
        "crumbs": _crumbs(_("My reminders and calendar")),
    }
    return render(request, "portfolio/my_docket.html", context, status=422 if form.errors else 200)


@signed_in
def docket_mails(request: HttpRequest) -> HttpResponse:
    """The mails of the docket that the reader may see, and why some could not be sent."""
    context = {"title": _("Mails of the docket"), "crumbs": _crumbs(_("Mails"))}
    return MAILS.respond(request, mail_rows(request.user), context=context)


@object_view(DocketMail, "view")
def docket_mail(request: HttpRequest, mail: DocketMail) -> HttpResponse:
    """One mail: what it tells, to whom, and its way."""
    may_retry = mail.state != MailState.SENT and policies.allows(request.user, "edit", mail)
    visible = Deadline.objects.permitted(request.user)
    told = visible.filter(pk__in=[deadline.pk for deadline in still_due(mail)]).order_by("due_on", "pk")
    context = {
        "head": parts.RecordHead(
            title=_("Mail to %(name)s") % {"name": mail.user},
            kind=mail.get_kind_display(),
            state=parts.Badge(mail.get_state_display(), "bad" if mail.state == MailState.FAILED else ""),
            next_step=parts.Step(
                _("Try again"), reverse("portfolio:docket_mail_retry", args=[mail.reference]), is_post=True
            )
            if may_retry
            else None,
        ),
        "facts": [
            parts.Fact(_("Made"), mail.made_at),
            parts.Fact(_("Sent"), mail.sent_at),
            parts.Fact(_("Attempts"), mail.attempt_count),
            parts.Fact(_("Why it could not be sent"), mail.error),
        ],
        "links": [parts.Link(rule_name(row), deadline_url(row), day_text(row.due_on)) for row in told],
        "crumbs": [*_crumbs(_("Mails"))[:1], (_("Mails"), reverse("portfolio:docket_mails")), (mail.reference, "")],
    }
    return render(request, "portfolio/docket_mail.html", context)


@require_POST
@object_view(DocketMail, "edit")
def docket_mail_retry(request: HttpRequest, mail: DocketMail) -> HttpResponseRedirect:
    """Try a mail again now."""
    retry_mail(mail=mail, actor=request.user)
    messages.success(request, _("The mail is being tried again."))
    return redirect("portfolio:docket_mail", mail.reference)
