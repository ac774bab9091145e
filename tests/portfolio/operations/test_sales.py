"""A part of a patent sold to a third party: the other owners are told, and may buy it first for three months."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import AssetKind, NoticeAnswer
from motrice.portfolio.operations.abandonment import answer_notice, confirm_receipt
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.operations.sales import offer_share
from tests.portfolio.factories import HALF, MONDAY, PARIS, asset_of

QUARTER = Fraction(1, 4)
RECEIVED, LAST_DAY = date(2026, 11, 24), date(2027, 2, 24)


def at(year, month, day):
    return datetime(year, month, day, 12, tzinfo=PARIS)


@pytest.fixture
def title(place):
    """A family owned half by a company, opened to the organisation."""
    asset = asset_of(place)
    return set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="ouverte", at=MONDAY)


def offer(place, asset, **changes):
    values = {"seller": place.office, "buyer": place.rival, "share": QUARTER, "price": Decimal(12000)} | changes
    return offer_share(asset=asset, text="Comptant", **({"actor": place.officer, "at": MONDAY} | values))


def sell(place, asset, on, **changes):
    values = {"giver": place.office, "taker": place.rival, "share": QUARTER, "ground": "acte"} | changes
    return transfer_share(asset=asset, on=on, actor=place.officer, at=at(on.year, on.month, on.day), **values)


@pytest.fixture
def told(place, title):
    """The company received the notice of the sale on 24 November 2026."""
    (notice,) = offer(place, title)
    return confirm_receipt(notice=notice, received_on=RECEIVED, actor=place.officer, at=at(2026, 11, 24))


def test_a_sale_that_nobody_was_told_of_is_refused_with_the_article(place, title):
    with pytest.raises(RuleViolation, match=r"was not told of this sale.*L613-29 e\)"):
        sell(place, title, LAST_DAY)


def test_a_sale_is_refused_until_three_months_after_the_receipt(place, title, told):
    assert told.article.endswith("L613-29 e)")
    with pytest.raises(RuleViolation, match=r"buy it first until 24.Feb.2027, 3 months"):
        sell(place, title, date(2027, 2, 23))

    sell(place, title, LAST_DAY)

    assert {row.organisation: row.share for row in title.ownerships.on(LAST_DAY)} == {
        place.office: QUARTER,
        place.company: HALF,
        place.rival: QUARTER,
    }


def test_a_co_owner_that_renounces_need_not_be_waited_for(place, title, told):
    answer_notice(notice=told, answer=NoticeAnswer.DECLINES, actor=place.contact, at=at(2026, 12, 1))

    sell(place, title, date(2026, 12, 2))

    assert place.rival in {row.organisation for row in title.ownerships.on(date(2026, 12, 2))}


def test_what_a_co_owner_buys_first_goes_to_nobody_else(place, title, told):
    answer_notice(notice=told, answer=NoticeAnswer.TAKES_OVER, actor=place.contact, at=at(2026, 12, 1))

    with pytest.raises(RuleViolation, match="buys it first"):
        sell(place, title, date(2027, 6, 1))
    sell(place, title, date(2026, 12, 2), taker=place.company)


def test_an_answer_after_three_months_is_refused_with_the_article(place, told):
    with pytest.raises(RuleViolation, match=r"ended on 24.Feb.2027.*L613-29"):
        answer_notice(notice=told, answer=NoticeAnswer.TAKES_OVER, actor=place.contact, at=at(2027, 2, 25))


def test_a_greater_part_or_another_buyer_than_was_told_is_another_sale(place, title, told):
    with pytest.raises(RuleViolation, match="was not told"):
        sell(place, title, LAST_DAY, share=HALF)
    with pytest.raises(RuleViolation, match="was not told"):
        sell(place, title, LAST_DAY, taker=place.other_office)


def test_an_agreement_that_says_otherwise_is_kept_as_the_reason(place, title):
    sell(place, title, LAST_DAY, exempt="règlement de copropriété, art. 7")

    assert title.ownerships.count() == 4


def test_software_and_a_single_owner_know_no_right_of_pre_emption(place):
    software = asset_of(place, kind=AssetKind.SOFTWARE, title="Logiciel")
    alone = asset_of(place, title="Seul", owners=(Owner(place.office, Fraction(1)),))

    for asset in (software, alone):
        sell(place, asset, LAST_DAY)

        assert place.rival in {row.organisation for row in asset.ownerships.on(LAST_DAY)}


def test_a_sale_is_offered_by_who_decides_of_a_part_that_the_seller_holds_to_a_third_party(place, title):
    with pytest.raises(NotPermitted):
        offer(place, title, actor=place.contact)
    with pytest.raises(RuleViolation, match="does not hold this part"):
        offer(place, title, share=Fraction(3, 4))
    with pytest.raises(RuleViolation, match="owns a part already"):
        offer(place, title, buyer=place.company)
