"""Reports on paper: everything told is in the file, as tags and words, and nothing in a text can act."""

import io
from datetime import UTC, datetime

import pytest
from django.utils import translation
from pypdf import PdfReader

from motrice.web.charts import Chart, Series
from motrice.web.printed import Figure, Paper, Part, Table, pdf, picture, response
from tests.leaks.reading import pages_of

AT = datetime(2026, 11, 30, 9, 5, tzinfo=UTC)
SENT = Chart("bar", "Needs by month", ["January", "February"], [Series("Needs", [12, 1800])], element_id="needs")


def paper(**changes) -> Paper:
    parts = [
        Part("In short", figures=[Figure("1.9 days", "median time")], charts=[SENT]),
        Part(
            "Refusals", "Why teams refuse.", tables=[Table(["Reason", "Count"], [("Too early", 1204)], numbers=(1,))]
        ),
    ]
    return Paper(
        **{"name": "report", "title": "Report of the desk", "parts": parts, "lead": ["All needs."], **changes}
    )


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def said(content: bytes) -> str:
    return " ".join(pages_of(content).replace("\u202f", " ").replace("\xa0", " ").split())


def test_what_a_report_tells_is_in_the_file_in_words():
    words = said(pdf(paper(), author="Ada Invented", made_at=AT))

    for told in (
        "Report of the desk",
        "All needs.",
        "1.9 days",
        "median time",
        "Why teams refuse.",
        "Too early",
        "1,204",
    ):
        assert told in words
    assert "made on 30 Nov 2026, 10:05 for Ada Invented 1 / 1" in words


def test_the_file_is_tagged_for_who_cannot_see_it():
    content = pdf(paper(), author="Ada Invented", made_at=AT)
    root = read(content).trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert "Needs by month (Needs). January: 12; February: 1,800." in said(content)


def test_a_report_is_written_as_its_language_does():
    with translation.override("fr"):
        content = pdf(paper(), author="Ada Invented", made_at=AT)

    assert read(content).trailer["/Root"]["/Lang"] == "fr"
    assert "1 204" in said(content)
    assert "fait le 30 nov. 2026, 10 h 05 pour Ada Invented" in said(content)


def test_the_same_report_of_the_same_moment_is_the_same_file():
    assert pdf(paper(), author="Ada", made_at=AT) == pdf(paper(), author="Ada", made_at=AT)


@pytest.mark.parametrize(
    "text", ['#read("/etc/passwd")', "*b* _i_ $x^2$ <tag> @ref", "= Title", "]]>&<svg onload=x>", "\\u{41}"]
)
def test_no_text_is_read_as_markup(text: str):
    chart = Chart("bar", text, [text], [Series(text, [3])])
    parts = [Part(text, text, [Figure(text, text)], [chart], [Table([text], [(text,)])])]
    words = said(pdf(paper(title=text, parts=parts, lead=[text]), author=text, made_at=AT))

    assert words.count(" ".join(text.split())) >= 8


@pytest.mark.parametrize("text", ["中文 العربية", "\x07bell", "half \ud800", "none \ufffe", "🙂"])
def test_what_no_font_draws_stops_no_report(text: str):
    chart = Chart("bar", text, [text], [Series(text, [3])])
    content = pdf(paper(title=text, parts=[Part(text, charts=[chart])]), author=text, made_at=AT)

    assert read(content).trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert picture(chart)[1:4] == b"PNG"


def test_a_long_table_goes_on_over_pages_with_its_head():
    rows = [(f"Reason {number}", number) for number in range(200)]
    found = read(pdf(paper(parts=[Part(tables=[Table(["Why", "Count"], rows)])]), author="Ada", made_at=AT))

    assert len(found.pages) > 3
    assert all("Why Count" in page.extract_text() for page in found.pages)
    assert "Reason 199" in found.pages[-1].extract_text()


def test_an_empty_table_says_so():
    words = said(pdf(paper(parts=[Part(tables=[Table(["Why"], [], empty="No team refused.")])]), author="Ada"))

    assert "No team refused." in words
    assert "Why" not in words


def test_a_chart_is_a_picture_for_mail():
    content = picture(SENT)

    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) == (720, 300)
    other = Chart("bar", "Needs by month", ["January", "February"], [Series("Needs", [1800, 12])])
    assert picture(other) != content


def test_a_report_is_a_file_to_keep():
    answer = response(paper(), author="Ada Invented")

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
