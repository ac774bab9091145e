"""Readers of pages, a list of organisations to try the list pattern on, and a way to ask it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db.models import Q
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from motrice.web.lists import BulkAction, BulkResult, Column, DateFacet, Facet, ListPage, Option, OptionFacet

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def coordinator(db) -> User:
    """Somebody who sees the whole network, and may export."""
    user = create_user(email="odile@example.org", display_name="Odile Brume", actor=system_user())
    grant_role(user=user, kind="coordinator", actor=system_user())
    return user


@pytest.fixture
def contact(db) -> User:
    """A company's contact: no member of the network."""
    return create_user(email="aymar@example.org", display_name="Aymar Fontvieille", actor=system_user())


@pytest.fixture
def signed_in(client, coordinator):
    """A browser in which the coordinator signed in."""
    client.force_login(coordinator, backend=BACKEND)
    client.cookies["motrice_language"] = "en"
    return client


def is_refused(actor: Any, organisation: Organisation) -> str:
    return "It has no city." if not organisation.city else ""


def name_all(actor: Any, rows: list[Organisation]) -> BulkResult:
    return BulkResult(", ".join(sorted(row.name for row in rows)), undo_url="/undo/this/")


ORGANISATIONS = ListPage(
    name="tests.organisations",
    counted=lambda n: f"{n} organisations",
    columns=[
        Column("name", "Name", kind="main", sort="name"),
        Column("kind", "Kind", value="get_kind_display", sort="kind"),
        Column("city", "City", sort="city"),
        Column("starts_on", "Since", kind="day", sort="starts_on", default=False),
    ],
    search=("name", "names__value"),
    facets=[
        Facet("kind", "Kind", choices=OrganisationKind.choices),
        Facet("city", "City"),
        OptionFacet("when", "When", [Option("open", "open", lambda actor: Q(ends_on__isnull=True))]),
        DateFacet("since", "Since", field="starts_on"),
    ],
    bulk=[BulkAction("name", "Name them", name_all, check=is_refused)],
    row_url=lambda organisation: f"/organisations/{organisation.reference}/",
    order=["name"],
)


@pytest.fixture
def ask(rf: RequestFactory):
    """Send a request to the list as an actor: `ask(actor, "?q=x")`, or `ask(actor, data={...})` to post."""

    def send(
        actor: Any,
        query: str = "",
        *,
        data: dict | None = None,
        page: ListPage = ORGANISATIONS,
        headers: dict | None = None,
    ) -> HttpResponse:
        path = f"/organisations/{query}"
        request = rf.post(path, data) if data is not None else rf.get(path, headers=headers or {})
        request.user = actor
        SessionMiddleware(lambda request: None).process_request(request)
        MessageMiddleware(lambda request: None).process_request(request)
        request.htmx = HtmxDetails(request)
        response = page.respond(
            request, Organisation.objects.permitted(actor, "view"), context={"title": "Organisations"}
        )
        response.said = [str(message) for message in request._messages]
        return response

    return send
