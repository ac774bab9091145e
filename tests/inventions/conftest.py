"""What most tests of disclosures start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.inventions.factories import Lab, lab


@pytest.fixture
def place(db: Any, settings: Any, tmp_path: Path) -> Lab:
    """The laboratory, its office and its people; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return lab()
