"""Who keeps records in a browser, and the pages that they open."""

import pytest
from django.test import Client

from tests.directory.factories import OrganisationFactory, user_with


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path / "search"


@pytest.fixture
def other():
    """Somebody else who keeps the same records."""
    return user_with("officer")


@pytest.fixture
def desk():
    """The browser of an officer, in English."""
    return browser(user_with("officer"))


@pytest.fixture
def stranger():
    """The browser of somebody who reads the directory and keeps nothing."""
    return browser(user_with("researcher", on=OrganisationFactory(unit=True)))


def browser(user):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client
