"""Doors without an account: an inventor of elsewhere signs; anybody checks a sealed file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from motrice.engines.sealing import Proof, verify_file
from motrice.inventions import forms, rules, words
from motrice.inventions.enums import DisclosureStatus
from motrice.inventions.links import inventor_of
from motrice.inventions.models import Inventor, Seal, Signature
from motrice.inventions.operations.signing import contest_share, sign_outside
from motrice.inventions.views.disclosures import facts
from motrice.web import htmx
from motrice.web.forms import run_form
from motrice.web.guards import public
from motrice.web.limits import limited_link


def _invited(token: str) -> Inventor:
    inventor = inventor_of(token)
    if inventor is None or not inventor.is_outside or inventor.invited_at is None:
        raise Http404
    return inventor


@public
@limited_link
@never_cache
def outside(request: HttpRequest, token: str) -> HttpResponse:
    """One disclosure, one's own share and signature, and nothing else; the secret address is the key."""
    inventor = _invited(token)
    disclosure = inventor.disclosure
    signature = Signature.objects.filter(inventor=inventor, void_at=None).first()
    is_waiting = disclosure.status == DisclosureStatus.SUBMITTED and signature is None
    form, contest = forms.SignForm(), forms.ReasonForm(prefix="contest")
    if request.method == "POST" and "contest" in request.POST:
        contest = forms.ReasonForm(request.POST, prefix="contest")
        if run_form(contest, lambda data: contest_share(inventor=inventor, reason=data["reason"])):
            messages.success(request, _("Who prepared the disclosure was told: you will be asked to sign again."))
            return redirect("inventions:outside", token)
    elif request.method == "POST":
        form = forms.SignForm(request.POST)
        if run_form(form, lambda data: sign_outside(inventor=inventor, **data)):
            messages.success(request, _("You have signed. Keep the mail with the seal that follows."))
            return redirect("inventions:outside", token)
    context = {
        "title": disclosure.title_words if disclosure.status != DisclosureStatus.DRAFT else disclosure.reference,
        "inventor": inventor,
        "disclosure": disclosure,
        "is_shown": disclosure.status not in (DisclosureStatus.DRAFT, DisclosureStatus.WITHDRAWN),
        "badge": words.status_badge(disclosure),
        "next": words.next_words(disclosure),
        "since": words.days_words(disclosure.state_since),
        "share": rules.share_words(inventor.share),
        "colleagues": [row.name for row in disclosure.inventors.exclude(pk=inventor.pk)],
        "facts": facts(disclosure),
        "signature": signature,
        "form": form if is_waiting else None,
        "contest": contest if is_waiting else None,
        "readers": words.readers_words(disclosure),
    }
    status = max(htmx.form_status(form), htmx.form_status(contest))
    response = htmx.render_part(request, "inventions/outside.html", context, status=status)
    response["Referrer-Policy"] = "same-origin"  # with none at all a browser sends no origin, and the form is refused
    response["X-Robots-Tag"] = "noindex"
    return response


@public
def verify(request: HttpRequest) -> HttpResponse:
    """Check a sealed file: by itself, and against the seals that this house has put."""
    form, proof, known = forms.VerifyForm(), None, False
    if request.method == "POST":
        form = forms.VerifyForm(request.POST, request.FILES)
        if form.is_valid():
            proof = _checked(form.cleaned_data["file"], form.cleaned_data["seal"])
            known = bool(proof.seals) and Seal.objects.filter(hash=proof.last).exists()
    context: dict[str, Any] = {
        "title": _("Check a sealed file"),
        "intro": _("Nothing that you send here is kept."),
        "form": form,
        "submit": _("Check"),
        "proof": proof,
        "faults": [words.seal_fault_words(fault) for fault in proof.faults] if proof else [],
        "is_known": known,
        "frame": "web/base.html" if request.user.is_authenticated else "web/public_base.html",
    }
    return htmx.render_part(request, "inventions/verify.html", context, status=htmx.form_status(form))


def _checked(file: Any, seal: str) -> Proof:
    try:
        text = file.read().decode()
    except UnicodeDecodeError:
        text = ""
    return verify_file(text, expected=seal)
