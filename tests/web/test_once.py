"""A form pressed twice acts once, whatever the form; a corrected or a new one acts again."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from motrice.accounts.models import ApiAnswer
from motrice.core.models import ImportRun
from motrice.directory.models import Organisation
from motrice.sourcing.models import Need
from tests.database import load_catalogue
from tests.directory.factories import user_with
from tests.sourcing.factories import World, world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"


@pytest.fixture
def place():
    return world()


NEED = {
    "company_name": "Verrerie inventée",
    "contact_name": "Rosa Inventée",
    "contact_email": "rosa@verrerie.example",
    "title": "Un vernis qui tient au froid",
    "problem": "Notre vernis se fend à moins vingt degrés et nous cherchons un liant plus souple.",
    "language": "fr",
    "level": "organisation",
}


def browser(user):
    """A browser that bears the proof against forgery, as real ones do."""
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def proof(client, address):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(address).content.decode()).group(1)


def press(client, address, fields, times=2):
    """Open the page of a form and press its button, several times."""
    mark = proof(client, address)
    return [client.post(address, {**fields, "csrfmiddlewaretoken": mark}) for _ in range(times)]


def test_an_officer_who_presses_twice_enters_one_need(place: World):
    first, second = press(browser(place.officer), reverse("sourcing:officer_need"), NEED)

    assert first.status_code == 302
    assert second["Location"] == first["Location"]
    assert Need.objects.count() == 1


def test_the_second_press_says_that_it_was_done_once(place: World):
    client = browser(place.officer)
    press(client, reverse("sourcing:officer_need"), NEED)

    assert "it was done once" in client.get(reverse("sourcing:queue")).content.decode()


def test_the_form_opened_again_enters_another_need(place: World):
    client = browser(place.officer)
    for _ in range(2):
        press(client, reverse("sourcing:officer_need"), NEED, times=1)

    assert Need.objects.count() == 2


def test_what_was_refused_is_corrected_on_the_same_page_and_sent(place: World):
    client = browser(place.officer)
    address = reverse("sourcing:officer_need")
    mark = proof(client, address)

    refused = [client.post(address, {**NEED, "title": "", "csrfmiddlewaretoken": mark}) for _ in range(2)]
    sent = client.post(address, {**NEED, "csrfmiddlewaretoken": mark})

    assert [answer.status_code for answer in (*refused, sent)] == [422, 422, 302]
    assert Need.objects.count() == 1


def test_other_words_from_the_same_page_are_another_act():
    client = browser(user_with("coordinator"))
    address = reverse("directory:organisation_new")
    mark = proof(client, address)

    for name in ("Société inventée", "Société inventée", "Autre société inventée"):
        fields = {"kind": "company", "name": name, "level": "public", "country": "FR", "csrfmiddlewaretoken": mark}
        assert client.post(address, fields).status_code == 302

    assert sorted(Organisation.objects.values_list("name", flat=True)) == [
        "Autre société inventée",
        "Société inventée",
    ]


def test_a_file_sent_twice_is_one_import_and_another_file_another():
    load_catalogue()
    client = browser(user_with("coordinator"))
    address = reverse("directory:import_new")
    mark = proof(client, address)

    for content in (b'{"id": "a"}', b'{"id": "a"}', b'{"id": "b"}'):
        file = SimpleUploadedFile("names.jsonl", content)
        answer = client.post(address, {"kind": "ror", "file": file, "csrfmiddlewaretoken": mark})
        assert answer.status_code == 302

    assert ImportRun.objects.count() == 2


def test_the_mark_of_one_person_is_not_anothers_and_leaves_with_its_time(place: World):
    client = browser(place.officer)
    press(client, reverse("sourcing:officer_need"), NEED, times=1)
    kept = ApiAnswer.objects.get()

    assert kept.user == place.officer
    assert "Verrerie" not in kept.body + kept.key
    ApiAnswer.objects.update(expires_at="2020-01-01T00:00Z")
    press(client, reverse("sourcing:officer_need"), NEED, times=1)
    assert ApiAnswer.objects.get().pk != kept.pk


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_enter_one_need():
    place = world()
    client = browser(place.officer)
    address = reverse("sourcing:officer_need")
    mark = proof(client, address)

    def one_press(_number):
        twin = Client(enforce_csrf_checks=True)
        twin.cookies.update(client.cookies)
        try:
            return twin.post(address, {**NEED, "csrfmiddlewaretoken": mark})["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        found = set(pool.map(one_press, range(3)))

    assert len(found) == 1
    assert Need.objects.count() == 1
