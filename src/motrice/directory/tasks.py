"""Leaf effects of the directory's operations: keeping the search in step."""

from __future__ import annotations

from django.db import models


def search_changed(*objects: models.Model) -> None:
    """Tell the search that these records changed, were added or removed."""


def search_rebuild() -> None:
    """Build the whole search anew, in the background."""
