"""Where offers begin and where they are read: a laboratory's page, their list, the door of companies."""

import pytest
from django.urls import reverse

from tests.sourcing.factories import World, offer_of


@pytest.fixture
def page_of(client):
    def page(body, user=None):
        client.logout()
        if user is not None:
            client.force_login(user)
        return client.get(body.get_absolute_url(), headers={"accept-language": "en"}).content.decode()

    return page


def test_who_keeps_a_laboratory_finds_on_its_page_how_to_describe_an_offer(place: World, page_of, client):
    url = reverse("sourcing:offer_new", args=[place.chemistry.reference])

    for user, leads in ((place.chemist, True), (place.coordinator, True), (place.optician, False), (None, False)):
        assert (url in page_of(place.chemistry, user)) is leads

    client.force_login(place.chemist)
    assert client.get(url).status_code == 200


def test_a_laboratory_s_page_shows_the_offers_that_its_reader_may_see(place: World, page_of):
    offer_of(place.chemistry, place.chemist)
    closed = offer_of(place.chemistry, place.chemist, title_en="Kept among ourselves", title_fr="Gardé entre nous",
                      level="network")  # fmt: skip

    assert "Essais d&#x27;adhésion" in page_of(place.chemistry) or "Adhesion tests" in page_of(place.chemistry)
    assert closed.reference not in page_of(place.chemistry)
    assert closed.reference in page_of(place.chemistry, place.optician)
    assert "Offers and platforms" not in page_of(place.optics)


def test_an_empty_list_of_offers_says_where_they_are_described(place: World, client):
    client.force_login(place.chemist)

    page = client.get(reverse("sourcing:offers"), headers={"accept-language": "en"}).content.decode()

    assert "on the page of their laboratory" in page or "sur la page de leur laboratoire" in page
    assert f'href="{reverse("directory:units")}">' in page.split("<main", 1)[1]


@pytest.mark.parametrize("question", ["q=glue", "segment=chemistry-materials"])
def test_where_no_offer_answers_the_door_offers_a_person_once(place: World, client, question):
    page = client.get(f"{reverse('sourcing:find')}?{question}", headers={"accept-language": "en"}).content.decode()

    part = page.split('id="find-part"', 1)[1].split("</main>")[0]
    assert part.count(reverse("sourcing:visitor_need")) == 1
