"""What the frame of each page says while one sees the site as another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse


def viewed_as(request: HttpRequest) -> dict[str, Any]:
    """The banner's words and the address that ends it; nothing at other times."""
    user = getattr(request, "user", None)
    if getattr(user, "ceiling", None) is None:
        return {}
    return {"view_as": {"label": str(user), "stop_url": reverse("accounts:view_as_stop")}}
