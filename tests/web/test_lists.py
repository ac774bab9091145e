"""The list pattern: what is listed, counted, sorted and kept to the reader's rights."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motrice.core import audit
from motrice.core.confidentiality import Level
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import OrganisationName
from motrice.web.lists import Column, DateFacet, Facet, ListPage, page
from motrice.web.lists.declare import FacetValue
from motrice.web.lists.page import ShownFacet, folded
from tests.directory.factories import OrganisationFactory, user_with
from tests.web.conftest import ORGANISATIONS

pytestmark = pytest.mark.django_db
QUERIES = 5  # options with the total, the two other facets, keys, rows, saved views


def names(response) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [cell.get_text(strip=True) for cell in soup.select(".list-table tbody .cell-main")]


def facet(response, key: str) -> dict[str, str]:
    soup = BeautifulSoup(response.content, "html.parser")
    lines = soup.select(f"input[name={key}][form=list-form]")
    return {line.parent.find_all("span")[0].get_text(): line.parent.select_one(".number").get_text() for line in lines}


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_queries_whatever_its_rows(ask, coordinator, count):
    OrganisationFactory.create_batch(count, unit=True, city="Rennes")
    assert coordinator.active_roles

    with CaptureQueriesContext(connection) as queries:
        response = ask(coordinator, headers={"HX-Request": "true"})  # without the frame, which asks its own

    assert len(names(response)) == count
    assert len(queries) == QUERIES


def test_list_says_what_is_listed_and_how_many(ask, coordinator):
    OrganisationFactory.create_batch(2, unit=True)

    sentence = BeautifulSoup(ask(coordinator).content, "html.parser").select_one(".list-sentence").get_text(strip=True)

    assert sentence == "2 organisations"


def test_search_finds_every_word_in_any_field_and_doubles_no_row(ask, coordinator):
    wanted = OrganisationFactory(unit=True, name="Laboratoire des verres")
    for old in ("Atelier de cristal ancien", "Cristal"):
        with audit.operation(None, "test.create") as op:
            op.create(OrganisationName(organisation=wanted, kind=NameKind.FORMER, value=old))
    OrganisationFactory(unit=True, name="Institut des surfaces")

    assert names(ask(coordinator, "?q=cristal verres")) == ["Laboratoire des verres"]
    assert names(ask(coordinator, "?q=cristal surfaces")) == []


@pytest.mark.parametrize("limit", [1, 500])
def test_a_search_says_the_same_whether_its_rows_are_few_or_many(ask, coordinator, monkeypatch, limit):
    monkeypatch.setattr(page, "SETTLED", limit)
    OrganisationFactory.create_batch(2, unit=True, name="Cristal", city="Rennes")
    OrganisationFactory(company=True, name="Verre", city="Lyon")

    response = ask(coordinator, "?q=cristal&city=Rennes")

    assert names(response) == ["Cristal", "Cristal"]
    assert (facet(response, "city"), sorted(facet(response, "kind").values())) == ({"Rennes": "2"}, ["2"])


def test_facet_counts_hold_under_the_other_filters_and_keep_the_choice_open(ask, coordinator):
    OrganisationFactory.create_batch(2, unit=True, city="Rennes")
    OrganisationFactory(unit=True, city="Lyon")
    OrganisationFactory(company=True, city="Lyon")

    response = ask(coordinator, "?city=Lyon")

    assert len(names(response)) == 2
    assert facet(response, "city") == {"Rennes": "2", "Lyon": "2"}
    assert sorted(facet(response, "kind").values()) == ["1", "1"]
    assert facet(response, "when") == {"open": "2"}


def test_facet_counts_tell_nothing_of_rows_that_the_reader_may_not_see(ask, contact):
    OrganisationFactory(company=True, city="Rennes", level=Level.PUBLIC)
    OrganisationFactory(company=True, city="Secreteville", level=Level.CIRCLE)

    seen_by_auditor, seen_by_contact = ask(user_with("auditor")), ask(contact)

    assert "Secreteville" in facet(seen_by_auditor, "city")
    assert b"Secreteville" not in seen_by_contact.content
    assert facet(seen_by_contact, "city") == {"Rennes": "1"}


def test_several_values_of_a_facet_widen_and_two_facets_narrow(ask, coordinator):
    OrganisationFactory(unit=True, name="A", city="Rennes")
    OrganisationFactory(company=True, name="B", city="Lyon")
    OrganisationFactory(unit=True, name="C", city="Brest")

    assert names(ask(coordinator, "?city=Rennes&city=Lyon")) == ["A", "B"]
    assert names(ask(coordinator, f"?city=Rennes&city=Lyon&kind={OrganisationKind.UNIT}")) == ["A"]


def test_what_is_not_stated_can_be_chosen_in_a_facet_alone_and_beside_other_values(ask, coordinator):
    for name, city in (("A", "Rennes"), ("B", ""), ("C", "Lyon")):
        OrganisationFactory(unit=True, name=name, city=city)
    soup = BeautifulSoup(ask(coordinator).content, "html.parser")
    lines = soup.select("input[name=city][form=list-form]")
    value = next(line["value"] for line in lines if "not stated" in line.parent.get_text())

    alone = ask(coordinator, f"?city={value}")

    assert names(alone) == ["B"]
    assert facet(alone, "city") == {"not stated": "1", "Lyon": "1", "Rennes": "1"}
    assert names(ask(coordinator, f"?city={value}&city=Lyon")) == ["B", "C"]


def test_period_includes_both_days(ask, coordinator):
    for year in (2001, 2002, 2003):
        OrganisationFactory(unit=True, name=str(year), starts_on=date(year, 1, 1))

    assert names(ask(coordinator, "?since_from=2002-01-01&since_to=2003-01-01")) == ["2002", "2003"]


def test_what_the_address_says_wrong_is_left_out_and_named(ask, coordinator):
    OrganisationFactory(unit=True, name="A")

    response = ask(coordinator, "?kind=nonsense&since_from=2002-13-45&sort=hash&page=-4&size=9999999")

    notices = [n.get_text(strip=True) for n in BeautifulSoup(response.content, "html.parser").select(".notice")]
    assert names(response) == ["A"]
    assert len(notices) == 3


@pytest.mark.parametrize(
    ("query", "expected"), [("?sort=name", ["A", "B"]), ("?sort=-name", ["B", "A"]), ("?sort=-city", ["A", "B"])]
)
def test_list_is_sorted_by_a_column_in_either_direction(ask, coordinator, query, expected):
    OrganisationFactory(unit=True, name="A", city="Rennes")
    OrganisationFactory(unit=True, name="B", city="Lyon")

    response = ask(coordinator, query)

    assert names(response) == expected
    assert len(BeautifulSoup(response.content, "html.parser").select("th[aria-sort]")) == 1


def test_columns_can_be_chosen_and_the_choice_stays_in_links(ask, coordinator):
    OrganisationFactory(unit=True, starts_on=date(2001, 5, 2))

    soup = BeautifulSoup(ask(coordinator, "?columns=name&columns=starts_on").content, "html.parser")

    assert [head.get_text(strip=True) for head in soup.select("thead th")] == ["Name", "Since"]
    assert "columns=name&columns=starts_on" in soup.select_one("thead th a")["href"]


def test_pages_cover_every_row_once_and_a_page_too_far_gives_the_last(ask, coordinator):
    OrganisationFactory.create_batch(60, unit=True, name="Same name")

    pages = [BeautifulSoup(ask(coordinator, f"?page={page}").content, "html.parser") for page in (1, 2, 3)]
    links = [[link["href"] for link in page.select(".list-table [data-open]")] for page in pages]

    assert [len(each) for each in links] == [25, 25, 10]
    assert len({link for each in links for link in each}) == 60
    assert "page 3 of 3" in BeautifulSoup(ask(coordinator, "?page=99").content, "html.parser").get_text()


def test_fragment_is_the_same_part_as_in_the_page(ask, coordinator):
    OrganisationFactory.create_batch(3, unit=True, city="Rennes")

    page = BeautifulSoup(ask(coordinator, "?city=Rennes").content, "html.parser").select_one("#list-part")
    part = ask(coordinator, "?city=Rennes", headers={"HX-Request": "true"})

    def flat(html: str) -> str:
        soup = BeautifulSoup(html, "html.parser")
        for token in soup.select("input[name=csrfmiddlewaretoken]"):
            token.decompose()
        return re.sub(r"\s+", " ", str(soup)).strip()

    assert flat(part.content.decode()) == flat(page.decode_contents())
    assert part.headers["HX-Push-Url"] == "/organisations/?city=Rennes"
    assert part.headers["Vary"] == "HX-Request"


@pytest.mark.parametrize("header", ["HX-Boosted", "HX-History-Restore-Request"])
def test_boosted_and_restored_requests_get_the_whole_page(ask, coordinator, header):
    response = ask(coordinator, headers={"HX-Request": "true", header: "true"})

    assert b"<!doctype html>" in response.content


def test_empty_list_says_so_and_a_filter_without_result_offers_to_clear_it(ask, coordinator):
    assert "Nothing here yet" in ask(coordinator).content.decode()
    OrganisationFactory(unit=True, name="A")
    assert "Nothing matches" in ask(coordinator, "?q=zzz").content.decode()


def test_text_in_cells_is_escaped(ask, coordinator):
    OrganisationFactory(unit=True, name="<script>alert(1)</script>", city="<b>x</b>")

    content = ask(coordinator, "?q=%3Cscript%3E").content.decode()

    assert "<script>alert" not in content
    assert "<b>x" not in content
    assert "&lt;script&gt;alert(1)" in content


def test_declared_order_holds_without_a_choice(ask, coordinator):
    for name in ("B", "C", "A"):
        OrganisationFactory(unit=True, name=name)

    assert ORGANISATIONS.order == ["name"]
    assert names(ask(coordinator)) == ["A", "B", "C"]


def test_list_without_rows_keeps_no_place_for_facets(ask, coordinator):
    def has_facets(query: str = "") -> bool:
        return b"facets-panel" in ask(coordinator, query).content

    assert not has_facets()
    OrganisationFactory(unit=True, city="Rennes")

    assert has_facets()
    assert has_facets("?q=nowhere")


def shown_facet(name, *, count=1, selected=False, is_period=False):
    facet = DateFacet(name, name) if is_period else Facet(name, name)
    return ShownFacet(facet, [FacetValue("a", "A", 1, selected)] * count)


def test_many_facets_are_folded_after_the_first_and_open_when_one_of_them_narrows():
    few = [shown_facet(f"f{place}") for place in range(8)] + [shown_facet("empty", count=0)]
    many = [*few, shown_facet("day", count=0, is_period=True)]

    assert [one.facet.key for one in folded(few).first] == [f"f{place}" for place in range(8)]
    assert [one.facet.key for one in folded(many).first] == [f"f{place}" for place in range(6)]
    assert [one.facet.key for one in folded(many).more] == ["f6", "f7", "day"]
    assert not folded(many).is_open
    assert folded([*many, shown_facet("last", selected=True)]).is_open
    assert folded([*many, ShownFacet(DateFacet("on", "on"), [], start=date(2026, 1, 1))]).is_open


def test_every_facet_is_on_the_page_once_whether_folded_or_not(ask, coordinator, monkeypatch):
    OrganisationFactory(unit=True, city="Rennes", name="A")

    def legends():
        soup = BeautifulSoup(ask(coordinator).content, "html.parser")
        return soup.select_one(".facets-more"), [one.get_text() for one in soup.select(".facet legend")]

    fold, unfolded = legends()
    monkeypatch.setattr(page, "FACETS_MOST", 1)
    monkeypatch.setattr(page, "FACETS_FIRST", 1)
    folded_away, all_of_them = legends()

    assert fold is None
    assert all_of_them == unfolded
    assert len(folded_away.select(".facet legend")) == len(unfolded) - 1 > 0


def test_a_column_of_no_known_kind_is_refused_where_it_is_declared():
    words = r"tests.wrong: .*'since' is of no kind 'date'.* text, main, code, number, amount, day or moment\."
    with pytest.raises(ValueError, match=words):
        ListPage(name="tests.wrong", counted=str, columns=[Column("name", "Name"), Column("since", "", kind="date")])
