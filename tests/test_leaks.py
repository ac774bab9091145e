"""The leak test: every route, as every kind of reader, over a world with planted words, compared with the policy.

Four comparisons. A planted word comes back only to whom the policy lets read it: in body, headers, file names,
spreadsheets and refusals alike; and it does come back to them. A record's own page opens if and only if the policy
says so. And taking out of the world whatever a reader may not see changes nothing in what that reader gets: no count,
order or facet tells of it.

The world is built once for all of them, in a transaction that is taken back at the end; what a reader got is read once
and held against each comparison, so the comparisons of one reader stay in one process (`tests/conftest.py`).

To cover a new app, in `tests/leaks/`:
- `world.py`: one function, called in `build`, which makes its records with a `world.plant(...)` word in every field
  that somebody reads, and hands each record to `world.keep(row)`;
- `routes.py`: nothing for an address with one parameter whose guard names the model; a line in `PARAMETERS` for any
  other, in `API_PARAMETERS` for an operation, in `API_MODELS` for the beginning of addresses that name a record.
The first test below says what is still missing.
"""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone
from django.utils.translation import override

from motrice.core.policies import allows
from motrice.directory.models import Organisation
from motrice.web.guards import public
from tests.leaks import routes
from tests.leaks.reader import Findings, Reader, differences, leaks_in, read_all
from tests.leaks.visits import Visit, api_visits, not_covered, page_visits, parameters
from tests.leaks.world import ACTORS, LeakWorld, build, remove, word, words_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
READERS = list(ACTORS)
SEES_ALL = "auditor"


class Ground:
    """The world, what to visit in it, and what each reader got, read once."""

    def __init__(self, world: LeakWorld, folder: Path) -> None:
        self.world, self.folder = world, folder
        self._now = timezone.now()
        self.visits = list(dict.fromkeys([*page_visits(world), *api_visits(world)]))
        self._findings: dict[str, Findings] = {}

    def at(self) -> datetime:
        """The moment at which everything is read."""
        return self._now

    def findings(self, who: str) -> Findings:
        """What this reader got from every visit."""
        if who not in self._findings:
            with self.own_folder():
                self._findings[who] = read_all(self.world.actors[who], self.world, self.visits)
        return self._findings[who]

    @contextmanager
    def own_folder(self) -> Iterator[None]:
        """Files and search index to spoil: a transaction takes back rows, never what became of a file.

        The clock stands still meanwhile: what a page counts up to this moment is the same at both readings.
        """
        with (
            TemporaryDirectory(dir=self.folder.parent) as own,
            in_folder(Path(own) / "copy"),
            mock.patch.object(timezone, "now", new=self.at),  # a `Mock` would keep what it was asked with
        ):
            shutil.copytree(self.folder, Path(own) / "copy")
            yield


@contextmanager
def in_folder(folder: Path) -> Iterator[None]:
    with (
        override_settings(SEARCH_ROOT=folder / "search", MEDIA_ROOT=folder / "files", API_RATE=""),
        override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"),  # a query less each
        override("en"),
    ):
        cache.clear()
        yield


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("leaks") / "world"
    outer = transaction.atomic()
    with django_db_blocker.unblock():
        outer.__enter__()
        with in_folder(folder):
            world = build()
            routes.rebuild_indexes()
            ground = Ground(world, folder)
    gc.collect()
    gc.freeze()  # all this stays: what comes after is collected without looking at it
    yield ground
    gc.unfreeze()
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def ground(planted: Ground) -> Iterator[Ground]:
    with planted.own_folder():
        yield planted


def test_every_route_is_covered(ground):
    missing = not_covered(ground.world)

    assert not missing, "say in tests/leaks/routes.py how to build the parameters of:\n" + "\n".join(missing)


@pytest.mark.parametrize("who", READERS)
def test_a_reader_gets_only_what_the_policy_lets_them_read(ground, who):
    faults = ground.findings(who).faults

    assert not faults, f"as {who}:\n" + "\n".join(sorted(faults))


@pytest.mark.parametrize("who", [who for who in READERS if who != "anonymous"])
def test_planted_words_do_come_back_to_those_who_may_read_them(ground, who):
    """Else the test above would pass on empty pages."""
    actor = ground.world.actors[who]
    readable = [canary for canary in ground.world.canaries if canary.readable(actor)]

    untold = {canary.where for canary in readable if canary.word not in ground.findings(who).told}

    assert readable
    assert untold == set()


def test_the_public_reads_what_the_public_pages_show(ground):
    """The policy lets everyone read public records; the pages without a sign-in show their offers."""
    told = {canary.where for canary in ground.world.canaries if canary.word in ground.findings("anonymous").told}

    assert "English title of a public offer" in told
    assert all("public" in where for where in told)


def test_one_reader_sees_the_whole_world(ground):
    """To whom nothing is hidden, nothing can be taken out."""
    hidden = {
        who: [row for row in ground.world.whole if not allows(ground.world.actors[who], "view", row)]
        for who in READERS
    }

    assert [who for who in READERS if not hidden[who]] == [SEES_ALL]


@pytest.mark.parametrize("who", [who for who in READERS if who != SEES_ALL])
def test_taking_out_what_a_reader_may_not_see_changes_nothing_for_them(ground, who):
    actor = ground.world.actors[who]
    hidden = [row for row in ground.world.whole if not allows(actor, "view", row)]
    before = list(ground.findings(who).before(hidden))
    for row in hidden:
        if type(row)._base_manager.filter(pk=row.pk).exists():
            remove(row)
    routes.rebuild_indexes()
    reader = Reader(actor)
    faults = []
    for visit, query, earlier in before:
        answer = reader.ask(visit, query)
        if (answer.status, answer.text) != earlier:
            what = differences(earlier, (answer.status, answer.text))
            faults.append(f"{visit.url}{query} ({visit.name}) {what}")

    assert len(before) > 20
    assert not faults, f"as {who}:\n" + "\n".join(faults)


def test_planted_words_are_found_wherever_they_stand_in_a_text():
    planted = [word() for _number in range(50)]

    assert words_in("zq, " + "zq".join(planted) + "".join(planted)) >= set(planted)
    assert words_in(f"zq {planted[0].upper()} {planted[0][:-1]} ") == set()


@public
def _leaky(request: Any) -> HttpResponse:
    """A page that forgot the policy, as somebody might write it."""
    return HttpResponse(", ".join(Organisation.objects.values_list("name", flat=True)))


@public
def _counting(request: Any) -> HttpResponse:
    """A page that tells only how many there are."""
    return HttpResponse(f"{Organisation.objects.count()} organisations")


urlpatterns = [path("leaky/", _leaky, name="leaky"), path("counting/", _counting, name="counting")]


@pytest.mark.urls(__name__)
def test_a_page_that_forgets_the_policy_is_found(ground):
    world = ground.world
    actor = world.actors["without a role"]
    forbidden = [canary for canary in world.canaries if not canary.readable(actor)]
    names = {canary.where for canary in forbidden if canary.where.startswith("name of a ")}
    names = {where for where in names if not where.endswith("person") and "file of a" not in where}
    reader, visit, counted = Reader(actor), Visit("leaky", "/leaky/", "GET"), Visit("counting", "/counting/", "GET")

    found = leaks_in(reader.ask(visit), visit, forbidden)
    before = reader.ask(counted).text
    remove(world.whole[0])

    assert {fault.split(" tells the ")[1] for fault in found} == names != set()
    assert reader.ask(counted).text != before


@pytest.mark.urls("tests.leaks.uncovered")
def test_a_new_route_that_nobody_covered_is_found(ground):
    found = [name for name, _address, pattern in routes.walk() if parameters(name, pattern, ground.world) is None]

    assert found == ["uncovered"]
