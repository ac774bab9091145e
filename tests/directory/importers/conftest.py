"""Small files of each sort, made here, and the steps of an import."""

import csv

import pytest

from motrice.core import audit
from motrice.core.imports import importer_of
from motrice.core.imports_runs import ask_write, decide, start_run, work
from tests.database import load_catalogue
from tests.directory.factories import user_with


@pytest.fixture
def officer():
    return user_with("officer")


@pytest.fixture(autouse=True)
def _places(settings, tmp_path, db):
    settings.MEDIA_ROOT = tmp_path / "files"
    load_catalogue()


@pytest.fixture
def world():
    """What the directory holds, row by row."""

    def held():
        return {
            (model._meta.label, row.pk): audit.snapshot(row)
            for model in audit.audited_models()
            for row in model._base_manager.all()
        }

    return held


@pytest.fixture
def write_all(officer):
    """Accept what is sure and write it."""

    def writer(run):
        decide(run=run, actor=officer, accept=True)
        return work(ask_write(run=run, actor=officer))

    return writer


@pytest.fixture
def read_csv(tmp_path, officer):
    """Read rows as a file of one sort, its other columns empty; the files beside it by role."""

    def write_file(name, columns, rows):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys([*columns, *(key for row in rows for key in row)])))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def reader(kind, *rows, actor=None, **beside):
        importer = importer_of(kind)
        files = [("", write_file("main.csv", importer.columns, rows))]
        for role, others in beside.items():
            files.append((role, write_file(f"{role}.csv", importer.companions[role], others)))
        return work(start_run(kind=kind, files=files, actor=actor or officer))

    return reader
