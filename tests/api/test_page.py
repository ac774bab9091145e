"""The page that shows the API to people."""

import ast

import pytest
from django.urls import reverse

from motrice.config.api_page import kind_of, read_document
from tests.directory.factories import user_with
from tests.sources import PACKAGE, tree

pytestmark = pytest.mark.django_db


def test_every_operation_of_the_document_is_on_the_page(client):
    document = client.get("/api/v1/openapi.json").json()
    keys = {item["operationId"] for methods in document["paths"].values() for item in methods.values()}

    page = client.get("/api/v1/docs").content.decode()

    assert len(keys) > 150
    assert [key for key in keys if f'id="{key}"' not in page] == []
    assert [name for name in document["components"]["schemas"] if f'id="body-{name}"' not in page] == []


def test_the_page_speaks_the_readers_language_and_runs_no_script_of_others(client):
    english = client.get("/api/v1/docs", headers={"Accept-Language": "en"})
    french = client.get("/api/v1/docs", headers={"Accept-Language": "fr"}).content.decode()

    assert "API for programs" in english.content.decode()
    assert "API pour les programmes" in french
    assert "Portées :" in french
    assert "script-src 'self'" in english["Content-Security-Policy"]


def test_the_account_and_the_foot_of_pages_lead_to_it(client):
    client.force_login(user_with())

    assert client.get(reverse("accounts:profile")).content.decode().count('href="/api/v1/docs"') == 2


def test_a_type_is_told_in_words():
    assert kind_of({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 9}, {"type": "null"}]}).words == (
        "integer 1…9 | null"
    )
    assert kind_of({"type": "array", "items": {"$ref": "#/components/schemas/NeedOut"}}).body == "NeedOut"
    assert reverse("api_page")  # the addresses are loaded before the document is made of them
    assert read_document()[1][0].name


def test_no_two_bodies_share_a_name():
    """The document holds bodies by name: of two with one name, it would describe only the last."""
    held: dict[str, str] = {}
    for path in sorted(PACKAGE.glob("*/api/*.py")):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name != "Strict":
                assert held.setdefault(node.name, str(path)) == str(path), f"{node.name}: {path}, {held[node.name]}"

    assert len(held) > 80
