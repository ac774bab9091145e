"""Fixtures of the portfolio's tests."""

from collections.abc import Iterator
from typing import Any

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


@pytest.fixture(autouse=True)
def _own_index(settings: Any, tmp_path: Any) -> None:
    """Each test has its own search index and its own files."""
    settings.SEARCH_ROOT = tmp_path / "search"
    settings.MEDIA_ROOT = tmp_path / "files"
