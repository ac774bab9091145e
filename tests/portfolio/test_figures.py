"""The figures of the portfolio: each bar opens the families it counts, on the page and through the API."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from motrice.core.models import AuditEntry
from motrice.portfolio.drawings.protection import IN_FORCE
from motrice.portfolio.enums import EventKind
from motrice.portfolio.marts.protection import Age, ages_of, anniversary
from motrice.portfolio.operations.filings import record_event
from motrice.portfolio.words.offices import office_name
from motrice.web.printed import told
from tests.leaks.reading import pages_of
from tests.portfolio.factories import application_of, asset_of

FIRST_STATES = ["AT", "BE", "BG", "DE", "DK", "EE", "FI", "FR", "IT", "LT", "LU", "LV", "MT", "NL", "PT", "SE", "SI"]
TODAY = date(2026, 11, 23)


def filed(place, on, **changes):
    """A family filed in France on a day."""
    asset = asset_of(place, starts_on=on, **changes)
    term = on.replace(year=on.year + 20, day=min(on.day, 28))
    application_of(place, asset, number=f"{on:%y%m%d}{asset.pk}", filed_on=on, expires_on=term)
    return asset


@pytest.fixture
def aged(place):
    """Families around two anniversaries, one not filed, and two that the other office does not see."""
    today = localdate()
    for place_in_time, day in enumerate(
        (today, anniversary(today, 1) + timedelta(days=1), anniversary(today, 1), anniversary(today, 3))
    ):
        filed(place, day, title=f"Filed {place_in_time}")
    asset_of(place, title="Not filed")
    shared = filed(place, anniversary(today, 1), title="Shared")
    type(shared).objects.filter(pk=shared.pk).update(level="network")
    return place


def listed(client, url):
    """How many rows a list has."""
    return client.get(url).context["total"]


def chart_of(client, user, element_id, **query):
    client.force_login(user)
    charts = client.get(reverse("portfolio:figures"), query).context["charts"]
    return next(chart for chart in charts if chart.element_id == element_id)


def test_an_age_is_whole_years_from_the_day_after_one_anniversary_to_the_next():
    days = [(TODAY, 1), (date(2025, 11, 24), 2), (date(2025, 11, 23), 4), (date(2023, 11, 24), 8)]

    assert ages_of(days, TODAY) == (
        Age(0, date(2025, 11, 24), TODAY, 3),
        Age(1, date(2024, 11, 24), date(2025, 11, 23), 4),
        Age(2, date(2023, 11, 24), date(2024, 11, 23), 8),
    )
    assert ages_of([], TODAY) == ()


def test_ages_leave_no_day_out_on_the_29th_of_february():
    today = date(2028, 2, 29)

    ages = ages_of([(today - timedelta(days=back), 1) for back in range(1500)], today)

    assert [age.count for age in ages] == [(age.last - age.first).days + 1 for age in ages[:-1]] + [ages[-1].count]
    assert sum(age.count for age in ages) == 1500
    assert all(older.last + timedelta(days=1) == younger.first for younger, older in pairwise(ages))


def test_each_age_opens_the_families_that_it_counts(aged, client):
    chart = chart_of(client, aged.officer, "ages")

    series = chart.series[0]
    assert list(zip(chart.categories, series.values, strict=True)) == [("0", 2), ("1", 2), ("2", 0), ("3", 1)]
    assert [listed(client, url) for url in series.links] == list(series.values)
    assert "1 family is not filed yet." in chart.note


def test_families_that_the_reader_may_not_see_have_no_age(aged, client):
    chart = chart_of(client, aged.other_officer, "ages")

    assert list(chart.series[0].values) == [0, 1]
    assert [listed(client, url) for url in chart.series[0].links] == [0, 1]
    assert "not filed" not in chart.note


@pytest.mark.parametrize("element_id", ["ages", "by-year"])
def test_a_bar_opens_no_more_than_the_days_that_are_asked_for(aged, client, element_id):
    today = localdate()
    query = {"filed_from": anniversary(today, 3) + timedelta(days=1), "filed_to": anniversary(today, 1)}

    series = chart_of(client, aged.officer, element_id, **query).series[0]

    assert sum(series.values) == 2
    assert [listed(client, url) for url in series.links] == list(series.values)


def test_years_left_are_not_taken_for_ages(aged, client):
    chart = chart_of(client, aged.officer, "years-left")

    assert (chart.title, chart.category_label) == ("Term left of the longest right", "Years left")
    assert [str(name) for name in chart.categories] == [
        "0 to 5 years left", "5 to 10 years left", "10 to 15 years left", "15 to 20 years left",
    ]  # fmt: skip
    assert sum(chart.series[0].values) == 5


def test_a_country_beside_one_that_is_asked_for_opens_no_other_list(place, client):
    both, alone = filed(place, TODAY, title="Both"), filed(place, TODAY, title="Germany alone")
    application_of(place, both, office="DE", number="102026", filed_on=TODAY)
    alone.applications.update(office="DE")
    client.force_login(place.officer)

    page = client.get(reverse("portfolio:figures"), {"country": "FR"})

    countries = {one.code: (one.count, one.url) for one in page.context["tile_map"].countries}
    assert (countries["DE"], countries["FR"][0]) == ((1, ""), 1)
    assert listed(client, countries["FR"][1]) == 1


def test_the_api_gives_the_figures_of_the_page_and_the_filters_that_list_them(aged, client):
    client.force_login(aged.officer)

    figures = client.get("/api/v1/portfolio/figures").json()
    narrowed = client.get("/api/v1/portfolio/figures", {"q": "Shared"}).json()

    assert (figures["family_count"], figures["countries"], figures["without_filing"]) == (6, {"FR": 5}, 1)
    assert [(age["years"], age["family_count"]) for age in figures["ages"]] == [(0, 2), (1, 2), (2, 0), (3, 1)]
    for age in figures["ages"]:
        asked = {name: age[name] for name in ("filed_from", "filed_to")}
        found = client.get("/api/v1/portfolio/assets", {"kind": "patent_family", **asked}).json()
        assert found["total"] == age["family_count"]
    assert sum(left["family_count"] for left in figures["years_left"]) == 5
    assert sum(figures["first_filings"].values()) == 5
    assert narrowed["family_count"] == 1


def test_the_api_counts_no_family_that_the_caller_may_not_see(aged, client):
    client.force_login(aged.other_officer)

    figures = client.get("/api/v1/portfolio/figures").json()

    assert figures["family_count"] == 1
    assert [(age["years"], age["family_count"]) for age in figures["ages"]] == [(0, 0), (1, 1)]


def map_of(client, user, asset):
    """The map on the page of a family, each place with the words of its state."""
    client.force_login(user)
    page = client.get(asset.get_absolute_url())
    section = next(one for one in page.context["record_sections"] if one.key == "filings")
    tiles = section.data["tile_map"]
    return page, {country.name: told for country, told in tiles.lines()} if tiles else None


def test_the_map_of_a_family_shows_the_best_right_of_each_country(place, client):
    asset = filed(place, TODAY, title="Mapped")
    for office, route, number, status in (
        ("FR", "national", "2", "lapsed"), ("DE", "validation", "3", "granted"), ("US", "national", "4", "withdrawn"),
        ("JP", "national", "5", "opposed"), ("EP", "unitary", "6", "granted"),
    ):  # fmt: skip
        application_of(place, asset, office=office, route=route, number=number, filed_on=TODAY)
        asset.applications.filter(number=number).update(status=status)

    page, told = map_of(client, place.officer, asset)

    by_unitary = dict.fromkeys(map(office_name, [*FIRST_STATES, "RO"]), "in force")
    own = {"Japan": "in force", "Unitary patent": "in force", "United States": "ended"}
    assert told == by_unitary | own
    words = page.content.decode()
    for filing in asset.applications.exclude(office="FR"):  # in force there by the unitary patent
        assert f'href="#filing-{filing.reference}"' in words
        assert f'id="filing-{filing.reference}"' in words


def test_a_whole_europe_stands_beside_the_map_until_something_comes_of_it(place, client):
    asset = asset_of(place, title="European")
    europe = application_of(place, asset, office="EP", route="european", number="20123")

    assert map_of(client, place.officer, asset)[1] == {"European application": "pending"}

    application_of(place, asset, office="FR", route="validation", number="20124", parent=europe, descent="validation")

    assert map_of(client, place.officer, asset)[1] == {"France": "pending"}


def test_a_family_that_is_not_filed_has_no_map(place, client):
    page, told = map_of(client, place.officer, asset_of(place, title="Prepared"))

    assert told is None
    assert "data-zoom" not in page.content.decode()


def unitary(place, asset, registered_on, number):
    """A unitary patent of a family, registered on a day."""
    days = {"filed_on": date(2019, 1, 7), "at": timezone.now()}
    row = application_of(place, asset, office="EP", route="unitary", number=number, **days)
    kind = EventKind.UNITARY_REGISTRATION
    record_event(application=row, kind=kind, occurred_on=registered_on, actor=place.officer, at=timezone.now())
    return row


def shown_on_map(client, user, asset):
    client.force_login(user)
    page = client.get(asset.get_absolute_url())
    tiles = next(one for one in page.context["record_sections"] if one.key == "filings").data["tile_map"]
    return page, {country.code: country for country in tiles.countries}


@pytest.mark.parametrize(("registered_on", "has_romania"), [(date(2024, 8, 31), False), (date(2024, 9, 1), True)])
def test_a_unitary_patent_colours_the_states_that_take_part_on_the_day_of_its_registration(
    place, client, registered_on, has_romania
):
    asset = asset_of(place, title="Unitary")
    row = unitary(place, asset, registered_on, "20125")

    page, told = shown_on_map(client, place.officer, asset)

    assert set(told) - {"EP"} == {*FIRST_STATES, *({"RO"} if has_romania else set())}
    assert {(one.state, one.url) for one in told.values()} == {(IN_FORCE, f"#filing-{row.reference}")}
    assert {str(one.note) for code, one in told.items() if code != "EP"} == {"by the unitary patent"}
    assert "<title>Germany: in force (by the unitary patent)</title>" in page.content.decode()


def test_a_filing_of_the_country_itself_stands_before_the_unitary_patent_unless_it_is_worse(place, client):
    asset = asset_of(place, title="Both")
    row = unitary(place, asset, date(2024, 1, 8), "20126")
    for office, number, status in (("DE", "7", "granted"), ("IT", "8", "lapsed"), ("NL", "9", "pending")):
        application_of(place, asset, office=office, number=number, filed_on=date(2019, 1, 7))
        asset.applications.filter(number=number).update(status=status)

    _page, told = shown_on_map(client, place.officer, asset)

    opened = {code: told[code].url == f"#filing-{row.reference}" for code in ("DE", "IT", "NL")}
    assert opened == {"DE": False, "IT": True, "NL": True}
    assert {told[code].state for code in opened} == {IN_FORCE}
    assert told["DE"].note == ""


def test_each_country_counts_the_unitary_patents_that_cover_it_and_opens_that_list(place, client):
    first, second, both = (asset_of(place, title=title) for title in ("First", "Second", "Both"))
    unitary(place, first, date(2024, 1, 8), "20131")
    unitary(place, second, date(2025, 1, 8), "20132")
    unitary(place, both, date(2025, 1, 8), "20133")
    application_of(place, both, office="DE", number="20134", filed_on=date(2019, 1, 7))
    client.force_login(place.officer)

    countries = client.get(reverse("portfolio:figures")).context["tile_map"].countries

    counts = {one.code: (one.count, str(one.note)) for one in countries}
    assert counts == dict.fromkeys(FIRST_STATES, (3, "3 by the unitary patent")) | {
        "DE": (3, "2 by the unitary patent"),
        "RO": (2, "2 by the unitary patent"),
        "EP": (3, ""),
    }
    assert {one.code: listed(client, one.url) for one in countries} == {one.code: one.count for one in countries}
    answer = client.get("/api/v1/portfolio/figures").json()
    assert (answer["countries"]["RO"], answer["by_unitary_patent"]["DE"]) == (2, 2)


def test_the_filter_by_country_lists_what_a_unitary_patent_covers(place, client):
    unitary(place, asset_of(place, title="Unitary"), date(2024, 1, 8), "20141")
    client.force_login(place.officer)
    base = f"{reverse('portfolio:assets')}?kind=patent_family"

    assert [listed(client, f"{base}&country={code}") for code in ("IT", "RO", "EP", "ES")] == [1, 0, 1, 0]
    assert listed(client, f"{base}&country=RO&country=IT") == 1


def test_the_figures_on_paper_are_those_of_the_page(aged, client):
    client.force_login(aged.officer)
    page = client.get(reverse("portfolio:figures"), {"filed_from": "1999-01-01"})
    assert page.context["paper_url"] == f"{reverse('portfolio:figures_paper')}?filed_from=1999-01-01"

    words = " ".join(pages_of(client.get(page.context["paper_url"]).content).split()).replace("\xa0", " ")

    assert page.context["families"] in words
    for chart in page.context["charts"]:
        assert " ".join(told(chart).split()).replace("\xa0", " ") in words
    entry = AuditEntry.objects.filter(verb="list.export").latest("sequence")
    assert (entry.actor, entry.details["list"]) == (aged.officer, "portfolio.figures")


def test_the_map_on_paper_is_a_table_of_countries(place, client):
    for number, office in enumerate(("DE", "DE", "GB")):
        application_of(place, filed(place, TODAY), office=office, number=f"10202{number}", filed_on=TODAY)
    client.force_login(place.officer)

    words = " ".join(pages_of(client.get(reverse("portfolio:figures_paper")).content).split())

    assert "Country Families by the unitary patent" in words
    assert words.index("Germany 2 0") < words.index("United Kingdom 1 0")
