"""What a web server does once, before it answers: load what every page needs, and set it aside."""

from __future__ import annotations

import gc

from django.conf import settings
from django.urls import reverse
from django.utils import translation

YOUNG = 20_000  # new objects after which cycles are looked for


def settle() -> None:
    """Load the addresses and the words of each language, and leave all that is loaded out of the search for cycles.

    What a server loads stays until it ends: three hundred thousand objects. Looking through them for cycles, which the
    collector did after every few dozen requests, stopped the one that was being answered for a fifth of a second.
    """
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            reverse("web:preferences")
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
