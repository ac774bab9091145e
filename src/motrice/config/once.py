"""A form sent twice from one page acts once: the second press is led to where the first one went.

Every page bears its own proof against forgery, masked anew each time it is made, so that the same content with the
same proof is one press repeated. The mark of a press is kept first, by itself, then the act is done in its own
transactions; a refused form leaves no mark and may be corrected and sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from motrice.accounts.models import ApiAnswer
from motrice.config.idempotency import fingerprint

PROOF = "csrfmiddlewaretoken"
KEPT_FOR = timedelta(minutes=10)
WAIT_SECONDS, STEP_SECONDS = 20.0, 0.05
REDIRECTS = (301, 302, 303)


class OnceMiddleware:
    """Answers a repeated press of one's own; what is not signed in, or bears no proof, passes unchanged."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated or not request.POST.get(PROOF):
            return self.get_response(request)
        mark = fingerprint(request)
        key = f"form:{mark}"
        row = _claim(request, key, mark)
        if row is None:
            location = _first_answer(request, key)
            if location is not None:
                messages.info(request, _("This was sent already: it was done once."))
                return HttpResponseRedirect(location)
            return self.get_response(request)
        try:
            response = self.get_response(request)
        except BaseException:
            row.delete()
            raise
        _keep(row, response)
        return response


def _claim(request: HttpRequest, key: str, mark: str) -> ApiAnswer | None:
    """The mark of this press, or none when the same press came before."""
    ApiAnswer.objects.filter(user=request.user, expires_at__lt=timezone.now()).delete()
    row = ApiAnswer(user=request.user, key=key, fingerprint=mark, expires_at=timezone.now() + KEPT_FOR)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def _keep(row: ApiAnswer, response: HttpResponse) -> None:
    if response.status_code in REDIRECTS:
        row.status, row.body = response.status_code, response["Location"]
        row.save(update_fields=["status", "body"])
    else:
        row.delete()


def _first_answer(request: HttpRequest, key: str) -> str | None:
    """Where the first press went, once it is done; none when it was refused, or never ended."""
    ends = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < ends:
        row = ApiAnswer.objects.filter(user=request.user, key=key).first()
        if row is None:
            return None
        if row.status is not None:
            return row.body
        time.sleep(STEP_SECONDS)
    return None
