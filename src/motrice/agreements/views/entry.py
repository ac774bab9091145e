"""Writing a licence and writing it anew: its terms, its parties, its assets with their shares, on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motrice.agreements.enums import PartyRole
from motrice.agreements.forms import BundleFormSet, EditLicenceForm, NewLicenceForm, PartyFormSet, offices_of
from motrice.agreements.links import agreement_url
from motrice.agreements.models import Agreement
from motrice.agreements.operations.licences import (
    Bundled,
    LicenceContent,
    PartyNamed,
    edit_licence,
    parts_read,
    register_licence,
)
from motrice.agreements.policies import keeps_agreements
from motrice.agreements.queries import Warned, copyleft_of
from motrice.agreements.words import readers_words
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.models import Asset
from motrice.portfolio.words.software import concern_words
from motrice.web.forms import refuse, remember, run_form
from motrice.web.guards import object_view, signed_in

PLAIN = ("title", "exclusivity", "field_of_use", "is_worldwide", "summary", "number")
DAYS = ("signed_on", "starts_on", "ends_on")


class Sheet:
    """The form of a licence with its two sets of rows, and what is warned of before it is written."""

    def __init__(
        self,
        request: HttpRequest,
        form: type[NewLicenceForm | EditLicenceForm],
        *,
        initial: dict[str, Any],
        parties: list[dict[str, Any]],
        bundle: list[dict[str, Any]],
        warned: list[Warned] | None = None,
    ) -> None:
        data = request.POST if request.method == "POST" else None
        self.actor = request.user
        self.is_sent = data is not None
        self.form = form(data, initial=initial, actor=self.actor)
        self.parties = PartyFormSet(data, prefix="parties", initial=parties, actor=self.actor)
        self.bundle = BundleFormSet(data, prefix="assets", initial=bundle, actor=self.actor)
        self.held = warned or []
        self.warned = self.held

    def is_ready(self) -> bool:
        """Whether it can be written: well filled in, and new warnings read."""
        valid = [part.is_valid() for part in (self.form, self.parties, self.bundle)]
        if not self.is_sent or not all(valid):
            return False
        assets = [row["asset"] for row in self.bundle.rows()]
        exclusivity = self.form.cleaned_data["exclusivity"]
        self.warned = copyleft_of(assets, exclusivity=exclusivity, actor=self.actor)
        if set(self.warned) - set(self.held) and not self.form.cleaned_data["is_acknowledged"]:
            self.form.add_error("is_acknowledged", _("Read what is said of third parties' licences above."))
            return False
        return True

    def content(self) -> LicenceContent:
        """What was filled in."""
        data = self.form.cleaned_data
        return LicenceContent(
            **{name: data[name] for name in (*PLAIN, *DAYS)},
            territories=data["territories"],
            parties=[PartyNamed(row["role"], row["organisation"], row["name"]) for row in self.parties.rows()],
            bundle=[Bundled(row["asset"], row["share"]) for row in self.bundle.rows()],
        )

    def respond(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The page, with what was refused."""
        told = [(concern_words(one.concern), one.asset, one.concern.is_conflict) for one in self.warned]
        context |= {"form": self.form, "parties": self.parties, "bundle": self.bundle, "warnings": told}
        return render(request, "agreements/licence_form.html", context, status=422 if self.is_sent else 200)


@signed_in
def licence_new(request: HttpRequest) -> HttpResponse:
    """Write a licence of one's office; `?asset=REFERENCE` names its first asset."""
    if not keeps_agreements(request.user):
        raise NotPermitted(_("Only officers, patent engineers and lawyers of an office write agreements."))
    named = Asset.objects.permitted(request.user, "license").filter(reference=request.GET.get("asset", "")[:8]).first()
    offices = offices_of(request.user)
    office = named.office if named is not None else offices[0] if len(offices) == 1 else None
    sheet = Sheet(
        request,
        NewLicenceForm,
        initial={"office": office} if office else {},
        parties=[{"role": PartyRole.LICENSOR, "organisation": office}, {"role": PartyRole.LICENSEE}],
        bundle=[{"asset": named, "share": "1"}] if named is not None else [],
    )
    if sheet.is_ready():
        try:
            data = sheet.form.cleaned_data
            agreement = register_licence(
                office=data["office"], level=data["level"], content=sheet.content(), actor=request.user
            )
        except RuleViolation as error:
            refuse(sheet.form, error)
        else:
            messages.success(request, _("The licence was written: it is in preparation until it is signed."))
            return redirect(agreement_url(agreement))
    title = _("Write a licence")
    crumbs = [(_("Agreements"), reverse("agreements:agreements")), (title, "")]
    return sheet.respond(request, title=title, crumbs=crumbs, cancel_url=crumbs[0][1], submit=title)


@object_view(Agreement, "edit")
def licence_edit(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Write a licence anew, with the reason once it is signed."""
    sheet = _sheet_of(request, agreement)
    names = [name for name in sheet.form.initial if name != "territories"]
    read = remember(sheet.form, {name: sheet.form.initial[name] for name in names} | parts_read(agreement.licence))

    def write(data: dict[str, Any]) -> None:
        content = sheet.content()
        edit_licence(agreement=agreement, content=content, actor=request.user, reason=data["reason"], read=read)

    if sheet.is_ready() and run_form(sheet.form, write):
        messages.success(request, _("The licence was changed."))
        return redirect(agreement_url(agreement))
    back, title = agreement_url(agreement), _("Edit the licence")
    crumbs = [
        (_("Agreements"), reverse("agreements:agreements")),
        (agreement.number or agreement.reference, back),
        (title, ""),
    ]
    return sheet.respond(
        request,
        title=title,
        intro=agreement.title,
        crumbs=crumbs,
        cancel_url=back,
        submit=_("Save the licence"),
        readers=readers_words(agreement.level),
    )


def _sheet_of(request: HttpRequest, agreement: Agreement) -> Sheet:
    licence = agreement.licence
    bundle = list(licence.bundle.select_related("asset").order_by("position", "pk"))
    names = ("title", "summary", "number", "signed_on", "starts_on", "ends_on")
    initial = {name: getattr(agreement, name) for name in names}
    initial |= {name: getattr(licence, name) for name in ("exclusivity", "field_of_use", "is_worldwide")}
    initial["territories"] = ", ".join(row.code for row in licence.territories.all())
    parties = agreement.parties.select_related("organisation").order_by("position", "pk")
    return Sheet(
        request,
        EditLicenceForm,
        initial=initial,
        parties=[{"role": row.role, "organisation": row.organisation, "name": row.name} for row in parties],
        bundle=[{"asset": row.asset, "share": row.share} for row in bundle],
        warned=copyleft_of([row.asset for row in bundle], exclusivity=licence.exclusivity, actor=request.user),
    )
