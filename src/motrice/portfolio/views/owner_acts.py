"""The acts of co-ownership and of the details of each kind of asset: on an asset, an abandonment, a notice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motrice.core import policies
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.forms import owners as forms
from motrice.portfolio.models import Abandonment, Asset, CoOwnerNotice
from motrice.portfolio.operations import abandonment as abandoning
from motrice.portfolio.operations import agents, details
from motrice.portfolio.operations.costs import advance_cost
from motrice.portfolio.operations.makers import correct_makers, parts_read
from motrice.portfolio.operations.ownership import correct_shares, shares_read, transfer_share
from motrice.portfolio.operations.sales import offer_share
from motrice.portfolio.queries.coownership import standing_of
from motrice.portfolio.views.acts import ASSET_ACTS, Act
from motrice.web import htmx
from motrice.web.formats import day_text
from motrice.web.forms import remember, run_form
from motrice.web.guards import object_view


def _knows(asset: Asset, actor: Any) -> dict[str, Any]:
    return {"asset": asset, "actor": actor}


def _detail(asset: Asset) -> dict[str, Any]:
    row = getattr(asset, details.DETAIL_NAMES[asset.kind])
    return {name: getattr(row, name) for name in details.EDITABLE[asset.kind]}


DETAIL_FORMS: dict[str, Any] = {
    AssetKind.SOFTWARE: forms.SoftwareForm,
    AssetKind.KNOW_HOW: forms.KnowHowForm,
    AssetKind.MATERIAL: forms.MaterialForm,
    AssetKind.DESIGN: forms.DesignForm,
    AssetKind.MARK: forms.MarkForm,
}
OWNER_ACTS = {
    "transfer": Act(
        gettext_lazy("Transfer a share"),
        "decide",
        forms.TransferForm,
        transfer_share,
        gettext_lazy("The share was transferred."),
        needs=_knows,
        intro=gettext_lazy("Refused, with the days, when the shares would not be whole on every day."),
    ),
    "correct-shares": Act(
        gettext_lazy("Correct the shares"),
        "decide",
        forms.CorrectSharesForm,
        correct_shares,
        gettext_lazy("The shares were corrected."),
        initial=lambda asset: {"starts_on": asset.starts_on},
        shown=lambda asset: {"shares": shares_read(asset.ownerships.select_related("organisation"))},
        needs=_knows,
        intro=gettext_lazy("Who owned what from one day to another. What was held before and after stays."),
    ),
    "correct-makers": Act(
        gettext_lazy("Parts of the inventors and authors"),
        "edit",
        forms.MakersForm,
        correct_makers,
        gettext_lazy("The parts were written."),
        shown=lambda asset: {"parts": parts_read(asset.contributors.all())},
        needs=_knows,
        intro=gettext_lazy("The part of each, as agreed. What an import supposed is confirmed by this."),
    ),
    "agent": Act(
        gettext_lazy("Give the mandate"),
        "decide",
        forms.AcceptAgentForm,
        agents.accept_agent,
        gettext_lazy("The agent has its mandate."),
        needs=_knows,
        intro=gettext_lazy("The mandate goes to the agent that the rules name on this day."),
    ),
    "agree-agent": Act(
        gettext_lazy("Record another agent"),
        "decide",
        forms.AgreeAgentForm,
        agents.agree_on_agent,
        gettext_lazy("The agent agreed on has its mandate."),
        needs=_knows,
        intro=gettext_lazy("The co-owners may agree otherwise within a month of receiving the declaration."),
    ),
    "notify-agent": Act(
        gettext_lazy("Record a notice between agents"),
        "decide",
        forms.NotifyAgentForm,
        agents.record_notification,
        gettext_lazy("The notice was recorded."),
        needs=_knows,
        intro=gettext_lazy("Between units that contributed the same, the first agent to notify the others acts."),
    ),
    "notify-owners": Act(
        gettext_lazy("Tell the co-owners of a protection"),
        "decide",
        forms.NotifyOwnersForm,
        abandoning.notify_protection,
        gettext_lazy("The co-owners were told."),
        needs=_knows,
    ),
    "offer-share": Act(
        gettext_lazy("Tell the co-owners of a sale"),
        "decide",
        forms.SaleForm,
        offer_share,
        gettext_lazy("The co-owners were told: each may buy the part first, from its receipt."),
        needs=_knows,
        intro=gettext_lazy(
            "Before a part of a patent goes to a third party, every other owner is told of the price and may buy it "
            "first."
        ),
    ),
    "abandon": Act(
        gettext_lazy("Start an abandonment"),
        "decide",
        forms.StartAbandonmentForm,
        abandoning.start_abandonment,
        gettext_lazy("The title was offered to its co-owners: the delay runs from their receipt."),
        needs=_knows,
        intro=gettext_lazy("Each co-owner is offered the title; nothing is given up before the law's delay has run."),
    ),
    "cost": Act(
        gettext_lazy("Record a cost advanced"),
        "edit",
        forms.CostForm,
        advance_cost,
        gettext_lazy("The cost was recorded."),
        needs=_knows,
    ),
    "version": Act(
        gettext_lazy("Add a version"),
        "edit",
        forms.VersionForm,
        details.add_version,
        gettext_lazy("The version was added."),
    ),
    "part": Act(
        gettext_lazy("Add a third party's part"),
        "edit",
        forms.PartForm,
        details.add_part,
        gettext_lazy("The part was added."),
    ),
    "remove-part": Act(
        gettext_lazy("Take a part off the list"),
        "edit",
        forms.RemovePartForm,
        details.remove_part,
        gettext_lazy("The part was taken off the list."),
        needs=_knows,
    ),
    "measure": Act(
        gettext_lazy("Add a secrecy measure"),
        "edit",
        forms.MeasureForm,
        details.add_measure,
        gettext_lazy("The measure was added."),
    ),
    "end-measure": Act(
        gettext_lazy("End a secrecy measure"),
        "edit",
        forms.EndMeasureForm,
        details.end_measure,
        gettext_lazy("The measure was ended."),
        needs=_knows,
    ),
}
ASSET_ACTS.update(OWNER_ACTS)


ABANDONMENT_ACTS = {
    "confirm": Act(
        gettext_lazy("Give the title up"),
        "decide",
        forms.WhyForm,
        abandoning.abandon_title,
        gettext_lazy("The title was given up."),
    ),
    "withdraw": Act(
        gettext_lazy("Keep the title after all"),
        "decide",
        forms.WhyForm,
        abandoning.withdraw_abandonment,
        gettext_lazy("The title is kept."),
    ),
    "hand-over": Act(
        gettext_lazy("Hand the title over to the co-owner"),
        "decide",
        forms.HandTitleOverForm,
        abandoning.hand_title_over,
        gettext_lazy("The title was handed over."),
        needs=lambda abandonment, actor: {"abandonment": abandonment},
    ),
    "offer": Act(
        gettext_lazy("Offer the title to another co-owner"),
        "decide",
        forms.OfferForm,
        abandoning.offer_title,
        gettext_lazy("The title was offered."),
        needs=lambda abandonment, actor: {"abandonment": abandonment},
    ),
}
NOTICE_ACTS = {
    "receipt": Act(
        gettext_lazy("Record the receipt"),
        "edit",
        forms.ReceiptForm,
        abandoning.confirm_receipt,
        gettext_lazy("The receipt was recorded: the delay runs from that day."),
    ),
    "answer": Act(
        gettext_lazy("Answer"),
        "answer",
        forms.AnswerForm,
        abandoning.answer_notice,
        gettext_lazy("Your answer was recorded."),
        needs=lambda notice, actor: {"notice": notice},
    ),
}


@object_view(Asset, "edit")
def asset_detail(request: HttpRequest, asset: Asset) -> HttpResponse:
    """Edit what only this kind of asset has."""
    chosen = DETAIL_FORMS.get(asset.kind)
    if chosen is None:
        raise Http404
    form = chosen(request.POST) if request.method == "POST" else chosen(initial=_detail(asset))
    back, read = asset.get_absolute_url(), remember(form, _detail(asset))
    if request.method == "POST" and run_form(
        form, lambda data: details.edit_detail(asset=asset, actor=request.user, read=read, **data)
    ):
        messages.success(request, _("The details were changed."))
        return redirect(back)
    return _page(request, form, _("Edit the details"), str(asset), back, asset)


@object_view(Abandonment, "view")
def abandonment_act(request: HttpRequest, abandonment: Abandonment, act: str) -> HttpResponse:
    """An act on an abandonment: refused, with the article and the date, when it is too early."""
    intro = ""
    if act == "confirm":
        earliest = standing_of(abandonment).earliest_on
        if earliest is not None:
            intro = _("It may be given up from %(day)s on.") % {"day": day_text(earliest)}
    back = abandonment.asset.get_absolute_url()
    return _act(request, "abandonment", abandonment, ABANDONMENT_ACTS, act, back, intro)


@object_view(CoOwnerNotice, "view")
def notice_act(request: HttpRequest, notice: CoOwnerNotice, act: str) -> HttpResponse:
    """An act on a notice."""
    return _act(request, "notice", notice, NOTICE_ACTS, act, notice.get_absolute_url(), "")


def _act(
    request: HttpRequest, name: str, record: Any, acts: dict[str, Act], key: str, back: str, intro: str
) -> HttpResponse:
    if key not in acts:
        raise Http404
    chosen = acts[key]
    policies.require(request.user, chosen.action, record)
    run: Callable[..., Any] = chosen.run
    form = chosen.form(request.POST if request.method == "POST" else None, **chosen.needs(record, request.user))
    if request.method == "POST" and run_form(form, lambda data: run(**{name: record}, actor=request.user, **data)):
        messages.success(request, str(chosen.done))
        return redirect(back)
    return _page(request, form, chosen.title, intro or str(record), back, record.asset)


def _page(request: HttpRequest, form: Any, title: Any, intro: str, back: str, asset: Asset) -> HttpResponse:
    context = {
        "title": title,
        "intro": intro,
        "form": form,
        "submit": title,
        "cancel_url": back,
        "crumbs": [
            (_("Portfolio"), reverse("portfolio:assets")),
            (asset.docket_number or asset.reference, back),
            (title, ""),
        ],
    }
    return render(request, "web/form.html", context, status=htmx.form_status(form))
