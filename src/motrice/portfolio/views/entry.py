"""Entering an asset: what it is, who owns it, who made it, on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio import words
from motrice.portfolio.enums import AssetKind, ContributorRole
from motrice.portfolio.forms import MakerFormSet, NewAssetForm, OwnerFormSet
from motrice.portfolio.lists import asset_url
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset
from motrice.portfolio.policies import keeps_portfolio
from motrice.web import htmx
from motrice.web.guards import signed_in

ROLES = {AssetKind.PATENT_FAMILY: ContributorRole.INVENTOR, AssetKind.SOFTWARE: ContributorRole.AUTHOR}


@signed_in
def asset_new(request: HttpRequest) -> HttpResponse:
    """Enter an asset in the portfolio of one's office; it starts in its circle."""
    if not keeps_portfolio(request.user):
        raise NotPermitted(_("Only officers, patent engineers and lawyers of an office enter assets."))
    data = request.POST if request.method == "POST" else None
    form = NewAssetForm(data, actor=request.user)
    owners = OwnerFormSet(data, prefix="owners", actor=request.user)
    makers = MakerFormSet(data, prefix="makers", actor=request.user)
    if data is not None and form.is_valid() and owners.is_valid() and makers.is_valid():
        asset = _register(form, owners.rows(), makers.rows(), request.user)
        if asset is not None:
            messages.success(request, _("The asset was entered: only its circle sees it."))
            return redirect(asset_url(asset))
    wrong = data is not None
    context = {
        "form": form,
        "owners": owners,
        "makers": makers,
        "readers": words.readers_words(Level.CIRCLE),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Enter an asset"), "")],
    }
    return render(request, "portfolio/asset_new.html", context, status=422 if wrong else htmx.form_status(form))


def _register(
    form: NewAssetForm, owners: list[dict[str, Any]], makers: list[dict[str, Any]], actor: Any
) -> Asset | None:
    """The asset of these forms, or None with the refusal on the form."""
    fields = dict(form.cleaned_data)
    office, role = fields.pop("office"), ROLES.get(AssetKind(fields["kind"]), ContributorRole.CONTRIBUTOR)
    content = AssetContent(
        **fields,
        owners=[Owner(row["organisation"], row["share"]) for row in owners],
        makers=[Maker(row["name"], row["share"], role, row["person"], unit=row["unit"]) for row in makers],
    )
    try:
        return register_asset(office=office, content=content, actor=actor)
    except RuleViolation as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None
