"""Pages that hold for every kind of record: why one sees it, its history, following it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from motrice.accounts import history, past, why
from motrice.accounts.models import Follow
from motrice.accounts.operations.follows import set_follow
from motrice.accounts.records import address_of, get_record, manages
from motrice.core.errors import NotPermitted
from motrice.web.guards import Guard
from motrice.web.htmx import render_page


def record_view(*, is_public: bool = False) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Load a record of any kind by its label and reference: 404 when it may not be seen."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, label: str, reference: str) -> HttpResponse:
            return view(request, get_record(request.user, label, reference))

        guarded.guard = Guard("record", action="view")  # type: ignore[attr-defined]
        guarded.login_required = not is_public  # type: ignore[attr-defined]
        return guarded

    return decorate


def _head(record: Any, label: str) -> dict[str, Any]:
    return {
        "record": record,
        "label": label,
        "kind": record._meta.verbose_name,
        "record_url": address_of(record),
        "level": record.get_level_display() if hasattr(record, "get_level_display") else "",
    }


@require_safe
@record_view(is_public=True)
def record_why(request: HttpRequest, record: Any) -> HttpResponse:
    """Each reason for which the reader sees the record; to those who keep it, who else may."""
    actor: Any = request.user
    keeps = actor.is_authenticated and manages(actor, record)
    context = {
        **_head(record, record._meta.label_lower),
        "grounds": why.grounds(actor, record),
        "readers": why.readers(record) if keeps else None,
        "keeps": keeps,
        "follows": bool(actor.pk)
        and Follow.objects.filter(user=actor, label=record._meta.label_lower, object_pk=record.pk).exists(),
    }
    return render_page(request, "accounts/why.html", context)


@require_safe
@record_view()
def record_history(request: HttpRequest, record: Any) -> HttpResponse:
    """What happened to the record, for those who keep it: who acted on it when is not for every reader."""
    if not manages(request.user, record):
        raise NotPermitted(_("The history of a record is kept to those who keep the record."))
    entries = history.entries_of(record, request.user)
    changes = history.changes_of(record, entries)
    lines = [
        {
            "entry": entry,
            "words": history.verb_words(entry.verb),
            "reason": entry.reason,
            "changes": changes.get(entry.pk, []),
        }
        for entry in entries
    ]
    day = _asked_day(request)
    then = past.past_of(record, day, request.user)
    context = {**_head(record, record._meta.label_lower), "lines": lines, "day": day, "past": then}
    return render(request, "accounts/history.html", context)


def _asked_day(request: HttpRequest) -> date:
    """The day of `?on=2024-06-01`; today when none, or one that is no date, is given."""
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@require_POST
@record_view()
def record_follow(request: HttpRequest, record: Any) -> HttpResponse:
    """Follow the record, or stop."""
    follows = request.POST.get("follow") == "yes"
    if set_follow(record=record, actor=request.user, follows=follows):
        messages.success(request, _("You follow it.") if follows else _("You no longer follow it."))
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = address_of(record) or "/"
    return redirect(target)
