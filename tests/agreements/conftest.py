"""Fixtures of the tests of agreements."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.portfolio.factories import World, world


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Messages are compared in the language they are written in, whatever catalogues are compiled."""
    with override("en"):
        yield


@pytest.fixture
def place(db: None) -> World:
    """An office with a laboratory and a company."""
    return world()
