"""The plan of a demonstration world: counts, dates, identifiers, and the right answer of every need."""

from collections import Counter
from datetime import date

import pytest

from motrice.core.identifiers import normalise
from motrice.demo.plan.building import Plan, build_world
from motrice.demo.plan.demands import STORIES
from motrice.demo.plan.institutions import DOMAINS, SEGMENTS
from motrice.demo.plan.model import SIZES

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def small() -> Plan:
    return build_world(SIZES["small"], 1, today=TODAY)


@pytest.fixture(scope="module")
def network() -> Plan:
    return build_world(SIZES["network"], 1, today=TODAY)


def live_units(plan: Plan) -> list:
    return [body for body in plan.world.of_kind("unit") if body.ends_on is None]


def labelled(plan: Plan, mark: str, day: date) -> set[int]:
    label = plan.world.landmarks[mark]
    return {
        link.source
        for link in plan.world.links
        if link.kind == "labelled_as" and link.target == label and link.starts_on <= day <= link.ends_on
    }


@pytest.mark.parametrize("size", ["small", "network"])
def test_world_holds_what_its_size_says(size, request):
    plan, wanted = request.getfixturevalue(size), SIZES[size]
    world = plan.world

    counts = (len(live_units(plan)), len(world.of_kind("company")), len(world.papers), len(world.needs))
    assert counts == (wanted.units, wanted.companies, wanted.texts, wanted.needs)
    assert (len(world.offers), len(world.of_kind("school"))) == (wanted.offers, 8)
    assert abs(len(world.humans) - wanted.people) <= max(20, wanted.people // 50)  # with those of the accounts


@pytest.mark.parametrize("today", [date(2027, 12, 31), date(2028, 2, 29), date(2041, 1, 1)])
def test_a_world_of_a_later_day_is_as_much_of_its_day(today):
    plan = build_world(SIZES["small"], 1, today=today)

    bearers = [len(labelled(plan, mark, today)) for mark in ("label", "associated")]
    years = {max(year for year, *_size in body.profiles) for body in plan.world.of_kind("company")}
    ended = [
        account.email
        for account in plan.accounts.accounts
        for _role, _body, last in account.roles
        if last is not None and last < today
    ]
    assert (bearers, years, ended) == ([34, 4], {today.year - 1}, [])


def test_network_has_nine_hundred_small_and_medium_firms_in_the_last_year(network):
    sizes = Counter(body.profiles[-1][1] for body in network.world.of_kind("company"))

    assert sizes["micro"] + sizes["small"] + sizes["medium"] == 900
    assert sizes["midcap"] + sizes["large"] == 1100


def test_some_firms_were_small_or_medium_only_before(network):
    grown = [
        body
        for body in network.world.of_kind("company")
        if body.profiles[0][1] == "medium" and body.profiles[-1][1] == "midcap"
    ]

    assert len(grown) >= 10


def test_names_and_identifiers_are_unique_and_valid(network):
    world = network.world
    identifiers = [pair for body in world.bodies for pair in body.identifiers]
    identifiers += [("orcid", human.orcid) for human in world.humans if human.orcid]

    assert [pair for pair in identifiers if normalise(*pair) != pair[1]] == []
    assert len(set(identifiers)) == len(identifiers)
    for kind in ("unit", "company", "institute", "mechanism"):
        assert len({body.name for body in world.of_kind(kind)}) == len(world.of_kind(kind))
    assert len({(human.given_name, human.family_name) for human in world.humans}) == len(world.humans)
    assert len({human.email for human in world.humans}) == len(world.humans)


@pytest.mark.parametrize(
    ("day", "full", "associated"),
    [
        (date(2005, 6, 1), 0, 0),
        (date(2006, 6, 1), 33, 0),
        (date(2011, 6, 1), 34, 0),
        (date(2016, 6, 1), 29, 9),
        (date(2020, 6, 1), 34, 4),
        (TODAY, 34, 4),
    ],
)
def test_the_number_of_labelled_institutes_depends_on_the_day(small, day, full, associated):
    assert (len(labelled(small, "label", day)), len(labelled(small, "associated", day))) == (full, associated)


def test_the_national_organisation_takes_part_in_20_of_29_and_7_of_9(network):
    """Directly or through a unit that it supervises, as the directory computes it."""
    day = date(2018, 1, 1)
    links = [
        link
        for link in network.world.links
        if (link.starts_on is None or link.starts_on <= day) and (link.ends_on is None or link.ends_on >= day)
    ]
    national = network.world.landmarks["national"]
    units = {link.target for link in links if link.source == national and link.kind == "supervises"}
    reached = {link.target for link in links if link.source == national and link.kind == "participates"}
    reached |= {link.target for link in links if link.source in units and link.kind == "member_of"}

    full, associated = labelled(network, "label", day), labelled(network, "associated", day)
    assert (len(full & reached), len(full), len(associated & reached), len(associated)) == (20, 29, 7, 9)


def test_one_of_three_supervisors_leaves_at_the_end_of_2019(small):
    unit = small.world.landmarks["three_supervisors"]
    links = [link for link in small.world.links if link.target == unit and link.kind == "supervises"]

    assert sorted(link.ends_on or date.max for link in links) == [date(2019, 12, 31), date.max, date.max]


def test_fourteen_regional_companies_one_national_and_one_mechanism_closed_in_2018(small):
    mechanisms = small.world.of_kind("mechanism")
    types = Counter(body.mechanism["mechanism_type"] for body in mechanisms)

    assert (types["satt"], types["national_transfer_company"]) == (14, 1)
    assert [body.key for body in mechanisms if body.ends_on] == [small.world.landmarks["closed_in_2018"]]


def test_units_are_renamed_merged_split_and_continued_without_a_gap(small):
    world = small.world
    links = [link for link in world.links if link.kind == "succeeded_by"]

    assert {link.succession for link in links} == {"renamed", "merged", "split", "continued"}
    for link in links:
        assert (link.starts_on - world.bodies[link.source].ends_on).days == 1
        assert world.bodies[link.target].starts_on == link.starts_on


def test_no_link_or_post_ends_before_it_starts_or_starts_before_its_unit(network):
    world = network.world
    for dated in (*world.links, *world.posts):
        assert dated.ends_on is None or dated.ends_on >= dated.starts_on, dated
    for link in world.links:
        if link.kind in ("supervises", "hosts"):
            assert link.starts_on >= world.bodies[link.target].starts_on, link


def test_every_need_has_laboratories_whose_main_sub_topic_it_is(network):
    bodies = network.world.bodies
    for need in network.world.needs:
        assert need.best
        assert {bodies[key].subjects[0] for key in need.best} == {need.topic}
        assert all(need.topic in bodies[key].subjects[1:] for key in need.others)
        assert bodies[need.company].subjects == [need.topic]


def test_every_laboratory_has_texts_mostly_on_its_main_sub_topic(network):
    world = network.world
    on_main = Counter(paper.topic == world.bodies[paper.bodies[0]].subjects[0] for paper in world.papers)

    assert {key for paper in world.papers for key in paper.bodies} >= {body.key for body in live_units(network)}
    assert on_main[True] > 2 * on_main[False]


def test_secret_words_stand_in_secret_texts_alone(network):
    world = network.world
    secret = [need.canary for need in world.needs if need.canary]
    open_text = " ".join(
        [paper.text for paper in world.papers if paper.level != "circle"]
        + [text for need in world.needs for text in need.answers.values()]
        + [text for offer in world.offers for texts in offer.texts.values() for text in texts.values()]
    )

    assert len(set(secret)) == len(secret) > 300
    assert [mark for mark in secret if mark in open_text] == []
    assert all(need.canary in need.secret for need in world.needs if need.canary)


def test_every_story_is_told_even_in_the_small_world(small):
    assert {need.story for need in small.world.needs} == {story[0] for story in STORIES}


def test_every_field_has_a_domain_and_segments():
    from motrice.demo.content.vocabulary import fields

    codes = {field.code for field in fields()}
    assert set(DOMAINS) == codes
    assert set(SEGMENTS) == codes


def test_one_account_is_documented_for_each_role(small):
    shown = [account for account in small.accounts.accounts if account.titles]

    assert {role[0] for account in shown for role in account.roles} == {
        "researcher", "lab_director", "correspondent", "officer", "coordinator", "representative", "director",
        "legal", "company_contact", "auditor", "administrator", "patent_engineer", "patent_firm", "finance",
    }  # fmt: skip
    assert len({account.email for account in small.accounts.accounts}) == len(small.accounts.accounts)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_documented_contact_of_a_company_has_a_need_of_their_own(seed):
    planned = build_world(SIZES["small"], seed, today=TODAY)
    company = next(
        role[1]
        for account in planned.accounts.accounts
        if account.titles
        for role in account.roles
        if role[0] == "company_contact"
    )

    assert any(need.company == company and not need.is_from_visitor for need in planned.world.needs)


def test_the_same_seed_plans_the_same_world_and_another_seed_another(small):
    again = build_world(SIZES["small"], 1, today=TODAY)
    other = build_world(SIZES["small"], 2, today=TODAY)

    assert (again.world.bodies, again.world.links, again.world.papers) == (
        small.world.bodies,
        small.world.links,
        small.world.papers,
    )
    assert again.world.needs == small.world.needs
    assert other.world.papers[0].text != small.world.papers[0].text
