"""The pages of licences: the list, the record with its what-if, the form that loses nothing, and the domains."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from motrice.agreements.models import Agreement
from motrice.core.confidentiality import Level
from motrice.portfolio.enums import AssetKind
from motrice.portfolio.operations import domains
from motrice.web.forms import picked_words
from tests.agreements.factories import bundle_of, licence_of, opened, with_copyleft
from tests.portfolio.factories import asset_of
from tests.portfolio.operations.test_domains import domain_of


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(name, args=args), query)


def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def sent(place, assets, *, held=0, **changes):
    """The form of a licence as a browser sends it: assets in parts, the office and the rival company."""
    data = {
        "office": place.office.pk, "level": "organisation", "title": "Licence inventée",
        "exclusivity": "non_exclusive",
        "is_worldwide": "on", "parties-TOTAL_FORMS": 5, "parties-INITIAL_FORMS": 2,
        "parties-0-role": "licensor", "parties-0-organisation": picked_words(place.office),
        "parties-1-role": "licensee", "parties-1-organisation": place.rival.name,
        "assets-TOTAL_FORMS": held + 4, "assets-INITIAL_FORMS": held,
    }  # fmt: skip
    data |= {f"parties-{number}-role": "licensee" for number in (2, 3, 4)}
    for number, (asset, share) in enumerate(assets):
        data |= {f"assets-{number}-asset": picked_words(asset), f"assets-{number}-share": share}
    return data | changes


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_questions_for_one_and_three(place, client, count, django_assert_num_queries):
    for number in range(count):
        licence_of(place, opened(place), title=f"Licence {number}", is_worldwide=False, territories=("FR", "DE"))
    get(client, place.officer, "agreements:agreements")

    with django_assert_num_queries(26):
        page = get(client, place.officer, "agreements:agreements")

    said = text_of(page)
    assert f"{count} agreement" in said
    assert said.count("France, Germany") == count


def test_the_list_is_searched_and_exported_with_its_parties(place, client):
    licence_of(place, opened(place), title="Stents")
    licence_of(place, opened(place), title="Vannes", field_of_use="vannes")

    found = get(client, place.officer, "agreements:agreements", q="stent", held="live", format="csv")

    rows = b"".join(found).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "Stents" in rows[1]
    assert place.rival.name in rows[1]


def test_the_page_shows_the_bundle_and_what_an_income_gives_to_each(place, client):
    agreement = licence_of(place, bundle=bundle_of(place))

    asked = text_of(get(client, place.officer, "agreements:agreement", agreement.reference))
    other = text_of(get(client, place.officer, "agreements:agreement", agreement.reference, amount="0.05"))

    assert re.findall(r"€[\d,.]+", asked) == ["€10,000", "€5,000", "€3,333.33", "€1,666.67"]
    assert re.findall(r"€[\d,.]+", other) == ["€0.05", "€0.02", "€0.02", "€0.01"]


def test_an_amount_that_is_none_is_said_and_nothing_is_lost(place, client):
    agreement = licence_of(place, opened(place))

    said = text_of(get(client, place.officer, "agreements:agreement", agreement.reference, amount="-3"), status=422)

    assert "greater than or equal to 0" in said
    assert "€10,000" in said


def test_a_licence_is_written_on_the_form_with_what_it_bundles(place, client):
    first, second = opened(place, title="Brevet"), opened(place, title="Logiciel", kind=AssetKind.SOFTWARE)

    answer = post(client, place.officer, "agreements:licence_new", **sent(place, [(first, "1/3"), (second, "2/3")]))

    agreement = Agreement.objects.get()
    assert answer["Location"] == agreement.get_absolute_url()
    assert {row.asset: str(row.share) for row in agreement.licence.bundle.all()} == {first: "1/3", second: "2/3"}
    assert [str(party) for party in agreement.parties.all()] == [place.office.name, place.rival.name]


def test_shares_that_do_not_sum_to_one_come_back_on_the_form_with_all_that_was_typed(place, client):
    asset = opened(place)

    said = post(client, place.officer, "agreements:licence_new", **sent(place, [(asset, "2/3")]))

    assert "The shares sum to 2/3 and must sum to one." in text_of(said, status=422)
    body = said.content.decode()
    assert 'value="2/3"' in body
    assert picked_words(asset) in body
    assert not Agreement.objects.exists()


def test_an_asset_is_taken_out_and_another_added_on_the_form(place, client):
    first, second, third = (opened(place, title=title) for title in ("Un", "Deux", "Trois"))
    agreement = licence_of(place, first, second, live=False)
    data = sent(place, [(first, "1/2"), (second, "1/2"), (third, "1/2")], held=2) | {"assets-0-DELETE": "on"}

    answer = post(client, place.officer, "agreements:licence_edit", agreement.reference, **data)

    assert answer.status_code == 302, text_of(answer, answer.status_code)
    assert [row.asset for row in agreement.licence.bundle.all()] == [second, third]


def test_what_the_editor_may_no_longer_name_is_kept_as_it_stands(place, client):
    asset = opened(place)
    agreement = licence_of(place, asset, live=False)
    type(place.rival).objects.filter(pk=place.rival.pk).update(level=Level.CIRCLE)
    data = sent(place, [(asset, "1")], held=1, title="Autre titre")
    data["parties-1-organisation"] = picked_words(place.rival)

    answer = post(client, place.officer, "agreements:licence_edit", agreement.reference, **data)

    assert answer.status_code == 302, text_of(answer, answer.status_code)
    assert agreement.parties.filter(organisation=place.rival).exists()


def test_an_exclusive_licence_with_copyleft_warns_before_it_is_written_and_on_its_page(place, client):
    data = sent(place, [(with_copyleft(place), "1")], exclusivity="exclusive")

    warned = text_of(post(client, place.officer, "agreements:licence_new", **data), status=422)
    post(client, place.officer, "agreements:licence_new", **data, is_acknowledged="on")

    page = text_of(get(client, place.officer, "agreements:agreement", Agreement.objects.get().reference))
    for said in (warned, page):
        assert "signalkit is under GPL-3.0-only, a strong copyleft" in said


def test_a_licence_that_shuts_nobody_out_is_written_without_a_warning(place, client):
    answer = post(client, place.officer, "agreements:licence_new", **sent(place, [(with_copyleft(place), "1")]))

    page = text_of(client.get(answer["Location"]))
    assert "copyleft" not in page


def test_the_page_of_a_software_shows_its_licences_and_the_way_to_write_one(place, client):
    software = with_copyleft(place)
    licence_of(place, software, title="Licence du logiciel", exclusivity="exclusive")

    page = get(client, place.officer, "portfolio:asset", software.reference)

    assert "Licence du logiciel Exclusive · in force" in text_of(page)
    assert f"{reverse('agreements:licence_new')}?asset={software.reference}" in page.content.decode()


def test_a_hidden_asset_leaves_no_trace_for_who_may_not_see_it(place, client):
    family, secret = opened(place, title="Brevet"), asset_of(place, kind=AssetKind.KNOW_HOW, title="Secret inventé")
    agreement = licence_of(place, family, secret, title="Avec secret")
    visits = [
        ("agreements:agreements",),
        ("portfolio:asset", family.reference),
        ("directory:organisation", place.rival.reference),
        ("agreements:pick_asset",),
    ]

    told = [text_of(get(client, place.colleague, *visit)) for visit in visits]

    assert get(client, place.colleague, "agreements:agreement", agreement.reference).status_code == 404
    assert not [said for said in told if "secret" in said.lower()]
    assert "0 agreements" in told[0] or "No agreement yet" in told[0]


@pytest.fixture
def two_domains(place):
    """A licence in two domains, one in one of them, one in none, and one that is only a draft."""
    first, second = domain_of(place, "first"), domain_of(place, "second")
    both, one, none = (opened(place, title=title) for title in ("Both", "One", "None"))
    for domain, assets in ((first, (both, one)), (second, (both,))):
        domains.accept_assets(domain=domain, assets=[(asset, "") for asset in assets], actor=place.officer)
    for asset in (both, one, none):
        licence_of(place, asset)
    licence_of(place, one, live=False)
    return first, second


def counts_with_lists(client, response):
    """Each number that opens the list of agreements, with how many rows that list has."""
    pattern = rf'<a href="({reverse("agreements:agreements")}\?[^"]*)">(\d+)</a>'
    found = []
    for url, shown in re.findall(pattern, response.content.decode()):
        listed = re.search(r"(\d+) agreements?", text_of(client.get(url.replace("&amp;", "&"))))
        found.append((int(shown), int(listed[1])))
    return found


def test_live_licences_of_a_domain_equal_the_list_and_one_in_two_domains_is_told(place, client, two_domains):
    first, second = two_domains

    table = get(client, place.officer, "portfolio:domains")
    pages = [get(client, place.officer, "portfolio:domain", domain.reference) for domain in (first, second)]

    assert counts_with_lists(client, table) == [(2, 2), (1, 1), (3, 3)]
    assert [counts_with_lists(client, page) for page in pages] == [[(2, 2)], [(1, 1)]]
    assert "the lines count 1 licence more" in text_of(table)
    assert "1 live licence is in no domain" in text_of(table)


def test_the_acts_of_a_licence_are_done_on_their_forms(place, client):
    agreement = licence_of(place, opened(place), live=False)
    today = timezone.localdate()
    yesterday = (today - timedelta(days=1)).isoformat()
    name = "agreements:agreement_act"

    refused = post(client, place.officer, name, agreement.reference, "bring-into-force", signed_on=yesterday)
    post(
        client, place.officer, name, agreement.reference, "bring-into-force", signed_on=yesterday, starts_on=yesterday
    )
    post(client, place.officer, name, agreement.reference, "terminate", closed_on=today.isoformat(), reason="Faillite")

    agreement.refresh_from_db()
    assert (refused.status_code, agreement.status, agreement.closed_on) == (422, "terminated", today)
    assert get(client, place.coordinator, name, agreement.reference, "end").status_code == 404


def test_a_term_that_has_passed_is_said_to_who_keeps_the_licence(place, client):
    agreement = licence_of(place, opened(place))
    Agreement.objects.filter(pk=agreement.pk).update(ends_on=timezone.localdate() - timedelta(days=1))

    page = text_of(get(client, place.officer, "agreements:agreement", agreement.reference))
    listed = get(client, place.officer, "agreements:agreements").content.decode()

    assert "term passed" in page
    assert "record its end" in page
    assert urlencode({"held": "overrun"}) in listed or "term passed, not closed yet" in listed
