"""A need is owned and promised at once, and a person of the desk answers it first."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.utils.translation import override

from motrice.accounts.operations.roles import end_role
from motrice.accounts.operations.users import system_user
from motrice.core import audit, catalogue
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.sourcing import rules
from motrice.sourcing.enums import Channel, MessageKind, NeedStatus
from motrice.sourcing.models import Message, Need, NeedSecret, Wait
from motrice.sourcing.operations.desk import declare_absence
from motrice.sourcing.operations.needs import (
    Contact,
    change_secret,
    correct_need,
    qualify_need,
    reply_to_desk,
    submit_need,
    write_to_company,
)
from motrice.sourcing.operations.routing import reassign_need
from tests.directory.factories import user_with
from tests.sourcing.factories import GLUE, MONDAY, PARIS, SECRET, World, need_of, statement


def test_a_need_has_an_officer_and_a_promised_time_at_once(place: World):
    need = need_of(place)

    assert (need.status, need.owner, need.office) == (NeedStatus.RECEIVED, place.officer, place.institute)
    assert (need.segment, need.region, need.naf_code) == ("chemistry-materials", "Bretagne", "2052Z")
    assert need.due_at == datetime(2026, 11, 26, 10, 0, tzinfo=PARIS)
    assert rules.routing_words(need.routing) == (
        "Rule “Labelled institute of the sector, in the company's region”. "
        "Office: Institut inventé des assemblages. The only officer present, with 0 open needs."
    )
    with override("fr"):
        assert rules.routing_words(need.routing).endswith("Seul chargé d'affaires présent, avec 0 besoin ouvert.")
        of_two = rules.routing_words({"rule": "r", "among": 2, "load": 3})
        assert of_two.endswith("Le moins chargé des 2 présents, avec 3 besoins ouverts.")
    assert NeedSecret.objects.get().text == SECRET
    assert SECRET not in need.problem


def test_the_officer_and_the_company_are_told_and_no_mail_holds_the_secret(place: World):
    need_of(place, at=None)

    assert sorted(message.to[0] for message in mail.outbox) == sorted([place.officer.email, place.contact.email])
    first_lines = {message.body.splitlines()[0] for message in mail.outbox}
    assert any(
        line.startswith(("Please answer this company by", "Merci de répondre à cette entreprise avant"))
        for line in first_lines
    )
    assert not [message for message in mail.outbox if SECRET in message.body or GLUE in message.body]


def test_the_least_loaded_officer_present_takes_the_next_need(place: World):
    second = user_with("officer", on=place.institute)
    first_need, second_need = need_of(place), need_of(place)
    declare_absence(officer=place.officer, starts_on=MONDAY.date(), ends_on=MONDAY.date(), actor=place.coordinator)
    third_need = need_of(place)

    assert [need.owner for need in (first_need, second_need, third_need)] == [place.officer, second, second]
    assert "1 officer is absent that day." in rules.routing_words(third_need.routing)


def test_a_need_that_no_rule_places_falls_to_the_coordinator(place: World):
    for officer in (place.officer, place.other_officer):
        end_role(role=officer.roles.get(), actor=system_user())

    need = need_of(place, at=None)

    assert (need.owner, need.office) == (place.coordinator, None)
    assert rules.routing_words(need.routing).startswith("No rule found an office with an officer present")


def test_without_anyone_at_any_desk_the_need_is_refused_in_words(place: World):
    for user in (place.officer, place.other_officer, place.coordinator):
        end_role(role=user.roles.get(), actor=system_user())

    with pytest.raises(RuleViolation, match="Nobody can take this need"):
        need_of(place, at=None)
    assert Need.objects.count() == 0


def test_routing_by_a_rule_that_names_sectors_regions_and_readiness(place: World):
    catalogue.edit(
        kind=rules.ROUTING,
        code="mature-glue",
        data={
            "name": {"fr": "Colles mûres", "en": "Mature glue"},
            "order": 1,
            "when": {"segments": ["chemistry-materials"], "naf": ["205"], "regions": ["Bretagne"], "trl_min": 6},
            "target": {"kinds": ["institute"]},
        },
        actor=place.coordinator,
        reason="test",
    )

    assert [need_of(place, trl=trl).routing["rule"] for trl in (None, 3, 7)] == [
        "institute-of-segment-and-region",
        "institute-of-segment-and-region",
        "mature-glue",
    ]


def test_an_office_that_is_full_passes_the_need_on(place: World):
    current = catalogue.entry(rules.ROUTING, "institute-of-segment-and-region")
    for code in (current.code, "institute-of-segment"):
        row = catalogue.entry(rules.ROUTING, code)
        catalogue.edit(
            kind=rules.ROUTING, code=code, data=row.data | {"max_load": 1}, actor=place.coordinator, reason="test"
        )

    assert [need_of(place).routing["rule"] for _time in range(2)] == [
        "institute-of-segment-and-region",
        "office-of-region",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"problem": ""}, "problem"),
        ({"naf_code": "glue"}, "naf_code"),
        ({"segment": "nothing"}, "segment"),
        ({"trl": 12}, "trl"),
        ({"deadline_on": date(2026, 11, 22)}, "deadline_on"),
        ({"language": "de"}, "language"),
    ],
)
def test_a_wrong_statement_is_refused_at_its_field_and_leaves_nothing(place: World, changes, field):
    with pytest.raises(RuleViolation) as caught:
        need_of(place, **changes)

    assert caught.value.field == field
    assert Need.objects.count() == 0


def test_a_stranger_states_no_need_for_a_company(place: World):
    with pytest.raises(NotPermitted):
        submit_need(
            actor=place.rival_contact,
            statement=statement(),
            contact=Contact(company=place.company, user=place.rival_contact),
        )
    assert Need.objects.count() == 0


def test_an_officer_enters_a_need_for_a_company_without_account(place: World):
    need = submit_need(
        actor=place.officer,
        statement=statement(naf_code="20.52Z", region="Bretagne"),
        contact=Contact(company_name="Atelier inventé", name="Aude Vent", email="aude@example.org"),
        channel=Channel.OFFICER,
    )

    qualify_need(need=need, message="Bonjour", actor=place.officer)

    assert (need.company_words, need.contact_words) == ("Atelier inventé", "Aude Vent")
    assert [(m.to, "/needs/follow/" in m.body) for m in mail.outbox if m.to == ["aude@example.org"]] == [
        (["aude@example.org"], True)
    ]


def test_the_first_human_answer_stops_the_clock_once(place: World):
    need = need_of(place)
    later = MONDAY + timedelta(hours=3)

    qualify_need(need=need, message="Nous regardons.", actor=place.officer, at=later)
    write_to_company(need=need, text="Encore une question", actor=place.officer, at=later + timedelta(days=1))

    assert (need.status, need.first_answer_at) == (NeedStatus.ANALYSIS, later)
    with pytest.raises(InvalidTransition):
        qualify_need(need=need, message="Encore", actor=place.officer)


def test_waits_for_the_company_are_counted_apart(place: World):
    need = need_of(place)
    asked, answered = MONDAY + timedelta(hours=1), MONDAY + timedelta(days=2)

    write_to_company(need=need, text="Quelle colle ?", actor=place.officer, awaits_reply=True, at=asked)
    reply_to_desk(need=need, text="Une époxyde", actor=place.contact, at=answered)

    assert Wait.objects.values_list("started_at", "ended_at").get() == (asked, answered)
    assert list(Message.objects.values_list("kind", flat=True)) == [
        MessageKind.DESK_TO_COMPANY,
        MessageKind.COMPANY_TO_DESK,
    ]


def test_reassigning_needs_a_reason_and_somebody_of_a_desk(place: World):
    need = need_of(place)

    with pytest.raises(RuleViolation, match="Say why"):
        reassign_need(need=need, owner=place.other_officer, actor=place.coordinator, reason=" ")
    with pytest.raises(RuleViolation, match="works at no need desk"):
        reassign_need(need=need, owner=place.chemist, actor=place.coordinator, reason="Parce que")
    reassign_need(need=need, owner=place.other_officer, actor=place.coordinator, reason="Plus proche")

    need.refresh_from_db()
    assert (need.owner, need.office.name) == (place.other_officer, "Institut inventé des lumières")
    assert "Plus proche" in rules.routing_words(need.routing)
    assert not Need.objects.permitted(place.officer).exists()


def test_corrections_keep_what_was_there_in_the_log(place: World):
    need = need_of(place)

    correct_need(need=need, statement=statement(title="Colle au grand froid"), actor=place.contact)
    change_secret(need=need, text="autre secret", actor=place.contact)
    change_secret(need=need, text="", actor=place.contact)

    titles = [row.after["title"] for row in audit.history(need) if "title" in row.after]
    assert titles == ["Colle au grand froid", "Colle au froid"]
    assert not NeedSecret.objects.exists()
    assert audit.differences() == []
    assert audit.verify().faults == ()
