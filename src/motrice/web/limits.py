"""A limit of rate for pages that a secret address opens: each address is counted apart, by each server process."""

from __future__ import annotations

import hashlib
import re
import time
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from motrice.web.errors import too_many_requests
from motrice.web.guards import View

RATE = re.compile(r"^(\d+)/([smhd])$")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def parse_rate(text: str) -> tuple[int, int] | None:
    """How many in how many seconds; None for an empty text, which is no limit."""
    if not text:
        return None
    found = RATE.match(text)
    if not found:
        raise ValueError(f"{text!r} is no rate: write 60/m, for instance.")
    return int(found[1]), SECONDS[found[2]]


def limited_link(view: View) -> View:
    """Answer 429 to more requests by one secret address than the setting allows; it stands under the guard."""

    @wraps(view)
    def counted(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        rate = parse_rate(settings.LINK_RATE)
        if rate is not None and _count(token, rate[1]) > rate[0]:
            return too_many_requests(request)
        return view(request, token, *args, **kwargs)

    return counted


def _count(token: str, seconds: int) -> int:
    name = hashlib.sha256(token.encode()).hexdigest()[:32]
    key = f"link:{name}:{int(time.time() // seconds)}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:  # it expired between the two
        return 1
