"""Offers by market segment: the public door, an offer's page, and its keeping by the laboratory."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from motrice.core import policies
from motrice.core.errors import RuleViolation
from motrice.directory.models import Organisation
from motrice.sourcing import forms, rules, words
from motrice.sourcing.enums import OfferStatus
from motrice.sourcing.lists import OFFERS
from motrice.sourcing.models import Offer
from motrice.sourcing.operations.offers import (
    OfferContent,
    ReferenceProject,
    create_offer,
    edit_offer,
    publish_offer,
    retire_offer,
    review_offer,
    told,
)
from motrice.sourcing.queries import find_offers, matched_words
from motrice.sourcing.transitions import OFFER
from motrice.web import htmx, parts
from motrice.web.confirm import confirmed
from motrice.web.forms import remember, run_form, set_actor
from motrice.web.guards import object_view, public, signed_in

MAX_QUESTION = 2000
TONES = {OfferStatus.DRAFT: "empty", OfferStatus.PUBLISHED: "good", OfferStatus.RETIRED: "empty"}


@signed_in
def offer_list(request: HttpRequest) -> HttpResponse:
    """The offers that the reader may see, whatever their state."""
    rows = Offer.objects.permitted(request.user).select_related("organisation", "owner")
    return OFFERS.respond(request, rows, context={"title": _("Offers and platforms")})


@require_safe
@public
def find_door(request: HttpRequest) -> HttpResponse:
    """A company finds its door in its own words: the best five offers, whom to ask, and what matched."""
    text = request.GET.get("q", "").strip()[:MAX_QUESTION]
    segments = rules.choices(rules.SEGMENT)
    segment = request.GET.get("segment", "")
    segment = segment if segment in dict(segments) else ""
    seen = Offer.objects.permitted(request.user).current()
    found = find_offers(text, seen, actor=request.user, segment=segment) if text else []
    listed = []
    if segment and not text:
        rows = seen.filter(pk__in=seen.filter(segments__segment=segment).values("pk"))
        listed = list(rows.select_related("organisation", "owner")[:50])
    context = {
        "text": text,
        "segment": segment,
        "segments": segments,
        "found": [(one.offer, found_evidence(one)) for one in found],
        "listed": listed,
        "base": "web/base.html" if request.user.is_authenticated else "web/public_base.html",
    }
    return htmx.render_page(request, "sourcing/find.html", context)


def found_evidence(one: Any) -> parts.Evidence:
    """What matched, in the language in which it matched, with each word of the question beside its answer."""
    found = matched_words(one.matches)
    return parts.Evidence(
        title=one.offer.title,
        text=one.offer.text,
        matched=sorted({match.document_word for match in one.matches}),
        url=reverse("sourcing:offer", args=[one.offer.reference]),
        source=_("Matched: %(words)s") % {"words": ", ".join(found)}
        if found
        else _("No word in common with your question: near to it by its subject."),
    )


@require_safe
@object_view(Offer, "view", is_public=True)
def offer_page(request: HttpRequest, offer: Offer) -> HttpResponse:
    """An offer, with its laboratory, whom to ask, and on what conditions."""
    segments = words.code_words(rules.SEGMENT)
    edits = request.user.is_authenticated and policies.allows(request.user, "edit", offer)
    moves = {move.name for move in OFFER.available(offer, request.user)} if edits else set()
    context = {
        "offer": offer,
        "base": "web/base.html" if request.user.is_authenticated else "web/public_base.html",
        "head": _head(offer, moves, edits),
        "facts": [
            parts.Fact(_("Kind"), offer.get_kind_display()),
            parts.Fact(_("Laboratory"), offer.organisation.name),
            parts.Fact(_("Your contact"), str(offer.owner)),
            parts.Fact(
                _("Market segments"), ", ".join(segments.get(s.segment, s.segment) for s in offer.segments.all())
            ),
            parts.Fact(_("Maturity"), f"TRL {offer.trl_min}-{offer.trl_max}" if offer.trl_min else ""),
            parts.Fact(_("Equipment"), offer.equipment),
            parts.Fact(_("Conditions of access"), offer.access),
            parts.Fact(_("Conditions for SMEs"), offer.sme_conditions),
        ],
        "references": list(offer.references.all()),
        "is_hidden": offer.is_overdue,
        "shows_keeping": edits,
    }
    return render(request, "sourcing/offer.html", context)


def _head(offer: Offer, moves: set[str], edits: bool) -> parts.RecordHead:
    def step(label: Any, act: str) -> parts.Step:
        return parts.Step(label, reverse("sourcing:offer_act", args=[offer.reference, act]), is_post=True)

    steps = []
    if edits:
        steps = [
            parts.Step(_("Edit"), reverse("sourcing:offer_edit", args=[offer.reference])),
            parts.Step(_("Review"), reverse("sourcing:offer_review", args=[offer.reference])),
        ]
    steps += [step(_("Retire"), "retire")] if "retire" in moves else []
    return parts.RecordHead(
        title=offer.title,
        reference=offer.reference,
        kind=offer.get_kind_display(),
        state=parts.Badge(offer.get_status_display(), TONES[OfferStatus(offer.status)]) if edits else None,
        next_step=step(_("Publish"), "publish") if "publish" in moves else None,
        other_steps=steps,
    )


def _content(data: dict[str, Any]) -> OfferContent:
    projects = []
    for line in data.pop("references").splitlines():
        title, _semicolon, year = line.partition(";")
        if title.strip():
            if year.strip() and not (year.strip().isdigit() and len(year.strip()) == 4):
                raise RuleViolation(_("“%(year)s” is not a year.") % {"year": year.strip()}, field="references")
            projects.append(ReferenceProject(title.strip(), int(year) if year.strip() else None))
    return OfferContent(references=tuple(projects), **data)


class NewOfferForm(forms.OfferForm, forms.ReviewForm):
    """A new offer, with the date of its first review."""


@object_view(Organisation, "offer")
def offer_new(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """Prepare an offer of a laboratory."""
    form = NewOfferForm(request.POST or None)
    set_actor(form, request.user)
    made: list[Offer] = []

    def make(data: dict[str, Any]) -> None:
        owner, review_on = data.pop("owner"), data.pop("review_on")
        made.append(
            create_offer(
                organisation=organisation,
                owner=owner,
                content=_content(data),
                review_on=review_on,
                actor=request.user,
            )
        )

    if request.method == "POST" and run_form(form, make):
        messages.success(request, _("The offer is prepared: publish it when it is ready."))
        return redirect("sourcing:offer", made[0].reference)
    context = {"title": _("New offer of %(name)s") % {"name": organisation.name}, "form": form, "submit": _("Prepare")}
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@object_view(Offer, "edit")
def offer_edit(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Change what an offer says."""
    names = [name for name in forms.OfferForm.base_fields if name not in ("segments", "references", "owner")]
    initial = {name: getattr(offer, name) for name in names} | {
        "owner": offer.owner,
        "segments": [row.segment for row in offer.segments.all()],
        "references": "\n".join(f"{row.title}; {row.year or ''}".rstrip("; ") for row in offer.references.all()),
    }
    form = forms.OfferForm(request.POST or None, initial=initial)
    set_actor(form, request.user)
    read = remember(form, {**initial, "references": told(offer.references.all())})

    def change(data: dict[str, Any]) -> None:
        edit_offer(offer=offer, owner=data.pop("owner"), content=_content(data), actor=request.user, read=read)

    if request.method == "POST" and run_form(form, change):
        messages.success(request, _("The offer was changed."))
        return redirect("sourcing:offer", offer.reference)
    context = {
        "title": _("Edit the offer"),
        "form": form,
        "submit": _("Save"),
        "cancel_url": reverse("sourcing:offer", args=[offer.reference]),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@object_view(Offer, "review")
def offer_review(request: HttpRequest, offer: Offer) -> HttpResponse:
    """Confirm that an offer still holds, until a next day."""
    form = forms.ReviewForm(request.POST or None)
    if request.method == "POST" and run_form(form, lambda data: review_offer(offer=offer, actor=request.user, **data)):
        messages.success(request, _("The offer was reviewed."))
        return redirect("sourcing:offer", offer.reference)
    context = {
        "title": _("Review the offer"),
        "intro": _("You confirm that everything on this page still holds."),
        "form": form,
        "submit": _("It still holds"),
        "cancel_url": reverse("sourcing:offer", args=[offer.reference]),
    }
    return htmx.render_part(request, "web/form.html", context, status=htmx.form_status(form))


@require_POST
@object_view(Offer, "edit")
@confirmed(
    gettext_lazy("Retire the offer"),
    gettext_lazy("“%(what)s” leaves the portal and the desk's proposals at once. It can be published again."),
    when=lambda _request, kwargs: kwargs["act"] == "retire",
)
def offer_act(request: HttpRequest, offer: Offer, act: str) -> HttpResponseRedirect:
    """Publish or retire an offer."""
    acts = {"publish": publish_offer, "retire": retire_offer}
    if act not in acts:
        raise Http404
    acts[act](offer=offer, actor=request.user)
    messages.success(request, _("The offer was published.") if act == "publish" else _("The offer was retired."))
    return redirect("sourcing:offer", offer.reference)
