"""Whatever an address holds, a page answers; it never breaks."""

from itertools import cycle

import pytest
from django.urls import URLPattern, get_resolver

from motrice.core.models import AuditEntry
from tests.database import load_catalogue
from tests.directory.factories import OrganisationFactory, PersonFactory, user_with
from tests.leaks.reader import PlainClient, at_ease

HOSTILE = {
    "null": "%00",
    "nul in a word": "a%00b",
    "half a character": "%ED%A0%80",
    "number beyond measure": "9" * 30,
    "below nothing": "-1",
    "quotes": "%27%22%3B--%3Cscript%3E",
    "long": "x" * 5000,
}
ROLES = ("coordinator", "officer", "auditor", "administrator")
NAMES = (
    "q", "sort", "page", "on", "city", "kind", "region", "segment", "status", "trl", "from", "to", "since",
    "until", "state", "finding", "findings", "other", "type", "mechanism_type", "domain", "step", "done", "format",
    "owner", "level", "actor", "verb", "size", "starts_on", "ends_on", "next",
)  # fmt: skip


def addresses(resolver=None, route="", space=""):
    """Every address of ours without parameters, and those of a record with a hostile reference."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = route + str(entry.pattern)
        if not isinstance(entry, URLPattern):
            yield from addresses(entry, path)
        elif hasattr(entry.callback, "guard") and "<" not in path and "(" not in path and not path.startswith("api/"):
            yield f"/{path}"


@pytest.fixture
def _world(settings, tmp_path, db):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    load_catalogue()
    OrganisationFactory(unit=True, name="Laboratoire inventé")
    PersonFactory()


def askings():
    """What every page is asked: each hostile value in all its parameters, in its export, and as a saved view."""
    for what, value in HOSTILE.items():
        query = "&".join(f"{name}={value}" for name in NAMES)
        yield from (
            (what, query),
            (f"{what}, as a table", f"{query}&format=csv"),
            (f"{what} as a view", f"view={value}"),
        )


@pytest.mark.slow
@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("half", [0, 1])
def test_every_page_answers_to_whatever_its_address_holds(half):
    """Those to whom a page opens take turns in asking it."""
    clients = [PlainClient(raise_request_exception=False) for _role in ROLES]
    for client, role in zip(clients, ROLES, strict=True):
        client.force_login(user_with(role))
    pages = sorted(set(addresses()))[half::2]
    broken, opened = [], set()

    for page in pages:
        answers = {client: client.get(page).status_code for client in clients}
        readers = [client for client, status in answers.items() if status == 200] or clients[:1]
        opened |= {client for client in readers if answers[client] == 200}
        for (what, query), client in zip(askings(), cycle(readers), strict=False):
            status = at_ease(client.get, f"{page}?{query}").status_code
            if status >= 500:
                broken.append((page, what, status))

    assert len(pages) > 25
    assert opened == set(clients)
    assert broken == []
    assert AuditEntry.objects.exists()


@pytest.mark.usefixtures("_world")
@pytest.mark.parametrize("value", ["%00", "a%00b", "9" * 40, "..%2f..", "%ED%A0%80"])
def test_a_reference_that_none_can_have_is_not_there(client, value):
    client.force_login(user_with("officer"))
    client.raise_request_exception = False

    for start in ("directory/organisations", "directory/people", "directory/imports", "desk/needs", "offers"):
        assert client.get(f"/{start}/{value}/").status_code in (400, 404), start


@pytest.mark.usefixtures("_world")
def test_a_form_with_a_null_character_is_refused_in_words(client):
    client.force_login(user_with("coordinator"))
    client.cookies["motrice_language"] = "en"
    client.raise_request_exception = False

    answer = client.post("/directory/organisations/new/", {"kind": "company", "name": "a\x00b", "level": "public"})

    assert answer.status_code == 400
    assert "cannot be understood" in answer.content.decode()
