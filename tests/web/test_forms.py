"""Forms: errors at the field and on top, 422, drafts, files."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import CharField, Form
from django.template.loader import render_to_string
from django.utils.translation import override

from motrice.web.gallery.views import GalleryForm

pytestmark = pytest.mark.django_db
GOOD = {"title": "A pane", "sector": "glass", "level": "network", "agreed": "on"}


def test_refused_form_answers_422_and_links_each_error_to_its_field(signed_in):
    response = signed_in.post("/_gallery/form/", {**GOOD, "title": "", "sector": "", "details": "Kept as typed"})

    soup = BeautifulSoup(response.content, "html.parser")
    targets = [link["href"].removeprefix("#") for link in soup.select(".error-summary a")]
    assert response.status_code == 422
    assert targets == ["id_title", "id_sector"]
    for target in targets:
        field = soup.find(id=target)
        assert field["aria-invalid"] == "true"
        assert soup.find(id=field["aria-describedby"].split()[-1]).get_text(strip=True)
    assert soup.find(id="id_details").get_text(strip=True) == "Kept as typed"


@pytest.mark.parametrize(
    ("language", "label", "start"),
    [("en", "Title", "Title: "), ("fr", "Titre", "Titre\u00a0: "), ("fr", "Quel titre ?", "Quel titre ? ")],
)
def test_a_label_in_the_summary_ends_as_its_language_writes(language, label, start):
    form = Form({})
    form.fields["title"] = CharField(label=label)

    with override(language):
        summary = BeautifulSoup(render_to_string("web/forms/errors.html", {"form": form}), "html.parser")
        error = form.errors["title"][0]

    assert summary.select_one("a").get_text() == start + error


def test_help_and_error_are_both_read_with_the_field(signed_in):
    soup = BeautifulSoup(signed_in.post("/_gallery/form/", {}).content, "html.parser")

    described = soup.find(id="id_title")["aria-describedby"].split()

    assert [bool(soup.find(id=each)) for each in described] == [True, True]


def test_every_control_has_a_label(signed_in):
    soup = BeautifulSoup(signed_in.get("/_gallery/form/").content, "html.parser")
    controls = soup.select("form.form input:not([type=hidden]), form.form select, form.form textarea")

    assert len(controls) == 10
    assert [control["id"] for control in controls if not soup.find("label", attrs={"for": control["id"]})] == []


def test_accepted_form_redirects_and_says_so(signed_in):
    response = signed_in.post("/_gallery/form/", GOOD, follow=True)

    assert response.redirect_chain == [("/_gallery/form/", 302)]
    assert (
        "Nothing was recorded" in BeautifulSoup(response.content, "html.parser").select_one(".toast-note").get_text()
    )


@pytest.mark.parametrize(
    ("name", "size", "word"), [("notes.exe", 10, ".pdf, .docx"), ("notes.pdf", 21 * 1024 * 1024, "20")]
)
def test_file_of_another_kind_or_too_big_is_refused_in_words(name, size, word):
    form = GalleryForm(GOOD, {"file": SimpleUploadedFile(name, b"x" * size)})

    assert not form.is_valid()
    assert name in form.errors["file"][0]
    assert word in form.errors["file"][0]


def test_file_of_the_right_kind_is_taken():
    form = GalleryForm(GOOD, {"file": SimpleUploadedFile("Notes.PDF", b"x")})

    assert form.is_valid(), form.errors


def test_section_is_edited_in_place_and_without_a_script(signed_in):
    url = "/_gallery/section/"
    part = signed_in.get(f"{url}?edit", headers={"HX-Request": "true"}).content
    page = signed_in.get(f"{url}?edit").content

    assert b"<html" not in part
    assert b"<html" in page
    for content in (part, page):
        form = BeautifulSoup(content, "html.parser").select_one("form.form")
        assert (form["method"], form["action"]) == ("post", f"{url}?edit")
        assert form.select_one("[name=sector]")["value"] == "Glass"


def test_section_answers_422_until_it_is_right_then_shows_the_change(signed_in):
    url, htmx = "/_gallery/section/?edit", {"HX-Request": "true"}

    wrong = signed_in.post(url, {"sector": ""}, headers=htmx)
    right = signed_in.post(url, {"sector": "Food"}, headers=htmx)

    assert (wrong.status_code, b"error-summary" in wrong.content) == (422, True)
    assert (right.status_code, b"<dd>Food</dd>" in right.content) == (200, True)


def test_section_is_the_same_part_as_in_the_page(signed_in):
    page = BeautifulSoup(signed_in.get("/_gallery/").content, "html.parser").select_one("#facts")
    part = BeautifulSoup(signed_in.get("/_gallery/section/", headers={"HX-Request": "true"}).content, "html.parser")

    assert str(part.select_one("#facts")) == str(page)
