"""Keeping people, their accounts, their places and the evidence of units, in the browser and through the API."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from motrice.accounts.models import Invitation, User
from motrice.accounts.operations.invitations import accept_invitation, invite
from motrice.core import audit
from motrice.core.errors import RuleViolation
from motrice.directory.models import Affiliation, Evidence, Person
from motrice.directory.operations.person import end_affiliation, link_account, unlink_account
from tests.database import load_catalogue
from tests.directory.factories import (
    AffiliationFactory,
    EvidenceFactory,
    OrganisationFactory,
    PersonFactory,
    user_with,
)
from tests.open_page import left_open, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT, settings.SEARCH_ROOT = tmp_path / "files", tmp_path / "search"
    load_catalogue()


@pytest.fixture
def coordinator():
    return user_with("coordinator")


@pytest.fixture
def administrator():
    return user_with("administrator")


@pytest.fixture
def unit():
    return OrganisationFactory(unit=True, name="Laboratoire inventé des verres")


def as_user(user: User) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user)
    client.cookies["motrice_language"] = "en"
    return client


@pytest.fixture
def keeper(coordinator):
    return as_user(coordinator)


def text_of(response, status=200) -> str:
    assert response.status_code == status
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


# Adding somebody


def test_somebody_is_added_from_the_list_and_found_there(keeper):
    assert reverse("directory:person_new") in keeper.get(reverse("directory:people")).content.decode()

    sent = {"given_name": "Ada", "family_name": "Verrière", "email": "ada@example.org", "level": "network"}
    page = text_of(keeper.post(reverse("directory:person_new"), sent, follow=True))

    assert "The record was added." in page
    assert "Ada Verrière" in text_of(keeper.get(reverse("directory:people")))


def test_a_name_that_is_missing_is_asked_for_and_what_was_typed_stays(keeper):
    page = keeper.post(reverse("directory:person_new"), {"given_name": "Ada", "level": "network"})

    assert page.status_code == 422
    assert 'value="Ada"' in page.content.decode()
    assert not Person.objects.exists()


def test_who_may_add_nobody_has_no_button_and_no_page(unit):
    client = as_user(user_with("researcher", on=unit))

    assert reverse("directory:person_new") not in client.get(reverse("directory:people")).content.decode()
    assert client.get(reverse("directory:person_new")).status_code == 403


@pytest.mark.parametrize("name", ["units", "organisations", "companies"])
def test_a_list_that_is_not_empty_has_its_button_for_who_adds(keeper, unit, name):
    OrganisationFactory(kind="company")
    button = reverse("directory:organisation_new")

    assert f'href="{button}' in keeper.get(reverse(f"directory:{name}")).content.decode()
    other = as_user(user_with("researcher", on=unit))
    assert f'href="{button}' not in other.get(reverse(f"directory:{name}")).content.decode()


def test_the_button_says_which_kind_is_added(keeper):
    page = keeper.get(reverse("directory:organisation_new"), {"kind": "company"}).content.decode()

    assert '<option value="company" selected>' in page


# Accounts of people


def test_an_account_is_linked_on_the_page_of_the_person_and_its_owner_is_told(keeper):
    person, user = PersonFactory(email="ada@example.org"), user_with(email="ada@example.org")
    here = reverse("directory:person", args=[person.reference])
    assert "An account has this person's address and is not linked to them." in text_of(keeper.get(here))
    form = reverse("directory:person_account", args=[person.reference])
    assert 'value="ada@example.org"' in keeper.get(form).content.decode()

    page = text_of(keeper.post(form, {"user": "Ada@Example.org", "reason": "asked by phone"}, follow=True))

    assert "The account acts in this person's name from now on" in page
    assert "Take the account away" in page
    person.refresh_from_db()
    assert person.user == user
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert str(person) in mail.outbox[-1].subject
    assert audit.differences() == []


def test_an_account_is_taken_away_with_its_reason(keeper):
    person = PersonFactory(user=user_with())
    form = reverse("directory:person_account_end", args=[person.reference])

    assert keeper.post(form, {"reason": ""}).status_code == 422
    page = text_of(keeper.post(form, {"reason": "linked by mistake"}, follow=True))

    assert "No account: nothing that is asked of this person reaches them here." in page
    person.refresh_from_db()
    assert person.user is None


def test_a_person_without_account_is_invited_from_their_page_to_where_they_work(keeper, unit):
    person = PersonFactory(email="new@example.org")
    AffiliationFactory(person=person, organisation=unit)
    page = keeper.get(reverse("directory:person", args=[person.reference]))
    (address,) = re.findall(r'href="([^"]*invitations/new/[^"]*)"', page.content.decode())

    form = keeper.get(unescape(address)).content.decode()

    assert 'value="new@example.org"' in form
    assert f'value="{person}"' in form
    assert f'value="{unit.reference}"' in form
    refused = keeper.post(reverse("directory:person_account", args=[person.reference]), {"user": "new@example.org"})
    assert "No account has this address: invite this person first." in text_of(refused, 422)


def test_who_is_invited_at_the_address_of_one_record_is_that_person(administrator):
    person = PersonFactory(email="New@Example.org")
    PersonFactory(email="new@example.org", merged_into=PersonFactory())
    invitation = invite(email="new@example.org", display_name="New", kind="observer", actor=administrator)

    user = accept_invitation(invitation=invitation, display_name="New", password="un long mot de passe 7")

    person.refresh_from_db()
    assert person.user == user
    assert audit.differences() == []


@pytest.mark.parametrize("case", ["none", "two", "taken"])
def test_an_address_that_says_not_who_it_is_links_nobody(administrator, case):
    for _number in range({"none": 0, "two": 2, "taken": 1}[case]):
        PersonFactory(email="new@example.org", user=user_with() if case == "taken" else None)
    invitation = invite(email="new@example.org", display_name="New", kind="observer", actor=administrator)

    user = accept_invitation(invitation=invitation, display_name="New", password="un long mot de passe 7")

    assert not Person.objects.filter(user=user).exists()


def test_accounts_that_are_not_theirs_are_refused(coordinator):
    person, linked, closed = PersonFactory(), PersonFactory(user=user_with()), user_with()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    closed.refresh_from_db()
    with pytest.raises(RuleViolation, match=r"that of .* already"):
        link_account(person=person, user=linked.user, actor=coordinator)
    with pytest.raises(RuleViolation, match="has another account already"):
        link_account(person=linked, user=user_with(), actor=coordinator)
    with pytest.raises(RuleViolation, match="closed"):
        link_account(person=person, user=closed, actor=coordinator)
    with pytest.raises(RuleViolation, match="somebody else must link them"):
        link_account(person=person, user=coordinator, actor=coordinator)
    own = PersonFactory(email=coordinator.email)
    assert link_account(person=own, user=coordinator, actor=coordinator).user == coordinator


def test_linking_twice_and_unlinking_what_is_not_linked_change_nothing(coordinator):
    person, user = PersonFactory(), user_with()
    for _time in range(2):
        link_account(person=person, user=user, actor=coordinator)
    assert len(mail.outbox) == 1
    for _time in range(2):
        unlink_account(person=person, actor=coordinator, reason="mistake")
    assert Person.objects.get(pk=person.pk).user is None


def test_who_keeps_no_people_learns_nothing_of_accounts(unit):
    person = PersonFactory(level="public", email="ada@example.org", user=user_with(email="ada2@example.org"))
    client = as_user(user_with("researcher", on=unit))

    assert "ada2@example.org" not in client.get(reverse("directory:person", args=[person.reference])).content.decode()
    for name in ("person_account", "person_account_end"):
        assert client.get(reverse(f"directory:{name}", args=[person.reference])).status_code == 403
    assert client.get(f"/api/v1/directory/people/{person.reference}/account").status_code == 403


def test_the_api_links_tells_and_takes_away(keeper):
    person, user = PersonFactory(), user_with(email="ada@example.org")
    url = f"/api/v1/directory/people/{person.reference}/account"

    assert keeper.get(url).json() == {"reference": person.reference, "email": None}
    missing = keeper.put(url, {"email": "nobody@example.org"}, content_type="application/json")
    assert missing.status_code == 422
    assert keeper.put(url, {"email": user.email}, content_type="application/json").json()["email"] == user.email
    ended = keeper.post(f"{url}/end", {"reason": "mistake"}, content_type="application/json")
    assert ended.json()["email"] is None


# Invitations by who keeps an organisation


def test_a_director_invites_to_the_laboratory_and_nowhere_else(unit):
    client, other = as_user(user_with("lab_director", on=unit)), OrganisationFactory(unit=True)
    page = client.get(unit.get_absolute_url()).content.decode()
    (address,) = re.findall(r'href="([^"]*invitations/new/[^"]*)"', page)
    assert f'value="{unit.reference}"' in client.get(unescape(address)).content.decode()
    sent = {"email": "new@example.org", "display_name": "New", "language": "en", "kind": "researcher"}

    for record in ("", other.reference, "ZZZZZZZZ"):
        refused = client.post(reverse("accounts:invite"), {**sent, "record": record})
        assert refused.status_code == 422
        assert 'value="new@example.org"' in refused.content.decode()
    page = text_of(client.post(reverse("accounts:invite"), {**sent, "record": unit.reference}, follow=True))

    assert "The invitation is on its way to new@example.org." in page
    assert Invitation.objects.get().scope_pk == unit.pk


def test_who_keeps_no_roles_invites_nobody(unit):
    client = as_user(user_with("researcher", on=unit))

    assert "invitations/new" not in client.get(unit.get_absolute_url()).content.decode()
    assert client.get(reverse("accounts:invite")).status_code == 403


# Places


def test_places_of_all_dates_are_listed_ended_and_removed(keeper, unit):
    here = reverse("directory:places", args=[unit.reference])
    stays, never = AffiliationFactory(organisation=unit), AffiliationFactory(organisation=unit)
    AffiliationFactory(organisation=unit, starts_on=date(2001, 1, 1), ends_on=date(2002, 1, 1))
    assert text_of(keeper.get(here)).count("Remove") == 3
    assert here in keeper.get(unit.get_absolute_url()).content.decode()
    day = timezone.localdate() - timedelta(days=3)

    ended = keeper.post(f"{here}{stays.pk}/end/", {"on": day.isoformat(), "reason": "left"}, follow=True)
    assert keeper.post(f"{here}{never.pk}/remove/", {"reason": "pressed once"}).status_code == 200
    assert Affiliation.objects.filter(pk=never.pk).exists()
    sent = left_open(keeper.get(f"{here}{never.pk}/remove/"), "reason") | {"reason": "a mistake"}
    removed = keeper.post(f"{here}{never.pk}/remove/", sent, follow=True)

    assert "The last day was saved." in text_of(ended)
    assert "it was never held" in text_of(removed)
    stays.refresh_from_db()
    assert stays.ends_on == day
    assert not Affiliation.objects.filter(pk=never.pk).exists()
    assert audit.differences() == []


def test_the_place_of_another_organisation_is_not_found_here(keeper, unit):
    other = AffiliationFactory()

    assert keeper.get(reverse("directory:place_end", args=[unit.reference, other.pk])).status_code == 404
    assert (
        keeper.post(reverse("directory:place_remove", args=[unit.reference, other.pk]), {"reason": "x"}).status_code
        == 404
    )


def test_a_last_day_before_the_first_is_refused_at_its_field(keeper, unit):
    place = AffiliationFactory(organisation=unit, starts_on=date(2020, 1, 1))

    answer = keeper.post(reverse("directory:place_end", args=[unit.reference, place.pk]), {"on": "2019-01-01"})

    assert answer.status_code == 422
    place.refresh_from_db()
    assert place.ends_on is None


def test_a_place_that_ended_meanwhile_is_told_to_who_ends_or_removes_it(keeper, unit):
    place, other = AffiliationFactory(organisation=unit), user_with("coordinator")
    ending, removing = (
        reverse(f"directory:place_{act}", args=[unit.reference, place.pk]) for act in ("end", "remove")
    )
    opened, asked = left_open(keeper.get(ending), "on"), left_open(keeper.get(removing), "reason")
    end_affiliation(affiliation=place, actor=other, on=date(2011, 11, 11))

    clash = keeper.post(ending, opened | {"on": "2019-12-31"})
    told(clash, "2011", "2019-12-31", str(other))
    told(keeper.post(removing, asked | {"reason": "Never there"}), "2011", str(other))

    place.refresh_from_db()
    assert place.ends_on == date(2011, 11, 11)
    assert keeper.post(ending, left_open(clash, "on")).status_code == 302
    place.refresh_from_db()
    assert place.ends_on == date(2019, 12, 31)


def test_a_last_day_is_corrected_or_taken_back_unless_the_role_was_given_again(keeper, unit):
    place = AffiliationFactory(organisation=unit, starts_on=date(2001, 1, 1), ends_on=date(2002, 1, 1))
    page = reverse("directory:place_end", args=[unit.reference, place.pk])
    assert "Correct the last day" in text_of(keeper.get(reverse("directory:places", args=[unit.reference])))

    assert keeper.post(page, left_open(keeper.get(page), "on") | {"on": ""}).status_code == 302
    place.refresh_from_db()
    assert place.ends_on is None
    keeper.post(page, left_open(keeper.get(page), "on") | {"on": "2002-01-01"})
    AffiliationFactory(organisation=unit, person=place.person, role=place.role, starts_on=date(2003, 1, 1))

    told(keeper.post(page, left_open(keeper.get(page), "on") | {"on": ""}), "has this role there already")
    place.refresh_from_db()
    assert place.ends_on == date(2002, 1, 1)


def test_more_places_ask_no_more_queries(keeper, unit):
    here = reverse("directory:places", args=[unit.reference])
    asked = []
    for count in (1, 4):
        for _number in range(count):
            AffiliationFactory(organisation=unit)
        keeper.get(here)
        with CaptureQueriesContext(connection) as caught:
            keeper.get(here)
        asked.append(len(caught))

    assert asked[0] == asked[1]


# Evidence


def test_a_text_is_added_corrected_and_taken_out(keeper, unit):
    here = reverse("directory:organisation_evidence", args=[unit.reference])
    assert here in keeper.get(unit.get_absolute_url()).content.decode()
    sent = {"kind": "project", "title": "Verres trempés", "text": "Fatigue.", "language": "fr", "level": "public"}

    added = text_of(keeper.post(f"{here}add/", sent, follow=True))
    assert "The text was added" in added
    assert "Verres trempés" in added
    piece = Evidence.objects.get(owners__organisation=unit)
    edit = reverse("directory:evidence_edit", args=[piece.reference])
    keeper.post(edit, {**sent, "title": "Verres trempés et feuilletés"})
    piece.refresh_from_db()
    assert piece.title == "Verres trempés et feuilletés"
    withdraw = reverse("directory:evidence_withdraw", args=[piece.reference])
    assert withdraw in keeper.get(edit).content.decode()
    assert keeper.post(withdraw, {"reason": ""}).status_code == 422
    keeper.post(withdraw, {"reason": "of another unit"})
    assert not Evidence.objects.exists()
    assert audit.differences() == []


def test_the_evidence_of_a_person_has_its_pages_too(keeper):
    person = PersonFactory()
    here = reverse("directory:person_evidence", args=[person.reference])

    keeper.post(f"{here}add/", {"kind": "award", "title": "Prix inventé", "level": "network"})

    assert Evidence.objects.get(owners__person=person).title == "Prix inventé"
    assert "Prix inventé" in text_of(keeper.get(here))
    assert here in keeper.get(person.get_absolute_url()).content.decode()


def test_texts_are_searched_filtered_and_exported(keeper, unit):
    for number in range(3):
        EvidenceFactory(title=f"Projet {number}", kind="project", of=[unit])
    EvidenceFactory(title="Un prix", kind="award", of=[unit])
    EvidenceFactory(title="D'un autre", kind="award", of=[OrganisationFactory(unit=True)])
    here = reverse("directory:organisation_evidence", args=[unit.reference])

    assert "3 texts" in text_of(keeper.get(here, {"kind": "project"}))
    assert "1 text" in text_of(keeper.get(here, {"q": "prix"}))
    rows = b"".join(keeper.get(here, {"format": "csv"}).streaming_content).decode().splitlines()
    assert len(rows) == 5
    assert "D'un autre" not in "\n".join(rows)


def test_a_correction_over_one_that_was_not_read_is_told(keeper, coordinator, unit):
    piece = EvidenceFactory(title="Verres", of=[unit])
    url = reverse("directory:evidence_edit", args=[piece.reference])
    page = left_open(keeper.get(url), "title")
    other = as_user(user_with("coordinator"))
    sent = {"kind": piece.kind, "text": "", "level": piece.level}
    other.post(url, {**sent, "title": "Verres d'un autre"})

    answer = keeper.post(url, {**page, **sent, "title": "Verres de moi"})

    assert "Verres d'un autre" in text_of(answer, 422)
    piece.refresh_from_db()
    assert piece.title == "Verres d'un autre"
    api = f"/api/v1/directory/evidence/{piece.reference}"
    stale = keeper.patch(api, {"title": "x", "read": {"title": "Verres"}}, content_type="application/json")
    assert stale.status_code == 409


def test_who_keeps_no_record_adds_no_evidence(unit):
    client = as_user(user_with("researcher", on=OrganisationFactory(unit=True)))
    piece = EvidenceFactory(title="Verres", of=[unit])

    for url in (
        reverse("directory:organisation_evidence", args=[unit.reference]),
        reverse("directory:evidence_add", args=[unit.reference]),
        reverse("directory:evidence_edit", args=[piece.reference]),
        reverse("directory:evidence_withdraw", args=[piece.reference]),
        reverse("directory:places", args=[unit.reference]),
    ):
        assert client.get(url).status_code == 403
