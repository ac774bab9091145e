"""Fixtures of every test: no socket leaves the machine, and public data where it is at hand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of one test's requests does not stay for the next."""
    translation.deactivate()
    yield
    translation.deactivate()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How a change of rights is approved."""
    parser.addoption("--write-rights", action="store_true", help="write the table of rights again")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data files; tests that need it say so when it is absent."""
    folder = Path(os.environ.get("MOTRICE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not (folder / "rnsr").is_dir():
        pytest.skip("The public data files are not at hand: set MOTRICE_SHARED_DATA.")
    return folder
