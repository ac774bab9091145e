"""What an act checks still holds when it writes, whatever others do meanwhile; merges that share assets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from django.utils.timezone import localdate

from motrice.accounts.models import ApiToken
from motrice.accounts.operations.tokens import create_token, revoke_token
from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.core.models import AuditEntry
from motrice.directory.enums import RelationKind
from motrice.directory.operations import merge as merging
from motrice.directory.operations.merge import merge
from motrice.portfolio.models import AgentDesignation, Asset, CoOwnerNotice, Headline, Ownership
from motrice.portfolio.operations import domains, joining, sales
from motrice.portfolio.operations.agents import designate_agent, end_designation
from motrice.portfolio.operations.assets import Maker, Owner
from motrice.portfolio.operations.ownership import correct_shares, flaws_of, holdings, transfer_share
from motrice.portfolio.operations.sales import offer_share
from tests.core.test_concurrency import at_once
from tests.directory.factories import OrganisationFactory, PersonFactory, RelationFactory, user_with
from tests.meeting import let_in, meet
from tests.portfolio.factories import HALF, asset_of, world
from tests.portfolio.operations.test_domains import domain_of
from tests.portfolio.operations.test_owners_at_once import told
from tests.portfolio.test_owner_pages import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path
    place = world()
    supervised = {"kind": RelationKind.SUPERVISES, "starts_on": date(2010, 1, 1)}
    RelationFactory(source=place.office, target=place.laboratory, **supervised)
    return place


def overlaps(unit):
    rows = list(AgentDesignation.objects.filter(unit=unit).order_by("starts_on"))
    return [
        after.starts_on
        for before, after in pairwise(rows)
        if before.ends_on is None or before.ends_on >= after.starts_on
    ]


def named(place, agent, **days):
    return designate_agent(unit=place.laboratory, agent=agent, actor=place.officer, **days)


def test_the_mandate_of_an_agent_is_not_prolonged_over_the_next_one(place):
    before = named(place, place.office, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    named(place, place.other_office, starts_on=date(2026, 6, 1))

    with pytest.raises(RuleViolation, match="is the agent from 2026-06-01"):
        end_designation(designation=before, ends_on=date(2026, 6, 1), actor=place.officer)
    end_designation(designation=before, ends_on=date(2026, 5, 31), actor=place.officer)

    assert (overlaps(place.laboratory), audit.differences()) == ([], [])


def test_of_two_who_name_an_agent_and_prolong_another_the_second_is_told(place, monkeypatch):
    before = named(place, place.office, starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31))
    second = let_in(monkeypatch, audit.Recorder, "create", first=True)

    def prolong():
        seen = AgentDesignation.objects.get(pk=before.pk)
        return end_designation(designation=seen, ends_on=date(2026, 12, 31), actor=place.officer).pk

    results = at_once(lambda: named(place, place.other_office, starts_on=date(2026, 6, 1)).pk, second(prolong))

    assert told(results, RuleViolation) == 1
    assert (overlaps(place.laboratory), audit.differences()) == ([], [])


def test_a_number_of_domains_is_stated_as_it_is_when_it_is_written(place, monkeypatch):
    ending, _other = domain_of(place, "robots"), domain_of(place, "alloys")
    second = let_in(monkeypatch, domains, "check_headline")
    today = localdate()

    def state():
        told_as = {"text": "Deux domaines", "domain_count": 2, "stated_on": today}
        return domains.state_headline(organisation=place.office, actor=place.officer, **told_as).pk

    def end():
        content = domains.DomainContent(
            ending.code, ending.name_fr, ending.name_en, ending.starts_on, today - timedelta(days=1)
        )
        return domains.edit_domain(domain=ending, content=content, actor=place.officer).pk

    results = at_once(state, second(end))

    assert not [result for result in results if isinstance(result, Exception)]
    verbs = ("headline.state", "domain.edit")
    assert list(AuditEntry.objects.filter(verb__in=verbs).order_by("sequence").values_list("verb", flat=True)) == list(
        verbs
    )
    assert Headline.objects.count() == 1


def test_a_part_that_is_given_away_meanwhile_is_not_offered_for_sale(place, monkeypatch):
    asset = opened(place)
    second = let_in(monkeypatch, sales, "owners_on")

    def offer():
        sale = {
            "seller": place.office,
            "buyer": place.rival,
            "share": HALF,
            "price": Decimal(1000),
            "text": "Comptant",
        }
        return len(offer_share(asset=Asset.objects.get(pk=asset.pk), actor=place.officer, **sale))

    def give():
        deed = {"giver": place.office, "taker": place.company, "share": HALF, "on": localdate(), "ground": "acte"}
        return transfer_share(asset=Asset.objects.get(pk=asset.pk), actor=place.officer, **deed).pk

    results = at_once(offer, second(give))

    assert results == [1, asset.pk]
    verbs = list(AuditEntry.objects.order_by("-sequence").values_list("verb", flat=True)[:2])
    assert verbs == ["ownership.transfer", "notice.sale"]
    assert CoOwnerNotice.objects.count() == 1


def shares(asset):
    return {row.organisation.name: row.share for row in asset.ownerships.select_related("organisation")}


def test_two_merges_at_once_of_owners_of_the_same_assets_both_go_through(place, monkeypatch):
    quarter = Fraction(1, 4)
    pairs = [(OrganisationFactory(name=f"{letter} 1"), OrganisationFactory(name=f"{letter} 2")) for letter in "AB"]
    four = [body for pair in pairs for body in pair]
    first = asset_of(place, owners=[Owner(body, quarter) for body in four])
    other = asset_of(place, title="Autre alliage inventé", owners=[Owner(body, quarter) for body in reversed(four)])
    # the rows of one of the two come in the other order: written anew, those of the first asset are the younger
    for row in Ownership.objects.filter(asset=first, organisation__in=pairs[1]):
        Ownership.objects.filter(pk=row.pk).update(id=row.pk + 1000)
    coordinator = user_with("coordinator")
    meet(monkeypatch, (joining, "hold_assets"))

    results = at_once(
        *(lambda pair=pair: merge(kept=pair[0], absorbed=pair[1], actor=coordinator).pk for pair in pairs)
    )

    assert results == [pair[0].pk for pair in pairs]
    for asset in (first, other):
        assert shares(asset) == {"A 1": HALF, "B 1": HALF}
        assert flaws_of(asset, holdings(asset.ownerships.all())) == []


def test_a_merge_and_a_correction_of_shares_at_once_do_not_wait_for_each_other_for_ever(place, monkeypatch):
    twin = OrganisationFactory(company=True, name="Société inventée des Aciers (bis)")
    quarter = Fraction(1, 4)
    owners = [Owner(place.office, HALF), Owner(place.company, quarter), Owner(twin, quarter)]
    asset, coordinator = opened(place, owners=owners), user_with("coordinator")
    second = let_in(monkeypatch, merging, "locked")

    def write():
        seen = Asset.objects.get(pk=asset.pk)
        parts = {place.office: quarter, place.company: quarter, twin: HALF}
        days = {"starts_on": date(2024, 1, 1), "ends_on": None}
        return correct_shares(asset=seen, shares=parts, reason="accord", actor=place.officer, **days).pk

    results = at_once(lambda: merge(kept=place.company, absorbed=twin, actor=coordinator).pk, second(write))

    assert results[0] == place.company.pk
    assert isinstance(results[1], StaleState)
    assert shares(asset) == {place.office.name: HALF, place.company.name: HALF}


def test_two_merges_at_once_of_bodies_linked_to_each_other_both_go_through(place, monkeypatch):
    pairs = [(OrganisationFactory(name=f"{letter} 1"), OrganisationFactory(name=f"{letter} 2")) for letter in "AB"]
    ours, theirs = pairs[0][1], pairs[1][1]
    RelationFactory(source=ours, target=theirs, kind=RelationKind.MEMBER_OF)
    RelationFactory(source=theirs, target=ours, kind=RelationKind.MEMBER_OF)
    coordinator = user_with("coordinator")
    meet(monkeypatch, (audit.Recorder, "update"))

    results = at_once(
        *(lambda pair=pair: merge(kept=pair[0], absorbed=pair[1], actor=coordinator).pk for pair in pairs)
    )

    assert results == [pair[0].pk for pair in pairs]


def test_two_merges_at_once_of_makers_of_the_same_asset_keep_every_part(place):
    pairs = [(PersonFactory(family_name=f"{letter}1"), PersonFactory(family_name=f"{letter}2")) for letter in "AB"]
    quarter = Fraction(1, 4)
    makers = tuple(Maker(str(person), quarter, person=person) for pair in pairs for person in pair)
    asset, coordinator = asset_of(place, makers=makers), user_with("coordinator")

    results = at_once(
        *(lambda pair=pair: merge(kept=pair[0], absorbed=pair[1], actor=coordinator).pk for pair in pairs)
    )

    assert results == [pair[0].pk for pair in pairs]
    parts = {row.person: row.share for row in asset.contributors.all()}
    assert parts == {pair[0]: HALF for pair in pairs}


def test_a_token_closed_by_two_presses_at_once_is_closed_once(place, monkeypatch):
    token, _secret = create_token(
        actor=place.officer, name="script", scopes=["portfolio:read"], expires_on=localdate() + timedelta(days=30)
    )
    meet(monkeypatch, (audit.Recorder, "update"), first=True)

    def close():
        return revoke_token(token=ApiToken.objects.get(pk=token.pk), actor=place.officer).revoked_at

    first, second = at_once(close, close)

    assert first == second
    assert AuditEntry.objects.filter(verb="token.revoke").count() == 1
