"""A title is offered to its co-owners and waits for the law's four months before it can be given up."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from motrice.core.confidentiality import Level
from motrice.core.errors import InvalidTransition, NotPermitted, RuleViolation
from motrice.portfolio.enums import AbandonmentStatus, AssetStatus, NoticeAnswer, NoticeSubject
from motrice.portfolio.models import CoOwnerNotice
from motrice.portfolio.operations.abandonment import (
    abandon_title,
    answer_notice,
    confirm_receipt,
    hand_title_over,
    notify_protection,
    offer_title,
    open_notice,
    start_abandonment,
    withdraw_abandonment,
)
from motrice.portfolio.operations.assets import Owner, set_level
from motrice.portfolio.operations.ownership import transfer_share
from motrice.portfolio.queries.coownership import standing_of
from tests.portfolio.factories import MONDAY, PARIS, asset_of

FOUR_MONTHS_LATER = date(2027, 3, 24)


def at(year, month, day):
    return datetime(year, month, day, 12, tzinfo=PARIS)


@pytest.fixture
def title(place):
    """A family owned half by a company, opened to the organisation."""
    asset = asset_of(place)
    return set_level(asset=asset, level=Level.ORGANISATION, actor=place.officer, reason="ouverte", at=MONDAY)


@pytest.fixture
def procedure(place, title):
    """An abandonment begun on Monday 23 November 2026, its notice received the day after."""
    found = start_abandonment(asset=title, reason="aucun preneur", actor=place.officer, at=MONDAY)
    confirm_receipt(
        notice=found.notices.get(), received_on=date(2026, 11, 24), actor=place.officer, at=at(2026, 11, 24)
    )
    return found


def test_starting_offers_the_title_to_every_other_owner(place, title):
    found = start_abandonment(asset=title, reason="aucun preneur", actor=place.officer, at=MONDAY)

    notice = found.notices.get()
    assert (notice.owner, notice.subject, notice.sent_on) == (
        place.company,
        NoticeSubject.ABANDONMENT,
        date(2026, 11, 23),
    )
    assert notice.article == "decree 2020-24, art. 9"


def test_the_date_is_four_months_after_the_receipt(procedure):
    assert standing_of(procedure, today=date(2026, 11, 25)).earliest_on == FOUR_MONTHS_LATER


def test_the_day_before_it_is_refused_with_the_article_and_the_date(place, procedure):
    with pytest.raises(RuleViolation, match=r"4 months runs until 24.Mar.2027 \(decree 2020-24, art. 9\)"):
        abandon_title(abandonment=procedure, actor=place.officer, at=at(2027, 3, 23))

    procedure.asset.refresh_from_db()
    assert procedure.asset.status == AssetStatus.PREPARED


def test_on_that_day_silence_lets_the_title_go(place, procedure):
    abandon_title(abandonment=procedure, actor=place.officer, at=at(2027, 3, 24))

    procedure.asset.refresh_from_db()
    assert (procedure.asset.status, procedure.asset.ends_on) == (AssetStatus.ABANDONED, FOUR_MONTHS_LATER)
    assert procedure.status == AbandonmentStatus.ABANDONED


def test_a_notice_nobody_received_never_runs(place, title):
    found = start_abandonment(asset=title, reason="aucun preneur", actor=place.officer, at=MONDAY)

    with pytest.raises(RuleViolation, match=r"confirmed that .* received the notice"):
        abandon_title(abandonment=found, actor=place.officer, at=at(2030, 1, 1))


def test_a_new_co_owner_must_be_offered_the_title_too(place, procedure):
    transfer_share(
        asset=procedure.asset,
        giver=place.company,
        taker=place.other_office,
        share=Fraction(1, 4),
        on=date(2026, 12, 1),
        actor=place.officer,
        ground="cession",
        exempt="règlement de copropriété",
        at=MONDAY,
    )

    with pytest.raises(RuleViolation, match="École inventée des alliages was not offered the title"):
        abandon_title(abandonment=procedure, actor=place.officer, at=at(2027, 6, 1))

    offer_title(abandonment=procedure, owner=place.other_office, actor=place.officer, at=at(2027, 1, 5))
    assert {notice.owner for notice in procedure.notices.all()} == {place.company, place.other_office}


def test_a_sole_owner_gives_its_title_up_at_once(place):
    asset = asset_of(place, owners=(Owner(place.office, Fraction(1)),))
    found = start_abandonment(asset=asset, reason="sans intérêt", actor=place.officer, at=MONDAY)

    abandon_title(abandonment=found, actor=place.officer, at=MONDAY)

    asset.refresh_from_db()
    assert asset.status == AssetStatus.ABANDONED


def test_the_co_owner_takes_the_title_over_instead(place, procedure):
    notice = procedure.notices.get()
    answer_notice(notice=notice, answer=NoticeAnswer.TAKES_OVER, actor=place.contact, at=at(2027, 1, 10))

    with pytest.raises(RuleViolation, match="takes the title over"):
        abandon_title(abandonment=procedure, actor=place.officer, at=at(2027, 6, 1))

    hand_title_over(
        abandonment=procedure,
        taker=place.company,
        on=date(2027, 2, 1),
        ground="acte de reprise",
        actor=place.officer,
        at=at(2027, 1, 20),
    )
    asset = procedure.asset
    assert [(row.organisation, row.share) for row in asset.ownerships.on(date(2027, 2, 1))] == [
        (place.company, Fraction(1))
    ]
    assert (procedure.status, procedure.taken_over_by) == (AbandonmentStatus.TAKEN_OVER, place.company)


def test_an_answer_after_the_delay_is_refused_with_the_article(place, procedure):
    with pytest.raises(RuleViolation, match=r"ended on 24.Mar.2027 \(decree 2020-24, art. 9\)"):
        answer_notice(
            notice=procedure.notices.get(),
            answer=NoticeAnswer.TAKES_OVER,
            actor=place.contact,
            at=at(2027, 3, 25),
        )


def test_nobody_answers_for_a_co_owner_but_its_own_people(place, procedure):
    for actor in (place.officer, place.rival_contact, place.engineer):
        with pytest.raises(NotPermitted):
            answer_notice(notice=procedure.notices.get(), answer=NoticeAnswer.DECLINES, actor=actor, at=MONDAY)


def test_reading_a_notice_is_receiving_it(place, title):
    found = start_abandonment(asset=title, reason="aucun preneur", actor=place.officer, at=MONDAY)

    open_notice(notice=found.notices.get(), actor=place.contact, at=at(2026, 12, 2))
    open_notice(notice=found.notices.get(), actor=place.contact, at=at(2026, 12, 9))

    assert found.notices.get().received_on == date(2026, 12, 2)


def test_a_second_procedure_waits_for_the_end_of_the_first(place, procedure):
    with pytest.raises(RuleViolation, match="under way already"):
        start_abandonment(asset=procedure.asset, reason="encore", actor=place.officer, at=MONDAY)

    withdraw_abandonment(abandonment=procedure, actor=place.officer, reason="un preneur s'annonce", at=MONDAY)
    start_abandonment(asset=procedure.asset, reason="parti", actor=place.officer, at=at(2026, 12, 1))


def test_a_withdrawn_procedure_abandons_nothing(place, procedure):
    withdraw_abandonment(abandonment=procedure, actor=place.officer, reason="un preneur s'annonce", at=MONDAY)

    with pytest.raises(InvalidTransition):
        abandon_title(abandonment=procedure, actor=place.officer, at=at(2027, 6, 1))


def test_what_is_kept_to_a_circle_is_opened_before_co_owners_are_told(place):
    asset = asset_of(place)

    with pytest.raises(RuleViolation, match="open it to the organisation"):
        start_abandonment(asset=asset, reason="aucun preneur", actor=place.officer, at=MONDAY)
    with pytest.raises(RuleViolation, match="open it to the organisation"):
        notify_protection(asset=asset, decided_on=date(2026, 11, 1), text="Dépôt", actor=place.officer, at=MONDAY)

    assert not CoOwnerNotice.objects.exists()


def test_the_patent_engineer_gives_nothing_up(place, title):
    with pytest.raises(NotPermitted):
        start_abandonment(asset=title, reason="aucun preneur", actor=place.engineer, at=MONDAY)


def test_co_owners_are_told_of_a_protection_within_two_months(place, title):
    (notice,) = notify_protection(
        asset=title, decided_on=date(2026, 9, 23), text="Dépôt en France", actor=place.officer, at=MONDAY
    )

    assert (notice.owner, notice.is_late, notice.article) == (place.company, False, "decree 2020-24, art. 9")
    answer_notice(notice=notice, answer=NoticeAnswer.NOTED, actor=place.contact, at=MONDAY)


def test_a_late_notice_of_protection_needs_its_reason(place, title):
    values = {"asset": title, "decided_on": date(2026, 9, 22), "text": "Dépôt", "actor": place.officer, "at": MONDAY}

    with pytest.raises(RuleViolation, match=r"by 22.Nov.2026.*art. 9"):
        notify_protection(**values)
    (notice,) = notify_protection(**values, late_reason="copropriétaire identifié après coup")

    assert notice.is_late


def test_a_notice_cannot_precede_its_decision(place, title):
    with pytest.raises(RuleViolation, match="cannot have been told"):
        notify_protection(
            asset=title,
            decided_on=date(2026, 11, 20),
            sent_on=date(2026, 11, 19),
            text="Dépôt",
            actor=place.officer,
            at=MONDAY,
        )


def test_a_decision_to_protect_is_only_noted(place, title):
    (notice,) = notify_protection(
        asset=title, decided_on=date(2026, 11, 1), text="Dépôt", actor=place.officer, at=MONDAY
    )

    with pytest.raises(RuleViolation, match="only noted"):
        answer_notice(notice=notice, answer=NoticeAnswer.TAKES_OVER, actor=place.contact, at=MONDAY)


def test_a_rival_never_learns_of_a_notice(place, procedure):
    assert list(CoOwnerNotice.objects.permitted(place.contact)) == [procedure.notices.get()]
    assert not CoOwnerNotice.objects.permitted(place.rival_contact).exists()
