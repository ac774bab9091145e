"""An asset is found by title and number by those who may see it, and by nobody else."""

import pytest

from motrice.accounts.models import User
from motrice.core import search_index
from motrice.directory.queries.search import find_records
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import hand_over_asset, set_level
from tests.portfolio.factories import MONDAY, published_family


@pytest.mark.parametrize("level", ["circle", "organisation", "network", "public"])
@pytest.mark.parametrize("typed", ["Alliage inventé à mémoire", "FR3108211", "FR3108211A1", "FR2002513", "INV-7"])
def test_who_finds_an_asset_is_who_may_see_it(place, level, typed):
    asset = published_family(place, docket_number="INV-7")
    hand_over_asset(
        asset=asset, actor=place.officer, officer=place.officer, engineer=place.engineer, firm=place.firm, at=MONDAY
    )
    if level != "circle":
        set_level(asset=asset, level=level, actor=place.officer, reason="Publiée", at=MONDAY)
    search_index.rebuild()

    for user in [value for value in vars(place).values() if isinstance(value, User)]:
        actor = User.objects.get(pk=user.pk)
        found = asset in [one.record for one in find_records(typed, actor=actor)]
        assert found == Asset.objects.permitted(actor).filter(pk=asset.pk).exists(), str(actor)


def test_closing_an_asset_hides_it_before_the_index_has_followed(place):
    asset = published_family(place)
    set_level(asset=asset, level="network", actor=place.officer, reason="Publiée", at=MONDAY)
    search_index.rebuild()
    coordinator = User.objects.get(pk=place.coordinator.pk)
    assert asset in found_by(coordinator)

    set_level(asset=asset, level="organisation", actor=place.officer, reason="erreur", at=MONDAY)

    assert asset not in found_by(coordinator)


def found_by(actor):
    return [one.record for one in find_records("Alliage inventé", actor=actor)]
