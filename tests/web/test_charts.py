"""Charts: one declaration, four forms, all with the same figures."""

import csv
import io
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import translation

from motrice.web.charts import Chart, Series, ticks

MONTHS = ["January", "February", "March"]
SENT = Series("Sent", [12, 1800, None], ["/l/1", "/l/2", ""])
ANSWERED = Series("Answered <b>", [10, 15, 7])
NAMESPACE = "{http://www.w3.org/2000/svg}"


def chart(kind: str = "bar", *series: Series) -> Chart:
    return Chart(kind, "Needs & answers", MONTHS, series or (SENT,), "needs", "Counted today", "Month", "the-chart")


@pytest.mark.parametrize("kind", ["bar", "line", "stacked"])
def test_drawing_holds_a_mark_for_each_figure_and_links_its_list(kind):
    root = ET.fromstring(chart(kind, SENT, ANSWERED).drawing())

    titles = [title.text for title in root.iter(f"{NAMESPACE}title")]
    assert sorted(titles) == sorted(
        [
            "January, Sent: 12 needs",
            "February, Sent: 1,800 needs",
            "January, Answered <b>: 10 needs",
            "February, Answered <b>: 15 needs",
            "March, Answered <b>: 7 needs",
        ]
    )
    assert [link.get("href") for link in root.iter(f"{NAMESPACE}a")] == ["/l/1", "/l/2"]


def test_funnel_says_what_each_step_keeps():
    texts = [
        text.text
        for text in ET.fromstring(chart("funnel", Series("N", [200, 50, 5])).drawing()).iter(f"{NAMESPACE}text")
    ]

    assert texts == ["January: 200", "February: 50", "25%", "March: 5", "10%"]


def test_drawing_for_mail_needs_nothing_from_outside_and_holds_no_link():
    drawing = chart().drawing(is_standalone=True)

    root = ET.fromstring(drawing)
    assert root.get("role") == "img"
    assert list(root.iter(f"{NAMESPACE}a")) == []
    assert "fill:#0b6374" in next(root.iter(f"{NAMESPACE}style")).text


def test_drawing_writes_numbers_with_a_point_in_french():
    with translation.override("fr"):
        root = ET.fromstring(chart().drawing())

    assert [mark.get("y") for mark in root.iter(f"{NAMESPACE}rect") if "," in mark.get("y")] == []
    assert "1 800" in "".join(root.itertext()).replace("\u202f", " ")


def test_table_data_and_csv_tell_the_same():
    declared = chart("bar", SENT, ANSWERED)

    soup = BeautifulSoup(render_to_string("web/parts/chart.html", {"chart": declared}), "html.parser")
    table = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in soup.select("table tr")]

    assert table[1:] == [["January", "12", "10"], ["February", "1,800", "15"], ["March", "–", "7"]]
    assert [link["href"] for link in soup.select("table a")] == ["/l/1", "/l/2"]
    assert declared.data()["series"][0]["values"] == [12, 1800, None]
    assert list(csv.reader(io.StringIO(declared.csv_text())))[1:] == [
        ["January", "12", "10"],
        ["February", "1800", "15"],
        ["March", "", "7"],
    ]


def test_chart_without_figures_says_so():
    empty = Chart("bar", "None", MONTHS, [Series("Sent", [0, None, 0])])

    assert "There is nothing to draw" in render_to_string("web/parts/chart.html", {"chart": empty})


@pytest.mark.parametrize(
    ("kind", "series", "word"),
    [
        ("donut", [SENT], "donut"),
        ("bar", [Series("Sent", [1])], "1 values for 3"),
        ("bar", [Series("Sent", [1, 2, 3], ["/x"])], "1 links"),
        ("funnel", [SENT, ANSWERED], "2 series"),
        ("bar", [], "0 series"),
    ],
)
def test_wrong_declaration_is_refused_in_words(kind, series, word):
    with pytest.raises(ValueError, match=word):
        Chart(kind, "Needs", MONTHS, series)


@pytest.mark.parametrize(
    ("top", "steps"), [(0, [0, 1]), (3, [0, 1, 2, 3]), (31, [0, 10, 20, 30, 40]), (1800, [0, 500, 1000, 1500, 2000])]
)
def test_scale_is_round_and_covers_the_top(top, steps):
    assert ticks(top) == steps


def test_a_long_name_stands_on_two_lines_and_ends_where_there_is_no_room():
    names = [
        "in less than one working day",
        "a" * 60,
        "short",
        "so many words that two lines cannot hold them all",
        "",
        "",
    ]
    root = ET.fromstring(Chart("bar", "Needs", names, [Series("Needs", [1, 2, 3, 4, 5, 6])]).drawing())
    labels = [text.text for text in root.iter(f"{NAMESPACE}text") if text.get("text-anchor") == "middle"]

    assert labels[:2] == ["in less than one", "working day"]
    assert labels[2].endswith("…")
    assert labels[3] == "short"
    assert labels[5].endswith("…")
