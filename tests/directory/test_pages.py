"""The pages of the directory: what each reader finds there, on which day, and what changes a record."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import create_user, system_user
from motrice.core.confidentiality import Level
from motrice.directory.enums import EvidenceKind, OrganisationKind, RelationKind
from motrice.directory.models import Organisation
from motrice.directory.operations.evidence import register_evidence
from motrice.directory.operations.link import link_organisations
from motrice.directory.operations.merge import merge
from motrice.directory.operations.organisation import add_name, create_organisation, edit_organisation
from motrice.directory.operations.person import create_person
from motrice.directory.views import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    """A coordinator of the network."""
    user = create_user(email="carla@example.org", display_name="Carla Brisevent", actor=system_user(), language="en")
    grant_role(user=user, kind="coordinator", actor=system_user())
    return user


@pytest.fixture
def unit():
    """A laboratory whose second supervisor left at the end of 2019."""
    system = system_user()
    body = create_organisation(actor=system, kind=OrganisationKind.UNIT, name="Laboratoire des verres", city="Rennes")
    for rank, (name, last) in enumerate(
        (("Université des Landes grises", None), ("École des Hauts-Fours", date(2019, 12, 31)))
    ):
        source = create_organisation(actor=system, kind=OrganisationKind.UNIVERSITY, name=name)
        link_organisations(
            source=source, target=body, kind=RelationKind.SUPERVISES, actor=system, rank=rank + 1,
            starts_on=date(2010, 1, 1), ends_on=last,
        )  # fmt: skip
    return body


def english(client, user):
    client.force_login(user)
    client.cookies["motrice_language"] = "en"
    return client


def page_of(record):
    return reverse("directory:organisation", args=[record.reference])


@pytest.mark.parametrize(("day", "is_there"), [("2019-06-01", True), ("2020-06-01", False)])
def test_the_page_shows_the_supervisors_of_the_day(client, coordinator, unit, day, is_there):
    text = english(client, coordinator).get(page_of(unit), {"on": day}).content.decode()

    assert "Université des Landes grises" in text
    assert ("École des Hauts-Fours" in text) is is_there


def test_a_wrong_day_is_said_and_today_is_shown(client, coordinator, unit):
    text = english(client, coordinator).get(page_of(unit), {"on": "2019-02-31"}).content.decode()

    assert "“2019-02-31” is not a date" in text


def test_the_public_page_of_a_public_laboratory_opens_without_signing_in(client, unit):
    assert "Laboratoire des verres" in client.get(page_of(unit)).content.decode()


@pytest.mark.parametrize(
    ("address", "leads"),
    [("https://verres.example/fr", True), ("javascript:alert(1)", False), ("ftp://verres", False)],
)
def test_a_website_is_one_click_away_and_nothing_else_is(client, unit, address, leads):
    Organisation.objects.filter(pk=unit.pk).update(website=address)

    text = client.get(page_of(unit)).content.decode()

    assert address in text
    assert (f'href="{address}"' in text) is leads


def test_a_laboratory_kept_to_its_circle_is_not_found_nor_counted(client, unit):
    edit_organisation(organisation=unit, actor=system_user(), level=Level.CIRCLE)

    assert client.get(page_of(unit)).status_code == 404


def test_the_list_and_its_supervisor_facet_count_what_the_reader_sees(client, coordinator, unit):
    response = english(client, coordinator).get(reverse("directory:units"))

    text = response.content.decode()
    assert "1 laboratory" in text
    assert "Université des Landes grises" in text


@pytest.mark.parametrize("name", ["units", "organisations", "companies", "people"])
def test_a_list_asks_the_same_queries_for_one_row_and_for_three(
    client, coordinator, unit, name, django_assert_num_queries, django_assert_max_num_queries
):
    system = system_user()
    english(client, coordinator)
    url = reverse(f"directory:{name}")
    create_organisation(actor=system, kind=OrganisationKind.COMPANY, name="Société première")
    create_person(actor=system, given_name="Ada", family_name="Verbrume")
    client.get(url)
    with django_assert_max_num_queries(30) as one:
        client.get(url)
    count = len(one.captured_queries)
    for number in range(3):
        create_organisation(actor=system, kind=OrganisationKind.UNIT, name=f"Unité {number}")
        create_organisation(actor=system, kind=OrganisationKind.COMPANY, name=f"Société {number}")
        create_person(actor=system, given_name="Ada", family_name=f"Verbrume {number}")
    client.get(url)  # what waits is counted anew once something was written
    with django_assert_num_queries(count):
        client.get(url)


def test_a_merged_record_leads_to_the_one_that_stands_for_it(client, coordinator, unit):
    twin = create_organisation(actor=coordinator, kind=OrganisationKind.UNIT, name="Labo des verres")
    merge(kept=unit, absorbed=twin, actor=coordinator)

    response = english(client, coordinator).get(page_of(twin))

    assert response.url == page_of(unit)


def test_an_edit_is_saved_with_its_reason_and_told_in_the_history(client, coordinator, unit):
    english(client, coordinator)
    fields = {"kind": "unit", "name": "Laboratoire des verres et céramiques", "level": "public", "city": "Rennes"}
    client.post(
        reverse("directory:organisation_edit", args=[unit.reference]), {**fields, "reason": "new field of work"}
    )

    text = client.get(reverse("directory:organisation_history", args=[unit.reference])).content.decode()
    assert "new field of work" in text
    assert "<del>Laboratoire des verres</del>" in text


def test_a_wrong_edit_says_which_field_and_loses_nothing(client, coordinator, unit):
    fields = {"kind": "unit", "name": "Verres", "level": "public", "starts_on": "2020-01-01", "ends_on": "2010-01-01"}
    response = english(client, coordinator).post(reverse("directory:organisation_edit", args=[unit.reference]), fields)

    assert response.status_code == 422
    assert "The end cannot precede the start." in response.content.decode()
    assert Organisation.objects.get(pk=unit.pk).name == "Laboratoire des verres"


def test_htmx_gets_the_section_as_a_form_in_its_place(client, coordinator, unit):
    url = reverse("directory:organisation_edit", args=[unit.reference])

    part = english(client, coordinator).get(url, headers={"HX-Request": "true"})
    refused = client.post(url, {"name": "", "country": "FR"}, headers={"HX-Request": "true"})
    whole = client.get(url)

    assert part.content.decode().lstrip().startswith('<section class="section" id="about"')
    assert (refused.status_code, refused["HX-Retarget"], refused["HX-Reselect"]) == (422, "#about", "#about")
    assert b"<!doctype html>" in whole.content
    assert "HX-Request" in whole["Vary"]


def test_the_page_of_a_person_leads_to_merging_it_only_for_those_who_may(client, coordinator, unit):
    person = create_person(given_name="Odile", family_name="Brume", actor=system_user())
    page, merging = (reverse(f"directory:{name}", args=[person.reference]) for name in ("person", "person_merge"))

    assert merging in english(client, coordinator).get(page).content.decode()
    client.logout()
    assert merging not in client.get(page).content.decode()


def test_somebody_without_the_right_may_not_edit(client, unit):
    reader = create_user(email="rene@example.org", display_name="René Lecture", actor=system_user())
    response = english(client, reader).post(
        reverse("directory:organisation_edit", args=[unit.reference]), {"name": "x"}
    )

    assert response.status_code == 403
    assert Organisation.objects.get(pk=unit.pk).name == "Laboratoire des verres"


def test_a_link_is_added_by_pasting_the_other_record_s_address(client, coordinator, unit):
    other = create_organisation(actor=coordinator, kind=OrganisationKind.INSTITUTE, name="Institut des Surfaces")
    english(client, coordinator).post(
        reverse("directory:link_add", args=[unit.reference]),
        {"kind": "member_of", "direction": "out", "other": f"https://motrice.example{page_of(other)}"},
    )

    assert unit.links_out.get().target == other


def test_a_list_is_searched_by_a_name_that_the_body_bore(client, coordinator, unit):
    add_name(organisation=unit, actor=coordinator, kind="former", value="Centre de vitrerie expérimentale")

    found = english(client, coordinator).get(reverse("directory:units"), {"q": "vitrerie"}).content.decode()
    missed = client.get(reverse("directory:units"), {"q": "nothing of this name"}).content.decode()

    assert 'name="q"' in found
    assert "Laboratoire des verres" in found
    assert "Laboratoire des verres" not in missed


def test_the_page_counts_its_evidence_in_words(client, coordinator, unit):
    for place, kind in enumerate([EvidenceKind.PATENT, EvidenceKind.PROJECT, EvidenceKind.PROJECT]):
        register_evidence(kind=kind, title=f"Verre {place}", text="Un verre. " * 60, owners=[unit], actor=coordinator)

    text = english(client, coordinator).get(page_of(unit)).content.decode()

    assert "1 patent · 2 projects" in text
    assert "Un verre…</p>" in text


def test_many_links_of_one_kind_are_folded_after_the_first(client, coordinator, unit):
    for number in range(10):
        host = create_organisation(actor=system_user(), kind=OrganisationKind.UNIVERSITY, name=f"Hôte {number:02}")
        link_organisations(source=host, target=unit, kind=RelationKind.HOSTS, actor=system_user())

    group = english(client, coordinator).get(page_of(unit)).context["groups"][0]

    assert (len(group.links), len(group.folded), group.more) == (8, 2, 0)


def test_links_past_the_folded_ones_are_counted_and_their_bodies_are_not_read(client, coordinator, unit, monkeypatch):
    monkeypatch.setattr(record, "FIRST", 1)
    monkeypatch.setattr(record, "FOLDED", 2)
    for name in ("Institut c", "Institut a", "Institut b"):
        institute = create_organisation(actor=system_user(), kind=OrganisationKind.INSTITUTE, name=name)
        link_organisations(source=unit, target=institute, kind=RelationKind.PARTICIPATES, actor=system_user())

    assert coordinator.active_roles
    with CaptureQueriesContext(connection) as asked:
        [group] = record.links(unit, date(2026, 1, 1), coordinator)

    assert ([str(link.label) for link in group.links + group.folded], group.more) == (["Institut a", "Institut b"], 1)
    assert len(asked) == 3  # the keys of each direction, and the links shown


def test_the_page_of_a_laboratory_asks_as_much_for_many_links_as_for_few(client, coordinator, unit):
    english(client, coordinator)

    def asked() -> int:
        client.get(page_of(unit))  # what waits is counted anew once something was written
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(unit))
        return len(queries)

    def grow() -> None:
        label = create_organisation(actor=system_user(), kind=OrganisationKind.LABEL, name="Label Carnot")
        for number in range(3):
            institute = create_organisation(
                actor=system_user(), kind=OrganisationKind.INSTITUTE, name=f"Institut {number} {label.reference}"
            )
            for source, target, kind in (
                (institute, label, RelationKind.LABELLED_AS),
                (unit, institute, RelationKind.PARTICIPATES),
                (institute, unit, RelationKind.SUPERVISES),
                (institute, unit, RelationKind.HOSTS),
            ):
                link_organisations(source=source, target=target, kind=kind, actor=system_user())

    grow()
    few = asked()
    grow()
    assert (few, asked()) == (few, few)
    assert few <= 32


@pytest.mark.parametrize(("day", "told"), [("2003-06-01", "did not exist yet"), ("2020-06-01", "no longer existed")])
def test_a_day_on_which_a_laboratory_did_not_exist_shows_neither_supervisors_nor_owners(
    client, coordinator, unit, day, told
):
    unit.links_in.update(starts_on=None, ends_on=None)  # a register gives no dates
    Organisation.objects.filter(pk=unit.pk).update(starts_on=date(2004, 1, 1), ends_on=date(2018, 12, 31))
    there = english(client, coordinator).get(page_of(unit), {"on": "2010-06-01"}).content.decode()
    assert "École des Hauts-Fours" in there
    assert "Owners to propose" in there

    page = english(client, coordinator).get(page_of(unit), {"on": day}).content.decode()
    assert told in page
    assert "École des Hauts-Fours" not in page
    assert "Owners to propose" not in page
