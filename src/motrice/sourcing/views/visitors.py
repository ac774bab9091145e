"""The public side of the desk: send a need, confirm it by mail, follow it without an account."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from motrice.accounts.operations.users import system_user
from motrice.sourcing import forms, words
from motrice.sourcing.enums import COMPANY_THREAD
from motrice.sourcing.links import follow_token, read_follow
from motrice.sourcing.models import Message, Need
from motrice.sourcing.operations.needs import Statement, reply_to_desk
from motrice.sourcing.operations.visitors import confirm_submission, form_token, fresh_token, send_as_visitor
from motrice.web import htmx
from motrice.web.forms import run_form
from motrice.web.guards import public


@public
@never_cache
def visitor_need(request: HttpRequest) -> HttpResponse:
    """An unknown visitor states a need; nobody reads it before the address is confirmed."""
    initial = {"language": (get_language() or "fr")[:2], "level": "organisation", "token": form_token()}
    form = forms.VisitorForm(request.POST or None, initial=initial)
    if request.method == "POST" and run_form(form, lambda data: _send(request, **data)):
        return redirect("sourcing:visitor_sent")
    if form.is_bound:
        form.data = request.POST.copy()
        form.data["token"] = fresh_token(request.POST.get("token", ""))
    context = {
        "title": _("State a need"),
        "intro": _("Say it once, in your own words: a person answers you."),
        "form": form,
        "submit": _("Send"),
        "readers": words.readers_words(),
    }
    return htmx.render_part(request, "sourcing/visitor.html", context, status=htmx.form_status(form))


def _send(
    request: HttpRequest, company_name: str, name: str, email: str, website: str, token: str, **fields: Any
) -> None:
    send_as_visitor(
        statement=Statement(**fields),
        company_name=company_name,
        name=name,
        email=email,
        address=request.META.get("REMOTE_ADDR", ""),
        token=token,
        trap=website,
    )


@require_safe
@public
def visitor_sent(request: HttpRequest) -> HttpResponse:
    """What happens next: the same words whatever was sent."""
    return render(request, "sourcing/visitor_sent.html")


@public
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button that confirms: programs that read mails open links, they do not press buttons."""
    form = django_forms.Form(request.POST or None)
    if request.method == "POST":
        form = django_forms.Form(request.POST)
        needs: list[Need] = []
        if run_form(form, lambda data: needs.append(confirm_submission(token=token))):
            messages.success(request, _("Your need is confirmed: %(who)s answers you.") % {"who": needs[0].owner})
            return redirect("sourcing:follow", follow_token(needs[0]))
    context = {
        "title": _("Confirm your need"),
        "intro": _("One press, and the desk receives it."),
        "form": form,
        "submit": _("Confirm"),
    }
    return htmx.render_part(request, "sourcing/visitor.html", context, status=htmx.form_status(form))


def _followed(token: str) -> Need:
    try:
        reference, email = read_follow(token)
    except signing.BadSignature as error:
        raise Http404 from error
    need = Need.objects.filter(reference=reference, contact_email=email, contact=None).first()
    if need is None:
        raise Http404
    return need


@public
@never_cache
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """A contact without an account follows the need and answers the desk; the secret address is the key."""
    need = _followed(token)
    form = forms.TextForm(request.POST or None)
    if request.method == "POST" and run_form(
        form, lambda data: reply_to_desk(need=need, text=data["text"], actor=system_user(), at=None)
    ):
        messages.success(request, _("Your message was sent."))
        return redirect("sourcing:follow", token)
    context = {
        "need": need,
        "badge": words.status_badge(need),
        "form": form,
        "messages_exchanged": list(
            Message.objects.filter(need=need, kind__in=COMPANY_THREAD).select_related("author")
        ),
        "timeline": words.followed_items(need),
    }
    response = htmx.render_part(request, "sourcing/follow.html", context, status=htmx.form_status(form))
    response["Referrer-Policy"] = "same-origin"  # with none at all a browser sends no origin, and the form is refused
    response["X-Robots-Tag"] = "noindex"
    return response
