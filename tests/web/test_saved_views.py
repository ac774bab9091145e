"""Saved views: named addresses, shared inside the network only."""

import pytest
from bs4 import BeautifulSoup
from django.http import Http404

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.web.models import SavedView
from motrice.web.operations.saved_view import delete_view, save_view

pytestmark = pytest.mark.django_db


def tabs(response) -> list[str]:
    return [tab.get_text() for tab in BeautifulSoup(response.content, "html.parser").select(".views a")]


def test_view_keeps_what_narrows_the_list_and_not_the_page(ask, coordinator):
    response = ask(coordinator, "?city=Rennes&sort=-name&page=3", data={"act": "save_view", "name": "Rennes"})

    assert response.status_code == 302
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared) == ("Rennes", "city=Rennes&sort=-name", False)
    assert audit.differences() == []


def test_same_name_replaces_the_address(coordinator):
    save_view(actor=coordinator, list_name="tests.organisations", name="Mine", query="q=a")
    save_view(actor=coordinator, list_name="tests.organisations", name="Mine", query="q=b")

    assert [view.query for view in SavedView.objects.all()] == ["q=b"]


def test_view_opens_by_its_lasting_address(ask, coordinator):
    view = save_view(actor=coordinator, list_name="tests.organisations", name="Mine", query="q=a")

    assert ask(coordinator, f"?view={view.reference}").url == "/organisations/?q=a"


def test_shared_view_is_seen_in_the_network_and_by_nobody_else(ask, coordinator, contact):
    view = save_view(actor=coordinator, list_name="tests.organisations", name="Shared", query="q=a", is_shared=True)

    assert "Shared" in tabs(ask(coordinator))
    assert b"Shared" not in ask(contact).content
    with pytest.raises(Http404):
        ask(contact, f"?view={view.reference}")


def test_partner_cannot_share_a_view(contact):
    with pytest.raises(RuleViolation):
        save_view(actor=contact, list_name="tests.organisations", name="Mine", query="", is_shared=True)

    assert not SavedView.objects.exists()


def test_only_its_owner_removes_a_view(coordinator, contact):
    view = save_view(actor=coordinator, list_name="tests.organisations", name="Mine", query="q=a")

    with pytest.raises(NotPermitted):
        delete_view(actor=contact, view=view)
    assert SavedView.objects.count() == 1

    delete_view(actor=coordinator, view=view)
    assert SavedView.objects.count() == 0


def test_view_is_removed_from_the_page(signed_in, coordinator):
    view = save_view(actor=coordinator, list_name="web.gallery", name="Mine", query="q=a")

    response = signed_in.post(f"/views/{view.reference}/delete/", {"next": "/_gallery/list/", "confirmed": "yes"})

    assert response.url == "/_gallery/list/"
    assert not SavedView.objects.exists()
