"""Fixtures of every test: no socket leaves the machine, and public data where it is at hand."""

import os
from pathlib import Path

import pytest


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
