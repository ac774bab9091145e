"""The pages of the portfolio, each as its reader sees it."""

from datetime import date

import pytest
from django.urls import reverse

from motrice.portfolio.models import Application, Asset, DocketEvent
from motrice.portfolio.operations.assets import set_level
from motrice.web.formats import day_text
from tests.portfolio.factories import MONDAY, application_of, asset_of, published_family

MARCH = date(2023, 3, 3)


@pytest.fixture
def at_desk(client, place):
    client.force_login(place.officer)
    return client


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_shows_what_may_be_seen_with_the_same_queries_for_one_and_three(
    at_desk, place, count, django_assert_num_queries
):
    for number in range(count):
        published_family_of(place, number)
    at_desk.get(reverse("portfolio:assets"))

    with django_assert_num_queries(18):
        page = text_of(at_desk.get(reverse("portfolio:assets")))

    assert page.count("Alliage inventé") == count


def published_family_of(place, number):
    asset = asset_of(place, docket_number=f"INV-{number}")
    application_of(place, asset, number=f"20025{number:02d}")
    return asset


@pytest.mark.parametrize("query", ["", "?format=csv", "?sort=first_filed_on", "?kind=software"])
def test_assets_without_a_family_are_listed_and_exported_with_the_others(at_desk, place, query):
    set_level(asset=asset_of(place), level="organisation", actor=place.officer, reason="test", at=MONDAY)
    asset_of(place, kind="software", title="Logiciel inventé")

    answer = at_desk.get(reverse("portfolio:assets") + query)

    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert "Logiciel inventé" in body.decode()


def test_a_stranger_to_the_circle_finds_an_empty_list_and_no_page(client, place):
    asset = published_family(place)
    client.force_login(place.other_officer)

    assert "Nothing in the portfolio yet" in text_of(client.get(reverse("portfolio:assets")))
    assert client.get(asset.get_absolute_url()).status_code == 404


def test_an_asset_is_entered_on_one_page_with_owners_and_inventors(at_desk, place):
    page = reverse("portfolio:asset_new")
    assert "Only" not in text_of(at_desk.get(page))

    data = {
        "office": place.office.pk,
        "kind": "patent_family",
        "title": "Alliage inventé",
        "language": "fr",
        "starts_on": "2020-03-16",
        "unit": place.laboratory.reference,
        "classes": "c22f 1/00, B23K 9/04",
        "owners-TOTAL_FORMS": "2",
        "owners-INITIAL_FORMS": "0",
        "owners-0-organisation": place.office.name,
        "owners-0-share": "2/3",
        "owners-1-organisation": place.company.reference,
        "owners-1-share": "33,3 %",
        "makers-TOTAL_FORMS": "1",
        "makers-INITIAL_FORMS": "0",
        "makers-0-name": "Aline Inventrice",
        "makers-0-share": "1",
    }
    refused = text_of(at_desk.post(page, data), 422)
    assert "must sum to one" in refused
    assert "33,3 %" in refused  # nothing that was typed is lost

    answer = at_desk.post(page, data | {"owners-1-share": "1/3"}, follow=True)

    asset = Asset.objects.get()
    assert asset.get_absolute_url() == answer.redirect_chain[-1][0]
    assert [row.symbol for row in asset.classifications.all()] == ["C22F 1/00", "B23K 9/04"]
    assert "2/3" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("classes", "steel", "is not a symbol"),
        ("owners-0-share", "half", "is not a share"),
        ("owners-0-share", "1/0", "is not a share"),
        ("owners-0-organisation", "Nobody at all", "No record that you may see"),
    ],
)
def test_what_is_typed_wrongly_is_told_at_its_place(at_desk, place, field, value, words):
    data = {
        "office": place.office.pk,
        "kind": "software",
        "title": "Code",
        "language": "fr",
        "starts_on": "2020-03-16",
        "owners-TOTAL_FORMS": "1",
        "owners-INITIAL_FORMS": "0",
        "owners-0-organisation": place.office.name,
        "owners-0-share": "1",
        "makers-TOTAL_FORMS": "0",
        "makers-INITIAL_FORMS": "0",
    }

    page = text_of(at_desk.post(reverse("portfolio:asset_new"), data | {field: value}), 422)

    assert words in page
    assert not Asset.objects.exists()


def test_only_those_who_keep_a_portfolio_enter_assets(client, place):
    client.force_login(place.researcher)

    assert client.get(reverse("portfolio:asset_new")).status_code == 403


def test_the_procedure_is_kept_on_the_page_from_filing_to_correction(at_desk, place):
    asset = asset_of(place)

    def act(name, reference, key, data):
        url = reverse(f"portfolio:{name}", args=[reference, key])
        assert text_of(at_desk.get(url))
        return text_of(at_desk.post(url, data, follow=True))

    filed = {"office": "fr", "route": "national", "number": "2002513", "filed_on": "2020-03-16"}
    assert "FR 2002513" in act("asset_act", asset.reference, "file", filed)
    application = Application.objects.get()
    published = {"number": "3108211", "kind_code": "a1", "published_on": "2021-09-17"}
    assert "FR3108211A1" in act("application_act", application.reference, "publish", published)
    act("application_act", application.reference, "event", {"kind": "grant", "occurred_on": "2023-02-03"})
    grant = DocketEvent.objects.get(kind="grant")
    corrected = {"occurred_on": "2023-03-03", "reason": "BOPI"}
    assert f'granted on <time datetime="2023-03-03">{day_text(MARCH)}' in act(
        "event_act", grant.reference, "correct", corrected
    )
    assert "granted on" not in act("event_act", grant.reference, "remove", {"reason": "autre demande"})


@pytest.mark.parametrize("act", ["edit", "level", "hand-over", "classify", "end", "file"])
def test_who_may_see_but_not_edit_is_offered_no_act_and_refused_each(client, place, act):
    asset = published_family(place)
    set_level(asset=asset, level="network", actor=place.officer, reason="Publiée", at=MONDAY)
    client.force_login(place.other_officer)

    page = text_of(client.get(asset.get_absolute_url()))
    url = reverse("portfolio:asset_act", args=[asset.reference, act])

    assert url not in page
    assert client.get(url).status_code == 403
    assert client.post(url, {"title": "Autre"}).status_code == 403


def test_the_inside_of_an_open_asset_is_not_on_the_page_of_those_outside(client, place):
    asset = published_family(place)
    set_level(asset=asset, level="public", actor=place.officer, reason="Publiée", at=MONDAY)
    client.force_login(place.coordinator)

    page = text_of(client.get(asset.get_absolute_url()))

    assert "FR3108211A1" in page
    for inside in ("Aline Inventrice", place.company.name, str(place.officer), "events"):
        assert inside not in page


def test_its_history_is_offered_to_those_who_may_open_it(client, place):
    asset = published_family(place)
    url = reverse("accounts:history", args=["portfolio.asset", asset.reference])

    for who, status in ((place.officer, 200), (place.researcher, 403)):
        client.force_login(who)
        assert client.get(url).status_code == status
        assert (url in text_of(client.get(asset.get_absolute_url()))) is (status == 200)


def test_acts_on_an_asset_write_what_they_say(at_desk, place):
    asset = published_family(place)

    def act(key, data):
        url = reverse("portfolio:asset_act", args=[asset.reference, key])
        return text_of(at_desk.post(url, data, follow=True))

    act("edit", {"title": "Alliage inventé nouveau", "language": "en", "trl": "4", "reason": "essais"})
    act("level", {"level": "network", "reason": "Publiée"})
    act("classify", {"ipc": "C22F 1/00", "cpc": "C22F 1/006"})
    act("hand-over", {"officer": place.colleague.pk, "engineer": "", "firm": place.firm.name})

    asset.refresh_from_db()
    assert (asset.title, asset.trl, asset.level) == ("Alliage inventé nouveau", 4, "network")
    assert (asset.officer, asset.engineer, asset.firm) == (place.colleague, None, place.firm)
    assert asset.classifications.count() == 2
