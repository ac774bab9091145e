"""Official events beside the docket, applicants beside the directory, and runs that were killed."""

from datetime import date

import pytest

from motrice.core.imports import importer_of
from motrice.core.imports_runs import Action, State, Status, ask_write, decide, read_run, resume, start_run, work
from motrice.directory.models import Organisation
from motrice.portfolio.enums import Descent, EventKind, FilingStatus, Route
from motrice.portfolio.importers import patents
from motrice.portfolio.importers.writing import Writer
from motrice.portfolio.models import Applicant, Application, Asset, DocketEvent
from motrice.portfolio.operations.filings import record_event
from tests.directory.factories import OrganisationFactory
from tests.engines.patentfiles import samples
from tests.portfolio.factories import application_of, asset_of

pytestmark = pytest.mark.django_db
DIRECTORY = (
    ("Centre national de la recherche scientifique", "CNRS"),
    ("Commissariat à l'énergie atomique et aux énergies alternatives", "CEA"),
    ("Institut français de recherche pour l'exploitation de la mer", "Ifremer"),
)
SPELLINGS = {
    "CENTRE NAT RECH SCIENT": "CNRS",
    "CENTRE NAT DE LA RECH SCIENT (CNRS)": "CNRS",
    "COMMISSARIAT ENERGIE ATOMIQUE": "CEA",
    "COMMISSARIAT À I ÉNERGIE ATOMIQUE ET AUX ÉNERGIES ALTERNATIVES": "CEA",
    "COMMISSARIAL A L EN ATOMIQUE ET AUX EN ALTERNATIVES": "CEA",
    "IFREMER": "Ifremer",
    "INST FRANÇAIS DE RECH POUR L EXPL DE LA MER IFREMER": "Ifremer",
    "LFREMER INST FRANCAIS DE RECH": "Ifremer",
    "INST FR RECH EXPLOITATION MER": "Ifremer",
}


@pytest.fixture
def european(place):
    """A European filing of the office."""
    asset = asset_of(place)
    return application_of(
        place, asset, office="EP", route=Route.EUROPEAN, number="19900001", filed_on=date(2019, 7, 10)
    )


@pytest.fixture
def french_part(place, european):
    """Its national part in France."""
    return application_of(
        place,
        european.asset,
        office="FR",
        route=Route.VALIDATION,
        number="19900001",
        filed_on=date(2019, 7, 10),
        parent=european,
        descent=Descent.VALIDATION,
    )


def events_of(run):
    return {item.changes[0][2]["code"]: item for item in run.proposals.filter(phase=2)}


def test_an_official_payment_closes_the_annuity_of_the_national_part(read, write_all, french_part):
    run = read(samples.OPS_FAMILY)
    value = events_of(run)["PGFP"].changes[0][2]
    assert (value["effect"], value["contests"], value["year"]) == ("closes", "", 5)

    write_all(run)

    event = DocketEvent.objects.get(application=french_part, kind=EventKind.ANNUITY_PAID)
    assert (event.occurred_on, event.year, event.code, event.office) == (date(2023, 7, 25), 5, "PGFP", "FR")


def test_an_event_of_a_state_whose_part_is_not_held_changes_no_other_filing(read, write_all, french_part, european):
    run = write_all(read(samples.OPS_FAMILY))

    lapse = DocketEvent.objects.get(code="PG25")
    assert (lapse.kind, lapse.application, lapse.office) == (EventKind.OTHER, european, "AT")
    european.refresh_from_db()
    assert european.status == FilingStatus.GRANTED
    assert run.status == Status.DONE


def test_a_lapse_that_the_docket_contradicts_waits_for_a_person(read, place, french_part):
    record_event(
        application=french_part,
        kind=EventKind.ANNUITY_PAID,
        occurred_on=date(2023, 7, 1),
        year=5,
        actor=place.officer,
    )
    lapsed = samples.LAPSED.replace(">AT<", ">FR<")
    member = samples.family_member(
        "9000001", "A1", "20200115", "19900001", "20190710", country="EP", priorities=[samples.FIRST], events=lapsed
    )
    run = read(samples.family(member))

    proposal = events_of(run)["PG25"]
    assert proposal.changes[0][2]["contests"] == "paid"
    decide(run=run, actor=place.officer, accept=True)
    proposal.refresh_from_db()
    assert proposal.state == State.OPEN
    decide(run=run, actor=place.officer, accept=True, proposals=[proposal.pk])
    work(ask_write(run=run, actor=place.officer))
    french_part.refresh_from_db()
    assert french_part.status == FilingStatus.LAPSED


def test_what_the_docket_has_already_is_not_proposed_again(read, write_all, french_part):
    write_all(read(samples.OPS_FAMILY))

    assert not read(samples.OPS_FAMILY).proposals.filter(phase=2).exists()


def test_inpi_brings_the_last_annuity_and_the_register(read, write_all, place):
    application_of(place, asset_of(place), number="1856001", filed_on=date(2018, 7, 12))

    write_all(read(samples.INPI))

    events = {event.code: event for event in DocketEvent.objects.exclude(code="")}
    assert (events["PLFP"].kind, events["PLFP"].year) == (EventKind.ANNUITY_PAID, 6)
    assert events["TP"].kind == EventKind.TRANSFER


def test_an_unknown_code_is_left_out_and_said(read):
    odd = samples.legal("ZZ9", "ODD", "", "2021-01-01")
    run = read(samples.family(samples.family_member("1", "A1", "20200115", "2", "20190710", country="EP", events=odd)))

    assert run.findings.get(code="patent_unknown_event").value == "EP ZZ9"


@pytest.fixture
def bodies():
    return {short: OrganisationFactory(name=name, short_name=short) for name, short in DIRECTORY}


@pytest.fixture
def applicants():
    """A list in which each spelling is the applicant of one family."""
    rows = [
        f"FR,A1,FR {3090000 + number} A1,000-{number},2020-01-17,FR {1800000 + number} A,2018-07-12,,Title {number},"
        f'"{name}",,1,,A01B1/00\n'
        for number, name in enumerate(SPELLINGS)
    ]
    return samples.LENS_HEADER + "".join(rows)


def test_each_spelling_is_put_to_a_person_with_likeness_and_reasons(read, bodies, applicants):
    run = read(applicants, name="lens.csv")

    rows = {item.title: item for item in run.proposals.filter(phase=1)}
    assert {name: item.changes[0][2]["pk"] for name, item in rows.items()} == {
        name: bodies[short].pk for name, short in SPELLINGS.items()
    }
    assert all(item.action == Action.JOIN and 0.5 < item.score < 1 for item in rows.values())
    assert all(item.changes[0][2]["reasons"] for item in rows.values())


def test_nothing_is_linked_in_silence(read, write_all, bodies, applicants):
    write_all(read(applicants, name="lens.csv"))

    assert Asset.objects.count() == len(SPELLINGS)
    assert not Applicant.objects.filter(organisation__isnull=False).exists()


def test_a_likeness_is_accepted_by_threshold_or_one_by_one(read, write_all, bodies, applicants, place):
    run = write_all(read(applicants, name="lens.csv"), join_above=0.95)

    linked = {row.name for row in Applicant.objects.filter(organisation=bodies["CNRS"])}
    assert linked == {"CENTRE NAT RECH SCIENT", "CENTRE NAT DE LA RECH SCIENT (CNRS)"}
    other = run.proposals.get(phase=1, title="IFREMER")
    decide(run=run, actor=place.officer, accept=True, proposals=[other.pk])
    work(ask_write(run=run, actor=place.officer))
    assert Applicant.objects.get(name="IFREMER").organisation == bodies["Ifremer"]


def test_a_run_that_was_killed_goes_on_where_it_stopped(read, write_all, applicants, monkeypatch, place):
    run = read(applicants, name="lens.csv")
    decide(run=run, actor=place.officer, accept=True)
    monkeypatch.setattr(importer_of("patents"), "batch", 4)
    pieces, write = [], Writer.write

    def killed(self, op, proposals):
        if pieces:
            raise KeyboardInterrupt
        pieces.append(len(proposals))
        return write(self, op, proposals)

    ask_write(run=run, actor=place.officer)
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            work(run)
    assert Asset.objects.count() == 4

    run = work(resume(run=run.__class__.objects.get(pk=run.pk), actor=place.officer))
    assert run.status == Status.DONE
    assert Asset.objects.count() == Application.objects.count() == len(SPELLINGS)


def test_a_reading_that_was_killed_keeps_each_proposal_once(read, applicants, monkeypatch, place, tmp_path):
    importer = importer_of("patents")
    monkeypatch.setattr(importer, "batch", 4)
    path = tmp_path / "lens.csv"
    path.write_text(applicants)
    run = start_run(kind="patents", files=[("", path)], actor=place.officer)
    batches, reading = [], importer.read

    def killed(self, rows):
        if len(batches) == 1:
            raise KeyboardInterrupt
        batches.append(rows)
        return reading(self, rows)

    with monkeypatch.context() as patch:
        patch.setattr(importer, "read", killed)
        with pytest.raises(KeyboardInterrupt):
            read_run(run)
    run.refresh_from_db()
    assert (run.position, run.proposals.filter(phase=0).count()) == (5, 4)

    run = work(run)
    assert run.proposals.filter(phase=0).count() == len(SPELLINGS)
    assert len(set(run.proposals.filter(phase=0).values_list("key", flat=True))) == len(SPELLINGS)


def test_a_body_is_only_added_by_who_may_add_to_the_directory(read, write_all, bodies, applicants, place):
    run = write_all(read(applicants, name="lens.csv"))
    proposal = run.proposals.get(phase=1, title="LFREMER INST FRANCAIS DE RECH")

    decide(run=run, actor=place.officer, accept=True, proposals=[proposal.pk], separate=True)
    work(ask_write(run=run, actor=place.officer))

    proposal.refresh_from_db()
    assert proposal.state == State.REFUSED
    assert run.findings.filter(code="patent_refused", value=proposal.title).exists()
    assert not Organisation.objects.filter(name=proposal.title).exists()


def test_a_family_spread_over_a_long_file_is_one_family(read, write_all, monkeypatch):
    monkeypatch.setattr(importer_of("patents"), "batch", 1)
    rows = "".join(
        f"EP,{kind},EP 9000001 {kind},000-{kind},{on},EP 19900001 A,2019-07-10,FR 1856001 A 20180712,Electrode,,,1,,\n"
        for kind, on in (("A1", "2020-01-15"), ("B1", "2022-01-12"))
    )

    run = write_all(read(samples.LENS_HEADER + rows, name="lens.csv"))

    assert [item.key for item in run.proposals.order_by("pk")] == ["prio:FR1856001A", "prio:FR1856001A#3"]
    filing = Application.objects.get()
    assert [str(row) for row in filing.publications.all()] == ["EP9000001A1", "EP9000001B1"]
    assert Asset.objects.count() == 1


def test_an_official_payment_names_the_deadline_that_it_closes(read, write_all, place):
    filing = application_of(place, asset_of(place), number="1856001", filed_on=date(2018, 7, 12))
    awaited = filing.deadlines.get(rule="fr-annuity", year=6)
    run = read(samples.INPI)
    assert events_of(run)["PLFP"].changes[0][2]["deadline"] == awaited.due_on.isoformat()

    write_all(run)

    closed = filing.deadlines.get(rule="fr-annuity", year=6)
    assert (closed.state, closed.done_on, closed.done_by.code) == ("done", date(2023, 7, 13), "PLFP")


def test_a_list_is_read_once_and_its_length_told_before(read, applicants, monkeypatch):
    readings, read_stream = [], patents.read_stream

    def counted(stream, where):
        readings.append(where)
        return read_stream(stream, where)

    monkeypatch.setattr(patents, "read_stream", counted)
    run = read(applicants, name="lens.csv")

    assert (readings, run.total) == (["lens.csv"], len(SPELLINGS) + 1)
