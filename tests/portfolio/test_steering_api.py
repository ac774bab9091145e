"""Steering through the API: the same figures, refusals and hidden numbers as on the pages."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.test import Client
from django.utils.timezone import localdate
from django_tasks import default_task_backend

from motrice.portfolio.enums import Reach
from motrice.portfolio.models import Landscape, PublishedRankingLine
from motrice.portfolio.operations.landscape import compute_landscape
from tests.portfolio.factories import asset_of, published_family
from tests.portfolio.operations.test_rankings import filing


def call(user: Any, method: str, path: str, status: int = 200, **body: Any) -> Any:
    """One call as an account, with the status that is expected of it."""
    client = Client()
    client.force_login(user)
    data = {} if method == "get" else {"data": json.dumps(body), "content_type": "application/json"}
    response = getattr(client, method)(f"/api/v1/portfolio/{path}", **data)
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def domain(place: Any) -> str:
    """The reference of a new domain with one rule."""
    body = {"organisation": place.office.reference, "code": "alloys", "name_fr": "Alliages", "name_en": "Alloys"}
    reference = call(place.officer, "post", "domains", 201, **body, starts_on="2024-01-01")["reference"]
    call(place.officer, "post", f"domains/{reference}/classes", 201, prefix="b22f10")
    return reference


def test_a_domain_is_filled_from_its_proposals_and_counted(place):
    reference = domain(place)
    taken = asset_of(place, title="Taken", classes=[("ipc", "B22F 10/28")])
    other = asset_of(place, title="Other", classes=[("ipc", "B22F 10/30")])

    proposed = call(place.officer, "get", f"domains/{reference}/proposals")
    answer = call(
        place.officer, "post", f"domains/{reference}/proposals", accept=[taken.reference], dismiss=[other.reference]
    )

    assert {(row["asset"], row["prefix"]) for row in proposed} == {
        (taken.reference, "B22F 10/"), (other.reference, "B22F 10/")
    }  # fmt: skip
    assert answer == {"accepted": 1, "dismissed": 1}
    assert call(place.officer, "get", f"domains/{reference}/figures")["family_count"] == 1
    assert call(place.officer, "get", f"domains/{reference}/proposals") == []


def test_a_program_reads_what_is_in_a_domain_takes_it_out_and_puts_it_back(place):
    reference = domain(place)
    asset = asset_of(place, title="Held", classes=[("ipc", "B22F 10/28")])
    call(place.officer, "post", f"domains/{reference}/proposals", accept=[asset.reference])
    path = f"domains/{reference}/assets"

    [row] = call(place.officer, "get", path)["items"]
    assert (row["asset"], row["title"], row["prefix"], row["ends_on"]) == (asset.reference, "Held", "B22F 10/", None)
    assert call(place.other_officer, "get", path)["items"] == []
    call(place.engineer, "post", f"{path}/{asset.reference}/remove", 403)
    call(place.officer, "post", f"{path}/{asset.reference}/put-back", 422)
    call(place.officer, "post", f"{path}/{asset.reference}/remove", 204)
    call(place.officer, "post", f"{path}/{asset.reference}/remove", 422)
    assert call(place.officer, "get", path)["items"][0]["ends_on"] is not None

    call(place.officer, "post", f"{path}/{asset.reference}/put-back", 204)

    assert [row["ends_on"] for row in call(place.officer, "get", path)["items"]].count(None) == 1


def test_a_program_ends_a_rule_of_a_domain_by_its_beginning(place):
    reference = domain(place)
    asset_of(place, title="Proposed", classes=[("ipc", "B22F 10/28")])
    path = f"domains/{reference}/classes"

    call(place.contact, "post", f"{path}/end", 404, prefix="B22F 10/")
    call(place.engineer, "post", f"{path}/end", 403, prefix="B22F 10/")
    unknown = call(place.officer, "post", f"{path}/end", 422, prefix="C22C")
    call(place.officer, "post", f"{path}/end", 422, prefix="")
    ended = call(place.officer, "post", f"{path}/end", prefix="b22f10")

    assert unknown["fields"] == [{"field": "prefix", "message": unknown["message"]}]
    assert "C22C" in unknown["message"]
    today = localdate().isoformat()
    assert ended == {"prefix": "B22F 10/", "starts_on": today, "ends_on": today}
    assert call(place.officer, "get", path)["items"] == [ended]
    call(place.officer, "post", f"{path}/end", 422, prefix="b22f10")


def test_a_program_says_which_laboratory_works_for_a_domain(place):
    path = f"domains/{domain(place)}/units"
    unit = place.laboratory.reference

    call(place.contact, "post", path, 404, unit=unit)
    call(place.engineer, "post", path, 403, unit=unit)
    assert [
        call(place.officer, "post", path, 422, unit=wrong)["fields"][0]["field"]
        for wrong in (place.company.reference, "AAAAAAAA")
    ] == ["unit", "unit"]
    added = call(place.officer, "post", path, 201, unit=unit)
    call(place.officer, "post", path, 422, unit=unit)

    assert added == {
        "unit": unit,
        "name": place.laboratory.name,
        "starts_on": localdate().isoformat(),
        "ends_on": None,
    }
    assert call(place.other_officer, "get", path)["items"] == [added]
    call(place.contact, "get", path, 404)


def test_a_program_says_that_a_laboratory_no_longer_works_for_a_domain(place):
    path = f"domains/{domain(place)}/units"
    unit = place.laboratory.reference
    call(place.officer, "post", path, 201, unit=unit)

    call(place.contact, "post", f"{path}/{unit}/end", 404)
    call(place.engineer, "post", f"{path}/{unit}/end", 403)
    call(place.officer, "post", f"{path}/AAAAAAAA/end", 404)
    other = call(place.officer, "post", f"{path}/{place.company.reference}/end", 422)
    ended = call(place.officer, "post", f"{path}/{unit}/end")

    assert other["fields"][0]["field"] == "unit"
    assert place.company.name in other["message"]
    assert ended["ends_on"] == localdate().isoformat()
    assert call(place.officer, "get", path)["items"] == [ended]
    call(place.officer, "post", f"{path}/{unit}/end", 422)


def test_a_laboratory_kept_to_its_circle_is_no_part_of_a_domain_for_a_program_that_may_not_see_it(place):
    path = f"domains/{domain(place)}/units"
    unit = place.laboratory.reference
    call(place.officer, "post", path, 201, unit=unit)
    type(place.laboratory).objects.filter(pk=place.laboratory.pk).update(level="circle")

    assert call(place.other_officer, "get", path)["items"] == []
    call(place.officer, "post", f"{path}/{unit}/end", 404)
    assert [row["unit"] for row in call(place.auditor, "get", path)["items"]] == [unit]


def test_a_reader_of_totals_is_told_no_small_number_and_nothing_unpublished(place):
    reference = domain(place)
    shown = published_family(place, title="Shown", classes=[("ipc", "B22F 10/28")])
    call(place.officer, "post", f"domains/{reference}/proposals", accept=[shown.reference])

    told = call(place.coordinator, "get", f"domains/{reference}/figures")

    assert told == {"family_count": None, "live_count": None, "by_year": {}, "others": {"licences": 0}}
    call(place.coordinator, "get", f"domains/{reference}/proposals", 403)


def test_a_wrong_number_of_domains_is_refused_with_the_names(place):
    domain(place)
    body = {"organisation": place.office.reference, "text": "2 domains", "stated_on": localdate().isoformat()}

    refused = call(place.officer, "post", "headlines", 422, **body, domain_count=2)
    call(place.officer, "post", "headlines", 201, **body, domain_count=1)

    assert "2 domaines sont annoncés, 1 est actif" in str(refused) or "2 domains are stated, 1 is active" in str(
        refused
    )
    assert call(place.other_officer, "get", "headlines")[0]["holds"] is True
    call(place.other_officer, "post", "headlines", 403, **body, domain_count=1)


def test_the_titles_of_a_year_are_given_by_both_rules(place):
    both = [("CENTRE INVENTE", "FR", place.office), ("SOCIETE INVENTEE", "FR", place.company)]
    filing(place, "2300001", date(2020, 1, 9), published_on=date(2021, 7, 16), names=both)

    year = call(place.officer, "get", f"ranking?organisation={place.office.reference}&year=2021")

    assert (year["whole"], year["fractional"], year["titles"], year["basis"]) == (1, "1/2", ["2300001"], "published")
    call(place.officer, "get", f"ranking?organisation={place.office.reference}&year=2001", 422)


def test_a_published_ranking_is_loaded_and_compared(place):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))
    body = {"organisation": place.office.reference, "title": "Palmarès", "year": 2024, "basis": "published"}
    name = place.office.name
    text = f"rank;name;value;title\n1;{name};2;2300001\n1;{name};2;2300009\n"

    loaded = call(place.officer, "post", "rankings", 201, **body, source="pibd.inpi.fr", text=text)
    gaps = call(place.officer, "get", f"rankings/{loaded['reference']}/gaps")

    assert gaps == [
        {"rank": 1, "name": name, "published": 2, "held": 1, "difference": 1, "titles": {"2300009": "not_held"}}
    ]
    call(place.other_officer, "get", f"rankings/{loaded['reference']}/gaps", 404)


def test_points_of_a_landscape_are_those_that_the_caller_may_see(place):
    opened = asset_of(place, title="Opened", level="organisation")
    compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)

    seen = call(place.colleague, "get", f"landscapes/{place.office.reference}")

    assert [point["asset"] for point in seen[0]["points"]] == [opened.reference]
    assert call(place.other_officer, "get", f"landscapes/{place.office.reference}") == []


def test_a_program_takes_a_ranking_back_that_was_loaded_by_mistake(place):
    body = {"organisation": place.office.reference, "title": "Palmarès", "year": 2024, "basis": "published"}
    text = "name;value\nInconnue;3\n"
    loaded = call(place.officer, "post", "rankings", 201, **body, source="pibd.inpi.fr", text=text)
    path = f"rankings/{loaded['reference']}/remove"

    call(place.other_officer, "post", path, 404)
    call(place.engineer, "post", path, 403)
    assert [row["reference"] for row in call(place.officer, "get", "rankings")["items"]] == [loaded["reference"]]
    call(place.officer, "post", path, 204)

    assert call(place.officer, "get", "rankings")["items"] == []
    assert not PublishedRankingLine.objects.exists()
    call(place.officer, "post", path, 404)


def test_a_text_that_is_no_ranking_is_told_of_the_body_that_holds_it(place):
    body = {"organisation": place.office.reference, "title": "Palmarès", "year": 2024, "basis": "published"}

    refused = call(place.officer, "post", "rankings", 422, **body, source="pibd.inpi.fr", text="a;b\n1;2\n")
    unnamed = call(place.officer, "post", "rankings", 422, **body, source=" ", text="name;value\nUne;2\n")

    assert [refused["fields"][0]["field"], unnamed["fields"][0]["field"]] == ["text", "source"]


def test_a_program_asks_for_a_landscape_and_follows_it_until_its_points_are_there(place, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    asset_of(place, title="Opened", level="organisation")
    path, text = f"landscapes/{place.office.reference}", "number,title,abstract\nUS1,Laser,About lasers\n"

    asked = call(place.officer, "post", path, reach="organisation", text=text)
    again = call(place.officer, "post", path, 422, reach="organisation")
    waiting = call(place.colleague, "get", f"{path}/work")
    assert call(place.officer, "get", path) == []
    [job] = default_task_backend.results
    job.task.call(*job.args)

    assert (asked["reach"], asked["step"], asked["computed_at"]) == ("organisation", "queued", None)
    assert (asked["document_count"], asked["asset_count"]) == (1, 0)
    assert again["fields"][0]["field"] == "reach"
    assert waiting == [asked]
    [done] = call(place.officer, "get", f"{path}/work")
    assert (done["step"], done["asset_count"], done["document_count"]) == ("done", 1, 1)
    assert len(call(place.officer, "get", path)[0]["points"]) == 1


def test_a_landscape_is_asked_for_by_who_steers_the_organisation_alone(place):
    path, text = f"landscapes/{place.office.reference}", "a,b\n1,2\n"

    call(place.other_officer, "post", path, 403, reach="network")
    call(place.engineer, "post", path, 403, reach="network")
    call(place.officer, "post", "landscapes/AAAAAAAA", 404, reach="network")
    type(place.office).objects.filter(pk=place.office.pk).update(level="circle")
    call(place.other_officer, "post", path, 404, reach="network")
    wrong = call(place.officer, "post", path, 422, reach="moon")
    unread = call(place.officer, "post", path, 422, reach="network", text=text)

    assert [wrong["fields"][0]["field"], unread["fields"][0]["field"]] == ["reach", "text"]
    assert call(place.officer, "get", f"{path}/work") == []
    assert not Landscape.objects.exists()
