"""How a sample becomes a run, and a run what is held."""

import pytest

from motrice.core import audit
from motrice.core.imports_runs import ask_write, decide, start_run, work


@pytest.fixture
def read(place, tmp_path):
    """Read a text or bytes as a patent file, up to the preview."""

    def reader(sample, *, name="file.xml", actor=None, **options):
        path = tmp_path / name
        path.write_bytes(sample if isinstance(sample, bytes) else sample.encode())
        return work(start_run(kind="patents", files=[("", path)], actor=actor or place.officer, options=options))

    return reader


@pytest.fixture
def write_all():
    """Accept what is sure and write it."""

    def writer(run, **choices):
        decide(run=run, actor=run.launched_by, accept=True, **choices)
        return work(ask_write(run=run, actor=run.launched_by))

    return writer


@pytest.fixture
def held():
    """Every audited row."""

    def rows():
        return {
            (model._meta.label, row.pk): audit.snapshot(row)
            for model in audit.audited_models()
            for row in model._base_manager.all()
        }

    return rows
