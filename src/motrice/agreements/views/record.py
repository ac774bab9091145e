"""The record page of an agreement: what was agreed, with whom, what is licensed and what its income gives to each."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from motrice.agreements import words
from motrice.agreements.enums import CLOSED, AgreementStatus
from motrice.agreements.forms import IncomeForm
from motrice.agreements.models import Agreement, Licence, LicenceTerritory, LicensedAsset, Party
from motrice.agreements.queries import copyleft_of, income_by_asset
from motrice.core import policies
from motrice.directory.links import record_url
from motrice.directory.models import Organisation
from motrice.portfolio.links import asset_url
from motrice.portfolio.models import Asset
from motrice.portfolio.rules import share_words
from motrice.portfolio.words.software import concern_words
from motrice.web import parts
from motrice.web.formats import amount_text
from motrice.web.guards import object_view

EXAMPLE = Decimal(10_000)


@dataclass(frozen=True)
class Reader:
    """Who reads which agreement, and what they may do there."""

    agreement: Agreement
    licence: Licence
    actor: Any
    inside: bool
    edits: bool

    def step(self, label: Any, act: str) -> parts.Step:
        """An act on the agreement, by its name."""
        return parts.Step(label, reverse("agreements:agreement_act", args=[self.agreement.reference, act]))


@require_safe
@object_view(Agreement, "view")
def agreement_page(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """An agreement, as its reader may see it; `?amount=` asks what an income gives to each asset."""
    actor = request.user
    may = policies.allowed(actor, ("inside", "edit"), agreement)
    reader = Reader(agreement, agreement.licence, actor, inside="inside" in may, edits="edit" in may)
    form = IncomeForm(request.GET if "amount" in request.GET else {"amount": EXAMPLE})
    assets = list(
        Asset.objects.permitted(actor).filter(licensed__licence=reader.licence).order_by("licensed__position")
    )
    warned = copyleft_of(assets, exclusivity=reader.licence.exclusivity, actor=actor)
    context = {
        "agreement": agreement,
        "head": _head(reader),
        "crumbs": [(_("Agreements"), reverse("agreements:agreements")), (agreement.number or agreement.reference, "")],
        "facts": _facts(reader),
        "edit_url": _edit_url(reader),
        "parties": _parties(reader),
        "assets": [(asset, asset_url(asset)) for asset in assets],
        "income": _income(reader, form) if reader.inside else None,
        "income_form": form,
        "warnings": [(concern_words(one.concern), one.asset, one.concern.is_conflict) for one in warned],
        "people": _people(reader),
        "readers": words.readers_words(agreement.level),
        "level_step": reader.step(_("Change who sees it"), "level") if reader.edits else None,
        "history_url": _history_url(reader),
        "term_passed": reader.edits and _is_overrun(agreement),
    }
    return render(request, "agreements/agreement.html", context, status=200 if form.is_valid() else 422)


def _edit_url(reader: Reader) -> str:
    return reverse("agreements:licence_edit", args=[reader.agreement.reference]) if reader.edits else ""


def _history_url(reader: Reader) -> str:
    label, keeps = Agreement._meta.label_lower, reader.edits or policies.holds(reader.actor, "auditor")
    return reverse("accounts:history", args=[label, reader.agreement.reference]) if keeps else ""


def _is_overrun(agreement: Agreement) -> bool:
    today = timezone.localdate()
    return bool(agreement.status == AgreementStatus.IN_FORCE and agreement.ends_on and agreement.ends_on < today)


def _head(reader: Reader) -> parts.RecordHead:
    agreement = reader.agreement
    next_step, others = None, []
    if reader.edits and agreement.status == AgreementStatus.DRAFT:
        next_step = reader.step(_("Bring into force"), "bring-into-force")
        others = [reader.step(_("Give the draft up"), "give-up")]
    elif reader.edits and agreement.status == AgreementStatus.IN_FORCE:
        others = [reader.step(_("Record its end"), "end"), reader.step(_("Terminate early"), "terminate")]
    if reader.edits and agreement.status not in CLOSED:
        others.append(reader.step(_("Hand over"), "hand-over"))
    return parts.RecordHead(
        title=agreement.title,
        reference=agreement.number or agreement.reference,
        kind=agreement.get_kind_display(),
        state=words.status_badge(agreement, timezone.localdate()),
        level=words.level_badge(agreement),
        holder=str(agreement.officer) if reader.inside else "",
        held_since=agreement.officer_since if reader.inside else None,
        next_step=next_step,
        other_steps=others,
    )


def _facts(reader: Reader) -> list[parts.Fact]:
    agreement, licence = reader.agreement, reader.licence
    codes = LicenceTerritory.objects.permitted(reader.actor).filter(licence=licence).values_list("code", flat=True)
    return [
        parts.Fact(_("Summary"), agreement.summary),
        parts.Fact(_("Exclusivity"), licence.get_exclusivity_display()),
        parts.Fact(_("Field of use"), licence.field_of_use or _("all uses")),
        parts.Fact(_("Territory"), words.place_words(codes, is_worldwide=licence.is_worldwide)),
        parts.Fact(_("Signed on"), agreement.signed_on),
        parts.Fact(_("Takes effect on"), agreement.starts_on),
        parts.Fact(_("Term"), agreement.ends_on or (_("none agreed") if agreement.signed_on else "")),
        parts.Fact(_("Closed on"), agreement.closed_on),
    ]


def _parties(reader: Reader) -> list[tuple[Party, str]]:
    rows = list(
        Party.objects.permitted(reader.actor)
        .filter(agreement=reader.agreement)
        .select_related("organisation")
        .order_by("position", "pk")
    )
    bodies = [row.organisation_id for row in rows if row.organisation_id is not None]
    seen = set(Organisation.objects.permitted(reader.actor).filter(pk__in=bodies).values_list("pk", flat=True))
    return [(row, record_url(row.organisation) if row.organisation_id in seen else "") for row in rows]


def _income(reader: Reader, form: IncomeForm) -> dict[str, Any]:
    """The share of each asset, and what an income gives to it."""
    rows = list(
        LicensedAsset.objects.permitted(reader.actor)
        .filter(licence=reader.licence)
        .select_related("asset")
        .order_by("position", "pk")
    )
    amount = form.cleaned_data["amount"] if form.is_valid() else EXAMPLE
    lines = [
        (row.asset, asset_url(row.asset), share_words(row.share), amount_text(part, "EUR"))
        for row, part in income_by_asset(rows, amount)
    ]
    return {"lines": lines, "total": amount_text(amount, "EUR")}


def _people(reader: Reader) -> list[parts.Link]:
    agreement = reader.agreement
    if not reader.inside:
        return []
    return [
        parts.Link(str(agreement.officer), "", _("officer in charge")),
        parts.Link(agreement.office.name, record_url(agreement.office), _("answers for it")),
    ]
