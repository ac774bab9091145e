"""Assets enter whole or not at all, and open step by step."""

from datetime import date
from fractions import Fraction

import pytest

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation, StaleState
from motrice.portfolio.enums import AssetKind, AssetStatus
from motrice.portfolio.models import Asset, Ownership
from motrice.portfolio.operations.assets import Owner, edit_asset, end_asset, hand_over_asset, set_classes, set_level
from tests.portfolio.factories import MONDAY, asset_of, published_family


def test_an_asset_enters_with_its_owners_its_makers_and_its_detail(place):
    asset = asset_of(place, classes=(("ipc", "C22F 1/00"), ("cpc", "C22F 1/006")))

    assert [(row.organisation, row.share) for row in asset.ownerships.all()] == [
        (place.office, Fraction(1, 2)),
        (place.company, Fraction(1, 2)),
    ]
    assert [str(row) for row in asset.contributors.all()] == ["Aline Inventrice"]
    assert [(row.symbol, row.is_first) for row in asset.classifications.order_by("pk")] == [
        ("C22F 1/00", True),
        ("C22F 1/006", False),
    ]
    assert asset.family.first_filed_on is None
    assert asset.status == AssetStatus.PREPARED


@pytest.mark.parametrize("kind", AssetKind.values)
def test_every_kind_of_asset_has_its_own_detail(place, kind):
    asset = asset_of(place, kind=kind)

    details = ["family", "software", "know_how", "material", "design", "mark"]
    assert [name for name in details if hasattr(asset, name)] == [details[AssetKind.values.index(kind)]]


@pytest.mark.parametrize("part", [Fraction(49, 100), Fraction(51, 100)])
def test_owners_that_do_not_sum_to_one_are_refused_and_nothing_is_written(place, part):
    with pytest.raises(RuleViolation) as caught:
        asset_of(place, owners=(Owner(place.office, Fraction(1, 2)), Owner(place.company, part)))

    assert caught.value.field == "owners"
    assert not Asset.objects.exists()
    assert not Ownership.objects.exists()


def test_an_owner_named_twice_is_refused(place):
    with pytest.raises(RuleViolation, match="named twice"):
        asset_of(place, owners=(Owner(place.office, Fraction(1, 2)), Owner(place.office, Fraction(1, 2))))


def test_an_officer_of_another_office_adds_nothing_to_this_one(place):
    with pytest.raises(NotPermitted):
        asset_of(place, actor=place.other_officer)


def test_a_family_stays_inside_its_organisation_until_it_is_published(place):
    unpublished, published = asset_of(place), published_family(place)

    with pytest.raises(RuleViolation, match="published"):
        set_level(asset=unpublished, level="network", actor=place.officer, reason="Salon", at=MONDAY)
    set_level(asset=published, level="public", actor=place.officer, reason="Publiée", at=MONDAY)

    assert Asset.objects.get(pk=unpublished.pk).level == "circle"
    assert Asset.objects.get(pk=published.pk).level == "public"


def test_opening_an_asset_asks_for_a_reason(place):
    with pytest.raises(RuleViolation, match="why"):
        set_level(asset=asset_of(place), level="organisation", actor=place.officer, reason=" ", at=MONDAY)


def test_an_edit_of_a_stale_copy_is_refused(place):
    asset = asset_of(place)
    stale = Asset.objects.get(pk=asset.pk)
    edit_asset(asset=asset, title="Alliage inventé", actor=place.officer, at=MONDAY)

    with pytest.raises(StaleState):
        edit_asset(asset=stale, title="Autre alliage inventé", actor=place.engineer, at=MONDAY)

    assert Asset.objects.get(pk=asset.pk).title == "Alliage inventé"


def test_handing_over_counts_the_days_of_the_new_officer_from_that_day(place):
    asset = asset_of(place)

    hand_over_asset(asset=asset, actor=place.officer, officer=place.colleague, firm=place.firm, at=MONDAY)

    held = Asset.objects.get(pk=asset.pk)
    assert (held.officer, held.firm, held.officer_since) == (place.colleague, place.firm, date(2026, 11, 23))


def test_classes_are_replaced_and_the_first_one_is_marked(place):
    asset = asset_of(place, classes=(("ipc", "C22F 1/00"), ("ipc", "B23K 9/00")))

    set_classes(asset=asset, classes=[("ipc", "B23K 9/00"), ("ipc", "G01N 1/00")], actor=place.officer, at=MONDAY)

    held = asset.classifications.order_by("-is_first", "symbol").values_list("symbol", "is_first")
    assert list(held) == [("B23K 9/00", True), ("G01N 1/00", False)]


def test_an_asset_ends_once_and_not_on_a_day_to_come(place):
    asset = published_family(place)
    ending = {"asset": asset, "status": AssetStatus.EXPIRED, "actor": place.officer, "reason": "", "at": MONDAY}

    with pytest.raises(RuleViolation, match="to come"):
        end_asset(ended_on=date(2027, 1, 1), **ending)
    end_asset(ended_on=date(2026, 11, 1), **ending)
    with pytest.raises(RuleViolation, match="already"):
        end_asset(ended_on=date(2026, 11, 1), **ending)

    assert Asset.objects.get(pk=asset.pk).ends_on == date(2026, 11, 1)


def test_history_tells_an_asset_as_it_stood(place):
    asset = asset_of(place)
    edit_asset(asset=asset, title="Alliage inventé", actor=place.officer, reason="plus court", at=MONDAY)

    first = audit.history(asset).last()
    last = audit.history(asset).first()

    assert first.after["title"] == "Alliage inventé à mémoire de forme"
    assert (last.before["title"], last.entry.reason) == ("Alliage inventé à mémoire de forme", "plus court")
