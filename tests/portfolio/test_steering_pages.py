"""The pages of steering: totals that equal their lists, both rules shown, only points that one may see."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

from motrice.portfolio.enums import Reach
from motrice.portfolio.jobs import work_out_landscape
from motrice.portfolio.models import Domain, DomainAsset, PublishedRanking
from motrice.portfolio.operations import domains, rankings
from motrice.portfolio.operations.landscape import compute_landscape
from tests.directory.factories import EvidenceFactory
from tests.portfolio.factories import asset_of, published_family
from tests.portfolio.operations.test_domains import domain_of
from tests.portfolio.operations.test_rankings import filing


def put(place, domain, *assets):
    domains.accept_assets(domain=domain, assets=[(asset, "") for asset in assets], actor=place.officer)


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"portfolio:{name}", args=args), query)


def text_of(response):
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def numbers_with_lists(client, response):
    """Each number that is a link to the portfolio's list, with how many rows that list has."""
    found = []
    pattern = rf'<a href="({reverse("portfolio:assets")}\?[^"]*)">(\d+)</a>'
    for url, shown in re.findall(pattern, response.content.decode()):
        listed = client.get(url.replace("&amp;", "&"))
        found.append((int(shown), listed.context["total"] if "total" in (listed.context or {}) else count_of(listed)))
    return found


def count_of(response):
    return int(re.search(r"(\d+) assets?", text_of(response))[1])


def test_every_number_of_the_domains_equals_the_list_that_it_opens(place, client):
    first, second = domain_of(place, "first"), domain_of(place, "second")
    both, one = published_family(place, title="Both", trl=4), asset_of(place, title="One", trl=2)
    asset_of(place, title="In none")
    put(place, first, both, one)
    put(place, second, both)

    table = get(client, place.officer, "domains")
    page = get(client, place.officer, "domain", first.reference)

    pairs = numbers_with_lists(client, table) + numbers_with_lists(client, page)
    assert sorted({shown for shown, _listed in pairs}) == [1, 2, 3]
    assert all(shown == listed for shown, listed in pairs)
    assert "the lines count 1 family more" in text_of(table)
    assert "1 family is in no domain." in text_of(table)


def test_a_statement_that_no_longer_holds_is_shown_with_the_domain_that_ended(place, client):
    yesterday = localdate() - timedelta(days=1)
    domain_of(place, "alive")
    domain_of(place, "gone", ends_on=yesterday)
    domains.state_headline(
        organisation=place.office, text="2 domains", domain_count=2, stated_on=yesterday, actor=place.officer
    )

    words = text_of(get(client, place.officer, "domains"))

    assert "does not hold today: 2 domains are stated, 1 is active." in words
    assert "Domain gone (ended on" in words


def test_the_form_refuses_a_number_that_is_not_that_of_the_active_domains(place, client):
    domain_of(place, "only")
    client.force_login(place.officer)

    response = client.post(
        reverse("portfolio:headline_new", args=[place.office.reference]),
        {"text": "2 domains", "domain_count": 2, "stated_on": localdate().isoformat()},
    )

    assert response.status_code == 422
    assert "2 domains are stated, 1 is active" in response.content.decode()


def test_a_reader_of_totals_sees_no_small_number_and_no_link(place, client):
    domain = domain_of(place, "few")
    put(place, domain, published_family(place, title="Published"))
    secret = asset_of(place, title="Unpublished")
    put(place, domain, secret)

    table = get(client, place.coordinator, "domains")
    page = get(client, place.coordinator, "domain", domain.reference)

    for response in (table, page):
        assert "fewer than 5" in text_of(response)
        assert numbers_with_lists(client, response) == []
        assert "Unpublished" not in response.content.decode()
    assert "in no domain" not in text_of(table)


def test_rules_are_added_and_their_proposals_put_in_or_dismissed_on_the_page(place, client):
    domain = domain_of(place)
    taken = asset_of(place, title="Taken", classes=[("ipc", "B22F 10/28")])
    refused = asset_of(place, title="Refused", classes=[("ipc", "B22F 3/00")])
    client.force_login(place.officer)

    def act(name, **data):
        return client.post(reverse("portfolio:domain_act", args=[domain.reference, name]), data, follow=True)

    assert "Taken" in text_of(act("add-class", prefix="B22F"))
    act("accept", asset=[taken.reference])
    words = text_of(act("dismiss", asset=[refused.reference]))

    assert list(DomainAsset.objects.values_list("asset__title", flat=True)) == ["Taken"]
    assert "1 proposal was dismissed." in words
    assert "no class" in text_of(act("add-class", prefix="robots"))


def test_an_asset_is_taken_out_on_the_page_of_its_domain_and_put_back_by_undo(place, client):
    domain = domain_of(place)
    asset = asset_of(place, title="Held")
    long_ago = localdate() - timedelta(days=30)
    domains.accept_assets(domain=domain, assets=[(asset, "B22F")], actor=place.officer, starts_on=long_ago)
    url = reverse("portfolio:domain_act", args=[domain.reference, "take-out"])
    page = get(client, place.officer, "domain", domain.reference)
    assert "Held B22F" in text_of(page)
    assert url in page.content.decode()

    answer = client.post(url, {"asset": asset.reference}, follow=True)

    words = text_of(answer)
    assert "“Held” was taken out of the domain; its past keeps it." in words
    assert "What is in it" not in words
    undo = re.search(r'action="([^"]*put-back[^"]*)"', answer.content.decode())[1]
    assert "“Held” was put back." in text_of(client.post(undo.replace("&amp;", "&"), follow=True))
    assert DomainAsset.objects.on(localdate()).filter(asset=asset).count() == 1
    assert "leaves the domain tomorrow" in text_of(client.post(url, {"asset": asset.reference}, follow=True))
    assert "This asset is not in the domain." in text_of(client.post(url, {"asset": asset.reference}, follow=True))
    assert "This is not there any more." in text_of(client.post(url, follow=True))


def test_what_is_in_a_domain_is_listed_to_who_may_take_it_out_a_page_at_a_time(place, client):
    domain = domain_of(place)
    put(place, domain, *(asset_of(place, title=f"Family {n:02d}") for n in range(51)))

    first = get(client, place.officer, "domain", domain.reference)
    second = get(client, place.officer, "domain", domain.reference, page=2)

    assert (text_of(first).count("Take out"), text_of(second).count("Take out")) == (50, 1)
    assert "Family 50" in text_of(second)
    assert "Take out" not in text_of(get(client, place.engineer, "domain", domain.reference))
    url = reverse("portfolio:domain_act", args=[domain.reference, "take-out"])
    client.force_login(place.other_officer)
    assert client.post(url, {"asset": domain.links.first().asset.reference}).status_code == 403


def test_domains_are_read_by_the_network_and_changed_by_who_steers(place, client):
    domain = domain_of(place)

    assert "Domain robots" in text_of(get(client, place.other_officer, "domain", domain.reference))
    client.force_login(place.other_officer)
    answer = client.post(reverse("portfolio:domain_act", args=[domain.reference, "add-class"]), {"prefix": "B22F"})
    assert answer.status_code == 403
    assert get(client, place.rival_contact, "domain", domain.reference).status_code == 404


def test_a_domain_is_added_and_edited_on_its_form(place, client):
    client.force_login(place.officer)
    fields = {"code": "alloys", "name_fr": "Alliages", "name_en": "Alloys", "starts_on": "2024-01-01"}

    client.post(reverse("portfolio:domain_new", args=[place.office.reference]), fields)
    domain = Domain.objects.get()
    client.post(reverse("portfolio:domain_edit", args=[domain.reference]), fields | {"goals": "More licences"})

    domain.refresh_from_db()
    assert (domain.code, domain.goals) == ("alloys", "More licences")


def test_switching_the_rule_shows_both_numbers_and_lists_the_titles(place, client):
    both = [("CENTRE INVENTE", "FR", place.office), ("SOCIETE INVENTEE", "FR", place.company)]
    filing(place, "2300001", date(2020, 1, 9), published_on=date(2021, 7, 16), names=both)
    query = {"organisation": place.office.reference, "year": 2021}

    whole = text_of(get(client, place.officer, "ranking", **query))
    parts = text_of(get(client, place.officer, "ranking", rule="fractional", **query))

    assert "1 titles counted whole · 1/2 titles in equal parts" in whole
    assert "1/2 titles in equal parts · 1 titles counted whole" in parts
    assert "FR 2300001" in whole
    assert "The series breaks there" in whole


def test_a_ranking_is_loaded_and_its_gap_is_told_title_by_title(place, client):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))
    client.force_login(place.officer)
    file = SimpleUploadedFile(
        "palmares.csv", "rank;name;value;title\n1;Centre inventé de la recherche;2;2300001\n"
        "1;Centre inventé de la recherche;2;2300009\n".encode(),
    )  # fmt: skip

    response = client.post(
        reverse("portfolio:ranking_load", args=[place.office.reference]),
        {"title": "Palmarès", "year": 2024, "basis": "published", "source": "pibd.inpi.fr", "file": file},
        follow=True,
    )

    words = text_of(response)
    assert "Published: 2; held here: 1; difference: 1." in words
    assert "2300009: not held: no such title in the portfolio" in words
    assert PublishedRanking.objects.get().lines.get().titles == ["2300001", "2300009"]


def test_the_landscape_draws_what_the_reader_may_see_and_nothing_closed_since(place, client):
    shown = asset_of(place, title="Opened alloy", level="organisation")
    closed = asset_of(place, title="Closed alloy", level="organisation")
    compute_landscape(organisation=place.office, reach=Reach.ORGANISATION, actor=place.officer)
    type(closed).objects.filter(pk=closed.pk).update(level="circle")

    page = get(client, place.colleague, "landscape").content.decode()

    assert reverse("portfolio:asset", args=[shown.reference]) in page
    assert "Closed alloy" not in page
    outside = get(client, place.other_officer, "landscape").content.decode()
    assert "Opened alloy" not in outside


def test_documents_are_put_beside_in_a_job_and_the_page_tells_how_far_it_is(place, client, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    asset_of(place, title="Opened alloy", level="organisation")
    client.force_login(place.officer)
    file = SimpleUploadedFile("lens.csv", b"number,title,abstract\nUS1,Laser,About lasers\n")
    reach = Reach.ORGANISATION
    address = reverse("portfolio:landscape_documents", args=[place.office.reference])

    asked = client.post(address, {"documents-reach": reach, "documents-file": file}, follow=True)

    assert "waiting for its turn" in text_of(asked)
    part = client.get(reverse("portfolio:landscape"), {"part": reach}, headers={"HX-Request": "true"})
    assert "waiting for its turn" in text_of(part)
    assert "<html" not in part.content.decode()

    work_out_landscape.call(place.office.pk, reach, place.officer.pk)

    assert "waiting for its turn" not in text_of(get(client, place.officer, "landscape"))
    done = client.get(reverse("portfolio:landscape"), {"part": reach}, headers={"HX-Request": "true"})
    assert "Finished." in text_of(done)
    assert "US1 · Laser" in get(client, place.officer, "landscape").content.decode()


def test_the_figures_are_those_of_the_filtered_list(place, client):
    published_family(place, title="Filed", trl=4)
    asset_of(place, title="Prepared", trl=2)

    page = get(client, place.officer, "figures")
    narrowed = get(client, place.officer, "figures", trl=2)

    assert "2 patent families under the filters" in text_of(page)
    assert [(c.code, c.count) for c in page.context["tile_map"].countries] == [("FR", 1)]
    pairs = numbers_with_lists(client, page)
    assert {shown for shown, _listed in pairs} == {0, 1}
    assert all(shown == listed for shown, listed in pairs)
    assert "1 patent family under the filters" in text_of(narrowed)
    assert narrowed.context["tile_map"].countries == []


@pytest.mark.parametrize("facet", ["domain", "field", "country", "owner", "co_owner", "year"])
def test_each_facet_counts_what_it_then_lists(place, client, facet):
    asset = published_family(place, title="Filed", classes=[("ipc", "B22F 10/28")])
    asset_of(place, title="Prepared", classes=[("ipc", "G06T 7/00")])
    put(place, domain_of(place), asset)

    page = get(client, place.officer, "assets")
    shown = next(one for one in page.context["facets"] if one.facet.key == facet)

    assert shown.values
    for value in shown.values:
        assert count_of(get(client, place.officer, "assets", **{facet: value.value})) == value.count


def test_owners_of_what_one_only_sees_are_not_counted(place, client):
    public = published_family(place, title="Public")
    type(public).objects.filter(pk=public.pk).update(level="network")

    page = get(client, place.other_officer, "assets")

    assert next(one for one in page.context["facets"] if one.facet.key == "owner").values == []
    assert "Public" in page.content.decode()
    assert "Public" not in get(client, place.other_officer, "assets", owner=place.company.pk).content.decode()


def test_a_list_address_keeps_every_filter():
    from motrice.portfolio.views.steering import list_url

    assert parse_qs(urlparse(list_url(status=["alive", "prepared"], trl=3)).query) == {
        "status": ["alive", "prepared"], "trl": ["3"],
    }  # fmt: skip


def test_the_page_of_a_family_draws_its_life_and_tells_it_in_words(place, client):
    asset = published_family(place)

    response = get(client, place.officer, "asset", asset.reference)

    told = r"FR national: filed 16 Mar 2020 ?, published as FR3108211A1 17 Sep 2021"
    assert re.search(told, text_of(response))
    assert response.content.decode().count("<title>published as FR3108211A1") == 1


def unknown_names(place):
    text = "rank;name;value\n1;SOCIETE INVENTEE DES ACIERS SA;3\n2;Tout à fait étrangère;2\n"
    return rankings.load_ranking(
        organisation=place.office, title="Tableau inventé", year=2024, basis="published", source="Un bulletin inventé",
        text=text, actor=place.officer,
    )  # fmt: skip


def test_names_of_a_ranking_are_recognised_or_dismissed_on_a_page(place, client):
    loaded = unknown_names(place)
    first, second = loaded.lines.order_by("rank")

    page = get(client, place.officer, "ranking_names", loaded.reference)

    assert [row.line for row in page.context["rows"]] == [first, second]
    likeliest = page.context["rows"][0].candidates[0]
    assert (likeliest.organisation, likeliest.percent > 60) == (place.company, True)
    assert page.context["rows"][1].candidates == []
    address = reverse("portfolio:ranking_names", args=[loaded.reference])
    answers = {f"line-{first.pk}": place.company.reference, f"line-{second.pk}": "none"}
    assert "2 names were judged." in text_of(client.post(address, answers, follow=True))
    assert list(loaded.lines.order_by("rank").values_list("organisation", "is_settled")) == [
        (place.company.pk, True),
        (None, True),
    ]
    assert "Each name is recognised or was judged." in text_of(client.get(address))


def test_a_name_takes_no_body_that_was_not_proposed_and_waits_when_left(place, client):
    loaded = unknown_names(place)
    line = loaded.lines.get(rank=1)
    client.force_login(place.officer)

    client.post(reverse("portfolio:ranking_names", args=[loaded.reference]), {f"line-{line.pk}": place.firm.reference})

    line.refresh_from_db()
    assert (line.organisation, line.is_settled) == (None, False)
    assert get(client, place.other_officer, "ranking_names", loaded.reference).status_code in (403, 404)


def test_names_are_judged_by_api(place, client):
    loaded = unknown_names(place)
    client.force_login(place.officer)
    address = f"/api/v1/portfolio/rankings/{loaded.reference}/names"

    found = client.get(address).json()["items"]
    answer = client.post(
        address, {"name": found[0]["name"], "organisation": place.company.reference}, content_type="application/json"
    )
    unknown = client.post(address, {"name": "Personne"}, content_type="application/json")

    assert found[0]["candidates"][0]["organisation"] == place.company.reference
    assert answer.json() == {"name": "SOCIETE INVENTEE DES ACIERS SA", "organisation": place.company.reference}
    assert unknown.status_code == 422
    assert [row["name"] for row in client.get(address).json()["items"]] == ["Tout à fait étrangère"]


def test_a_laboratory_is_put_to_a_domain_by_its_name(place, client):
    domain = domain_of(place)
    client.force_login(place.officer)
    address = reverse("portfolio:domain_act", args=[domain.reference, "add-unit"])

    client.post(address, {"unit": place.laboratory.name})
    refused = client.post(address, {"unit": "Nulle part"}, follow=True)

    assert [link.unit for link in domain.units.all()] == [place.laboratory]
    assert "No record that you may see is called" in text_of(refused)


def test_a_laboratory_kept_to_its_circle_is_not_named_by_a_domain(place, client):
    domain = domain_of(place)
    domains.add_unit(domain=domain, unit=place.laboratory, actor=place.officer)
    EvidenceFactory(of=[place.laboratory], level="public")
    before = text_of(get(client, place.other_officer, "domain", domain.reference))
    type(place.laboratory).objects.filter(pk=place.laboratory.pk).update(level="circle")

    hidden = text_of(get(client, place.other_officer, "domain", domain.reference))
    shown = text_of(get(client, place.auditor, "domain", domain.reference))

    name = place.laboratory.name
    assert [page.count(name) for page in (before, hidden, shown)] == [2, 0, 2]
