"""The count of a ranking against a slow count of its own, on random titles."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from motrice.engines.titles import FRACTIONAL, WHOLE, Basis, Title, counted_in, pairs, ranked, tally

FIRST = date(2021, 1, 1)


def titles_of(drawn):
    out = []
    for key, (filed, wait, applicants) in enumerate(drawn):
        filed_on = FIRST + timedelta(days=filed)
        published_on = filed_on + timedelta(days=wait) if wait is not None else None
        out.append(Title(key, filed_on, published_on, tuple(applicants)))
    return out


titles = st.lists(
    st.tuples(
        st.integers(0, 5 * 365),
        st.one_of(st.none(), st.integers(400, 700)),
        st.lists(st.sampled_from("ABCDE"), max_size=4),
    ),
    max_size=12,
).map(titles_of)


def slow_count(held, basis, year, applicant, rule):
    total = Fraction(0)
    for title in held:
        day = title.published_on if basis == "published" else title.filed_on
        if day and day.year == year and applicant in title.applicants:
            total += 1 if rule == WHOLE else Fraction(1, len(set(title.applicants)))
    return total


@given(titles, st.sampled_from(list(Basis)), st.integers(2021, 2027), st.sampled_from([WHOLE, FRACTIONAL]))
def test_every_count_equals_a_slow_count(held, basis, year, rule):
    counts = tally(counted_in(held, basis, year))

    for applicant in "ABCDE":
        found = counts[applicant].by(rule) if applicant in counts else 0
        assert found == slow_count(held, basis, year, applicant, rule)


@given(titles, st.integers(2021, 2025))
def test_fractions_sum_to_the_titles_that_have_an_applicant(held, year):
    chosen = counted_in(held, Basis.FILED, year)

    total = sum((count.fractional for count in tally(chosen).values()), Fraction(0))

    assert total == sum(1 for title in chosen if title.applicants)


@given(titles, st.sampled_from([WHOLE, FRACTIONAL]))
def test_a_rank_is_one_more_than_the_number_of_better_counts(held, rule):
    rows = ranked(tally(held).values(), rule)

    for row in rows:
        assert row.rank == 1 + sum(other.count.by(rule) > row.count.by(rule) for other in rows)


@given(titles)
def test_pairs_name_each_two_applicants_of_a_title_once(held):
    found = {pair: len(behind) for pair, behind in pairs(held)}

    for one in "ABCDE":
        for other in "ABCDE":
            both = sum(1 for title in held if one < other and {one, other} <= set(title.applicants))
            assert found.get((one, other), 0) == both


def test_a_co_filed_title_counts_one_or_a_half_and_both_are_told():
    shared = Title("FR1", date(2023, 1, 9), date(2024, 7, 12), ("school", "firm"))
    alone = Title("FR2", date(2023, 2, 9), date(2024, 8, 16), ("school", "school"))

    count = tally([shared, alone])["school"]

    assert (count.whole, count.fractional, count.titles) == (2, Fraction(3, 2), (shared, alone))
