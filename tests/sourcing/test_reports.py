"""Each number of the report opens a list of exactly that many rows; who has totals only sees no small part."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motrice.core.models import AuditEntry
from motrice.sourcing import marts, rules
from motrice.sourcing.enums import NeedStatus
from motrice.sourcing.models import Need
from motrice.sourcing.operations.joint import confirm_joint, propose_joint
from motrice.sourcing.operations.needs import qualify_need, reply_to_desk, write_to_company
from motrice.sourcing.operations.outcomes import close_need, record_outcome
from motrice.sourcing.operations.referrals import accept_referral, refuse_referral
from tests.directory.factories import user_with
from tests.leaks.reading import pages_of
from tests.sourcing.factories import MONDAY, PARIS, World, need_of, refer
from tests.sourcing.views.test_story import client_of, text_of


@pytest.fixture
def desk(place: World) -> World:
    """Five needs: answered at once, late, never; introduced, refused, answered by two teams together."""
    introduced, late, _never, refused, joined = (need_of(place) for _number in range(5))
    qualify_need(need=introduced, message="Bonjour", actor=place.officer, at=MONDAY + timedelta(hours=2))
    qualify_need(need=late, message="Enfin", actor=place.officer, at=MONDAY + timedelta(days=8))
    (referral,) = refer(place, introduced)
    accept_referral(referral=referral, answer="Oui", actor=place.chemist, at=MONDAY)
    record_outcome(
        need=Need.objects.get(pk=introduced.pk),
        kind="introduction",
        referral=referral,
        dated_on=MONDAY.date(),
        actor=place.officer,
        at=MONDAY,
    )
    first, second = refer(place, refused, place.chemistry, place.optics)
    refuse_referral(referral=first, refusal="too-early", actor=place.chemist, at=MONDAY)
    refuse_referral(referral=second, refusal="no-capacity", actor=place.optician, at=MONDAY)
    close_need(need=Need.objects.get(pk=refused.pk), ending="no-team", actor=place.officer, at=MONDAY)
    lead, _partner = refer(place, joined, place.chemistry, place.optics)
    joint = propose_joint(referral=lead, partner_team=place.optics, text="Ensemble", actor=place.chemist, at=MONDAY)
    confirm_joint(joint=joint, actor=place.optician, at=MONDAY)
    return place


def test_each_number_opens_its_list(desk: World):
    client = client_of(desk.officer)
    context = client.get(reverse("sourcing:report")).context

    lines = [line for part in ("promise", "times", "funnel", "ends") for line in context[part]]
    lines += [now for _of, _days, now in context["spent"]]
    rows = [*context["refusals"], *context["team_refusals"]]
    told = [line.value for line in lines] + [row.count for row in rows] + [context["total"].value]
    urls = [line.url for line in lines] + [row.url for row in rows] + [context["total"].url]
    listed = [client.get(unescape(url)).context["total"] for url in urls]

    assert listed == told
    assert dict(zip([line.label for line in lines], told, strict=False)) == {
        "answered within the promise": 2,
        "answered after the promise": 1,
        "within a working day": 2,
        "in 1 to 2 working days": 0,
        "in 2 to 3 working days": 0,
        "after 3 working days": 1,
        "not answered": 2,
        "referred to a team": 3,
        "accepted by a team": 2,
        "introduced": 1,
        "with a contract": 0,
        "without outcome": 1,
        "waiting for the company now": 0,
        "waiting for a laboratory now": 0,
        "waiting for the desk now": 4,
    }


def test_each_figure_in_short_opens_the_list_it_is_computed_on(desk: World):
    client = client_of(desk.officer)
    headline = client.get(reverse("sourcing:report")).context["headline"]

    listed = [client.get(unescape(line.url)).context["total"] for line in headline]

    assert listed == [3, 2, 1, 2]  # answered, in time, introduced; answers of teams, the joint one once
    assert headline[-1].value == 2


def test_times_are_counted_in_working_days_of_the_french_calendar(place: World):
    eve = datetime(2026, 12, 24, 17, 0, tzinfo=PARIS)  # a Thursday; the next working day is Monday 28
    need = need_of(place, at=eve)

    qualify_need(need=need, message="Bonjour", actor=place.officer, at=eve + timedelta(days=4, hours=-4))

    context = client_of(place.officer).get(reverse("sourcing:report")).context
    assert Need.objects.get().first_answer_days == pytest.approx(5 / 9, abs=1e-3)
    assert [line.value for line in context["times"]] == [1, 0, 0, 0, 0]


def test_the_time_spent_tells_the_company_the_teams_and_the_desk_apart(place: World):
    need = need_of(place)  # Monday at ten; a working day has nine hours
    write_to_company(need=need, text="?", awaits_reply=True, actor=place.officer, at=MONDAY)
    reply_to_desk(need=need, text="!", actor=place.contact, at=MONDAY + timedelta(days=1))
    (referral,) = refer(place, need, at=MONDAY + timedelta(days=1))
    refuse_referral(referral=referral, refusal="too-early", actor=place.chemist, at=MONDAY + timedelta(days=3))
    need = Need.objects.get()
    close_need(need=need, ending="no-team", actor=place.officer, at=MONDAY + timedelta(days=3, hours=3))

    days = rules.current_promise().calendar.working_days_between
    spent = marts.time_spent(Need.objects.all(), days, MONDAY + timedelta(days=30))

    assert vars(spent) == pytest.approx({"company": 1, "laboratories": 2, "desk": 3 / 9})


def test_overlapping_waits_count_once_for_the_company_first(place: World):
    need = need_of(place)
    refer(place, need, place.chemistry, place.optics)
    write_to_company(need=need, text="?", awaits_reply=True, actor=place.officer, at=MONDAY)

    days = rules.current_promise().calendar.working_days_between
    spent = marts.time_spent(Need.objects.all(), days, MONDAY + timedelta(days=2))
    context = client_of(place.officer).get(reverse("sourcing:report")).context

    assert vars(spent) == pytest.approx({"company": 2, "laboratories": 0, "desk": 0})
    assert [now.value for _of, _days, now in context["spent"]] == [1, 0, 0]


def test_reasons_of_refusals_are_told_by_sector_and_by_team(desk: World):
    context = client_of(desk.coordinator).get(reverse("sourcing:report")).context

    assert {(row.reason, row.of, row.count) for row in context["refusals"]} == {
        ("Too early", "Chemistry and materials", 1),
        ("No capacity", "Chemistry and materials", 1),
    }
    assert {(row.reason, row.of) for row in context["team_refusals"]} == {
        ("Too early", desk.chemistry.name),
        ("No capacity", desk.optics.name),
    }


def test_the_refusals_of_needs_without_a_sector_open_their_own_list(desk: World):
    (referral,) = refer(desk, need_of(desk))
    refuse_referral(referral=referral, refusal="too-early", actor=desk.chemist, at=MONDAY)
    Need.objects.filter(pk=referral.need_id).update(segment="")
    client = client_of(desk.officer)

    (row,) = [row for row in client.get(reverse("sourcing:report")).context["refusals"] if not row.of]

    assert (row.count, client.get(unescape(row.url)).context["total"]) == (1, 1)


def test_a_joint_answer_counts_once(desk: World):
    context = client_of(desk.officer).get(reverse("sourcing:report")).context

    assert context["headline"][-1].value == 2
    assert Need.objects.filter(status=NeedStatus.ANSWERED).count() == 1


def test_who_has_totals_only_sees_no_small_part_and_no_list(desk: World):
    member = user_with("representative", on=desk.institute)
    response = client_of(member).get(reverse("sourcing:report"))

    assert [line.value for line in response.context["funnel"]] == ["fewer than 5"] * 3 + [0]
    assert {line.url for line in response.context["funnel"]} == {""}
    assert desk.chemistry.name not in text_of(response)
    assert client_of(desk.chemist).get(reverse("sourcing:report")).status_code == 403


def test_the_report_is_exported_and_the_export_is_traced(desk: World):
    client = client_of(desk.coordinator)

    lines = client.get(reverse("sourcing:report"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()

    assert "What became of the needs,introduced,,1" in lines
    assert '"Why teams refuse, by team",Too early,Laboratoire inventé des colles,1' in lines


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_export_names_its_parts_as_the_page_does(desk: World, language: str):
    client = client_of(desk.coordinator)
    client.cookies["motrice_language"] = language

    exported = client.get(reverse("sourcing:report"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    parts = list(dict.fromkeys(row[0] for row in csv.reader(exported[1:])))
    page = text_of(client.get(reverse("sourcing:report")))

    assert len(parts) == 6
    assert [part for part in parts if part not in page] == []
    assert parts == sorted(parts, key=page.index)


def test_a_longer_queue_asks_no_more_queries(place: World):
    client = client_of(place.officer)
    counts = []
    for _round in range(2):
        for _number in range(1 if not counts else 2):
            need_of(place)
        client.get(reverse("sourcing:queue"))
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("sourcing:queue"))
        counts.append(len(caught))

    assert counts[0] == counts[1]


def paper_of(client: Client, **asked: str) -> str:
    response = client.get(reverse("sourcing:report_paper"), asked)
    assert response["Content-Type"] == "application/pdf"
    return " ".join(pages_of(response.content).split())


def test_the_report_on_paper_tells_the_figures_of_the_page_and_is_traced(desk: World):
    client = client_of(desk.coordinator)
    context = client.get(reverse("sourcing:report")).context

    words = paper_of(client)

    for line in [*context["headline"], *context["promise"], *context["ends"]]:
        assert f"{line.value} {line.label}" in words
    for chart in context["charts"]:
        assert str(chart.title) in words
    assert "Too early Laboratoire inventé des colles 1" in words
    assert "All needs received so far." in words
    entry = AuditEntry.objects.filter(verb="list.export").latest("sequence")
    assert (entry.actor, entry.details["list"], entry.details["format"]) == (
        desk.coordinator,
        "sourcing.report",
        "pdf",
    )


def test_the_report_on_paper_is_of_its_period_and_opens_from_the_page(desk: World):
    client = client_of(desk.coordinator)
    period = {"received_from": "1999-01-01", "received_to": "1999-12-31"}

    page = client.get(reverse("sourcing:report"), period)

    assert page.context["paper_url"] in page.content.decode().replace("&amp;", "&")
    words = " ".join(pages_of(client.get(page.context["paper_url"]).content).split()).replace("\xa0", " ")
    assert "Needs received from 1 Jan 1999 to 31 Dec 1999. Needs received in the period: 0." in words


def test_who_has_totals_only_has_them_on_paper_without_small_parts(desk: World):
    member = user_with("representative", on=desk.institute)

    words = paper_of(client_of(member))

    assert "fewer than 5" in words
    assert desk.chemistry.name not in words
    assert client_of(desk.chemist).get(reverse("sourcing:report_paper")).status_code == 403


def test_the_api_gives_the_report_on_paper(desk: World):
    answer = client_of(desk.coordinator).get("/api/v1/desk/report.pdf", {"received_from": "1999-01-01"})

    assert answer["Content-Type"] == "application/pdf"
    assert "Needs received since 1 Jan 1999." in " ".join(pages_of(answer.content).split()).replace("\xa0", " ")
