"""Who sees an asset at each level, and what of it."""

import pytest

from motrice.accounts.models import User
from motrice.accounts.operations.roles import grant_role
from motrice.accounts.operations.users import system_user
from motrice.portfolio.models import Asset, Contributor, DocketEvent, Ownership
from motrice.portfolio.operations.assets import hand_over_asset, set_level
from tests.portfolio.factories import MONDAY, asset_of, published_family

CIRCLE = {"officer", "engineer", "researcher", "auditor"}
ORGANISATION = CIRCLE | {"colleague", "lab_director", "contact"}
NETWORK = ORGANISATION | {"other_officer", "coordinator"}
EVERYBODY = NETWORK | {"rival_contact", "attorney"}


def readers(place, model, **lookup):
    names = [name for name, value in vars(place).items() if isinstance(value, User)]
    fresh = {name: User.objects.get(pk=getattr(place, name).pk) for name in names}
    return {name for name, actor in fresh.items() if model.objects.permitted(actor).filter(**lookup).exists()}


@pytest.mark.parametrize(
    ("level", "expected", "inside"),
    [
        ("circle", CIRCLE, CIRCLE),
        ("organisation", ORGANISATION, ORGANISATION),
        ("network", NETWORK, ORGANISATION),
        ("public", EVERYBODY, ORGANISATION),
    ],
)
def test_each_level_opens_the_asset_to_more_people_but_its_inside_to_those_who_work_on_it(
    place, level, expected, inside
):
    asset = published_family(place)
    if level != "circle":
        set_level(asset=asset, level=level, actor=place.officer, reason="Publiée", at=MONDAY)

    assert readers(place, Asset, pk=asset.pk) == expected
    inside = inside - {"contact"}
    assert readers(place, Contributor, asset=asset) == inside
    assert readers(place, Ownership, asset=asset, organisation=place.office) == inside
    own_share = inside | {"contact"} if "contact" in expected else inside
    assert readers(place, Ownership, asset=asset, organisation=place.company) == own_share
    assert readers(place, DocketEvent, application__asset=asset) == inside


def test_the_firm_sees_the_matters_entrusted_to_it_whatever_their_level(place):
    asset, other = asset_of(place), asset_of(place)

    hand_over_asset(asset=asset, actor=place.officer, officer=place.officer, firm=place.firm, at=MONDAY)

    assert list(Asset.objects.permitted(place.attorney)) == [asset]
    assert other.pk != asset.pk


def test_a_colleague_named_in_the_circle_sees_what_the_office_does_not(place):
    asset = asset_of(place)
    grant_role(user=place.colleague, kind="circle", actor=system_user(), on=asset, reason="relecture")

    assert readers(place, Asset, pk=asset.pk) == CIRCLE | {"colleague"}


def test_only_the_office_that_answers_for_it_edits(place):
    asset = published_family(place)
    set_level(asset=asset, level="public", actor=place.officer, reason="Publiée", at=MONDAY)

    names = {
        name
        for name, value in vars(place).items()
        if isinstance(value, User) and Asset.objects.permitted(User.objects.get(pk=value.pk), "edit").exists()
    }

    assert names == {"officer", "engineer", "colleague"}
