"""Licences: what they bundle and how its income is shared, what is refused, and the guards of the database."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from motrice.accounts.operations.users import system_user
from motrice.agreements.enums import AgreementStatus, Exclusivity, PartyRole
from motrice.agreements.models import Agreement, Licence, LicensedAsset
from motrice.agreements.operations.agreements import (
    bring_into_force,
    end_agreement,
    give_up_agreement,
    hand_over_agreement,
    set_agreement_level,
    terminate_agreement,
)
from motrice.agreements.operations.licences import Bundled, PartyNamed, edit_licence, register_licence
from motrice.agreements.queries import copyleft_of, income_by_asset
from motrice.agreements.transitions import AGREEMENT
from motrice.core import audit
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.directory.operations.merge import merge
from tests.agreements.factories import SIGNED_ON, bundle_of, content, licence_of, opened, with_copyleft
from tests.directory.factories import user_with
from tests.portfolio.factories import asset_of

THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
TODAY = timezone.localdate


def shares(agreement):
    return {row.asset.title: row.share for row in agreement.licence.bundle.select_related("asset")}


def test_one_licence_bundles_a_family_a_software_and_a_know_how_with_a_split_to_the_cent(place):
    agreement = licence_of(place, bundle=bundle_of(place))

    rows = list(agreement.licence.bundle.select_related("asset"))
    parts = income_by_asset(rows, Decimal("10000.00"))

    assert [(row.asset.kind, row.share) for row in rows] == [
        ("patent_family", Fraction(1, 2)), ("software", Fraction(1, 3)), ("know_how", Fraction(1, 6)),
    ]  # fmt: skip
    assert [part for _row, part in parts] == [Decimal("5000.00"), Decimal("3333.33"), Decimal("1666.67")]


def test_shares_that_do_not_sum_to_one_are_refused_with_what_they_sum_to(place):
    first, second = opened(place, title="A"), opened(place, title="B")
    for share, total in ((THIRD, "5/6"), (Fraction(3, 4), "125\N{NO-BREAK SPACE}%")):
        bundle = [Bundled(first, HALF), Bundled(second, share)]
        with pytest.raises(RuleViolation, match=f"The shares sum to {total} and must sum to one") as refused:
            register_licence(office=place.office, content=content(place, bundle=bundle), actor=place.officer)
        assert refused.value.field == "assets"

    assert not Agreement.objects.exists()


REFUSALS = [
    ({"bundle": []}, "Name at least one asset that is licensed.", "assets"),
    ({"is_worldwide": False}, "Say where it holds: worldwide, or in which territories.", "territories"),
    ({"territories": ("FR",)}, "It is worldwide or for some territories, not both.", "territories"),
    (
        {"is_worldwide": False, "territories": ("FR", "QQ")},
        "“QQ” is no code of a country, such as FR, or of a group of countries, such as EP.",
        "territories",
    ),
    ({"title": "  "}, "Give it a title.", "title"),
    ({"parties": []}, "Name who licenses.", "parties"),
    ({"parties": [PartyNamed(PartyRole.LICENSOR, name="Nous")]}, "Name who is given the licence.", "parties"),
    (
        {"starts_on": date(2025, 1, 2), "ends_on": date(2025, 1, 1)},
        "The term cannot precede the day it takes effect.",
        "ends_on",
    ),
    ({"signed_on": date(2999, 1, 1)}, "It cannot have been signed on a day to come.", "signed_on"),
]


def test_what_does_not_hold_together_is_refused_at_its_field(place):
    asset = opened(place)
    found = []
    for changes, _words, _field in REFUSALS:
        with pytest.raises(RuleViolation) as refused:
            register_licence(office=place.office, content=content(place, asset, **changes), actor=place.officer)
        found.append((changes, str(refused.value), refused.value.field))

    assert found == REFUSALS


def test_the_same_asset_or_party_named_twice_is_refused(place):
    asset = opened(place)
    twice = [Bundled(asset, HALF), Bundled(asset, HALF)]
    rival = PartyNamed(PartyRole.LICENSEE, place.rival)

    with pytest.raises(RuleViolation, match="same asset is named twice"):
        licence_of(place, bundle=twice)
    with pytest.raises(RuleViolation, match="named twice in the same role"):
        licence_of(place, asset, parties=[PartyNamed(PartyRole.LICENSOR, place.office), rival, rival])


def test_only_offices_that_keep_or_own_an_asset_license_it(place):
    asset = opened(place)
    own = content(
        place, asset, parties=[PartyNamed(PartyRole.LICENSOR, name="École"), PartyNamed("licensee", name="X")]
    )

    with pytest.raises(NotPermitted):
        register_licence(office=place.office, content=own, actor=place.other_officer)
    with pytest.raises(RuleViolation, match="Only the offices that keep or own"):
        register_licence(office=place.other_office, content=own, actor=place.other_officer)


def test_an_edit_moves_the_shares_and_keeps_all_the_rest(place):
    first, second, third = (opened(place, title=title) for title in "ABC")
    agreement = licence_of(place, first, second, is_worldwide=False, territories=("FR", "DE"))
    before = {row.asset.title: row.pk for row in agreement.licence.bundle.all()}
    parties = set(agreement.parties.values_list("pk", flat=True))
    changed = content(
        place, is_worldwide=False, territories=("DE", "US"), signed_on=SIGNED_ON, starts_on=SIGNED_ON,
        bundle=[Bundled(second, Fraction(2, 3)), Bundled(third, THIRD)],
    )  # fmt: skip

    edit_licence(agreement=agreement, content=changed, actor=place.officer, reason="avenant 1")

    assert shares(agreement) == {"B": Fraction(2, 3), "C": THIRD}
    assert agreement.licence.bundle.get(asset=second).pk == before["B"]
    assert set(agreement.parties.values_list("pk", flat=True)) == parties
    assert list(agreement.licence.territories.values_list("code", flat=True)) == ["DE", "US"]


def test_an_edit_that_lets_one_share_grow_never_passes_one_on_the_way(place):
    first, second = opened(place, title="A"), opened(place, title="B")
    agreement = licence_of(place, first, second, live=False)
    grown = content(place, bundle=[Bundled(first, Fraction(3, 4)), Bundled(second, Fraction(1, 4))])

    edit_licence(agreement=agreement, content=grown, actor=place.officer)

    assert shares(agreement) == {"A": Fraction(3, 4), "B": Fraction(1, 4)}


def test_a_signed_licence_changes_with_a_reason_and_keeps_its_days(place):
    asset = opened(place)
    agreement = licence_of(place, asset)
    dated = content(place, asset, signed_on=SIGNED_ON, starts_on=SIGNED_ON)

    with pytest.raises(RuleViolation, match="Say why"):
        edit_licence(agreement=agreement, content=dated, actor=place.officer)
    with pytest.raises(RuleViolation, match="day of its signature"):
        edit_licence(agreement=agreement, content=content(place, asset), actor=place.officer, reason="avenant")


def test_what_was_written_is_told_by_the_log_alone(place):
    agreement = licence_of(place, bundle=bundle_of(place))
    edited = content(place, bundle=bundle_of(place), signed_on=SIGNED_ON, starts_on=SIGNED_ON)
    edit_licence(agreement=agreement, content=edited, actor=place.officer, reason="avenant")

    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_each_state_allows_its_moves_and_no_other(place):
    agreement = licence_of(place, opened(place), live=False)

    def moves(status, actor):
        agreement.status = status
        return [move.name for move in AGREEMENT.available(agreement, actor)]

    assert {status: moves(status, place.officer) for status in AgreementStatus} == {
        AgreementStatus.DRAFT: ["bring_into_force", "give_up"],
        AgreementStatus.IN_FORCE: ["end", "terminate"],
        AgreementStatus.ENDED: [],
        AgreementStatus.TERMINATED: [],
        AgreementStatus.GIVEN_UP: [],
    }
    assert moves(AgreementStatus.DRAFT, place.coordinator) == []


def test_a_licence_is_live_from_its_first_day_to_its_last(place):
    agreement = licence_of(place, opened(place), live=False)
    bring_into_force(
        agreement=agreement, signed_on=SIGNED_ON, starts_on=date(2024, 4, 1), ends_on=date(2024, 4, 30),
        actor=place.officer,
    )  # fmt: skip
    days = [date(2024, 3, 31), date(2024, 4, 1), date(2024, 4, 30), date(2024, 5, 1)]

    assert [Agreement.objects.live(day).exists() for day in days] == [False, True, True, False]
    assert [agreement.is_live(day) for day in days] == [False, True, True, False]


def test_a_licence_ends_or_is_terminated_with_its_day_and_is_live_no_more(place):
    ended, stopped = licence_of(place, opened(place)), licence_of(place, opened(place))

    end_agreement(agreement=ended, closed_on=TODAY(), actor=place.officer)
    terminate_agreement(agreement=stopped, closed_on=TODAY(), actor=place.officer, reason="défaut de paiement")

    assert not Agreement.objects.live().exists()
    assert (ended.status, stopped.status, stopped.closed_on) == ("ended", "terminated", TODAY())
    with pytest.raises(InvalidTransition):
        end_agreement(agreement=stopped, closed_on=TODAY(), actor=place.officer)


def test_closing_is_refused_before_the_signature_in_the_future_and_without_a_reason(place):
    agreement, draft = licence_of(place, opened(place)), licence_of(place, opened(place), live=False)

    with pytest.raises(RuleViolation, match="before it was signed"):
        end_agreement(agreement=agreement, closed_on=SIGNED_ON - timedelta(days=1), actor=place.officer)
    with pytest.raises(RuleViolation, match="day to come"):
        end_agreement(agreement=agreement, closed_on=TODAY() + timedelta(days=1), actor=place.officer)
    with pytest.raises(RuleViolation, match="Say why"):
        give_up_agreement(agreement=draft, actor=place.officer, reason=" ")


def test_a_licence_is_handed_over_and_closed_to_a_circle(place):
    agreement = licence_of(place, opened(place))

    hand_over_agreement(agreement=agreement, officer=place.colleague, actor=place.officer)
    set_agreement_level(agreement=agreement, level="circle", actor=place.colleague, reason="négociation")

    seen_by = [user for user in (place.officer, place.colleague) if Agreement.objects.permitted(user).exists()]
    assert seen_by == [place.colleague]


def test_copyleft_in_a_bundled_software_meets_an_exclusive_or_sole_licence_only(place):
    software = with_copyleft(place)

    def warned(exclusivity, actor=place.officer):
        found = copyleft_of([software], exclusivity=exclusivity, actor=actor)
        return [(one.asset, one.concern.part.name, one.concern.part.licence, one.concern.code) for one in found]

    expected = [(software, "signalkit", "GPL-3.0-only", "strong_copyleft")]
    assert warned(Exclusivity.EXCLUSIVE) == warned(Exclusivity.SOLE) == expected
    assert warned(Exclusivity.NON_EXCLUSIVE) == warned(Exclusivity.EXCLUSIVE, place.rival_contact) == []


def commit(change):
    """Make a change and ask what is asked at the end of a transaction."""
    with transaction.atomic():
        change()
        connection.check_constraints()


def test_the_database_refuses_shares_beyond_one(place):
    agreement = licence_of(place, opened(place))
    row = LicensedAsset(licence=agreement.licence, asset=asset_of(place), numerator=1, denominator=7)

    with pytest.raises(IntegrityError):
        commit(row.save)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no check at the end of a transaction")
def test_postgresql_refuses_a_lack(place):
    agreement = licence_of(place, opened(place, title="A"), opened(place, title="B"))

    with pytest.raises(IntegrityError):
        commit(agreement.licence.bundle.first().delete)


def test_the_database_refuses_a_state_without_its_days(place):
    agreement = licence_of(place, opened(place), live=False)
    for values in (
        {"status": "in_force"},
        {"status": "ended", "signed_on": SIGNED_ON, "starts_on": SIGNED_ON},
        {"closed_on": SIGNED_ON},
        {"starts_on": SIGNED_ON, "ends_on": SIGNED_ON - timedelta(days=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=agreement.pk).update(**values)


def test_merging_two_licensees_keeps_the_licence_of_the_one_left(place):
    agreement = licence_of(place, opened(place))

    merge(kept=place.company, absorbed=place.rival, actor=user_with("coordinator"), reason="une seule société")

    assert [str(party) for party in agreement.parties.all()] == [place.office.name, place.company.name]
    assert Licence.objects.permitted(system_user()).count() == 1
