"""Shares change on a date, are corrected, and stay whole on every day: operation and database refuse the rest."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.directory.operations.merge import last_merge, merge, undo_merge
from motrice.portfolio.models import Asset, Ownership
from motrice.portfolio.operations.assets import Owner
from motrice.portfolio.operations.ownership import correct_shares, flaws_of, holdings, transfer_share
from tests.directory.factories import OrganisationFactory, user_with
from tests.portfolio.factories import FILED_ON, HALF, MONDAY, asset_of

SALE = date(2024, 7, 1)
QUARTER = Fraction(1, 4)
is_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="SQLite cannot wait for the end of a transaction"
)


def picture(asset):
    return [
        (row.organisation.name.split()[0], row.share, row.starts_on, row.ends_on)
        for row in asset.ownerships.order_by("starts_on", "organisation__name")
    ]


def give(place, asset, **changes):
    values = {
        "giver": place.company,
        "taker": place.other_office,
        "share": QUARTER,
        "on": SALE,
        "actor": place.officer,
        "ground": "acte du 1er juillet",
        "exempt": "règlement de copropriété",
    }
    return transfer_share(asset=asset, at=MONDAY, **(values | changes))


def test_a_share_goes_to_another_on_its_day_with_its_deed(place):
    asset = give(place, asset_of(place))

    assert picture(asset) == [
        ("Centre", HALF, FILED_ON, None),
        ("Société", HALF, FILED_ON, date(2024, 6, 30)),
        ("Société", QUARTER, SALE, None),
        ("École", QUARTER, SALE, None),
    ]
    assert asset.ownerships.get(organisation=place.other_office).ground == "acte du 1er juillet"
    assert audit.history(asset.ownerships.get(organisation=place.other_office)).get().verb == "ownership.transfer"


def test_a_transfer_on_the_first_day_changes_the_share_itself(place):
    asset = give(place, asset_of(place), on=FILED_ON, share=HALF, taker=place.office)

    assert picture(asset) == [("Centre", Fraction(1), FILED_ON, None)]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"share": Fraction(2, 3)}, "holds only 50.% on 1.Jul.2024"),
        ({"share": Fraction(0)}, "more than nothing"),
        ({"on": date(2019, 1, 1)}, "does not exist on this day"),
        ({"ground": " "}, "by which deed"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_and_says_why(place, changes, words):
    asset = asset_of(place)
    before = picture(asset)

    with pytest.raises(RuleViolation, match=words):
        give(place, asset, **changes)

    assert picture(asset) == before


def test_the_patent_engineer_and_the_co_owner_change_no_share(place):
    asset = asset_of(place)

    for actor in (place.engineer, place.contact, place.researcher):
        with pytest.raises(NotPermitted):
            give(place, asset, actor=actor)

    assert asset.ownerships.count() == 2


def test_a_correction_swaps_the_shares_of_some_days(place):
    asset = asset_of(place)

    correct_shares(
        asset=asset,
        shares={place.office: QUARTER, place.company: Fraction(3, 4)},
        starts_on=date(2021, 1, 1),
        ends_on=date(2021, 12, 31),
        actor=place.officer,
        reason="règlement de copropriété",
        at=MONDAY,
    )

    assert picture(asset) == [
        ("Centre", HALF, FILED_ON, date(2020, 12, 31)),
        ("Société", HALF, FILED_ON, date(2020, 12, 31)),
        ("Centre", QUARTER, date(2021, 1, 1), date(2021, 12, 31)),
        ("Société", Fraction(3, 4), date(2021, 1, 1), date(2021, 12, 31)),
        ("Centre", HALF, date(2022, 1, 1), None),
        ("Société", HALF, date(2022, 1, 1), None),
    ]


def test_a_correction_that_leaves_a_gap_names_its_days(place):
    asset = asset_of(place)

    with pytest.raises(RuleViolation, match=r"sum to only 75.% from 1.Jan.2021 to 31.Dec.2021"):
        correct_shares(
            asset=asset,
            shares={place.office: HALF, place.company: QUARTER},
            starts_on=date(2021, 1, 1),
            ends_on=date(2021, 12, 31),
            actor=place.officer,
            reason="erreur",
            at=MONDAY,
        )


def test_a_correction_that_goes_beyond_the_whole_says_from_when(place):
    asset = asset_of(place)

    with pytest.raises(RuleViolation, match=r"sum to 125.%, more than the whole, from 1.Jan.2021 on"):
        correct_shares(
            asset=asset,
            shares={place.office: Fraction(3, 4), place.company: HALF},
            starts_on=date(2021, 1, 1),
            ends_on=None,
            actor=place.officer,
            reason="erreur",
            at=MONDAY,
        )


def test_the_swap_of_two_shares_passes_the_database_in_its_order(place):
    asset = asset_of(place)
    for share in (QUARTER, Fraction(3, 4), HALF):
        correct_shares(
            asset=asset,
            shares={place.office: share, place.company: 1 - share},
            starts_on=FILED_ON,
            ends_on=None,
            actor=place.officer,
            reason="échange",
            at=MONDAY,
        )

    assert [row[1] for row in picture(asset)] == [HALF, HALF]


def commit(write) -> None:
    """Write, then do what the end of a transaction does."""
    with transaction.atomic():
        write()
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def adding(asset, organisation, share, starts_on):
    row = Ownership(
        asset=asset,
        organisation=organisation,
        numerator=share.numerator,
        denominator=share.denominator,
        starts_on=starts_on,
    )
    return lambda: Ownership.objects.bulk_create([row])


def of_company(place, asset):
    return asset.ownerships.filter(organisation=place.company)


def test_the_database_refuses_an_owner_with_two_shares_on_one_day(place):
    asset = asset_of(place)
    row = Ownership(asset=asset, organisation=place.company, numerator=1, denominator=4, starts_on=SALE)

    def write():
        of_company(place, asset).update(numerator=1, denominator=4)
        Ownership.objects.bulk_create([row])

    with pytest.raises(IntegrityError, match="two shares"):
        commit(write)


def test_the_database_refuses_more_than_the_whole(place):
    asset = asset_of(place)

    with pytest.raises(IntegrityError):
        commit(adding(asset, place.other_office, Fraction(1, 1000), SALE))


def test_the_database_refuses_a_share_that_grows_beyond_the_whole(place):
    asset = asset_of(place)

    with pytest.raises(IntegrityError):
        commit(lambda: of_company(place, asset).update(numerator=2, denominator=3))


def test_the_database_accepts_thirds(place):
    third = Fraction(1, 3)
    asset = asset_of(place)
    correct_shares(
        asset=asset,
        shares={place.office: third, place.company: third, place.other_office: third},
        starts_on=FILED_ON,
        ends_on=None,
        actor=place.officer,
        reason="tiers",
        at=MONDAY,
    )

    commit(lambda: None)
    assert [row[1] for row in picture(asset)] == [third] * 3


@is_postgresql
@pytest.mark.parametrize(("ends_on", "words"), [(date(2024, 6, 30), "1/2 on 2024-07-01"), (FILED_ON, "2020-03-17")])
def test_postgresql_refuses_a_gap_and_names_its_first_day(place, ends_on, words):
    asset = asset_of(place)

    with pytest.raises(IntegrityError, match=words):
        commit(lambda: of_company(place, asset).update(ends_on=ends_on))


@is_postgresql
def test_postgresql_refuses_an_earlier_start_of_the_life_that_nobody_owns(place):
    asset = asset_of(place)

    with pytest.raises(IntegrityError, match="on 2020-01-01"):
        commit(lambda: Asset.objects.filter(pk=asset.pk).update(starts_on=date(2020, 1, 1)))


@is_postgresql
def test_postgresql_refuses_the_loss_of_one_owner(place):
    asset = asset_of(place)

    with pytest.raises(IntegrityError):
        commit(of_company(place, asset).delete)


@pytest.mark.django_db
def test_the_guards_of_the_database_are_laid():
    if connection.vendor == "postgresql":
        names = "('portfolio_ownership_whole', 'portfolio_asset_life_owned')"
        question, expected = f"SELECT count(*) FROM pg_trigger WHERE tgdeferrable AND tgname IN {names}", 2
    else:
        question = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'portfolio_ownership'"
        expected = 4

    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchone()[0] == expected


def test_a_share_given_to_a_body_unknown_before_is_seen_by_it(place):
    newcomer = OrganisationFactory(company=True, name="Jeune pousse inventée")
    asset = give(place, asset_of(place), taker=newcomer, share=HALF)

    assert [row[0] for row in picture(asset)] == ["Centre", "Société", "Jeune"]


def test_merging_two_owners_adds_their_shares_up_by_date_and_can_be_undone(place):
    third = Fraction(1, 3)
    owners = (Owner(place.office, third), Owner(place.company, third), Owner(place.rival, third))
    asset = asset_of(place, owners=owners)
    transfer_share(
        asset=asset, giver=place.rival, taker=place.office, share=third, on=SALE, actor=place.officer, ground="acte",
        at=MONDAY,
    )  # fmt: skip
    before = picture(asset)
    coordinator = user_with("coordinator")

    merge(kept=place.company, absorbed=place.rival, actor=coordinator, reason="une seule société")

    after = {(row.organisation_id, row.starts_on): row.share for row in asset.ownerships.all()}
    assert after == {
        (place.office.pk, FILED_ON): third,
        (place.company.pk, FILED_ON): 2 * third,
        (place.office.pk, SALE): 2 * third,
        (place.company.pk, SALE): third,
    }
    assert flaws_of(asset, holdings(asset.ownerships.all())) == []
    place.rival.refresh_from_db()
    undo_merge(entry=last_merge(place.rival), actor=coordinator)
    assert picture(asset) == before
