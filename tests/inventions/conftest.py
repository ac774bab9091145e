"""What most tests of disclosures start from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.inventions.factories import Lab, lab


@pytest.fixture
def place(db: Any, settings: Any, tmp_path: Path) -> Lab:
    """The laboratory, its office and its people; files go to a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return lab()


@pytest.fixture
def as_user(client: Client, settings: Any) -> Callable[[Any], Client]:
    """Signs somebody in; the pages are in English."""
    settings.LANGUAGE_CODE = "en"

    def sign_in(user: Any) -> Client:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.cookies["motrice_language"] = "en"
        return client

    return sign_in
