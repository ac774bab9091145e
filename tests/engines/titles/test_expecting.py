"""What next year will publish, and why a published ranking differs from what is held."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.titles import Gap, Listed, Reason, Title, compare, expected_in, published_by, tally

TODAY = date(2026, 11, 20)


def title(key, filed_on, *, published_on=None, priority_on=None, ended_on=None, owners=("school",)):
    return Title(key, filed_on, published_on, owners, priority_on, ended_on)


def test_next_year_expects_filings_of_eighteen_months_before_not_given_up():
    due = title("due", date(2025, 9, 30))
    claimed = title("claims a priority", date(2026, 6, 1), priority_on=date(2025, 7, 1))
    given_up = title("given up", date(2025, 9, 30), ended_on=date(2026, 5, 2))
    given_up_late = title("given up late", date(2025, 8, 1), ended_on=date(2027, 3, 1))
    too_late = title("of the year after", date(2026, 7, 1))
    early = title("published early", date(2026, 3, 1), published_on=date(2027, 1, 4))
    out = title("out the year before", date(2025, 9, 30), published_on=date(2026, 10, 1))

    found = expected_in([due, claimed, given_up, given_up_late, too_late, early, out], 2027, today=TODAY)

    assert [each.key for _day, each in found.awaited] == ["claims a priority", "given up late", "due"]
    assert [each.key for each in found.published] == ["published early"]
    assert found.total == 4


def test_eighteen_months_from_the_end_of_august_end_in_february():
    assert published_by(title("x", date(2023, 8, 31))) == date(2025, 2, 28)


@given(st.lists(st.tuples(st.dates(date(2023, 1, 1), TODAY), st.booleans()), max_size=30), st.integers(2024, 2028))
def test_every_pending_filing_is_expected_in_exactly_one_year(filings, year):
    held = [
        title(rank, day, ended_on=date(2023, 1, 1) if ended else None) for rank, (day, ended) in enumerate(filings)
    ]

    by_year = [{each.key for _day, each in expected_in(held, one, today=TODAY).awaited} for one in range(2024, 2029)]

    assert sum(map(len, by_year)) == sum(1 for _day, ended in filings if not ended)
    assert set.union(*by_year) == {rank for rank, (_day, ended) in enumerate(filings) if not ended}


def test_each_title_of_a_gap_has_its_reason():
    held = title("FR1", date(2023, 1, 9), published_on=date(2024, 7, 12))
    of_another_year = title("FR2", date(2023, 7, 9), published_on=date(2025, 1, 3))
    of_another = title("FR3", date(2023, 1, 9), published_on=date(2024, 7, 12), owners=("firm",))
    misspelt = title("FR4", date(2023, 1, 9), published_on=date(2024, 7, 12), owners=("ÉCOLE INV.",))
    not_listed = title("FR6", date(2023, 1, 9), published_on=date(2024, 7, 12))
    listed = Listed("École", Fraction(5), 1, ("FR1", "FR2", "FR3", "FR4", "FR5"), "school")

    counts = tally([held, of_another, misspelt, not_listed])
    gap = compare([listed], counts, [held, of_another_year, of_another, misspelt, not_listed],
                  unrecognised={"École": [misspelt]})[0]  # fmt: skip

    assert {number: reason for number, reason, _title in gap.titles} == {
        "FR2": Reason.OTHER_YEAR, "FR3": Reason.OTHER_APPLICANT, "FR4": Reason.UNRECOGNISED, "FR5": Reason.NOT_HELD,
        "FR6": Reason.NOT_LISTED,
    }  # fmt: skip
    assert (gap.ours, gap.difference, gap.unexplained) == (2, 3, 0)


def test_a_value_without_titles_leaves_what_spelling_does_not_explain():
    misspelt = title("FR4", date(2023, 1, 9), owners=("ÉCOLE INV.",))

    gap = compare([Listed("École", Fraction(3), 1, (), "school")], {}, [misspelt], unrecognised={"École": [misspelt]})

    assert gap == [Gap(gap[0].listed, None, (("FR4", Reason.UNRECOGNISED, misspelt),))]
    assert (gap[0].difference, gap[0].unexplained) == (3, 2)
