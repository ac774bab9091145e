"""The docket follows the events; what was done, paid and decided is kept."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from motrice.core import audit, catalogue
from motrice.core.confidentiality import Level
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.portfolio.enums import Descent, EventKind, FeeCategory, Route
from motrice.portfolio.models import Deadline, DocketEvent, FeePayment, KeepOrDrop
from motrice.portfolio.operations.abandonment import confirm_receipt, start_abandonment
from motrice.portfolio.operations.assets import set_level
from motrice.portfolio.operations.deadline_rows import insert_deadlines
from motrice.portfolio.operations.docket import (
    choose,
    derive_docket,
    derived_together,
    extend_deadline,
    mark_done,
    record_payment,
    refresh_docket,
    set_fee_category,
)
from motrice.portfolio.operations.filings import correct_event, record_event, remove_event
from motrice.portfolio.tables import docket as tables
from tests.portfolio.factories import FILED_ON, MONDAY, PARIS, application_of, asset_of

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 3, 2)


@pytest.fixture
def european(place):
    asset = asset_of(place)
    first = application_of(place, asset)
    return application_of(
        place,
        asset,
        office="EP",
        route=Route.EUROPEAN,
        number="21700001",
        filed_on=date(2021, 3, 10),
        priorities=[("FR", first.number, FILED_ON)],
    )


def due(application, rule, term=""):
    return Deadline.objects.get(application=application, rule=rule, term=term)


def event(application, kind, day, place, **fields):
    return record_event(application=application, kind=kind, occurred_on=day, actor=place.officer, **fields)


def test_a_filing_has_its_annuities_with_their_amounts(european):
    years = list(european.deadlines.filter(rule="ep-annuity").order_by("due_on").values_list("year", flat=True))

    assert years == list(range(3, 21))
    assert due(european, "ep-annuity", "10").amount == Decimal("1775.00")
    assert due(european, "ep-annuity", "10").fee_table == "ep-renewal-2024"


def test_an_event_that_is_corrected_moves_its_deadlines_and_keeps_their_address(place, european):
    granted = event(european, EventKind.GRANT_PUBLICATION, date(2026, 5, 6), place)
    before = due(european, "ep-opposition")

    correct_event(event=granted, occurred_on=date(2026, 5, 13), actor=place.officer, reason="The Bulletin says so")

    after = due(european, "ep-opposition")
    assert (before.due_on, after.due_on) == (date(2027, 2, 8), date(2027, 2, 15))
    assert after.reference == before.reference


def test_an_event_that_is_removed_takes_its_deadlines_away(place, european):
    granted = event(european, EventKind.GRANT_PUBLICATION, date(2026, 5, 6), place)
    assert european.deadlines.filter(rule="ep-opposition").exists()

    remove_event(event=granted, actor=place.officer, reason="Of another title")

    assert not european.deadlines.filter(rule="ep-opposition").exists()
    assert due(european, "ep-annuity", "20")


def test_the_log_rebuilds_everything_but_the_docket_which_the_engine_rebuilds(place, european):
    event(european, EventKind.SEARCH_PUBLICATION, date(2026, 8, 5), place)
    names = ("application", "rule", "trigger", "term", "due_on", "closes_on", "state", "amount")
    rows = set(Deadline.objects.values_list(*names))

    Deadline.objects.all().delete()
    derive_docket([european.asset])

    assert set(Deadline.objects.values_list(*names)) == rows
    assert audit.differences() == []


def test_what_was_done_is_kept_when_the_docket_is_derived_again(place, european):
    event(european, EventKind.GRANT_PUBLICATION, date(2026, 5, 6), place)
    mark_done(deadline=due(european, "ep-validation"), done_on=date(2026, 7, 1), actor=place.engineer)

    event(european, EventKind.OPPOSITION, date(2026, 10, 1), place)

    done = due(european, "ep-validation")
    assert (done.state, done.done_on, done.done_by.kind) == ("done", date(2026, 7, 1), "done")


def test_a_payment_keeps_its_amount_when_the_table_changes(place, european):
    record_payment(
        deadline=due(european, "ep-annuity", "6"),
        paid_on=PAID_ON,
        amount=Decimal("1155.00"),
        currency="EUR",
        receipt="R-1",
        actor=place.engineer,
    )
    dearer(place)

    refresh_docket()

    payment = FeePayment.objects.get()
    assert (payment.amount, payment.fee_version, payment.receipt) == (Decimal("1155.00"), 1, "R-1")
    assert due(european, "ep-annuity", "6").amount == Decimal("1155.00")
    assert due(european, "ep-annuity", "7").amount == Decimal("2000.00")


def dearer(place, code="ep-renewal-2024"):
    """A newer version of a table of fees that is in force already."""
    table = catalogue.entry(tables.FEES, code)
    rows = [row | {"amount": "2000"} for row in table.data["rows"]]
    catalogue.edit(
        kind=tables.FEES, code=code, data=table.data | {"rows": rows}, actor=place.coordinator, reason="New fees"
    )


def test_what_was_done_without_a_receipt_keeps_the_fee_of_its_day(place, european):
    before = due(european, "ep-annuity", "6")
    mark_done(deadline=before, done_on=PAID_ON, actor=place.engineer)
    dearer(place)

    refresh_docket()

    done = due(european, "ep-annuity", "6")
    assert (done.state, done.amount, done.fee_version) == ("done", before.amount, 1)
    assert done.amount != Decimal("2000.00")
    assert due(european, "ep-annuity", "7").amount == Decimal("2000.00")
    assert refresh_docket().assets == 0


def test_what_was_done_stays_when_its_rule_changes_and_follows_a_correction_all_the_same(place, european):
    granted = event(european, EventKind.GRANT_PUBLICATION, date(2026, 5, 6), place)
    mark_done(deadline=due(european, "ep-validation"), done_on=date(2026, 7, 1), actor=place.engineer)
    rule = catalogue.entry(tables.DEADLINES, "ep-validation")
    catalogue.edit(
        kind=tables.DEADLINES,
        code=rule.code,
        data=rule.data | {"delay": 6},
        actor=place.coordinator,
        reason="A trial",
    )
    refresh_docket()
    kept = due(european, "ep-validation").due_on

    correct_event(event=granted, occurred_on=date(2026, 5, 13), actor=place.officer, reason="The Bulletin says so")

    assert kept == date(2026, 8, 6)
    assert due(european, "ep-validation").due_on == date(2026, 8, 13)


@pytest.mark.parametrize(
    ("amount", "currency", "paid_on", "field"),
    [
        (Decimal(0), "EUR", PAID_ON, "amount"),
        (Decimal(5), "euro", PAID_ON, "currency"),
        (Decimal(5), "EUR", date(2100, 1, 1), "occurred_on"),
    ],
)
def test_a_wrong_payment_is_refused(place, european, amount, currency, paid_on, field):
    with pytest.raises(RuleViolation) as refused:
        record_payment(
            deadline=due(european, "ep-annuity", "6"),
            paid_on=paid_on,
            amount=amount,
            currency=currency,
            actor=place.engineer,
        )

    assert refused.value.field == field
    assert not FeePayment.objects.exists()


def test_a_deadline_that_was_met_is_not_met_twice(place, european):
    event(european, EventKind.ANNUITY_PAID, PAID_ON, place, year=6)

    with pytest.raises(RuleViolation, match="met already"):
        mark_done(deadline=due(european, "ep-annuity", "6"), done_on=PAID_ON, actor=place.engineer)


def test_an_extension_moves_a_date_once(place, european):
    event(european, EventKind.OFFICE_ACTION, date(2026, 8, 31), place)
    extend_deadline(
        deadline=due(european, "ep-examination-report"), granted_on=date(2026, 11, 2), actor=place.engineer, at=MONDAY
    )

    deadline = due(european, "ep-examination-report")
    assert deadline.due_on == date(2027, 3, 1)  # six months to 28 February, a Sunday
    with pytest.raises(RuleViolation, match="as often as the rule allows"):
        extend_deadline(deadline=deadline, granted_on=date(2026, 11, 3), actor=place.engineer, at=MONDAY)


def test_a_rule_without_extension_refuses_one(place, european):
    with pytest.raises(RuleViolation, match="knows no extension"):
        extend_deadline(deadline=due(european, "patent-term"), granted_on=PAID_ON, actor=place.engineer)


def test_a_co_owned_title_is_not_dropped_before_it_was_offered(place, european):
    set_level(asset=european.asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    annuity = due(european, "ep-annuity", "7")
    with pytest.raises(RuleViolation, match="several owners"):
        choose(deadline=annuity, choice="drop", reason="No market", actor=place.engineer, at=MONDAY)

    start_abandonment(asset=european.asset, reason="No market", actor=place.officer, at=MONDAY)
    with pytest.raises(RuleViolation) as refused:
        choose(deadline=annuity, choice="drop", reason="No market", actor=place.engineer, at=MONDAY)

    assert refused.value.field == "choice"
    assert not KeepOrDrop.objects.exists()


def test_a_co_owned_title_may_be_dropped_once_the_notice_has_run(place, european):
    set_level(asset=european.asset, level=Level.ORGANISATION, actor=place.officer, reason="test", at=MONDAY)
    start_abandonment(asset=european.asset, reason="No market", actor=place.officer, at=MONDAY - timedelta(days=200))
    for notice in european.asset.abandonments.get().notices.all():
        confirm_receipt(notice=notice, received_on=date(2026, 5, 10), actor=place.officer, at=MONDAY)

    choose(
        deadline=due(european, "ep-annuity", "7"), choice="drop", reason="No market", actor=place.engineer, at=MONDAY
    )

    assert due(european, "ep-annuity", "7").choice == "drop"
    assert KeepOrDrop.objects.get().reason == "No market"


def test_letting_go_needs_a_reason(place, european):
    with pytest.raises(RuleViolation) as refused:
        choose(deadline=due(european, "ep-annuity", "7"), choice="drop", actor=place.engineer)

    assert refused.value.field == "reason"


def test_only_who_keeps_the_docket_acts_on_it(place, european):
    for actor in (place.contact, place.auditor, place.other_officer, place.lab_director):
        with pytest.raises(NotPermitted):
            mark_done(deadline=due(european, "ep-annuity", "7"), done_on=PAID_ON, actor=actor)

    assert not DocketEvent.objects.filter(kind="done").exists()


def test_reduced_fees_follow_the_applicant(place, european):
    french = european.asset.applications.get(office="FR")
    set_fee_category(application=french, fee_category=FeeCategory.REDUCED, actor=place.engineer)

    assert due(french, "fr-annuity", "7").amount == Decimal("72.00")


def test_a_filing_is_docketed_as_of_the_moment_it_is_entered(place):
    then = datetime(2021, 6, 1, 10, 0, tzinfo=PARIS)

    application = application_of(place, asset_of(place, at=then), at=then)

    assert due(application, "fr-annuity", "3").state == "open"


def test_a_new_day_closes_what_has_passed(european):
    refresh_docket(today=date(2027, 12, 1))

    assert due(european, "ep-annuity", "7").state == "lapsed"
    assert due(european, "ep-annuity", "8").state == "open"
    assert refresh_docket(today=date(2027, 12, 1)).assets == 0


def test_what_is_done_together_is_derived_once(place, european, django_assert_max_num_queries):
    with derived_together():
        event(european, EventKind.SEARCH_PUBLICATION, date(2026, 8, 5), place)
        event(european, EventKind.OFFICE_ACTION, date(2026, 9, 7), place)
        assert not european.deadlines.filter(rule="ep-search-report").exists()

    assert european.deadlines.filter(rule__in=["ep-search-report", "ep-examination-report"]).count() == 2


def test_a_validated_patent_shows_the_years_of_its_five_states(place, european):
    event(european, EventKind.GRANT_PUBLICATION, date(2024, 9, 4), place)
    for office in ("FR", "DE", "GB", "IT", "ES"):
        application_of(
            place,
            european.asset,
            office=office,
            route=Route.VALIDATION,
            number=f"{office}700001",
            filed_on=date(2021, 3, 10),
            parent=european,
            descent=Descent.VALIDATION,
        )

    annuities = Deadline.objects.filter(asset=european.asset, year__isnull=False)
    years = {
        office: sorted(
            annuities.filter(application__office=office, application__parent=european).values_list("year", flat=True)
        )
        for office in ("FR", "DE", "GB", "IT", "ES")
    }

    assert years == {office: list(range(5, 21)) for office in years}
    assert list(european.deadlines.filter(rule="ep-annuity").values_list("year", flat=True)) == [3, 4]
    assert annuities.get(application__office="FR", application__parent=european, year=12).amount == Decimal("300.00")


def test_a_reference_that_is_taken_is_drawn_again(place, european):
    rows = [
        Deadline(asset=european.asset, application=european, rule=rule, reference="AAAAAAAA", **_dates())
        for rule in ("one", "two")
    ]

    insert_deadlines(rows)

    assert len(set(Deadline.objects.filter(rule__in=["one", "two"]).values_list("reference"))) == 2


def _dates():
    day = date(2027, 1, 4)
    plain = {"rule_version": 1, "nature": "act", "state": "open", "confidence": "confirmed"}
    return plain | {"original_on": day, "due_on": day, "closes_on": day}


def test_a_newer_table_that_changes_nothing_is_confirmed_without_writing_the_rows_again(place, european):
    table = catalogue.entry(tables.FEES, "up-renewal-2023")
    catalogue.edit(kind=tables.FEES, code=table.code, data=table.data, actor=place.coordinator, reason="Checked")

    report = refresh_docket()

    assert (report.assets, report.changed) == (1, 0)
    assert set(Deadline.objects.values_list("book", flat=True)) == {tables.mark()}
