"""The routing rules on their form: rows by plain buttons, tried before saved, a new version each time, never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from motrice.core import catalogue
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.models import CatalogueEntry
from motrice.sourcing import rules
from motrice.sourcing.operations.catalogue import change_entry
from motrice.sourcing.routing_forms import RuleForm
from tests.directory.factories import user_with
from tests.open_page import left_open, told
from tests.sourcing.factories import World, need_of

FORM: dict[str, Any] = {
    "name_fr": "Colles",
    "name_en": "Glues",
    "order": "1",
    "segments": ["chemistry-materials"],
    "way": "named",
    "reason": "Ask the specialist first.",
    "seats-INITIAL_FORMS": "0",
}


def client_of(user: Any) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    return client


def filled(*seats: str, **changes: Any) -> dict[str, Any]:
    rows = {f"seats-{n}-seat": seat for n, seat in enumerate(seats)}
    return {**FORM, "seats-TOTAL_FORMS": str(len(seats)), **rows, **changes}


def text_of(response: Any) -> str:
    return response.content.decode()


def test_a_rule_that_names_an_officer_takes_the_next_need(place: World):
    specialist = user_with("officer", on=place.institute)
    client = client_of(place.coordinator)

    client.post(reverse("sourcing:routing_new"), filled(f"officer:{specialist.reference}", ""))

    assert catalogue.entry(rules.ROUTING, "glues").data["target"] == {"officers": [specialist.reference]}
    assert need_of(place, at=None).owner == specialist


def test_trying_a_rule_tells_who_would_take_each_past_need_and_saves_nothing(place: World):
    specialist = user_with("officer", on=place.institute)
    need = need_of(place, at=timezone.now() - timedelta(days=5))
    old = need_of(place, at=timezone.now() - timedelta(days=100), title="Too old to be tried")
    versions = CatalogueEntry.objects.count()

    answer = client_of(place.coordinator).post(
        reverse("sourcing:routing_new"), filled(f"officer:{specialist.reference}", **{"try": "1"})
    )

    tried = [(line.need, line.owner, is_this) for line, is_this, _name in answer.context["tried"]]
    assert tried == [(need, specialist, True)]
    assert old.title not in text_of(answer)
    assert (CatalogueEntry.objects.count(), need.owner) == (versions, place.officer)


def test_rows_are_added_and_removed_by_plain_buttons_and_keep_what_was_typed(place: World):
    client, url = client_of(place.coordinator), reverse("sourcing:routing_new")
    seats = [f"office:{place.institute.reference}", f"officer:{place.officer.reference}"]

    more = client.post(url, filled(*seats, add_row="1", reason="")).context
    fewer = client.post(url, filled(*seats, remove_row="0", reason="")).context

    assert [row["seat"].value() for row in more["rows"]] == [*seats, ""]
    assert [row["seat"].value() for row in fewer["rows"]] == seats[1:]
    assert (more["form"]["name_en"].value(), more["form"].errors) == ("Glues", {})
    assert more["form"]["segments"].value() == ["chemistry-materials"]


def test_saving_makes_a_new_version_and_the_form_shows_it_again(place: World):
    client, url = client_of(place.coordinator), reverse("sourcing:routing_edit", args=["institute-of-segment"])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "")}

    client.post(url, filled("", **typed | {"reason": "Fewer needs each.", "max_load": "7", "segments": []}))

    first, second = CatalogueEntry.objects.filter(code="institute-of-segment").order_by("version")
    assert second.data == first.data | {"max_load": 7, "when": {}}
    assert first.data["max_load"] == 40


def test_a_rule_changed_by_another_meanwhile_is_told_and_kept(place: World):
    code = "institute-of-segment"
    client, url = client_of(place.coordinator), reverse("sourcing:routing_edit", args=[code])
    page = left_open(client.get(url), "reason")
    entry = catalogue.entry(rules.ROUTING, code)
    change_entry(entry=entry, data=entry.data | {"max_load": 12}, actor=user_with("administrator"), reason="Fewer.")

    page = left_open(client.post(url, page | {"add_row": "1"}), "reason")
    clash = client.post(url, page | {"max_load": "7", "reason": "Fewer needs each.", "save": "1"})

    told(clash, "“Routing rule” meanwhile", "It now says: “Open needs at most”: 12")
    assert catalogue.entry(rules.ROUTING, code).data["max_load"] == 12
    assert client.post(url, left_open(clash, "reason") | {"save": "1"}).status_code == 302
    assert catalogue.entry(rules.ROUTING, code).data["max_load"] == 7


def test_who_changed_something_in_another_window_reads_it_in_good_french(place: World):
    code = "institute-of-segment"
    client, url = client_of(place.coordinator), reverse("sourcing:routing_edit", args=[code])
    page = left_open(client.get(url), "reason")
    entry = catalogue.entry(rules.ROUTING, code)
    change_entry(entry=entry, data=entry.data | {"max_load": 12}, actor=place.coordinator, reason="Fewer.")

    clash = client.post(url, page | {"max_load": "7", "reason": "Mine."}, headers={"Accept-Language": "fr"})

    told(
        clash,
        "a été changé entre-temps par vous-même, dans une autre fenêtre (",
        "« Besoins ouverts au plus » : 12. Ce",
    )


def test_a_rule_called_add_has_an_address_of_its_own(place: World):
    client = client_of(place.coordinator)
    client.post(reverse("sourcing:routing_new"), filled(f"officer:{place.officer.reference}", name_en="Add"))

    url = reverse("sourcing:routing_edit", args=[rules.routing_rules()[0].code])

    assert client.get(url).context["entry"].data["name"]["en"] == "Add"


CHANGES: list[dict[str, Any]] = [
    {"name": {"fr": "Autre nom", "en": "Other name"}},
    {"order": 51},
    {"when": {"segments": ["luxury"], "naf": ["20"], "regions": ["Bretagne"], "trl_min": 2, "trl_max": 5}},
    {"target": {"network_desk": True}},
    {"starts_on": "2027-01-31", "ends_on": "2027-02-28"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_another_changed_of_a_rule_bears_the_labels_of_the_form(place: World, change, language):
    entry = catalogue.entry(rules.ROUTING, "institute-of-segment")
    change_entry(entry=entry, data=entry.data | change, actor=place.coordinator, reason="Other.")

    with translation.override(language), pytest.raises(StaleState) as refused:
        change_entry(entry=entry, data=entry.data, actor=place.coordinator, reason="Mine.", read={"data": "before"})

    with translation.override(language):
        labels = {str(field.label) for field in RuleForm().fields.values()}
    named = re.findall(r"(?:“|«\s)([^”»]+?)(?:”|\s»)\s?:", refused.value.clashes[0].theirs)
    expected = sum(len(value) if name in ("name", "when") else 1 for name, value in change.items())
    assert (len(named), set(named) - labels) == (expected, set())


def test_a_segment_changed_by_another_meanwhile_is_told_in_the_words_of_its_form(place: World):
    client, url = client_of(place.coordinator), reverse("sourcing:segment_edit", args=["luxury"])
    page = left_open(client.get(url), "naf")
    entry = catalogue.entry(rules.SEGMENT, "luxury")
    texts = {"fr": "Autre", "en": "Other things"}
    change_entry(entry=entry, data=entry.data | {"description": texts}, actor=user_with("administrator"), reason="x")

    clash = client.post(url, page | {"name_en": "Luxury goods", "reason": "Mine."})

    told(
        clash, "“Market segment” meanwhile", "“Description in French”: Autre", "“Description in English”: Other things"
    )
    assert catalogue.entry(rules.SEGMENT, "luxury").data["description"] == texts


def test_a_rule_holds_only_on_its_days(place: World):
    specialist = user_with("officer", on=place.institute)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()

    client_of(place.coordinator).post(
        reverse("sourcing:routing_new"), filled(f"officer:{specialist.reference}", ends_on=yesterday)
    )

    assert need_of(place, at=None).owner == place.officer
    assert need_of(place, at=timezone.now() - timedelta(days=2)).owner == specialist


def test_a_removed_rule_is_no_longer_tried_and_the_last_one_stays(place: World):
    client = client_of(place.coordinator)
    codes = [row.code for row in rules.routing_rules()]

    for code in codes:
        client.post(reverse("sourcing:routing_retire", args=[code]), {"reason": "no longer used"})

    assert [row.code for row in rules.routing_rules()] == codes[-1:]
    assert "last routing rule" in text_of(
        client.post(reverse("sourcing:routing_retire", args=[codes[-1]]), {"reason": "once more"})
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"naf": "20, vingt"}, "is not a NAF code"),
        ({"way": "matching"}, "Choose at least one kind of office."),
        ({"starts_on": "2027-02-01", "ends_on": "2027-01-01"}, "The end cannot precede the start."),
        ({}, "A routing rule says which offices it gives the need to."),
    ],
)
def test_a_wrong_rule_is_refused_in_words(place: World, change: dict[str, Any], told: str):
    seats = ("",) if not change else (f"office:{place.institute.reference}",)

    answer = client_of(place.coordinator).post(reverse("sourcing:routing_new"), filled(*seats, **change))

    assert answer.status_code == 422
    assert told in text_of(answer)


def test_an_officer_reads_the_rules_in_words_and_may_not_change_them(place: World):
    client = client_of(place.officer)

    page = text_of(client.get(reverse("sourcing:routing")))

    assert "Labelled institute of the sector" in page
    assert "{&quot;" not in page
    assert client.get(reverse("sourcing:routing_new")).status_code == 403


def test_a_load_or_a_list_of_the_wrong_kind_is_refused():
    data = {"name": {"fr": "a", "en": "a"}, "order": 1, "target": {"network_desk": True}}
    for wrong in ({"max_load": 0}, {"when": {"regions": "Bretagne"}}, {"starts_on": "soon"}, {"order": True}):
        with pytest.raises(RuleViolation):
            rules.check_routing(data | wrong)
