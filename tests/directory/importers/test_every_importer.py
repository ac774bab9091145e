"""What holds for every sort of file: preview, write, import again, change of one field, kill, undo."""

import pytest

from motrice.core import audit, imports_runs
from motrice.core.imports import importer_of, importers
from motrice.core.imports_runs import Action, State, Status, ask_undo, ask_write, decide, decide_fields, work
from tests.directory.importers.samples import SAMPLES, known_bodies

pytestmark = pytest.mark.django_db


@pytest.fixture(params=sorted(SAMPLES))
def kind(request):
    known_bodies()
    return request.param


@pytest.fixture
def read(kind, read_csv):
    sample = SAMPLES[kind]
    return lambda rows=None: read_csv(kind, *(rows or sample.rows), **sample.beside)


def test_every_register_has_its_sample():
    registers = {kind for kind, importer in importers().items() if importer.target == "directory.organisation"}

    assert {*SAMPLES, "ror"} == registers


def test_a_preview_proposes_and_changes_nothing(read, world):
    before = world()
    run = read()

    assert run.status == Status.READY
    assert run.proposals.filter(action=Action.CREATE).exists()
    assert world() == before


def test_the_same_file_read_again_proposes_nothing(read, write_all):
    run = write_all(read())
    again = read()

    assert run.proposals.exclude(state="applied").count() == 0
    assert [(item.title, item.changes) for item in again.proposals.all()] == []
    assert again.unchanged_count > 0
    assert audit.differences() == []


def test_a_changed_field_gives_one_difference_that_is_accepted_or_dismissed(kind, read, write_all, officer, world):
    sample = SAMPLES[kind]
    write_all(read())
    before = world()

    run = read(sample.changed())
    proposal = run.proposals.get()
    assert (proposal.action, proposal.changes) == (Action.UPDATE, sample.changes)
    decide_fields(proposal=proposal, actor=officer, dismissed=range(len(proposal.changes)))
    assert world() == before
    decide(run=run, actor=officer, accept=True, proposals=[proposal.pk])
    decide_fields(proposal=proposal, actor=officer, dismissed=[])
    work(ask_write(run=run, actor=officer))

    assert world() != before
    assert read(sample.changed()).proposals.count() == 0


def test_a_difference_dismissed_once_is_not_asked_again(read, write_all, officer, kind):
    sample = SAMPLES[kind]
    write_all(read())
    decide(run=read(sample.changed()), actor=officer, accept=False)

    again = read(sample.changed()).proposals.get()

    assert (again.changes, again.state, again.is_recalled) == (sample.changes, State.DISMISSED, True)


def test_a_whole_file_dismissed_leaves_nothing_to_decide_when_read_again(read, officer):
    run = read()
    decide(run=run, actor=officer, accept=False)

    again = read()

    assert again.proposals.count() == run.proposals.count() > 0
    assert not again.proposals.exclude(state=State.DISMISSED).exists()


def test_a_kill_in_the_middle_is_resumed_without_double(kind, read, monkeypatch, officer, world):
    monkeypatch.setattr(importer_of(kind), "batch", 1)
    run = read()
    decide(run=run, actor=officer, accept=True)
    ask_write(run=run, actor=officer)
    keep, pieces = imports_runs._keep_states, []

    def die(piece):
        pieces.append(piece)
        if len(pieces) == run.proposals.count():
            raise SystemExit
        keep(piece)

    monkeypatch.setattr(imports_runs, "_keep_states", die)
    with pytest.raises(SystemExit):
        work(run)
    after_kill = world()
    work(run)

    run.refresh_from_db()
    assert run.status == Status.DONE
    assert world() != after_kill
    assert read().proposals.count() == 0


def test_an_undo_leaves_what_was_before(read, write_all, world, officer):
    before = world()
    run = write_all(read())
    assert world() != before

    work(ask_undo(run=run, actor=officer))

    assert world() == before
    assert audit.verify().faults == ()
