"""Domains of an organisation: the bridge of classes, what it proposes, and what is said of them in public."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.marts.domains import check_headline, domain_figures, domain_table, lacking, proposals
from motrice.portfolio.models import Asset, Domain, DomainAsset, Headline
from motrice.portfolio.operations import domains
from tests.directory.factories import EvidenceFactory
from tests.portfolio.factories import FILED_ON, asset_of, published_family


def domain_of(place, code="robots", **changes):
    values = {"code": code, "name_fr": f"Domaine {code}", "name_en": f"Domain {code}", "starts_on": date(2020, 1, 1)}
    content = domains.DomainContent(**values | changes)
    return domains.create_domain(organisation=place.office, content=content, actor=place.officer)


def seen(place):
    return Asset.objects.permitted(place.officer)


def test_a_domain_is_chosen_by_who_steers_the_organisation(place):
    domain = domain_of(place, "Robots")

    assert (domain.code, str(domain), domain.organisation) == ("robots", "Domain Robots", place.office)
    with pytest.raises(NotPermitted):
        domains.create_domain(
            organisation=place.office,
            content=domains.DomainContent("x", "x", "x", localdate()),
            actor=place.other_officer,
        )
    with pytest.raises(RuleViolation, match="of this code already"):
        domain_of(place, "robots")


def test_a_prefix_is_written_plainly_and_what_is_no_class_is_refused(place):
    domain = domain_of(place)

    row = domains.add_class(domain=domain, prefix=" b22f10 ", actor=place.officer)

    assert row.prefix == "B22F 10/"
    with pytest.raises(RuleViolation, match="no class"):
        domains.add_class(domain=domain, prefix="service robotics", actor=place.officer)
    with pytest.raises(RuleViolation, match="this prefix already"):
        domains.add_class(domain=domain, prefix="B22F 10/", actor=place.officer)


def test_rules_propose_families_until_they_are_accepted_or_dismissed(place):
    domain = domain_of(place)
    domains.add_class(domain=domain, prefix="B22F", actor=place.officer)
    domains.add_class(domain=domain, prefix="B22F 10/", actor=place.officer)
    taken = asset_of(place, title="Taken", classes=[("ipc", "B22F 10/28")])
    refused = asset_of(place, title="Refused", classes=[("ipc", "B22F 3/00")])
    asset_of(place, title="Elsewhere", classes=[("ipc", "G06T 7/00")])

    found = proposals(domain, seen(place), localdate())
    assert {(one.asset.title, one.prefix) for one in found} == {("Taken", "B22F 10/"), ("Refused", "B22F")}

    assert domains.accept_assets(domain=domain, assets=[(taken, "B22F 10/")], actor=place.officer) == 1
    assert domains.dismiss_assets(domain=domain, assets=[refused], actor=place.officer) == 1

    assert proposals(domain, seen(place), localdate()) == []
    assert list(DomainAsset.objects.values_list("asset__title", "prefix")) == [("Taken", "B22F 10/")]


def test_a_rule_that_ended_proposes_nothing_and_what_it_put_in_stays(place):
    domain = domain_of(place)
    rule = domains.add_class(domain=domain, prefix="B22F", actor=place.officer, starts_on=date(2021, 1, 1))
    held = asset_of(place, title="Held", classes=[("ipc", "B22F 10/28")])
    domains.accept_assets(domain=domain, assets=[(held, "B22F")], actor=place.officer)
    asset_of(place, title="New", classes=[("ipc", "B22F 10/28")])

    domains.end_class(row=rule, actor=place.officer)

    assert proposals(domain, seen(place), localdate()) == []
    assert domain_figures(domain, seen(place), seen(place), localdate()).family_count == 1


def test_what_the_actor_may_not_see_is_neither_proposed_nor_put_in(place):
    domain = domain_of(place)
    domains.add_class(domain=domain, prefix="B22F", actor=place.officer)
    secret = asset_of(place, actor=place.colleague, title="Secret", classes=[("ipc", "B22F 10/28")])

    assert proposals(domain, seen(place), localdate()) == []
    assert domains.accept_assets(domain=domain, assets=[(secret, "")], actor=place.officer) == 0
    assert not DomainAsset.objects.exists()


def test_a_family_in_two_domains_is_twice_in_the_table_and_once_in_the_total_and_the_table_says_so(place):
    first, second = domain_of(place, "first"), domain_of(place, "second")
    both, one = asset_of(place, title="Both"), asset_of(place, title="One")
    asset_of(place, title="None")
    for domain, chosen in ((first, [both, one]), (second, [both])):
        domains.accept_assets(domain=domain, assets=[(asset, "") for asset in chosen], actor=place.officer)

    table = domain_table([first, second], seen(place), localdate())

    assert [(line.domain, line.family_count) for line in table.lines] == [(first, 2), (second, 1)]
    assert (table.family_count, table.in_no_domain, table.line_sum, table.counted_again) == (3, 1, 3, 1)


def test_an_asset_taken_out_stays_in_the_past_of_its_domain(place):
    domain = domain_of(place)
    asset = asset_of(place)
    earlier = localdate() - timedelta(days=1)
    domains.accept_assets(
        domain=domain, assets=[(asset, "")], actor=place.officer, starts_on=localdate() - timedelta(days=30)
    )

    domains.remove_asset(domain=domain, asset=asset, actor=place.officer)

    counts = [domain_table([domain], seen(place), day).lines[0].family_count for day in (earlier, localdate())]
    assert counts == [1, 0]


def test_an_asset_put_back_is_in_the_domain_from_today_with_the_rule_of_before(place):
    domain = domain_of(place)
    asset, other = asset_of(place), asset_of(place, title="Other")
    long_ago = localdate() - timedelta(days=30)
    domains.accept_assets(domain=domain, assets=[(asset, "B22F")], actor=place.officer, starts_on=long_ago)
    domains.remove_asset(domain=domain, asset=asset, actor=place.officer)
    with pytest.raises(RuleViolation, match="not in the domain"):
        domains.remove_asset(domain=domain, asset=asset, actor=place.officer)

    domains.put_back_asset(domain=domain, asset=asset, actor=place.officer)

    rows = list(DomainAsset.objects.order_by("pk").values_list("prefix", "starts_on", "ends_on"))
    yesterday = localdate() - timedelta(days=1)
    assert rows == [("B22F", long_ago, yesterday), ("B22F", localdate(), None)]
    for again in (asset, other):
        with pytest.raises(RuleViolation):
            domains.put_back_asset(domain=domain, asset=again, actor=place.officer)


def test_twenty_stated_with_nineteen_active_is_refused_and_names_the_one_that_is_not(place):
    for rank in range(19):
        domain_of(place, f"d{rank:02d}")
    ended = domain_of(place, "heritage", ends_on=date(2025, 12, 31))

    with pytest.raises(RuleViolation) as refused:
        domains.state_headline(
            organisation=place.office,
            text="20 strategic domains",
            domain_count=20,
            stated_on=localdate(),
            actor=place.officer,
        )

    assert str(refused.value) == (
        "20 domains are stated, 19 are active. Not active on that day: Domain heritage (ended on 2025-12-31)."
    )
    assert not Headline.objects.exists()
    right = domains.state_headline(
        organisation=place.office,
        text="19 strategic domains",
        domain_count=19,
        stated_on=localdate(),
        actor=place.officer,
    )
    earlier = check_headline(right, Domain.objects.all(), date(2025, 6, 1))
    assert (earlier.difference, ended in earlier.active) == (-1, True)


def test_figures_of_a_domain_sum_to_their_families(place):
    domain = domain_of(place)
    published = published_family(place, title="Published", trl=4)
    prepared = asset_of(place, title="Prepared", trl=2)
    domains.accept_assets(domain=domain, assets=[(published, ""), (prepared, "")], actor=place.officer)

    figures = domain_figures(domain, seen(place), seen(place), localdate())

    assert (figures.family_count, figures.live_count) == (2, 2)
    assert figures.by_year == ((FILED_ON.year, 1),)
    assert figures.by_trl == ((2, 1), (4, 1))
    assert {(name, count) for _pk, name, count in figures.owners} == {
        (place.office.name, 2), (place.company.name, 2)
    }  # fmt: skip


def test_what_a_domain_lacks_are_laboratories_with_texts_and_classes_without_a_family(place):
    domain = domain_of(place)
    for prefix in ("B22F", "G06T"):
        domains.add_class(domain=domain, prefix=prefix, actor=place.officer)
    domains.add_unit(domain=domain, unit=place.laboratory, actor=place.officer)
    evidence = EvidenceFactory(of=[place.laboratory], level="public")
    permitted = type(evidence).objects.permitted(place.officer)

    before = lacking(domain, seen(place), permitted, place.officer, localdate())
    asset = asset_of(place, classes=[("ipc", "B22F 10/28")])
    domains.accept_assets(domain=domain, assets=[(asset, "B22F")], actor=place.officer)
    after = lacking(domain, seen(place), permitted, place.officer, localdate())

    assert (before.units, before.prefixes) == (((place.laboratory, 1),), ("B22F", "G06T"))
    assert (after.units, after.prefixes) == ((), ("G06T",))


def test_only_laboratories_work_for_a_domain(place):
    with pytest.raises(RuleViolation, match="Only laboratories"):
        domains.add_unit(domain=domain_of(place), unit=place.company, actor=place.officer)
