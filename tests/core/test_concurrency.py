"""Several people at once, on real connections: the chain stays whole, and nobody overwrites unawares."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection

from motrice.core import audit
from motrice.core.errors import StaleState
from motrice.core.models import AuditEntry
from motrice.directory.enums import NameKind, OrganisationKind
from motrice.directory.models import Organisation, OrganisationName
from motrice.directory.operations.guards import locked
from tests.meeting import meet

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads that start together; what each returned, or the error it met."""
    start = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return results


def test_two_threads_that_append_keep_the_chain_whole():
    def append(name: str) -> int:
        for number in range(10):
            with audit.operation(None, "unit.create") as op:
                op.create(Organisation(kind=OrganisationKind.UNIT, name=f"{name} {number}"))
        return 10

    assert at_once(*(lambda name=name: append(name) for name in ("A", "B", "C"))) == [10, 10, 10]
    assert list(AuditEntry.objects.values_list("sequence", flat=True)) == list(range(1, 31))
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_of_two_who_change_what_they_read_the_second_is_told():
    with audit.operation(None, "unit.create") as op:
        pk = op.create(Organisation(kind=OrganisationKind.UNIT, name="Avant")).pk
    read = threading.Barrier(2)

    def rename(name: str) -> str:
        row = Organisation.objects.get(pk=pk)
        read.wait(timeout=30)
        with audit.operation(None, "unit.rename") as op:
            op.update(row, name=name)
        return name

    results = at_once(lambda: rename("Un"), lambda: rename("Deux"))

    assert sorted(type(result).__name__ for result in results) == ["StaleState", "str"]
    winner = next(result for result in results if isinstance(result, str))
    assert Organisation.objects.get(pk=pk).name == winner
    assert AuditEntry.objects.filter(verb="unit.rename").count() == 1
    assert audit.differences() == []


def test_of_two_who_remove_one_row_the_second_is_told():
    with audit.operation(None, "unit.create") as op:
        pk = op.create(Organisation(kind=OrganisationKind.UNIT, name="Avant")).pk
    read = threading.Barrier(2)

    def remove() -> str:
        row = Organisation.objects.get(pk=pk)
        read.wait(timeout=30)
        with audit.operation(None, "unit.remove") as op:
            op.delete(row)
        return "removed"

    results = at_once(remove, remove)

    assert sorted(map(str, results))[-1] == "removed"
    assert sum(isinstance(result, StaleState) for result in results) == 1
    assert audit.verify().faults == ()
    assert audit.differences() == []


def test_of_two_who_record_the_same_thing_the_second_is_told():
    start = threading.Barrier(2)

    def create() -> str:
        row = Organisation(kind=OrganisationKind.UNIT, name="Unique", reference="AAAAAAAA")
        start.wait(timeout=30)
        with audit.operation(None, "unit.create") as op:
            op.create_many([row])
        return "created"

    results = at_once(create, create)

    assert sum(isinstance(result, StaleState) for result in results) == 1
    assert Organisation.objects.count() == AuditEntry.objects.count() == 1
    assert audit.differences() == []


def two_bodies() -> list[Organisation]:
    with audit.operation(None, "unit.create") as op:
        return [op.create(Organisation(kind=OrganisationKind.UNIT, name=name)) for name in ("Un", "Deux")]


def test_who_holds_a_record_and_who_adds_to_it_do_not_wait_for_each_other(monkeypatch):
    kept, _other = two_bodies()

    def hold() -> str:
        with audit.operation(None, "unit.rename") as op:
            locked(kept)
            held()
            op.update(Organisation.objects.get(pk=kept.pk), name="Autre")
        return "held"

    def add() -> str:
        with audit.operation(None, "unit.add_name") as op:
            op.create(OrganisationName(organisation=kept, kind=NameKind.FORMER, value="Ancien nom"))
        return "added"

    place = SimpleNamespace(held=lambda: None)
    meet(monkeypatch, (audit, "_append"), (place, "held"))
    held = place.held

    assert at_once(hold, add) == ["held", "added"]
    assert audit.verify().faults == ()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nothing is removed meanwhile")
def test_what_rests_on_a_record_that_is_removed_meanwhile_is_refused_in_words(monkeypatch):
    gone, _other = two_bodies()
    removed = threading.Event()

    def remove() -> str:
        with audit.operation(None, "unit.remove") as op:
            op.delete(Organisation.objects.get(pk=gone.pk))
        removed.set()
        return "removed"

    def add() -> str:
        with audit.operation(None, "unit.add_name") as op:
            op.create(OrganisationName(organisation=gone, kind=NameKind.FORMER, value="Ancien nom"))
            removed.wait(timeout=30)
        return "added"

    results = at_once(remove, add)

    assert results[0] == "removed"
    assert isinstance(results[1], StaleState)
    assert audit.verify().faults == ()
    assert audit.differences() == []
