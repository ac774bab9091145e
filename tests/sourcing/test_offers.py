"""A firm finds its door in its own words; offers whose review is late leave the portal by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from motrice.core import catalogue, search_index
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.sourcing import rules
from motrice.sourcing.models import Offer
from motrice.sourcing.operations.catalogue import change_entry
from motrice.sourcing.operations.offers import publish_offer, review_offer
from motrice.sourcing.queries import FoundOffer
from motrice.sourcing.views.offers import found_evidence
from tests.directory.factories import user_with
from tests.open_page import left_open
from tests.sourcing.factories import World, need_of, offer_of, person_in
from tests.sourcing.views.test_story import client_of, text_of

OTHERS = [
    ("Peintures marines", "Marine paints", "Revêtements contre la corrosion.", "Coatings against corrosion."),
    ("Lasers", "Lasers", "Découpe par laser femtoseconde.", "Cutting with femtosecond lasers."),
    ("Fermentation", "Fermentation", "Arômes par fermentation.", "Flavours by fermentation."),
]


@pytest.fixture
def offers(place: World) -> Offer:
    for title_fr, title_en, text_fr, text_en in OTHERS:
        offer_of(place.optics, place.optician, title_fr=title_fr, title_en=title_en, text_fr=text_fr, text_en=text_en)
    wanted = offer_of(
        place.chemistry,
        place.chemist,
        text_en="We measure how glue and structural joints keep their strength in the cold, down to -60 °C.",
    )
    search_index.rebuild()
    return wanted


@pytest.mark.parametrize(
    "question", ["my glue loses strength in cold", "ma colle ne tient plus au froid", "joints structuraux"]
)
def test_a_firm_finds_its_door_among_five_and_reads_what_matched(offers: Offer, question):
    response = Client(HTTP_ACCEPT_LANGUAGE="en").get(reverse("sourcing:find"), {"q": question})

    found = response.context["found"]
    assert offers in [offer for offer, _piece in found][:5]
    piece = next(piece for offer, piece in found if offer == offers)
    assert str(piece.source).removeprefix("Matched: ")
    assert f"Ask {offers.owner}." in text_of(response)
    assert [offer.title for offer, piece in found if not str(piece.source)] == []


def test_a_question_that_nothing_answers_leads_once_to_the_desk(offers: Offer):
    page = text_of(Client(HTTP_ACCEPT_LANGUAGE="en").get(reverse("sourcing:find"), {"q": "zzzz"}))

    assert "No offer speaks of this yet" in page
    assert "Not what you need?" not in page


def test_an_offer_whose_review_is_late_is_hidden_from_the_portal_and_listed_to_the_coordinator(
    place: World, offers: Offer
):
    yesterday = timezone.localdate() - timedelta(days=1)
    Offer.objects.filter(pk=offers.pk).update(review_on=yesterday)
    url = reverse("sourcing:offer", args=[offers.reference])

    assert Client().get(url).status_code == 404
    found = Client().get(reverse("sourcing:find"), {"q": "colle au froid"}).context["found"]
    assert offers not in [offer for offer, _piece in found]
    assert offers.title_en in text_of(client_of(place.coordinator).get(reverse("sourcing:overdue_offers")))
    with pytest.raises(RuleViolation):
        review_offer(offer=Offer.objects.get(pk=offers.pk), review_on=yesterday, actor=place.chemist)
    review_offer(offer=Offer.objects.get(pk=offers.pk), review_on=yesterday + timedelta(days=90), actor=place.chemist)
    assert Client().get(url).status_code == 200


def test_only_its_keepers_publish_an_offer(place: World, offers: Offer):
    for stranger in (place.optician, place.contact, place.other_officer):
        with pytest.raises(NotPermitted):
            publish_offer(offer=offers, actor=stranger)


def test_the_naf_mapping_is_seen_and_changed_in_the_browser(place: World):
    url = reverse("sourcing:segments")
    assert "20.52Z leads to “Chemistry and materials”." in text_of(
        client_of(place.contact).get(url, {"naf": "20.52Z"})
    )
    edit = reverse("sourcing:segment_edit", args=["luxury"])
    data = catalogue.entry(rules.SEGMENT, "luxury").data
    form = {
        "name_fr": data["name"]["fr"],
        "name_en": data["name"]["en"],
        "description_fr": data["description"]["fr"],
        "description_en": data["description"]["en"],
        "naf": ", ".join([*data["naf"], "20.52Z"]),
        "reason": "Colles de maroquinerie",
    }

    assert client_of(place.officer).post(edit, form).status_code == 403
    assert client_of(place.coordinator).post(edit, form).status_code == 302

    assert rules.segment_of("2052Z") == "luxury"
    assert need_of(place).segment == "luxury"
    assert catalogue.entry(rules.SEGMENT, "luxury").version == 2
    with pytest.raises(NotPermitted):
        change_entry(entry=catalogue.entry(rules.SEGMENT, "luxury"), data=data, actor=place.officer, reason="x")


def test_a_segment_changed_meanwhile_is_told_to_who_changes_it(place: World):
    url, client = reverse("sourcing:segment_edit", args=["luxury"]), client_of(place.coordinator)
    page = left_open(client.get(url), "naf")
    entry = catalogue.entry(rules.SEGMENT, "luxury")
    other = user_with("coordinator")
    change_entry(entry=entry, data=entry.data | {"naf": ["2052Z"]}, actor=other, reason="colles")

    clash = client.post(url, page | {"naf": "20.53Z", "reason": "huiles"})

    assert clash.status_code == 422
    assert [word for word in ("2052Z", "20.53Z", str(other)) if word not in clash.content.decode()] == []
    assert catalogue.entry(rules.SEGMENT, "luxury").data["naf"] == ["2052Z"]
    assert client.post(url, left_open(clash, "naf")).status_code == 302
    assert catalogue.entry(rules.SEGMENT, "luxury").data["naf"] == ["2053Z"]


def test_the_list_of_offers_names_its_segments_as_the_catalogue_does(place: World, offers: Offer):
    page = client_of(place.coordinator).get(reverse("sourcing:offers"))

    shown = next(each for each in page.context["facets"] if each.facet.key == "segment")
    words = dict(rules.choices(rules.SEGMENT))
    assert [value.label for value in shown.values] == [words[value.value] for value in shown.values] != []


def test_a_door_found_by_no_word_of_the_question_says_so(place: World, offers: Offer):
    one = FoundOffer(offers, 0.1, ())

    with translation.override("en"):
        assert "No word in common" in str(found_evidence(one).source)


@pytest.mark.parametrize("typed", ["{name}", "{reference}", "{name} · {reference}"])
def test_who_keeps_an_offer_is_named_as_people_are(place: World, offers: Offer, typed):
    person = person_in(place.chemistry, given_name="Maud", family_name="Serlin")
    search_index.rebuild()
    client, url = client_of(place.chemist), reverse("sourcing:offer_edit", args=[offers.reference])
    page = left_open(client.get(url), "title_fr")

    client.post(url, page | {"owner": typed.format(name=person, reference=person.reference)})
    nobody = client.post(url, page | {"owner": "Personne d’ici"})

    offers.refresh_from_db()
    assert offers.owner == person
    assert list(nobody.context["form"].errors) == ["owner"]


def test_segments_stand_in_the_order_of_the_alphabet_whatever_their_accents(place: World):
    client = client_of(place.chemist)

    names = [
        row[1] for row in client.get(reverse("sourcing:segments"), headers={"Accept-Language": "fr"}).context["rows"]
    ]

    assert names.index("Électronique, photonique et capteurs") < names.index("Transports et mobilité")


def test_a_routing_rule_says_its_parts_on_a_phone(place: World):
    page = client_of(place.coordinator).get(reverse("sourcing:routing")).content.decode()

    labels = ("Needs it takes", "Given to", "Open needs at most", "Holds")
    assert [label for label in labels if f'data-label="{label}"' not in page] == []
