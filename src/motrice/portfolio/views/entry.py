"""Entering an asset: what it is, who owns it, who made it, on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.core import policies
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.inventions.models import Disclosure
from motrice.portfolio.enums import AssetKind, ContributorRole
from motrice.portfolio.forms.assets import MakerFormSet, NewAssetForm, OwnerFormSet
from motrice.portfolio.links import asset_url
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import AssetContent, Maker, Owner, register_asset
from motrice.portfolio.policies.assets import keeps_portfolio
from motrice.portfolio.queries.origin import Origin, origin_of
from motrice.portfolio.words import assets as words
from motrice.web.forms import refuse
from motrice.web.guards import signed_in

ROLES = {AssetKind.PATENT_FAMILY: ContributorRole.INVENTOR, AssetKind.SOFTWARE: ContributorRole.AUTHOR}


@signed_in
def asset_new(request: HttpRequest) -> HttpResponse:
    """Enter an asset in the portfolio of one's office; it starts in its circle.

    With `?from=REFERENCE` of a decided disclosure the page proposes what that disclosure says, and its owners.
    """
    if not keeps_portfolio(request.user):
        raise NotPermitted(_("Only officers, patent engineers and lawyers of an office enter assets."))
    data = request.POST if request.method == "POST" else None
    origin = _origin((data or request.GET).get("disclosure" if data is not None else "from", ""), request.user)
    form = NewAssetForm(data, actor=request.user, initial=_of_origin(origin))
    owners = OwnerFormSet(data, prefix="owners", actor=request.user, initial=_owner_rows(origin))
    makers = MakerFormSet(data, prefix="makers", actor=request.user, initial=_maker_rows(origin))
    if data is not None and form.is_valid() and owners.is_valid() and makers.is_valid():
        asset = _register(form, owners.rows(), makers.rows(), origin, request.user)
        if asset is not None:
            messages.success(request, _("The asset was entered: only its circle sees it."))
            return redirect(asset_url(asset))
    context = {
        "form": form,
        "owners": owners,
        "makers": makers,
        "origin": origin,
        "readers": words.readers_words(Level.CIRCLE),
        "crumbs": [(_("Portfolio"), reverse("portfolio:assets")), (_("Enter an asset"), "")],
    }
    return render(request, "portfolio/asset_new.html", context, status=422 if data is not None else 200)


def _origin(reference: str, actor: Any) -> Origin | None:
    """What the named disclosure proposes; 404 when it may not be seen, 403 when it is not the actor's to handle."""
    if not reference:
        return None
    disclosure = policies.get_permitted(Disclosure, actor, "handle", reference=reference.strip().upper())
    return origin_of(disclosure, actor=actor)


def _of_origin(origin: Origin | None) -> dict[str, Any]:
    if origin is None:
        return {}
    disclosure = origin.disclosure
    return {
        "disclosure": disclosure.reference,
        "office": disclosure.office,
        "kind": origin.kind or AssetKind.PATENT_FAMILY,
        "title": disclosure.title,
        "summary": disclosure.summary,
        "language": disclosure.language,
        "starts_on": disclosure.invented_on,
        "unit": disclosure.unit,
        "trl": disclosure.trl,
    }


def _owner_rows(origin: Origin | None) -> list[dict[str, Any]]:
    return [{"organisation": row.organisation, "share": row.share} for row in origin.owners] if origin else []


def _maker_rows(origin: Origin | None) -> list[dict[str, Any]]:
    if origin is None:
        return []
    return [{"name": row.name, "person": row.person, "unit": row.unit, "share": row.share} for row in origin.makers]


def _register(
    form: NewAssetForm,
    owners: list[dict[str, Any]],
    makers: list[dict[str, Any]],
    origin: Origin | None,
    actor: Any,
) -> Asset | None:
    """The asset of these forms, or None with the refusal on the form."""
    fields = dict(form.cleaned_data) | {"disclosure": origin.disclosure if origin else None}
    office, role = fields.pop("office"), ROLES.get(AssetKind(fields["kind"]), ContributorRole.CONTRIBUTOR)
    grounds = {row.organisation.pk: row.ground for row in origin.owners} if origin else {}
    employers = {row.name: row.employer for row in origin.makers} if origin else {}
    content = AssetContent(
        **fields,
        owners=[Owner(row["organisation"], row["share"], grounds.get(row["organisation"].pk, "")) for row in owners],
        makers=[
            Maker(row["name"], row["share"], role, row["person"], employers.get(row["name"]), row["unit"])
            for row in makers
        ],
    )
    try:
        return register_asset(office=office, content=content, actor=actor)
    except RuleViolation as error:
        refuse(form, error)
        return None
