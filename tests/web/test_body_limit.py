"""A body larger than any form sends is refused unread, whoever sends it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from motrice.config.body_limit import largest_body

pytestmark = pytest.mark.django_db


class Unread:
    """A body that nobody may read."""

    def read(self, *sizes: int) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def sent(client: Any, path: str, size: int | str, **headers: str) -> Any:
    told: dict[str, Any] = {"CONTENT_TYPE": "multipart/form-data; boundary=x", "CONTENT_LENGTH": str(size)}
    told["wsgi.input"] = Unread()
    return client.generic("POST", path, headers={"Accept-Language": "en"} | headers, **told)


@pytest.mark.parametrize("path", ["/needs/new/", "/account/login/", "/no-such-page/"])
def test_a_visitor_who_sends_too_much_is_told_the_limit(client, path):
    response = sent(client, path, largest_body() + 1)

    assert response.status_code == 413
    assert "This is too large" in response.content.decode()
    assert "20.0 MB at most" in response.content.decode().replace("\xa0", " ")


def test_a_part_of_a_page_is_told_so_in_its_place(client):
    response = sent(client, "/needs/new/", largest_body() + 1, **{"HX-Request": "true"})

    assert (response.status_code, response["X-Motrice-Fragment"]) == (413, "error")


def test_a_program_is_told_so_in_its_own_shape(client):
    response = sent(client, "/api/v1/imports", largest_body() + 1)

    assert response.status_code == 413
    assert response.json()["code"] == "too_large"
    assert "at most" in response.json()["message"]


def test_what_the_largest_form_holds_is_read(client):
    with pytest.raises(AssertionError, match="was read"):
        sent(client, "/needs/new/", largest_body())


def test_of_a_body_whose_length_is_no_number_nothing_is_read(client):
    assert sent(client, "/needs/new/", "many").status_code < 500


def test_a_limit_that_is_set_higher_lets_more_through(client, settings):
    settings.MAX_UPLOAD_BYTES = 100
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    file = SimpleUploadedFile("a.txt", b"x" * 1000)
    assert client.post("/needs/new/", {"f": file}).status_code == 413

    settings.MAX_UPLOAD_BYTES = 10_000
    assert client.post("/needs/new/", {"f": file}).status_code != 413
