"""Rankings: titles of a year by both rules, what is expected, and a published table compared title by title."""

import csv
from datetime import date
from fractions import Fraction
from functools import partial

import pytest

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.engines.titles import Reason
from motrice.portfolio.marts.titles import expected_of, gaps_of, titles_of, year_of
from motrice.portfolio.models import Application, PublishedRanking
from motrice.portfolio.operations import rankings
from motrice.portfolio.operations.filings import add_publication, record_event
from motrice.portfolio.tables.technology import method_for, methods
from tests.portfolio.factories import MONDAY, application_of, asset_of


def filing(place, number, filed_on, *, published_on=None, names=None):
    """A French application of the office, alone unless other applicants are named."""
    asset = asset_of(place, title=f"Titre {number}", starts_on=filed_on)
    parties = names or [("CENTRE INVENTE DE LA RECHERCHE", "FR", place.office)]
    application = application_of(place, asset, number=number, filed_on=filed_on, applicants=parties)
    if published_on:
        add_publication(
            application=application, number=f"9{number}", kind_code="A1", published_on=published_on,
            actor=place.officer, at=MONDAY,
        )  # fmt: skip
    return application


def held(place, code="inpi-published", actor=None):
    method = next(one for one in methods() if one.code == code)
    return titles_of(Application.objects.permitted(actor or place.officer), method)


def numbers(titles, rows):
    return [rows[title.key].number for title in titles]


def test_published_in_a_year_lists_exactly_the_titles_behind_the_number(place):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))
    filing(place, "2300002", date(2023, 9, 9), published_on=date(2025, 3, 14))
    filing(place, "2400003", date(2024, 1, 9))
    found = held(place)

    year = year_of(found, place.office, "published", 2024)

    assert year.whole == 1
    assert numbers(year.count.titles, found.rows) == ["2300001"]


def test_next_year_expects_the_filings_of_eighteen_months_before_and_lists_them(place):
    filing(place, "2500001", date(2025, 9, 30))
    given_up = filing(place, "2500002", date(2025, 9, 30))
    record_event(application=given_up, kind="withdrawal", occurred_on=date(2026, 5, 4), actor=place.officer, at=MONDAY)
    filing(place, "2600003", date(2026, 8, 3))
    found = held(place)

    expected = expected_of(found, place.office, 2027, date(2026, 11, 23))

    assert [(day, found.rows[title.key].number) for day, title in expected.awaited] == [(date(2027, 3, 30), "2500001")]


def test_a_co_filed_title_counts_by_the_rule_and_both_numbers_are_there(place):
    both = [("CENTRE INVENTE", "FR", place.office), ("SOCIETE INVENTEE", "FR", place.company)]
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12), names=both)
    filing(place, "2300002", date(2023, 1, 9), published_on=date(2024, 7, 12))

    year = year_of(held(place), place.office, "published", 2024)

    assert (year.whole, year.fractional) == (2, Fraction(3, 2))


def test_editions_since_2023_count_filings_and_earlier_ones_publications(place):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))

    assert [method_for(year).basis for year in (2013, 2022, 2023, 2026)] == [
        "published",
        "published",
        "filed",
        "filed",
    ]
    assert year_of(held(place, "inpi-filed"), place.office, "filed", 2023).whole == 1
    with pytest.raises(RuleViolation, match="2012"):
        method_for(2012)


def test_what_the_reader_may_not_see_is_in_no_count(place):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))

    assert held(place, actor=place.other_officer).titles == ()


def test_a_published_ranking_shows_the_gap_title_by_title_with_the_reason(place):
    filing(place, "2300001", date(2023, 1, 9), published_on=date(2024, 7, 12))
    filing(place, "2300002", date(2023, 6, 9), published_on=date(2025, 1, 3))
    filing(place, "2300003", date(2023, 1, 9), published_on=date(2024, 7, 12),
           names=[("CENTRE INVENTE DE LA RECHERCHES", "FR", None)])  # fmt: skip
    text = "Rang;Nom;Nombre;Titre\n" + "".join(
        f"1;Centre inventé de la recherche;4;{number}\n" for number in ("2300001", "2300002", "2300003", "2300004")
    )
    ranking = load(place, text)

    gap = gaps_of(held(place), ranking, list(ranking.lines.all()))[0]

    assert gap.listed.applicant == f"o{place.office.pk}"
    found = held(place).rows
    reasons = {found[key].number if key in found else key: reason for key, reason, _title in gap.titles}
    assert reasons == {
        "2300002": Reason.OTHER_YEAR, "2300003": Reason.UNRECOGNISED, "2300004": Reason.NOT_HELD
    }  # fmt: skip
    assert (gap.ours, gap.difference, gap.unexplained) == (1, 3, 0)


def load(place, text, actor=None, **changes):
    fields = {"title": "Palmarès 2024", "year": 2024, "basis": "published", "source": "pibd.inpi.fr"} | changes
    return rankings.load_ranking(organisation=place.office, text=text, actor=actor or place.officer, **fields)


def test_a_ranking_is_read_with_commas_spaces_in_numbers_and_without_ranks():
    lines = rankings.read_ranking('\ufeffname,value\nSociété inventée,"1 542"\nAutre,12\n')

    assert [(line.rank, line.name, line.value) for line in lines] == [
        (None, "Société inventée", 1542), (None, "Autre", 12)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a;b\n1;2\n", "names the columns"),
        ("rank;name;value\n", "no line"),
        ("rank;name;value\n1;Un;douze\n", "Line 2: “douze” is no whole number"),
        ("rank;name;value\n1;Un;2\n2;Un;3\n", "Un is there twice"),
        ("rank;name;value\n1;;2\n", "Line 2 has no name"),
    ],
)
def test_a_file_that_is_no_ranking_is_refused_with_its_line(text, words):
    with pytest.raises(RuleViolation, match=words):
        rankings.read_ranking(text)


@pytest.mark.parametrize("limit", [131_072, 2_000_000])  # the reader's own, and that of another part of the process
def test_a_file_with_the_line_ends_of_old_computers_is_read_and_an_endless_field_is_refused(limit, request):
    request.addfinalizer(partial(csv.field_size_limit, csv.field_size_limit(limit)))
    lines = rankings.read_ranking("name;value\rUne;3\rDeux;2\r")

    assert [(line.name, line.value) for line in lines] == [("Une", 3), ("Deux", 2)]
    for text, line in ((f"name;value\nUne;3\n{'x' * 200_000};3\n", 3), (f"{'x' * 200_000};name;value\n", 1)):
        with pytest.raises(RuleViolation, match=rf"Line {line} holds a field of more than"):
            rankings.read_ranking(text)


def test_only_who_steers_the_organisation_loads_recognises_and_removes(place):
    text = "rank;name;value\n1;Inconnue;3\n"
    with pytest.raises(NotPermitted):
        load(place, text, actor=place.other_officer)
    ranking = load(place, text)
    line = ranking.lines.get()

    rankings.recognise_line(line=line, organisation=place.company, actor=place.officer)
    assert ranking.lines.get().organisation == place.company
    rankings.remove_ranking(ranking=ranking, actor=place.officer)

    assert not PublishedRanking.objects.exists()
