"""The desk itself through the API: offers, absences, calendar addresses, rules and figures."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from motrice.core.models import AuditEntry
from motrice.sourcing.models import Offer
from tests.directory.factories import user_with
from tests.sourcing.api.caller import Caller
from tests.sourcing.factories import World, need_of, offer_of, person_in, refer

WORDS = {"title_fr": "Essai", "title_en": "Test", "text_fr": "Un essai à froid", "text_en": "A cold test"}


def in_a_year() -> str:
    return (timezone.localdate() + timedelta(days=365)).isoformat()


def test_an_offer_is_prepared_changed_published_and_retired(place: World):
    keeper, segment = Caller(place.chemist), Caller(place.chemist)("get", "segments")[0]["code"]
    body = {**WORDS, "organisation": place.chemistry.reference, "owner": person_in(place.chemistry).reference}

    made = keeper("post", "offers", 201, **body, segments=[segment], review_on=in_a_year())
    path = f"offers/{made['reference']}"
    changed = keeper("patch", path, title_en="Cold test", references=[{"title": "Pont", "year": 2024}])

    assert (made["status"], made["references"]) == ("draft", [])
    assert (changed["title_fr"], changed["title_en"], changed["references"][0]["year"]) == ("Essai", "Cold test", 2024)
    assert keeper("post", f"{path}/publish")["status"] == "published"
    Caller(place.contact)("post", f"{path}/retire", 403)
    assert keeper("post", f"{path}/retire")["status"] == "retired"
    assert keeper("patch", path, 422, segments=["nothing"])["fields"][0]["field"] == "segments"
    Caller(place.contact)("get", path, 404)


def test_an_offer_of_anothers_laboratory_is_refused(place: World):
    body = {**WORDS, "organisation": place.optics.reference, "owner": person_in(place.optics).reference}

    Caller(place.chemist)("post", "offers", 403, **body, segments=["x"], review_on=in_a_year())

    assert not Offer.objects.exists()


def test_offers_are_listed_as_on_their_page(place: World):
    offer_of(place.chemistry, place.chemist, title_fr="Collage")
    offer_of(place.optics, place.optician, title_fr="Optique")
    reader = Caller(place.contact)

    assert [row["title_fr"] for row in reader("get", "offers?sort=-title")["items"]] == ["Optique", "Collage"]
    assert reader("get", "offers?q=collage")["total"] == 1
    assert reader("get", "offers?review=overdue")["total"] == 0


def test_an_absence_is_declared_for_oneself_or_by_the_coordinator(place: World):
    officer, coordinator = Caller(place.officer), Caller(place.coordinator)
    days = {"starts_on": "2027-01-04", "ends_on": "2027-01-08"}

    own = officer("post", "absences", 201, **days)
    Caller(place.contact)("post", "absences", 403, **days)
    other = coordinator("post", "absences", 201, officer=place.officer.reference, **days)

    assert own["officer"] == other["officer"] == place.officer.reference
    assert officer("post", "absences", 422, starts_on="2027-01-04", ends_on="2027-01-01")["fields"] is not None
    Caller(place.chemist)("delete", f"absences/{own['reference']}", 404)
    officer("delete", f"absences/{own['reference']}", 204)
    assert coordinator("get", "absences")["total"] == 1


def test_rules_and_loads_are_read_by_whom_they_concern(place: World):
    need_of(place)

    assert Caller(place.officer)("get", "routing")["promise"]["working_days"] > 0
    Caller(place.contact)("get", "routing", 403)
    assert Caller(place.coordinator)("get", "loads")["items"][0]["open_needs"] == 1
    Caller(place.officer)("get", "loads", 403)
    assert len(Caller(place.officer)("get", "segments?naf=20.52Z")) == 1
    assert place.officer.reference in {row["reference"] for row in Caller(place.officer)("get", "officers")["items"]}


def test_each_figure_gives_the_address_of_its_list(place: World):
    need = need_of(place)
    referral = refer(place, need)[0].reference
    Caller(place.chemist)("post", f"referrals/{referral}/refuse", refusal="too-early")
    desk = Caller(place.officer)

    report = desk("get", "report?received_from=2020-01-01")
    never = next(row for row in report["figures"] if row["key"] == "never-answered")
    by_team = next(row for row in report["refusals"] if row["team"])

    assert (report["total"], never["value"]) == (1, 1)
    assert desk.client.get(never["list"]).json()["total"] == 1
    assert by_team["team"] == place.chemistry.reference
    assert desk.client.get(by_team["list"]).json()["items"][0]["reference"] == referral
    assert desk("get", "report?received_to=2020-01-01")["total"] == 0


def test_who_gets_totals_only_gets_no_small_part(place: World):
    director = Caller(user_with("director"))
    for number in range(6):
        need_of(place, title=f"Besoin {number}")
    refer(place, need_of(place, title="Un seul"))

    report = director("get", "report")
    figures = {row["key"]: (row["value"], row["list"]) for row in report["figures"]}

    assert (report["total"], figures["never-answered"]) == (7, (7, None))
    assert figures["referred"] == (None, None)
    Caller(place.contact)("get", "report", 403)


def test_segments_and_routing_rules_are_changed_by_the_coordinator(place: World):
    coordinator, officer = Caller(place.coordinator), Caller(place.officer)
    segment, rule = officer("get", "segments")[0], officer("get", "routing")["rules"][0]
    body = {"name": {"fr": "Un", "en": "One"}, "description": {"fr": "Un", "en": "One"}, "naf": ["20"], "reason": "x"}

    officer("put", f"segments/{segment['code']}", 403, **body)
    assert coordinator("put", f"segments/{segment['code']}", **body)["name"]["en"] == "One"
    data = rule["data"] | {"name": {"fr": "Règle", "en": "A rule"}}
    officer("post", "routing", 403, data=data, reason="x")
    made = coordinator("post", "routing", 201, data=data, reason="x")
    assert coordinator("put", f"routing/{made['code']}", data=data | {"order": 3}, reason="x")["version"] == 2
    coordinator("put", f"routing/{made['code']}", 409, data=data | {"order": 4}, reason="x", read={"data": data})
    assert coordinator("post", "routing", 422, data={"name": 1}, reason="x")["fields"]
    coordinator("post", f"routing/{made['code']}/retire", 204, reason="x")
    coordinator("put", "routing/nothing", 404, data=data, reason="x")


def test_a_rule_is_tried_on_the_needs_received_and_nothing_is_written(place: World):
    need, coordinator = need_of(place, at=timezone.now()), Caller(place.coordinator)
    data = coordinator("get", "routing")["rules"][0]["data"]
    own = data | {"order": 1, "name": {"fr": "Règle", "en": "A rule"}, "target": {"kinds": ["institute"]}}
    own.pop("when", None)
    entries = AuditEntry.objects.count()

    tried = coordinator("post", "routing/try", data=own)

    assert [(line["need"], line["is_this_rule"], line["rule"]) for line in tried] == [(need.reference, True, None)]
    assert tried[0]["officer"] in {place.officer.reference, place.other_officer.reference}
    assert AuditEntry.objects.count() == entries
    assert coordinator("post", "routing/try", 422, data={"name": 1})["fields"]
    coordinator("post", "routing/try", 404, data=own, code="nothing")
    Caller(place.officer)("post", "routing/try", 403, data=own)
