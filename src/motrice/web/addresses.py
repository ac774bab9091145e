"""The paths of pages that a page names by the hundred, remembered."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse

KEPT = 16_384


def path_to(name: str, *args: str | int) -> str:
    """The path of a named page, as `reverse` gives it: the same as long as the site is mounted at the same place."""
    return _path(name, args, get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())


@lru_cache(maxsize=KEPT)
def _path(name: str, args: tuple[str | int, ...], urlconf: str, prefix: str) -> str:
    return reverse(name, args=args, urlconf=urlconf)
