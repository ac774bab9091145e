"""Two people at once on owners, makers, agents, domains and tables: what is whole stays so, and the second is told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils.timezone import localdate

from motrice.agreements.operations.licences import Bundled, edit_licence
from motrice.core import audit
from motrice.core.errors import RuleViolation, StaleState
from motrice.directory.enums import RelationKind
from motrice.engines.docketing import FeeRow
from motrice.portfolio.models import Abandonment, AgentDesignation, Asset, CoOwnerNotice, DomainAsset
from motrice.portfolio.operations import fee_tables, ownership
from motrice.portfolio.operations.abandonment import start_abandonment
from motrice.portfolio.operations.agents import designate_agent
from motrice.portfolio.operations.assets import Maker, end_asset
from motrice.portfolio.operations.domains import DomainContent, accept_assets, create_domain
from motrice.portfolio.operations.fee_tables import add_fee_table
from motrice.portfolio.operations.makers import correct_makers
from motrice.portfolio.operations.ownership import correct_shares, transfer_share
from motrice.portfolio.queries.fee_changes import NewFees, fee_entry
from motrice.portfolio.tables import docket as tables
from tests.agreements.factories import content as licence_content
from tests.agreements.factories import licence_of, opened
from tests.core.test_concurrency import at_once
from tests.directory.factories import RelationFactory
from tests.meeting import meet
from tests.portfolio.factories import HALF, application_of, asset_of, world

pytestmark = pytest.mark.django_db(transaction=True)
FIFTHS = (Fraction(1, 5), Fraction(1, 5), Fraction(3, 5))
OTHERS = (Fraction(2, 5), Fraction(2, 5), Fraction(1, 5))  # other numerators than FIFTHS
EIGHTHS = (Fraction(1, 8), Fraction(1, 8), Fraction(3, 4))  # other denominators than FIFTHS
ON = date(2026, 6, 1)


@pytest.fixture
def place(settings, tmp_path):
    settings.SEARCH_ROOT = tmp_path
    return world()


def told(results, error):
    """How many of the acts were refused with this error; the others did their work."""
    assert all(isinstance(result, error) or not isinstance(result, Exception) for result in results), results
    return sum(isinstance(result, error) for result in results)


def shares_on(asset, day):
    return {row.organisation: row.share for row in asset.ownerships.on(day)}


def test_two_owners_who_give_a_part_to_one_body_at_once_both_give_it(place, monkeypatch):
    asset = asset_of(place)
    application_of(place, asset)

    def give(giver):
        seen = Asset.objects.get(pk=asset.pk)
        parties = {"giver": giver, "taker": place.rival, "share": Fraction(1, 4)}
        return transfer_share(asset=seen, on=ON, ground="acte", exempt="dation", actor=place.officer, **parties).pk

    meet(monkeypatch, (ownership, "transfer"))
    results = at_once(lambda: give(place.office), lambda: give(place.company))

    assert results == [asset.pk, asset.pk]
    quarter = Fraction(1, 4)
    assert shares_on(asset, ON) == {place.office: quarter, place.company: quarter, place.rival: HALF}
    assert (ownership.flaws_of(asset, ownership.holdings(asset.ownerships.all())), audit.differences()) == ([], [])


def test_of_two_who_write_the_shares_anew_at_once_the_second_is_told(place, monkeypatch):
    asset = asset_of(place)

    def write(share):
        seen = Asset.objects.get(pk=asset.pk)
        parts = {place.office: share, place.company: 1 - share}
        days = {"starts_on": ON, "ends_on": None}
        return correct_shares(asset=seen, shares=parts, reason="accord", actor=place.officer, **days).pk

    meet(monkeypatch, (ownership, "correct"))
    results = at_once(lambda: write(Fraction(1, 3)), lambda: write(Fraction(1, 7)))

    assert told(results, StaleState) == 1
    assert shares_on(asset, ON)[place.office] in (Fraction(1, 3), Fraction(1, 7))
    assert ownership.flaws_of(asset, ownership.holdings(asset.ownerships.all())) == []


def test_of_two_who_end_an_asset_at_once_the_second_is_told(place, monkeypatch):
    asset = asset_of(place)

    def end(status):
        seen = Asset.objects.get(pk=asset.pk)
        return end_asset(asset=seen, status=status, ended_on=localdate(), actor=place.officer, reason="fin").status

    meet(monkeypatch, (audit.Recorder, "update"), first=True)
    results = at_once(lambda: end("expired"), lambda: end("assigned"))

    assert told(results, RuleViolation) == 1


def test_the_parts_of_makers_written_by_two_at_once_stay_whole(place, monkeypatch):
    names = ("Aline", "Basile", "Cosima")
    makers = [Maker(name, share) for name, share in zip(names, FIFTHS, strict=True)]
    asset = asset_of(place, makers=makers)

    def write(shares):
        seen = Asset.objects.get(pk=asset.pk)
        parts = dict(enumerate(shares, start=1))
        return correct_makers(asset=seen, parts=parts, actor=place.officer, reason="accord").pk

    meet(monkeypatch, (audit.Recorder, "update"), first=True)
    results = at_once(lambda: write(OTHERS), lambda: write(EIGHTHS))

    assert told(results, StaleState) == 1
    assert sum(row.share for row in asset.contributors.all()) == 1


def test_a_title_is_offered_once_by_two_who_begin_to_give_it_up(place, monkeypatch):
    asset = opened(place)

    def start():
        seen = Asset.objects.get(pk=asset.pk)
        return start_abandonment(asset=seen, reason="sans preneur", actor=place.officer).pk

    meet(monkeypatch, (audit.Recorder, "create"), first=True)
    results = at_once(start, start)

    assert told(results, RuleViolation) == 1
    assert Abandonment.objects.count() == CoOwnerNotice.objects.count() == 1


def test_two_agents_named_at_once_follow_each_other(place, monkeypatch):
    days = {"kind": RelationKind.SUPERVISES, "starts_on": date(2010, 1, 1)}
    RelationFactory(source=place.office, target=place.laboratory, **days)

    def name(agent, day):
        return designate_agent(unit=place.laboratory, agent=agent, starts_on=day, actor=place.officer).pk

    meet(monkeypatch, (audit.Recorder, "create"), first=True)
    results = at_once(lambda: name(place.office, date(2026, 1, 1)), lambda: name(place.other_office, date(2026, 6, 1)))

    assert told(results, RuleViolation) <= 1
    assert AgentDesignation.objects.filter(unit=place.laboratory, ends_on=None).count() == 1


def test_an_asset_that_two_put_into_a_domain_at_once_is_in_it_once(place, monkeypatch):
    asset = opened(place)
    content = DomainContent("alliages", "Alliages", "Alloys", date(2020, 1, 1))
    domain = create_domain(organisation=place.office, content=content, actor=place.officer)

    def accept():
        return accept_assets(domain=domain, assets=[(asset, "")], actor=place.officer)

    meet(monkeypatch, (audit.Recorder, "create"), first=True)
    results = at_once(accept, accept)

    assert sorted(results) == [0, 1]
    assert DomainAsset.objects.count() == 1


def test_of_two_who_save_a_fee_table_at_once_the_second_is_told(place, monkeypatch):
    base = fee_entry("fr-renewal-2020")
    since = date(localdate().year + 2, 1, 1)

    def save(amount):
        rows = (FeeRow("6", "standard", Decimal(amount)),)
        fees = NewFees(since, "EUR", "Journal officiel, inventé", localdate() - timedelta(days=1), rows)
        return add_fee_table(base=base, fees=fees, actor=place.coordinator).version

    meet(monkeypatch, (fee_tables, "next_data"))
    results = at_once(lambda: save("80"), lambda: save("90"))

    assert sorted(map(str, results))[0] == "1"
    refusal = next(result for result in results if isinstance(result, RuleViolation))
    assert refusal.field == "valid_from"
    assert len([table for table in tables.rulebook().fee_tables.values() if table.valid_from == since]) == 1


def test_the_parts_of_income_of_a_licence_edited_by_two_at_once_stay_whole(place, monkeypatch):
    assets = [opened(place, title=f"Alliage {number}") for number in range(3)]
    agreement = licence_of(place, *assets, live=False, bundle=list(map(Bundled, assets, FIFTHS)))

    def edit(shares):
        seen = type(agreement).objects.get(pk=agreement.pk)
        terms = licence_content(place, *assets, bundle=list(map(Bundled, assets, shares)))
        return edit_licence(agreement=seen, content=terms, actor=place.officer).pk

    meet(monkeypatch, (audit.Recorder, "update"), first=True)
    results = at_once(lambda: edit(OTHERS), lambda: edit(EIGHTHS))

    assert told(results, StaleState) == 1
    held = tuple(row.share for row in agreement.licence.bundle.order_by("position"))
    assert held in (OTHERS, EIGHTHS)
    assert audit.differences() == []
