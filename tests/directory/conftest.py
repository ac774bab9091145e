"""Fixtures of the directory's tests."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Messages are compared in the language they are written in, whatever catalogues are compiled."""
    with override("en"):
        yield
