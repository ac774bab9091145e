"""The pages of the links of an organisation, of its new name and of its end."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motrice.core.models import AuditEntry
from motrice.directory.enums import AffiliationRole, NameKind, RelationKind, SuccessionKind
from motrice.directory.models import Relation
from motrice.directory.operations.link import edit_link
from motrice.directory.operations.organisation import close_organisation, rename_organisation
from tests.directory.factories import AffiliationFactory, OrganisationFactory, RelationFactory, user_with
from tests.directory.views.conftest import browser
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db
SURE = {"confirmed": "yes", "reason": "Never true"}


@pytest.fixture
def unit():
    return OrganisationFactory(unit=True, name="Laboratoire inventé des verres", short_name="LIV")


@pytest.fixture
def link(unit):
    return RelationFactory(target=unit, starts_on=date(2001, 1, 1), rank=1, label_number="UMR 1")


def at(name, record, *more):
    return reverse(f"directory:{name}", args=[record.reference, *more])


def text_of(response, status=200):
    text = response.content.decode().replace("\u00a0", " ")
    assert response.status_code == status, text[:2000]
    return text


def acts(text, unit, link):
    return [act for act in ("edit", "end", "remove") if at(f"link_{act}", unit, link.pk) in text]


def test_every_link_of_any_date_is_listed_with_what_the_reader_may_do(desk, stranger, unit, link):
    past = RelationFactory(target=unit, ends_on=date(1999, 12, 31))

    text = text_of(desk.get(at("links", unit)))

    assert acts(text, unit, link) == ["edit", "end", "remove"]
    assert acts(text, unit, past) == ["edit", "remove"]
    assert stranger.get(at("links", unit)).status_code == 403


def test_a_link_kept_by_others_is_listed_without_acts(unit, link):
    body = link.source
    text = text_of(browser(user_with("correspondent", on=body)).get(at("links", body)))

    assert unit.name in text
    assert acts(text, body, link) == []


def test_the_links_ask_as_much_for_many_as_for_one(desk, unit, link, django_assert_num_queries):
    page = at("links", unit)
    desk.get(page)
    with CaptureQueriesContext(connection) as one:
        desk.get(page)
    count = len(one)
    for _number in range(3):
        RelationFactory(target=unit)
    desk.get(page)
    with django_assert_num_queries(count):
        desk.get(page)


def test_a_link_is_corrected_with_its_reason(desk, unit, link):
    page = at("link_edit", unit, link.pk)
    sent = left_open(desk.get(page), "rank") | {"rank": "2", "starts_on": "2002-02-02", "reason": "By decree"}

    assert desk.post(page, sent)["Location"] == at("links", unit)

    link.refresh_from_db()
    assert (link.rank, link.starts_on, link.label_number) == (2, date(2002, 2, 2), "UMR 1")
    assert AuditEntry.objects.order_by("-sequence").first().reason == "By decree"


@pytest.mark.parametrize(
    ("typed", "where"),
    [({"ends_on": "1999-01-01"}, "ends_on"), ({"rank": "0"}, "rank"), ({"starts_on": "2030-13-01"}, "starts_on")],
)
def test_a_wrong_correction_is_said_at_its_field_and_loses_nothing(desk, unit, link, typed, where):
    page = at("link_edit", unit, link.pk)
    sent = left_open(desk.get(page), "rank") | {"label_number": "UMR 2"} | typed

    text = text_of(desk.post(page, sent), 422)

    assert f'id="id_{where}_error"' in text
    assert "UMR 2" in text
    link.refresh_from_db()
    assert link.label_number == "UMR 1"


def test_a_link_corrected_meanwhile_is_told_and_what_was_left_alone_stays(desk, other, unit, link):
    page = at("link_edit", unit, link.pk)
    opened = left_open(desk.get(page), "rank")
    edit_link(link=link, actor=other, label_number="UMR 77", rank=7)

    clash = desk.post(page, opened | {"label_number": "UMR 2"})

    told(clash, "UMR 77", "UMR 2", str(other))
    assert desk.post(page, left_open(clash, "rank")).status_code == 302
    link.refresh_from_db()
    assert (link.label_number, link.rank) == ("UMR 2", 7)


def test_a_link_that_ended_meanwhile_is_told_to_who_ends_or_removes_it(desk, other, unit, link):
    ending, removing = (at(f"link_{act}", unit, link.pk) for act in ("end", "remove"))
    opened, asked = left_open(desk.get(ending), "on"), left_open(desk.get(removing), "reason")
    edit_link(link=link, actor=other, ends_on=date(2011, 11, 11))

    told(desk.post(ending, opened | {"on": "2019-12-31"}), "2011", "2019-12-31", str(other))
    told(desk.post(removing, asked | {"reason": "Never true"}), "2011", str(other))

    link.refresh_from_db()
    assert link.ends_on == date(2011, 11, 11)


def test_a_link_is_removed_once_asked(desk, unit, link):
    page = at("link_remove", unit, link.pk)

    text_of(desk.post(page, {"reason": "pressed once"}))
    assert Relation.objects.filter(pk=link.pk).exists()
    sent = left_open(desk.get(page), "reason") | {"reason": "Never true"}
    assert desk.post(page, sent)["Location"] == at("links", unit)

    assert not Relation.objects.filter(pk=link.pk).exists()
    assert AuditEntry.objects.order_by("-sequence").first().reason == "Never true"


@pytest.mark.parametrize("act", ["edit", "end", "remove"])
def test_the_link_of_others_is_not_found_and_who_keeps_one_end_only_may_not_act(desk, stranger, unit, link, act):
    sent = {"on": "2019-12-31", "ends_on": "2019-12-31"} | SURE
    keeper_of_source = browser(user_with("correspondent", on=link.source))

    assert desk.post(at(f"link_{act}", OrganisationFactory(), link.pk), sent).status_code == 404
    assert stranger.post(at(f"link_{act}", unit, link.pk), sent).status_code == 403
    assert keeper_of_source.post(at(f"link_{act}", link.source, link.pk), sent).status_code == 403
    link.refresh_from_db()
    assert link.ends_on is None


def test_a_new_name_keeps_the_old_one_as_a_former_name(desk, stranger, unit):
    page = at("organisation_rename", unit)
    assert page in text_of(desk.get(at("names", unit)))
    sent = left_open(desk.get(page), "short_name") | {"name": "Institut inventé des verres", "on": "2020-01-01"}

    assert stranger.post(page, sent).status_code == 403
    assert desk.post(page, sent)["Location"] == at("names", unit)

    unit.refresh_from_db()
    former = unit.names.get()
    assert (unit.name, unit.short_name) == ("Institut inventé des verres", "LIV")
    assert (former.kind, former.value, former.ends_on) == (
        NameKind.FORMER, "Laboratoire inventé des verres", date(2019, 12, 31),
    )  # fmt: skip


def test_the_same_name_or_a_day_before_it_began_is_refused_at_its_field(desk):
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé", starts_on=date(2010, 1, 1))
    page = at("organisation_rename", unit)

    same = text_of(desk.post(page, {"name": "Laboratoire  inventé", "on": "2020-01-01"}), 422)
    early = text_of(desk.post(page, {"name": "Autre nom", "on": "2009-01-01"}), 422)

    assert 'id="id_name_error"' in same
    assert 'id="id_on_error"' in early
    assert "Autre nom" in early
    assert not unit.names.exists()


def test_a_record_renamed_meanwhile_is_told(desk, other, unit):
    page = at("organisation_rename", unit)
    opened = left_open(desk.get(page), "short_name")
    rename_organisation(organisation=unit, actor=other, name="Nom des autres", on=date(2019, 1, 1))

    told(desk.post(page, opened | {"name": "Mon nom", "on": "2020-01-01"}), "Nom des autres", "Mon nom", str(other))

    unit.refresh_from_db()
    assert unit.name == "Nom des autres"


def test_a_body_is_closed_with_what_runs_of_it(desk, stranger, unit, link):
    place = AffiliationFactory(organisation=unit, role=AffiliationRole.DIRECTOR)
    page = at("organisation_close", unit)
    assert page in text_of(desk.get(unit.get_absolute_url()))

    assert stranger.post(page, {"on": "2020-12-31"}).status_code == 403
    assert desk.post(page, {"on": "2020-12-31", "reason": "By decree"})["Location"] == unit.get_absolute_url()

    for row in (unit, link, place):
        row.refresh_from_db()
        assert row.ends_on == date(2020, 12, 31)


def test_a_succession_is_stated_with_the_last_day_and_ends_what_runs(desk, unit, link):
    new = OrganisationFactory(unit=True)
    page = at("organisation_close", unit)

    desk.post(page, {"on": "2020-12-31", "succession": "continued", "successor": new.reference, "reason": "By decree"})

    unit.refresh_from_db()
    link.refresh_from_db()
    succession = unit.links_out.get()
    assert (unit.ends_on, link.ends_on) == (date(2020, 12, 31), date(2020, 12, 31))
    assert (succession.target, succession.succession) == (new, SuccessionKind.CONTINUED)
    assert (succession.starts_on, succession.ends_on) == (date(2021, 1, 1), None)


@pytest.mark.parametrize("how", ["merged", "split"])
def test_a_merger_or_a_split_names_the_others(desk, unit, how):
    new, second, third = (OrganisationFactory(unit=True) for _number in range(3))
    page = at("organisation_close", unit)
    sent = {
        "on": "2020-12-31", "succession": how, "successor": new.reference,
        "further": [second.reference, "", third.name, second.name],
    }  # fmt: skip

    assert desk.post(page, sent).status_code == 302

    found = Relation.objects.filter(kind=RelationKind.SUCCEEDED_BY, succession=how)
    ends = {(row.source_id, row.target_id) for row in found}
    merged = {(old.pk, new.pk) for old in (unit, second, third)}
    assert ends == (merged if how == "merged" else {(unit.pk, part.pk) for part in (new, second, third)})


WRONG = {
    "no day": ({"on": ""}, "on"),
    "before it began": ({"on": "1990-01-01"}, "on"),
    "a successor of no kind": ({"successor": "NEW"}, "succession"),
    "nobody after": ({"succession": "renamed"}, "successor"),
    "itself": ({"succession": "renamed", "successor": "SELF"}, "successor"),
    "a split into one": ({"succession": "split", "successor": "NEW"}, "further"),
    "too many": ({"succession": "renamed", "successor": "NEW", "further": "OTHER"}, "further"),
    "an unknown line": ({"succession": "split", "successor": "NEW", "further": "OTHER\nNobody at all"}, "further"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_end_is_said_at_its_field_and_loses_nothing(desk, case):
    unit, new, second = (OrganisationFactory(unit=True, starts_on=date(2001, 1, 1)) for _number in range(3))
    typed, where = WRONG[case]
    known = {"NEW": new.reference, "SELF": unit.reference, "OTHER": second.reference}
    for word, reference in known.items():
        typed = {name: value.replace(word, reference) for name, value in typed.items()}

    text = text_of(desk.post(at("organisation_close", unit), {"on": "2020-12-31", "reason": "Typed"} | typed), 422)

    assert f'id="id_{where}_error"' in text
    assert "Typed" in text
    unit.refresh_from_db()
    assert unit.ends_on is None
    assert not Relation.objects.exists()


def test_what_was_typed_for_several_bodies_stands_each_in_its_box_again(desk, unit):
    known = OrganisationFactory(unit=True)
    page = at("organisation_close", unit)
    typed = [known.reference, "Nobody at all", "Nor this one"]
    sent = {"on": "2020-12-31", "succession": "split", "further": [*typed[:2], "", typed[2]]}

    fresh, again = text_of(desk.get(page)), text_of(desk.post(page, sent), 422)

    assert [f'id="id_further_{number}"' in fresh for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert [f'id="id_further_{number}"' in again for number in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    assert [f'value="{text}"' in again for text in typed] == [True, True, True]


def test_only_who_keeps_the_others_says_that_they_merged(unit):
    new, second = OrganisationFactory(unit=True), OrganisationFactory(unit=True)
    keeper = browser(user_with("lab_director", on=unit))
    sent = {"on": "2020-12-31", "succession": "merged", "successor": new.reference, "further": second.reference}

    text = text_of(keeper.post(at("organisation_close", unit), sent), 422)

    assert "You do not keep the record" in text
    assert not Relation.objects.exists()


@pytest.mark.parametrize("how", ["", "continued"])
def test_a_last_day_written_meanwhile_is_told(desk, other, unit, how):
    new = OrganisationFactory(unit=True)
    page = at("organisation_close", unit)
    opened = left_open(desk.get(page), "on")
    close_organisation(organisation=unit, actor=other, on=date(2011, 11, 11))

    succession = {"succession": how, "successor": new.reference} if how else {}
    text = text_of(desk.post(page, opened | {"on": "2020-12-31"} | succession), 422)

    assert "2020-12-31" in text
    assert ("closed already" if how else str(other)) in text
    unit.refresh_from_db()
    assert unit.ends_on == date(2011, 11, 11)


def test_a_program_that_read_before_another_wrote_gets_409(desk, other, unit, link):
    edit_link(link=link, actor=other, label_number="UMR 77")
    rename_organisation(organisation=unit, actor=other, name="Nom des autres", on=date(2019, 1, 1))
    close_organisation(organisation=unit, actor=other, on=date(2030, 1, 1))
    root = f"/api/v1/directory/organisations/{unit.reference}"

    def status(method, path, body):
        return getattr(desk, method)(root + path, data=body, content_type="application/json").status_code

    mine = {"label_number": "UMR 2", "read": {"label_number": "UMR 1"}}
    assert status("patch", f"/links/{link.pk}", mine) == 409
    assert status("patch", f"/links/{link.pk}", mine | {"read": {"label_number": "UMR 77"}}) == 200
    assert status("post", "/rename", {"name": "Mon nom", "on": "2020-01-01", "read": {"name": "Avant"}}) == 409
    assert status("post", "/close", {"on": "2031-01-01", "read": {"ends_on": None, "nonsense": 1}}) == 409
