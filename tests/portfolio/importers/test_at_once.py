"""Imports at once and imports that are killed: each family and each event once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from motrice.core import audit, imports_runs
from motrice.core.imports import importer_of
from motrice.core.imports_runs import Status, apply_run, ask_write, decide, start_run, work
from motrice.core.models import ImportProposal, ImportRun
from motrice.core.tasks import run_import
from motrice.portfolio.models import Application, Asset
from tests import mails
from tests.core.test_concurrency import at_once
from tests.engines.patentfiles import samples
from tests.killed import HERE, killed_at_work
from tests.meeting import meet
from tests.portfolio.factories import world

pytestmark = pytest.mark.django_db(transaction=True)
FAMILIES = 9


def as_list(numbers):
    """A list of The Lens with one family for each number."""
    rows = [
        f"FR,A1,FR {3090000 + number} A1,000-{number},2020-01-17,FR {1800000 + number} A,2018-07-12,,Title {number},"
        f'"Société inventée",,1,,A01B1/00\n'
        for number in numbers
    ]
    return samples.LENS_HEADER + "".join(rows)


@pytest.fixture
def place(settings, tmp_path):
    settings.SEARCH_ROOT, settings.MEDIA_ROOT = tmp_path / "search", tmp_path / "files"
    return world()


def accepted(tmp_path, actor, numbers=range(FAMILIES)):
    """A list that was read and accepted: its writing is asked for."""
    path = tmp_path / "lens.csv"
    path.write_text(as_list(numbers))
    run = work(start_run(kind="patents", files=[("", path)], actor=actor))
    decide(run=run, actor=actor, accept=True)
    return ask_write(run=run, actor=actor)


def test_one_import_that_two_workers_write_at_once_is_written_once(place, tmp_path, monkeypatch):
    monkeypatch.setattr(importer_of("patents"), "batch", 4)
    run = accepted(tmp_path, place.officer)

    def write():
        return apply_run(ImportRun.objects.get(pk=run.pk)).status

    meet(monkeypatch, (imports_runs, "_next_piece"))
    results = at_once(write, write)

    assert Status.DONE in results
    assert Asset.objects.count() == Application.objects.count() == FAMILIES
    assert not run.proposals.filter(state=ImportProposal.State.ACCEPTED).exists()
    assert audit.differences() == []


def test_one_file_that_two_people_write_at_once_makes_each_family_once(place, tmp_path, monkeypatch):
    there, back = range(FAMILIES), range(FAMILIES - 1, -1, -1)
    runs = [accepted(tmp_path, place.officer, there), accepted(tmp_path, place.colleague, back)]

    def write(run):
        return work(ImportRun.objects.get(pk=run.pk)).status

    meet(monkeypatch, (imports_runs, "_next_piece"))
    results = at_once(*(lambda run=run: write(run) for run in runs))

    assert results == [Status.DONE, Status.DONE]
    assert Asset.objects.count() == Application.objects.count() == FAMILIES
    assert audit.differences() == []


WRITE_AND_STOP = """
from motrice.core.imports import importer_of
from motrice.core.imports_runs import work
from motrice.core.models import ImportRun
from motrice.portfolio.importers.writing import Writer

importer_of("patents").batch = 4
write, pieces = Writer.write, []

def stopped(self, op, proposals):
    found = write(self, op, proposals)
    pieces.append(len(proposals))
    if len(pieces) == 2:
        {here}
    return found

Writer.write = stopped
work(ImportRun.objects.get(pk={run}))
"""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="another process writes in the database of the test")
def test_an_import_whose_process_is_killed_is_taken_up_and_written_once(place, tmp_path, queue):
    run = accepted(tmp_path, place.officer)
    run_import.enqueue(run.pk)
    DBTaskResult.objects.get().claim("killed")

    killed_at_work(WRITE_AND_STOP.format(here=HERE, run=run.pk))
    written = Asset.objects.count()
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(hours=1))
    for _again in range(2):
        call_command("clock")
        mails.work()

    run.refresh_from_db()
    assert (written, run.status) == (4, Status.DONE)
    assert Asset.objects.count() == Application.objects.count() == FAMILIES
    assert not run.proposals.filter(state=ImportProposal.State.ACCEPTED).exists()
    assert (audit.verify().faults, audit.differences()) == ((), [])
