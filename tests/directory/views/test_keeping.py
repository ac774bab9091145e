"""The pages of a record's names and numbers: every row of any date, and what is done with it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motrice.core.models import AuditEntry
from motrice.directory.models import Identifier, OrganisationName
from motrice.directory.operations.identifier import end_identifier
from motrice.directory.operations.organisation import end_name
from tests.directory.factories import IdentifierFactory, LoggedFactory, OrganisationFactory, PersonFactory
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db
SURE = {"confirmed": "yes", "reason": "Never true"}


class NameFactory(LoggedFactory):
    class Meta:
        model = OrganisationName

    kind = "former"
    value = "Centre inventé"


def at(name, record, *more):
    return reverse(f"directory:{name}", args=[record.reference, *more])


def text_of(response, status=200):
    text = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == status, text[:2000]
    return text


def name_of(body):
    return "name", body, NameFactory(organisation=body, starts_on=date(2001, 1, 1))


def number_of(body):
    return (
        "identifier",
        body,
        IdentifierFactory(organisation=body, scheme="ror", value="02feahw73", starts_on=date(2001, 1, 1)),
    )


def number_of_somebody(_body):
    somebody = PersonFactory()
    return (
        "person_identifier",
        somebody,
        IdentifierFactory(person=somebody, scheme="orcid", value="0000-0002-1825-0097", starts_on=date(2001, 1, 1)),
    )


@pytest.fixture(params=[name_of, number_of, number_of_somebody], ids=lambda make: make.__name__)
def kept(request):
    """A part of a record in the addresses, the record, and a row of that part."""
    return request.param(OrganisationFactory())


def test_the_record_leads_to_its_parts_for_who_keeps_it(desk, stranger, kept):
    part, record, _row = kept
    page = record.get_absolute_url()

    assert at(f"{part}s", record) in text_of(desk.get(page))
    assert at(f"{part}s", record) not in text_of(stranger.get(page))


def test_a_part_lists_rows_of_any_date_with_their_acts(desk, stranger, kept):
    part, record, row = kept
    type(row).objects.filter(pk=row.pk).update(ends_on=date(2004, 12, 31))

    text = text_of(desk.get(at(f"{part}s", record)))

    assert row.value in text or "https" in text
    assert "2004" in text
    assert at(f"{part}_end", record, row.pk) in text
    assert at(f"{part}_remove", record, row.pk) in text
    assert stranger.get(at(f"{part}s", record)).status_code == 403


def test_a_part_asks_as_much_for_many_rows_as_for_one(desk, django_assert_num_queries):
    body = OrganisationFactory()
    NameFactory(organisation=body)
    page = at("names", body)
    desk.get(page)
    with CaptureQueriesContext(connection) as one:
        desk.get(page)
    count = len(one)
    for number in range(4):
        NameFactory(organisation=body, value=f"Centre inventé {number}")
    desk.get(page)
    with django_assert_num_queries(count):
        desk.get(page)


def test_more_rows_than_a_page_holds_are_on_the_next(desk):
    body = OrganisationFactory()
    for number in range(51):
        NameFactory(organisation=body, value=f"Centre inventé {number:03}")

    assert "Centre inventé 050" not in text_of(desk.get(at("names", body)))
    assert "Centre inventé 050" in text_of(desk.get(at("names", body), {"page": 2}))


def test_a_last_day_is_saved_with_its_reason_then_corrected_then_taken_back(desk, kept):
    part, record, row = kept
    page = at(f"{part}_end", record, row.pk)

    for typed, ends_on in (("2019-12-31", date(2019, 12, 31)), ("2018-12-31", date(2018, 12, 31)), ("", None)):
        sent = left_open(desk.get(page), "on") | {"on": typed, "reason": "As the decree says"}
        assert desk.post(page, sent)["Location"] == at(f"{part}s", record)
        row.refresh_from_db()
        assert row.ends_on == ends_on
    assert AuditEntry.objects.order_by("-sequence").first().reason == "As the decree says"


def test_a_wrong_last_day_is_said_at_its_field_and_loses_nothing(desk, kept):
    part, record, row = kept
    page = at(f"{part}_end", record, row.pk)

    early = text_of(desk.post(page, {"on": "1999-01-01", "reason": "Typed by hand"}), 422)
    assert 'id="id_on_error"' in early
    assert "2001" in early
    assert "Typed by hand" in early
    assert 'id="id_on_error"' in text_of(desk.post(page, {"on": ""}), 422)
    row.refresh_from_db()
    assert row.ends_on is None


def test_a_last_day_written_meanwhile_is_told_then_written_knowingly(desk, other, kept):
    part, record, row = kept
    page = at(f"{part}_end", record, row.pk)
    opened = left_open(desk.get(page), "on")
    if part == "name":
        end_name(name=row, actor=other, on=date(2011, 11, 11))
    else:
        end_identifier(identifier=row, actor=other, on=date(2011, 11, 11))

    clash = desk.post(page, opened | {"on": "2019-12-31"})

    told(clash, "2011", "2019-12-31", str(other))
    assert desk.post(page, left_open(clash, "on")).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2019, 12, 31)


def test_a_row_is_removed_once_asked_with_its_reason(desk, kept):
    part, record, row = kept
    page = at(f"{part}_remove", record, row.pk)

    asked = text_of(desk.get(page))
    assert "Go back, change nothing" in asked
    text_of(desk.post(page, {"reason": "pressed once"}))
    assert type(row).objects.filter(pk=row.pk).exists()

    sent = left_open(desk.get(page), "reason") | {"reason": "Never borne"}
    assert desk.post(page, sent)["Location"] == at(f"{part}s", record)
    assert not type(row).objects.filter(pk=row.pk).exists()
    assert AuditEntry.objects.order_by("-sequence").first().reason == "Never borne"


def test_a_row_changed_meanwhile_is_not_removed_unread(desk, other, kept):
    part, record, row = kept
    page = at(f"{part}_remove", record, row.pk)
    opened = left_open(desk.get(page), "reason")
    if part == "name":
        end_name(name=row, actor=other, on=date(2011, 11, 11))
    else:
        end_identifier(identifier=row, actor=other, on=date(2011, 11, 11))

    told(desk.post(page, opened | {"reason": "Never borne"}), "2011", str(other))

    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("act", ["end", "remove"])
def test_the_row_of_another_record_is_not_found_and_others_may_not_act(desk, stranger, kept, act):
    part, record, row = kept
    twin = type(record)._base_manager.get(
        pk=(PersonFactory if part.startswith("person") else OrganisationFactory)().pk
    )
    sent = {"on": "2019-12-31"} | SURE

    assert desk.post(at(f"{part}_{act}", twin, row.pk), sent).status_code == 404
    assert desk.post(at(f"{part}_{act}", record, 2**63), sent).status_code == 404
    assert stranger.post(at(f"{part}_{act}", record, row.pk), sent).status_code in (403, 404)
    row.refresh_from_db()
    assert row.ends_on is None


def test_a_name_is_added_once_and_the_same_again_is_refused_at_its_field(desk, stranger):
    body = OrganisationFactory()
    page = at("name_add", body)
    sent = {"value": "Glass  Centre", "kind": "translation", "language": "en", "starts_on": "2010-01-01"}

    assert desk.post(page, sent)["Location"] == at("names", body)
    assert body.names.get().value == "Glass Centre"
    assert 'id="id_value_error"' in text_of(desk.post(page, sent), 422)
    assert stranger.post(page, sent | {"value": "Another"}).status_code == 403
    assert body.names.count() == 1


def test_a_number_of_a_person_is_added_and_a_wrong_one_is_refused_at_its_field(desk):
    somebody = PersonFactory()
    page = at("person_identifier_add", somebody)

    wrong = text_of(desk.post(page, {"scheme": "orcid", "value": "0000-0002-1825-0098"}), 422)
    assert 'id="id_value_error"' in wrong
    assert "0000-0002-1825-0098" in wrong
    sent = {"scheme": "orcid", "value": "0000-0002-1825-0097", "reason": "On the badge"}
    assert desk.post(page, sent)["Location"] == at("person_identifiers", somebody)
    assert Identifier.objects.get().person == somebody
