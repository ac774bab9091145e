"""The portfolio of the demonstration: its size and make-up, dates that hold together, and what is written of it."""

from collections import Counter
from fractions import Fraction

import pytest

from motrice.demo.content.vocabulary import topics
from motrice.demo.plan.assets import classes
from motrice.demo.plan.building import TODAY, build_world
from motrice.demo.plan.model import SIZES


@pytest.fixture(scope="module")
def network():
    return build_world(SIZES["network"], 1)


def families(plan):
    return [asset for asset in plan.world.assets if asset.kind == "patent_family"]


def owners_at_first(asset):
    return {key for key, _share, start, _end in asset.owners if start == asset.starts_on}


def test_network_holds_5600_families_three_in_ten_with_a_company(network):
    held = families(network)
    companies = {body.key for body in network.world.of_kind("company")}
    shared = sum(bool(owners_at_first(asset) & companies) for asset in held)

    assert len(held) == 5600
    assert 0.28 < shared / len(held) < 0.32
    assert 45_000 < sum(len(filing.events) for asset in held for filing in asset.filings) < 100_000


@pytest.mark.parametrize(("size", "count"), [("small", 5), ("network", 33)])
def test_one_school_publishes_a_known_number_of_titles_in_the_last_full_year(size, count, network):
    plan = network if size == "network" else build_world(SIZES[size], 1)
    school = plan.world.of_kind("school")[0].key

    published = [
        number
        for asset in families(plan)
        if school in owners_at_first(asset)
        for filing in asset.filings
        for number, kind, day in filing.publications
        if filing.office == "FR" and kind == "A1" and day.year == TODAY.year - 1
    ]

    assert len(published) == len(set(published)) == count


def test_owners_sum_to_one_on_the_first_day_and_after_each_change(network):
    for asset in network.world.assets:
        for day in {start for _key, _share, start, _end in asset.owners}:
            held = [share for _k, share, start, end in asset.owners if start <= day and (end is None or end >= day)]
            assert sum(held, Fraction(0)) == 1
        assert sum((share for _key, share in asset.makers), Fraction(0)) == 1


def test_nothing_happens_before_its_filing_or_after_the_taking_over_and_no_number_is_given_twice(network):
    numbers = Counter()
    documents = Counter()
    for asset in families(network):
        for filing in asset.filings:
            numbers[filing.office, filing.number, filing.route] += 1
            documents.update((filing.office, number, kind) for number, kind, _day in filing.publications)
            assert all(filing.filed_on <= event.day < TODAY for event in filing.events)
            assert filing.parent is None or asset.filings[filing.parent].filed_on <= filing.filed_on

    assert max(numbers.values()) == max(documents.values()) == 1


def test_nothing_unpublished_is_open_beyond_its_organisation_and_circles_have_their_planted_word(network):
    secret = [asset for asset in network.world.assets if asset.level == "circle"]
    for asset in families(network):
        if not any(filing.publications for filing in asset.filings):
            assert asset.level in ("circle", "organisation")

    assert len(network.asset_canaries) == len(secret) > 100
    for asset, word in zip(secret, network.asset_canaries, strict=True):
        assert word in asset.summary


def test_every_sub_topic_has_its_classes():
    assert set(classes()) == {topic.code for topic in topics()}
