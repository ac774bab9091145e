"""An asset is found by title and number by those who may see it, and by nobody else."""

import pytest

from motrice.accounts.models import User
from motrice.core import search_index
from motrice.directory.queries.search import find_records
from motrice.portfolio.models import Asset
from motrice.portfolio.operations.assets import hand_over_asset, set_level
from motrice.portfolio.operations.filings import add_publication
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


@pytest.mark.parametrize("kind", ["A3", "B1"])
def test_a_later_publication_is_found_by_its_number(place, kind):
    asset = published_family(place)
    search_index.rebuild()
    application = asset.applications.get()

    add_publication(
        application=application,
        number="4999888",
        kind_code=kind,
        office="EP",
        published_on=application.publications.get().published_on,
        actor=place.officer,
        at=MONDAY,
    )
    search_index.follow()

    assert asset in [one.record for one in find_records("EP4999888", actor=place.officer)]
