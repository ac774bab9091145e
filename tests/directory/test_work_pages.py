"""The pages where the directory is searched, merged, asked for help and fed from registers."""

import json
import re
from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from motrice.core import search_index
from motrice.core.confidentiality import Level
from motrice.core.models import ImportRun
from motrice.directory.enums import OrganisationKind
from motrice.directory.models import Organisation
from tests.database import load_catalogue
from tests.directory.factories import (
    EvidenceFactory,
    IdentifierFactory,
    MechanismFactory,
    OrganisationFactory,
    PersonFactory,
    RelationFactory,
    carnot_world,
    user_with,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SEARCH_ROOT = tmp_path / "search"
    load_catalogue()


@pytest.fixture
def coordinator():
    return user_with("coordinator")


@pytest.fixture
def keeper(client, coordinator):
    client.force_login(coordinator)
    client.cookies["motrice_language"] = "en"
    return client


def text_of(response, status=200):
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_pasted_number_opens_the_record_and_a_name_lists_by_kind(keeper):
    unit = OrganisationFactory(unit=True, name="Laboratoire inventé des verres")
    body = OrganisationFactory(name="Université inventée des verres")
    EvidenceFactory(title="Fatigue des verres trempés", of=[unit])
    IdentifierFactory(organisation=unit, scheme="siret", value="18008901303720")
    search_index.rebuild()

    opened = keeper.get(reverse("directory:search"), {"q": "180 089 013 03720"})
    assert opened["Location"] == reverse("directory:organisation", args=[unit.reference])
    text = text_of(keeper.get(reverse("directory:search"), {"q": "verres"})).partition("<main")[2]
    assert text.index("Laboratories") < text.index("Organisations") < text.index("Who works on this")
    assert body.name in text
    assert "Fatigue des verres trempés" in text
    assert "Nothing was found" in text_of(keeper.get(reverse("directory:search"), {"q": "xyzzyx"}))


def test_three_supervisors_then_two_and_the_owners_of_2019(keeper):
    unit = OrganisationFactory(unit=True, name="Laboratoire des trois tutelles")
    for rank, end in ((1, None), (2, None), (3, date(2019, 12, 31))):
        RelationFactory(source__name=f"Tutelle {rank}", target=unit, rank=rank, ends_on=end)
    url = reverse("directory:organisation", args=[unit.reference])

    in_2019 = text_of(keeper.get(url, {"on": "2019-06-01"}))
    in_2020 = text_of(keeper.get(url, {"on": "2020-06-01"}))

    # Once among the supervisors, once among the owners to propose for an invention of that day.
    assert [in_2019.count(f"Tutelle {rank}<") for rank in (1, 2, 3)] == [2, 2, 2]
    assert [in_2020.count(f"Tutelle {rank}<") for rank in (1, 2, 3)] == [2, 2, 0]
    assert re.search(r"Owners to propose for an invention of .{0,60}2019", in_2019)
    assert ("33.3%" in in_2019, "50%" in in_2020) == (True, True)


def test_suggestions_come_as_one_types_and_obey_rights(client, keeper):
    OrganisationFactory(unit=True, name="Laboratoire inventé des verres")
    hidden = OrganisationFactory(unit=True, name="Verres secrets", level=Level.CIRCLE)
    search_index.rebuild()

    assert "secrets" not in text_of(keeper.get(reverse("directory:suggest"), {"q": "verr"}))
    client.force_login(user_with("circle", on=hidden))
    assert "Verres secrets" in text_of(client.get(reverse("directory:suggest"), {"q": "verr"}))
    client.logout()
    text = text_of(client.get(reverse("directory:suggest"), {"q": "verr"}))
    assert "Laboratoire inventé des verres" in text
    assert "secrets" not in text
    assert "secrets" not in text_of(client.get(reverse("directory:search"), {"q": "verres secre"}))


def test_merging_is_chosen_compared_confirmed_redirected_and_undone(keeper):
    kept = OrganisationFactory(unit=True, name="Laboratoire inventé des verres")
    absorbed = OrganisationFactory(unit=True, name="Labo inventé des verres", city="Brest")
    link = RelationFactory(target=absorbed)
    page = reverse("directory:organisation_merge", args=[kept.reference])
    old = reverse("directory:organisation", args=[absorbed.reference])

    assert "The other record" in text_of(keeper.get(page))
    assert "No record that you may see" in text_of(keeper.get(page, {"other": "nothing"}), 422)
    compared = text_of(keeper.get(page, {"other": absorbed.reference}))
    assert "Side by side" in compared
    assert "Brest" in compared
    done = keeper.post(f"{page}?other={absorbed.reference}", {"take": ["name"], "reason": "same place"})
    kept.refresh_from_db()
    link.refresh_from_db()
    assert (kept.name, kept.city, link.target_id) == ("Labo inventé des verres", "Brest", kept.pk)
    assert done["Location"] == keeper.get(old)["Location"] == reverse("directory:organisation", args=[kept.reference])

    message = next(iter(get_messages(done.wsgi_request)))
    keeper.post(message.extra_tags.removeprefix("undo:"))
    kept.refresh_from_db()
    link.refresh_from_db()
    assert (kept.name, link.target_id) == ("Laboratoire inventé des verres", absorbed.pk)
    assert keeper.get(old).status_code == 200


def test_people_merge_too_and_others_may_not(client, keeper):
    kept, absorbed = PersonFactory(), PersonFactory()
    page = reverse("directory:person_merge", args=[kept.reference])
    keeper.post(f"{page}?other={absorbed.reference}", {})
    absorbed.refresh_from_db()
    assert absorbed.merged_into == kept

    client.force_login(user_with("researcher", on=OrganisationFactory(unit=True)))
    assert client.get(page).status_code == 403
    assert client.post(reverse("directory:merge_undo", args=[1])).status_code in (403, 404)


def test_the_finder_gives_the_right_satt_with_its_reasons(client, keeper):
    body = OrganisationFactory(kind=OrganisationKind.MECHANISM, name="SATT de l'ouest inventée")
    MechanismFactory(organisation=body, regions=["Bretagne"])
    closed = OrganisationFactory(kind=OrganisationKind.MECHANISM, name="SATT close", ends_on=date(2018, 12, 31))
    MechanismFactory(organisation=closed, regions=["Bretagne"])
    asked = {"region": "Bretagne", "domain": "health", "done": "pre_maturation"}
    page = reverse("directory:finder")

    text = text_of(keeper.get(page, asked))
    assert "1 mechanism fits" in text
    assert "serves Brittany" in text
    assert "SATT close" not in text
    assert "SATT close" in text_of(keeper.get(page, {**asked, "on": "2017-06-01"}))
    assert "last step" in text_of(keeper.get(page, {"done": "industrialisation"}), 422)
    client.logout()
    assert "SATT de l" in text_of(client.get(page, asked))


def test_the_list_of_mechanisms_counts_each_type_alone(keeper):
    for number in range(3):
        MechanismFactory(organisation__name=f"SATT inventée {number}")
    MechanismFactory(organisation__name="Société nationale inventée", mechanism_type="national_transfer_company")

    text = text_of(keeper.get(reverse("directory:mechanisms")))
    assert "4 mechanisms" in text
    assert "National transfer company" in text
    assert "3 mechanisms" in text_of(keeper.get(reverse("directory:mechanisms"), {"mechanism": "satt"}))


def test_the_page_of_a_body_shows_its_computed_participations(keeper):
    body, _label, _associated = carnot_world()

    text = text_of(keeper.get(reverse("directory:organisation", args=[body.reference])))

    assert re.search(r"20 (of|out of|/) 29", text)
    assert re.search(r"7 (of|out of|/) 9", text)


def lines(*names):
    from tests.directory.importers.test_imports import line

    return "\n".join(json.dumps(line(number, name)) for number, name in enumerate(names, start=1)).encode()


def test_a_file_is_sent_previewed_decided_written_and_undone(keeper):
    known = OrganisationFactory(name="Institut inventé des verres spéciaux")
    upload = SimpleUploadedFile("names.jsonl", lines("Une inventée", "Deux inventée", known.name))
    sent = keeper.post(reverse("directory:import_new"), {"kind": "ror", "file": upload})
    run = ImportRun.objects.get()
    page = reverse("directory:import", args=[run.reference])
    assert sent["Location"] == page
    text = text_of(keeper.get(page))
    assert Organisation.objects.count() == 1
    assert "Une inventée" in text
    assert "It is the same: join" in text

    first, second, join = run.proposals.order_by("line")
    decide = [reverse("directory:proposal_decide", args=[run.reference, item.pk]) for item in (first, second, join)]
    keeper.post(decide[0], {"decision": "accept", "keep": [str(n) for n in range(len(first.changes))]})
    keeper.post(decide[1], {"decision": "dismiss"})
    keeper.post(decide[2], {"decision": "separate"})
    keeper.post(reverse("directory:import_act", args=[run.reference, "write"]))
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Une inventée", known.name}
    assert Organisation.objects.count() == 3
    assert "Undo the whole import" in text_of(keeper.get(page))

    keeper.post(reverse("directory:import_act", args=[run.reference, "undo"]), {"confirmed": "yes"})
    assert list(Organisation.objects.all()) == [known]
    assert "1 import" in text_of(keeper.get(reverse("directory:imports")))


def test_the_list_of_imports_tells_how_much_waits_for_a_decision(keeper):
    for names in (("Une inventée", "Deux inventée"), ("Trois inventée",)):
        upload = SimpleUploadedFile("names.jsonl", lines(*names))
        keeper.post(reverse("directory:import_new"), {"kind": "ror", "file": upload})
    first = ImportRun.objects.earliest("pk")
    page = reverse("directory:imports")

    assert re.search(r'data-label="To decide"[^>]*>\s*2\s*<', keeper.get(page).content.decode())
    first.proposals.update(state="dismissed")
    text = keeper.get(page, {"wait": "open"}).content.decode()
    assert "1 import" in text
    assert first.reference not in text


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("imports", "import_new"),
        ("units", "organisation_new"),
        ("organisations", "organisation_new"),
        ("companies", "organisation_new"),
    ],
)
def test_a_list_that_is_not_empty_still_leads_to_adding_to_it_for_who_may(keeper, client, name, leads_to):
    upload = SimpleUploadedFile("names.jsonl", lines("Une inventée"))
    keeper.post(reverse("directory:import_new"), {"kind": "ror", "file": upload})
    OrganisationFactory(unit=True)
    OrganisationFactory(company=True)
    door = f'href="{reverse(f"directory:{leads_to}")}'

    page = keeper.get(reverse(f"directory:{name}")).content.decode()

    assert page.split("<main", 1)[1].count(door) == 1
    assert keeper.get(reverse(f"directory:{leads_to}")).status_code == 200
    client.force_login(user_with("researcher"))
    assert door not in client.get(reverse(f"directory:{name}")).content.decode()


def test_bulk_decisions_and_a_broken_file(keeper):
    keeper.post(
        reverse("directory:import_new"),
        {"kind": "ror", "file": SimpleUploadedFile("names.jsonl", lines("Une inventée", "Deux inventée"))},
    )
    run = ImportRun.objects.get()
    keeper.post(reverse("directory:import_decide", args=[run.reference]), {"decision": "accept"})
    keeper.post(reverse("directory:import_act", args=[run.reference, "write"]))
    assert Organisation.objects.count() == 2

    keeper.post(
        reverse("directory:import_new"), {"kind": "ror", "file": SimpleUploadedFile("names.jsonl", b"{broken")}
    )
    broken = ImportRun.objects.exclude(pk=run.pk).get()
    text = text_of(keeper.get(reverse("directory:import", args=[broken.reference])))
    assert "Line 1 is not JSON" in text
    assert "Go on from where it stopped" in text
    assert "x" in text_of(keeper.post(reverse("directory:import_new"), {"kind": "x"}), 422)


def test_imports_are_closed_to_others(client, keeper):
    keeper.post(
        reverse("directory:import_new"),
        {"kind": "ror", "file": SimpleUploadedFile("names.jsonl", lines("Une inventée"))},
    )
    run = ImportRun.objects.get()
    client.force_login(user_with("researcher", on=OrganisationFactory(unit=True)))

    assert client.get(reverse("directory:imports")).status_code == 403
    assert client.get(reverse("directory:import", args=[run.reference])).status_code == 404
    assert client.post(reverse("directory:import_act", args=[run.reference, "write"])).status_code == 404


@pytest.mark.parametrize("name", ["units", "organisations", "companies", "people", "mechanisms", "imports"])
def test_a_list_asks_as_many_questions_for_three_rows_as_for_one(keeper, name, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill(count):
        for _ in range(count):
            RelationFactory(target=OrganisationFactory(unit=True))
            OrganisationFactory(company=True)
            PersonFactory()
            MechanismFactory()
            keeper.post(
                reverse("directory:import_new"),
                {"kind": "ror", "file": SimpleUploadedFile("names.jsonl", lines("Une inventée"))},
            )

    fill(1)
    page = reverse(f"directory:{name}")
    keeper.get(page)
    with CaptureQueriesContext(connection) as one:
        keeper.get(page)
    count = len(one)
    fill(2)
    keeper.get(page)  # what waits is counted anew once something was written
    with django_assert_num_queries(count):
        keeper.get(page)
