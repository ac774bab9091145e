"""Leaf effects of the directory's operations: keeping the search in step."""

from __future__ import annotations

from django.db import models

from motrice.core.tasks import search_must_follow


def search_changed(*objects: models.Model) -> None:
    """Records changed, were added or removed: the search reads in the log which, and follows."""
    if objects:
        search_must_follow()
