"""Software, know-how, materials, designs and marks: what only each of them has, on its page."""

from datetime import date

import pytest
from django.urls import reverse

from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.models import Asset, ThirdPartyPart
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.details import add_measure, add_part, add_version, edit_detail, remove_part
from tests.portfolio.factories import MONDAY, asset_of


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def at_desk(client, place):
    client.force_login(place.officer)
    return client


@pytest.fixture
def software(place):
    return asset_of(place, kind=AssetKind.SOFTWARE, title="Logiciel inventé")


def act(asset, name):
    return reverse("portfolio:asset_act", args=[asset.reference, name])


def part(place, asset, name, licence, use="linked"):
    return add_part(asset=asset, name=name, licence=licence, use=use, actor=place.officer, at=MONDAY)


def test_copyleft_warns_once_an_exclusive_licence_is_planned_and_says_why(at_desk, place, software):
    part(place, software, "Noyau inventé", "GPL-3.0+")
    part(place, software, "Outil inventé", "GPL-2.0-only", "tool")
    part(place, software, "Lecteur inventé", "mit")
    assert "strong copyleft" not in text_of(at_desk.get(software.get_absolute_url()))

    at_desk.post(
        reverse("portfolio:asset_detail", args=[software.reference]),
        {"is_exclusive": "on", "licence": "", "deposit": ""},
    )
    page = text_of(at_desk.get(software.get_absolute_url()))

    assert "Noyau inventé is under GPL-3.0-or-later, a strong copyleft" in page
    assert page.count("copyleft") == 1
    assert "Lecteur inventé" in page


def test_authors_versions_and_deposit_are_shown(at_desk, place, software):
    add_version(asset=software, label="2.1", released_on=date(2024, 5, 2), actor=place.officer, at=MONDAY)
    edit_detail(
        asset=software,
        actor=place.officer,
        at=MONDAY,
        deposit="app",
        deposit_number="IDDN.FR.001.260011",
        deposited_on=date(2024, 5, 3),
        swhid="swh:1:dir:" + "a" * 40,
        licence="cecill-2.1",
    )

    page = text_of(at_desk.get(software.get_absolute_url()))

    for words in ("Aline Inventrice", "100 %", "2.1", "IDDN.FR.001.260011", "swh:1:dir:aaaa", "CECILL-2.1"):
        assert words in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("licence", "Freeware", "SPDX knows no licence"),
        ("licence", "MIT AND", "is no SPDX expression"),
        ("swhid", "swh:1:dir:abc", "no identifier of Software Heritage"),
        ("deposited_on", date(2030, 1, 1), "cannot be a day to come"),
    ],
)
def test_wrong_identifiers_are_refused_at_their_field(place, software, field, value, words):
    with pytest.raises(RuleViolation, match=words) as caught:
        edit_detail(asset=software, actor=place.officer, at=MONDAY, **{field: value})

    assert caught.value.field == field


def test_a_part_with_an_unknown_licence_is_refused_on_its_form(at_desk, software):
    page = text_of(at_desk.post(act(software, "part"), {"name": "Bidule", "licence": "Foo-1.0", "use": "linked"}), 422)

    assert "SPDX knows no licence" in page
    assert not ThirdPartyPart.objects.exists()


def test_a_part_of_another_software_is_not_taken_off(place, software):
    other = asset_of(place, kind=AssetKind.SOFTWARE, title="Autre logiciel")
    row = part(place, other, "Noyau", "MIT")

    with pytest.raises(RuleViolation, match="another software"):
        remove_part(asset=software, part=row, actor=place.officer, at=MONDAY)


def test_only_those_who_keep_the_asset_change_it(place, software):
    with pytest.raises(NotPermitted):
        add_part(asset=software, name="x", licence="MIT", use="linked", actor=place.contact, at=MONDAY)


def test_a_secret_without_measure_says_so_and_keeps_its_measures(at_desk, place):
    secret = asset_of(place, kind=AssetKind.KNOW_HOW, title="Tour de main inventé")
    assert "No measure keeps it secret today" in text_of(at_desk.get(secret.get_absolute_url()))

    at_desk.post(act(secret, "measure"), {"kind": "storage", "text": "coffre", "starts_on": "2024-01-01"})
    page = text_of(at_desk.get(secret.get_absolute_url()))

    assert "coffre" in page
    assert "No measure keeps" not in page


def count_of(client, actor, address):
    client.force_login(actor)
    return text_of(client.get(address))


def test_a_know_how_leaves_no_trace_not_even_in_counts_until_an_officer_opens_it(client, place):
    listing, readers = reverse("portfolio:assets"), (place.other_officer, place.contact, place.coordinator)
    before = [count_of(client, actor, listing).count("asset") for actor in readers]
    secret = asset_of(place, kind=AssetKind.KNOW_HOW, title="Tour de main inventé")
    add_measure(
        asset=secret, kind="access", text="armoire", starts_on=date(2024, 1, 1), actor=place.officer, at=MONDAY
    )

    assert [count_of(client, actor, listing).count("asset") for actor in readers] == before
    for actor in readers:
        assert not Asset.objects.permitted(actor).exists()
        assert client.get(secret.get_absolute_url()).status_code == 404

    set_level(asset=secret, level=Level.NETWORK, actor=place.officer, reason="à valoriser", at=MONDAY)
    page = count_of(client, place.coordinator, listing)
    assert "Tour de main inventé" in page
    assert "armoire" not in count_of(client, place.coordinator, secret.get_absolute_url())


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (
            AssetKind.MATERIAL,
            {"material_kind": "antibody", "origin": "lot 3, permis 12", "is_available": "on"},
            ["antibody", "lot 3, permis 12"],
        ),
        (AssetKind.DESIGN, {"product": "Pince inventée", "disclosed_on": "2024-01-02"}, ["Pince inventée"]),
        (AssetKind.MARK, {"sign": "SAUMONIX", "goods": "logiciels"}, ["SAUMONIX", "logiciels"]),
        (AssetKind.KNOW_HOW, {"holders": "deux personnes"}, ["deux personnes"]),
    ],
)
def test_the_details_of_each_kind_are_edited_on_their_form(at_desk, place, kind, data, words):
    asset = asset_of(place, kind=kind)

    page = text_of(at_desk.post(reverse("portfolio:asset_detail", args=[asset.reference]), data, follow=True))

    for word in words:
        assert word in page


def test_a_family_has_no_such_details(at_desk, place):
    asset = asset_of(place)

    assert at_desk.get(reverse("portfolio:asset_detail", args=[asset.reference])).status_code == 404
    text_of(at_desk.post(act(asset, "version"), {"label": "1", "released_on": "2024-01-01"}), 422)
