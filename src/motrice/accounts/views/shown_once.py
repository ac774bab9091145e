"""The secret of what was just made, on the page that follows: a button pressed twice makes one thing and shows it.

The answer that makes is a redirect, as that of every form, so that a second press is led to the same page. Meanwhile
the secret waits in the session, sealed with the site's key; it is out of it before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from motrice.accounts.sealing import SHOWN_ONCE, seal, unseal

KEY = "made:{}"


def hand_over(request: HttpRequest, made: Any, secret: str, *, page: str) -> HttpResponseRedirect:
    """Lead to the page that shows the secret of what was made; saved now, for a second press may come before."""
    request.session[KEY.format(made.reference)] = seal(secret, SHOWN_ONCE)
    request.session.save()
    return redirect(page, made.reference)


def show_once(
    request: HttpRequest, made: Any, *, context: dict[str, Any], words: Callable[[str], str] = str
) -> HttpResponse:
    """The page of a secret, or that it was shown already; `words` make of the secret what is to be copied."""
    sealed = request.session.pop(KEY.format(made.reference), "")
    secret = words(unseal(sealed, SHOWN_ONCE)) if sealed else ""
    return render(request, "accounts/secret.html", {**context, "secret": secret})
