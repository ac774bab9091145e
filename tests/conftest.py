"""Fixtures of every test: no socket leaves the machine, and public data where it is at hand."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import settings

from tests import database
from tests.examples import IS_SEARCHING

# The same examples in each run: what is found is found by whoever broke it (tests.examples says how to look for more).
settings.register_profile("motrice", derandomize=not IS_SEARCHING, database=None)
settings.load_profile("motrice")


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of one test's requests does not stay for the next."""
    translation.deactivate()
    yield
    translation.deactivate()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How a change of rights is approved."""
    parser.addoption("--write-rights", action="store_true", help="write the table of rights again")


@pytest.fixture(scope="session")
def kept_database(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Path | None:
    """None when the tests' database was copied from the one that is kept, else the folder in which to keep it."""
    cache = getattr(request.config, "cache", None)  # pytest may run without
    folder = cache.mkdir("database") if cache else request.getfixturevalue("tmp_path_factory").mktemp("database")
    with django_db_blocker.unblock():
        return None if database.copy(folder) else folder


@pytest.fixture(scope="session")
def django_db_keepdb(kept_database: Path | None) -> bool:
    """A copied file is not to be made anew; it goes with the folder of this run."""
    return connection.vendor == "sqlite" and kept_database is None


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, kept_database: Path | None, django_db_blocker: Any) -> Iterator[None]:
    """The database as `tests.database` says: migrated, with the catalogue of the files; so again after each test."""
    with django_db_blocker.unblock():
        if kept_database is not None:
            database.load_catalogue()
            database.keep(kept_database)
        is_held = database.remember()
        connection.close()
    with pytest.MonkeyPatch.context() as patch:
        if is_held:
            patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.put_back())
        yield


@pytest.fixture
def queue(settings: Any) -> None:
    """Jobs wait in the queue until a worker takes them (`tests.mails.work`), as on a real site."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data files; tests that need it say so when it is absent."""
    folder = Path(os.environ.get("MOTRICE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not (folder / "rnsr").is_dir():
        pytest.skip("The public data files are not at hand: set MOTRICE_SHARED_DATA.")
    return folder


# What these make is costly and made once: their tests stay together when several processes share the tests.
TOGETHER = ("tests/demo/test_plan.py", "tests/demo/test_portfolio.py", "tests/demo/test_world.py")
LEAKS = "tests/test_leaks.py"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: no process is left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def scope_of(test: str) -> str:
    """What runs in one process with this test: by file, or by reader of the leak test; else itself alone."""
    file, _, name = test.partition("::")
    if file == LEAKS:
        return f"{LEAKS}::{name[name.index('[') :]}" if "[" in name else LEAKS
    return file if file in TOGETHER else test


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests out by `scope_of`; the groups that pytest-xdist 3.8 marks are lost under pytest 9."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

    return Scheduling(config, log)
