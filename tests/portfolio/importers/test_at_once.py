"""Imports at once: each family once."""

from __future__ import annotations

import pytest

from motrice.core import audit, imports_runs
from motrice.core.imports import importer_of
from motrice.core.imports_runs import Status, apply_run, ask_write, decide, start_run, work
from motrice.core.models import ImportProposal, ImportRun
from motrice.portfolio.models import Application, Asset
from tests.core.test_concurrency import at_once
from tests.engines.patentfiles import samples
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
