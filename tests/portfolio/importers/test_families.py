"""A family from stored answers: what is created, what is missing, what differs, and that it can be taken back."""

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from motrice.core import audit
from motrice.core.errors import NotPermitted, RuleViolation
from motrice.core.imports import words_of
from motrice.core.imports_runs import Action, Status, ask_undo, ask_write, decide_fields, start_run, work
from motrice.directory.models import Organisation
from motrice.portfolio.enums import Descent, EventKind, FilingStatus, Route
from motrice.portfolio.models import Application, Asset, Priority, Publication
from motrice.portfolio.operations.assets import register_asset
from motrice.portfolio.operations.filings import Filing, add_application
from tests.engines.patentfiles import samples
from tests.portfolio.factories import application_of, asset_of, content

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers():
    """A family answer and a biblio answer, as two documents of one file."""
    return f"{samples.OPS_FAMILY}\n{samples.OPS_BIBLIO}"


def test_a_stored_answer_becomes_a_family_with_members_dates_and_applicants(read, write_all, answers, place):
    run = write_all(read(answers))

    asset = Asset.objects.get()
    filings = {(row.office, row.number): row for row in asset.applications.all()}
    assert run.status == Status.DONE
    assert (asset.title, asset.language, asset.office) == ("Électrode pour accumulateur", "fr", place.office)
    assert (asset.family.docdb_family, asset.family.first_filed_on) == ("90000001", date(2018, 7, 12))
    assert set(filings) == {
        ("FR", "1856001"),
        ("WO", "2019EP068001"),
        ("EP", "19900001"),
        ("US", "201917250001"),
    }
    assert filings["EP", "19900001"].filed_on == date(2019, 7, 10)
    assert [(row.name, row.country) for row in filings["EP", "19900001"].applicants.all()] == [
        ("UNIV DES VERRES INVENTEE", "FR")
    ]
    assert Counter(str(row) for row in Publication.objects.all()) == Counter(
        ["EP9000001A1", "EP9000001B1", "FR3083001A1", "WO2020012001A1", "US2021300001A1"]
    )
    assert audit.differences() == []


def test_priorities_lead_to_the_filing_they_claim_and_say_whether_they_hold(read, write_all, answers):
    write_all(read(answers))

    american = Application.objects.get(office="US")
    claims = {(row.office, row.number): row for row in Priority.objects.filter(application=american)}
    assert claims["FR", "1856001"].is_active
    assert not claims["WO", "2019EP068001"].is_active
    assert claims["FR", "1856001"].earlier == Application.objects.get(office="FR")
    assert (american.parent, american.descent) == (Application.objects.get(office="WO"), Descent.NATIONAL_PHASE)


def test_routes_and_states_follow_from_the_file(read, write_all, answers):
    write_all(read(answers))

    european = Application.objects.get(office="EP")
    assert (european.route, european.status, european.granted_on) == (
        Route.EUROPEAN,
        FilingStatus.GRANTED,
        date(2022, 1, 12),
    )
    assert Application.objects.get(office="WO").route == Route.PCT


def test_what_the_answer_does_not_say_is_listed(read):
    run = read(samples.OPS_FAMILY)

    codes = list(run.findings.values_list("code", flat=True).order_by("pk"))
    assert codes == [
        "patent_missing_title",
        "patent_missing_applicant",
        "patent_missing_inventor",
        "patent_missing_class",
    ]
    assert words_of(run.findings.first()) == "docdb:90000001: no title in the file."
    assert run.proposals.filter(phase=0).get().title == "docdb:90000001"


def test_a_preview_changes_nothing(read, held, answers):
    before = held()

    run = read(answers)

    assert run.status == Status.READY
    assert held() == before


def test_a_second_reading_finds_nothing_new(read, write_all, answers, held):
    write_all(read(answers))
    before = held()

    again = read(answers)

    assert (again.proposals.exclude(phase=1).count(), again.unchanged_count) == (0, 1)
    assert held() == before


def test_all_can_be_taken_back(read, write_all, answers, held, place):
    before = held()
    run = write_all(read(answers))

    run = work(ask_undo(run=run, actor=place.officer))

    assert run.status == Status.UNDONE
    assert Asset.objects.count() == Application.objects.count() == 0
    assert {key: row for key, row in held().items() if key in before} == before


def test_a_held_family_is_completed_field_by_field(read, place):
    asset = asset_of(place)
    application_of(place, asset, number="1856001", filed_on=date(2018, 7, 13))

    run = read(samples.OPS_FAMILY)

    proposal = run.proposals.get(phase=0)
    assert (proposal.action, proposal.target_pk, proposal.title) == (Action.UPDATE, asset.pk, asset.title)
    named = [(change[0], change[1]) for change in proposal.changes]
    pk = Application.objects.get().pk
    assert ("docdb_family", "") in named
    assert ("filed_on", ["FR", "1856001", pk, "2018-07-13"]) in named
    assert Counter(name for name, _before in named) == Counter(
        {"application": 3, "docdb_family": 1, "filed_on": 1, "publication": 1}
    )


def test_one_difference_is_dismissed_and_the_others_are_written(read, place):
    asset = asset_of(place)
    application_of(place, asset, number="1856001", filed_on=date(2018, 7, 13))
    run = read(samples.OPS_FAMILY)
    proposal = run.proposals.get(phase=0)
    number = next(number for number, change in enumerate(proposal.changes) if change[0] == "filed_on")

    decide_fields(proposal=proposal, actor=place.officer, dismissed=[number])
    work(ask_write(run=run, actor=place.officer))

    assert Application.objects.get(office="FR").filed_on == date(2018, 7, 13)
    assert asset.applications.count() == 4
    assert asset.family.__class__.objects.get(asset=asset).docdb_family == "90000001"


def test_a_filing_date_is_corrected_by_its_event(read, write_all, place):
    asset = asset_of(place)
    application_of(place, asset, number="1856001", filed_on=date(2018, 7, 13))

    write_all(read(samples.OPS_FAMILY))

    filing = Application.objects.get(office="FR")
    assert filing.filed_on == date(2018, 7, 12)
    assert filing.events.get(kind=EventKind.FILING).occurred_on == date(2018, 7, 12)


def test_owners_are_the_applicants_surely_known_in_equal_parts(read, write_all, answers):
    Organisation.objects.create(name="Univ des verres inventée", kind="university", country="FR", level="public")

    write_all(read(answers))

    asset = Asset.objects.get()
    assert [(row.organisation.name, row.share) for row in asset.ownerships.all()] == [
        ("Univ des verres inventée", Fraction(1))
    ]
    assert {row.organisation.name for row in Application.objects.get(office="EP").applicants.all()} == {
        "Univ des verres inventée"
    }


def test_without_a_known_applicant_the_office_holds_the_whole_until_corrected(read, write_all, answers, place):
    write_all(read(answers))

    (own,) = Asset.objects.get().ownerships.all()
    assert (own.organisation, own.share) == (place.office, Fraction(1))
    assert "enter the agreement" in own.ground


def test_nobody_else_sees_the_proposals(read, answers, place):
    run = read(answers)

    for stranger in (place.other_officer, place.colleague, place.coordinator, place.contact):
        assert not run.__class__.objects.permitted(stranger).filter(pk=run.pk).exists()
        assert not run.proposals.permitted(stranger).exists()
        assert not run.findings.permitted(stranger).exists()
    assert run.__class__.objects.permitted(place.officer, "decide").filter(pk=run.pk).exists()


def test_a_family_of_another_office_is_neither_compared_nor_named(read, answers, place, write_all):
    write_all(read(answers))

    run = read(answers, actor=place.other_officer)

    assert not run.proposals.exclude(phase=1).exists()
    assert run.unchanged_count == 0
    finding = run.findings.get(code="patent_in_the_way")
    assert finding.severity == "error"
    assert "ask an auditor" in words_of(finding)


def test_a_filing_that_another_office_holds_is_left_out_of_ones_own_family(read, answers, place):
    application_of(place, asset_of(place), number="1856001", filed_on=date(2018, 7, 12))
    theirs = register_asset(
        office=place.other_office, content=content(place, title="Autre"), actor=place.other_officer
    )
    filing = Filing(office="US", route=Route.NATIONAL, number="201917250001", filed_on=date(2019, 7, 10))
    add_application(asset=theirs, filing=filing, actor=place.other_officer)

    run = read(answers)

    added = [change[2]["office"] for change in run.proposals.get(phase=0).changes if change[0] == "application"]
    assert [item.value for item in run.findings.filter(code="patent_in_the_way")] == ["US 201917250001"]
    assert sorted(added) == ["EP", "WO"]


def test_who_keeps_no_portfolio_may_not_read_patent_files(tmp_path, place):
    path = tmp_path / "file.xml"
    path.write_text(samples.OPS_BIBLIO)

    with pytest.raises(NotPermitted):
        start_run(kind="patents", files=[("", path)], actor=place.contact)


def test_the_office_must_be_ones_own(read, place):
    with pytest.raises(RuleViolation):
        read(samples.OPS_BIBLIO, office=place.other_office.reference)


def test_a_wrong_file_is_refused_in_words_and_a_cut_one_keeps_what_came_before(read):
    wrong = read("<html>sign in</html>", name="page.html")
    cut = read(f"{samples.european()}\n{samples.european()[:900]}", name="week.xml")

    assert wrong.status == Status.FAILED
    assert "page.html" in wrong.failure
    assert "No patent document" in wrong.failure
    assert cut.status == Status.READY
    assert cut.proposals.filter(phase=0).count() == 1
    assert cut.findings.filter(code="patent_cut", severity="error").count() == 1
