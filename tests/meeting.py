"""Races made certain: acts on connections of their own, which meet at the place in the code where the race opens."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

SECONDS = 1.5
LOOK = 0.02  # how often one who waits looks whether the other can come at all

_asking: set[int] = set()
"""The threads that ask SQLite to let them write, and have no answer yet."""
_begin = DatabaseWrapper._start_transaction_under_autocommit


def _ask(wrapper: DatabaseWrapper) -> None:
    _asking.add(threading.get_ident())
    try:
        _begin(wrapper)
    finally:
        _asking.discard(threading.get_ident())


def holds_up_another() -> bool:
    """Whether a lock of this thread's transaction holds up another: that one comes no further before this one ends."""
    if not connection.in_atomic_block:
        return False
    if connection.vendor == "sqlite":
        return bool(_asking)  # this thread writes, so that nobody else may begin to
    asked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    with connection.connection.cursor() as cursor:
        return bool(cursor.execute(asked).fetchone()[0])


class Meeting:
    """Where two wait for each other, as often as they come; over for good when one waited in vain."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._met, self._is_one_there, self._is_over = 0, False, False

    def wait(self) -> None:
        """Wait for the other, unless that one is held up by this one, or for a moment."""
        until = time.monotonic() + SECONDS
        with self._change:
            if self._is_over:
                return
            if self._is_one_there:
                self._met, self._is_one_there = self._met + 1, False
                self._change.notify_all()
                return
            met, self._is_one_there = self._met, True
            while self._met == met and not self._is_over:
                if holds_up_another() or time.monotonic() > until:
                    self._is_over = True
                else:
                    self._change.wait(LOOK)


def meet(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str], first: bool = False) -> None:
    """Let two acts wait for each other as they come out of these functions, as (module, name); `first`: before them.

    Who comes alone, because a lock holds the other, goes on: then the race did not open. Without the lock both are
    there together, and neither has read what the other writes.
    """
    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", _ask)
    wait = Meeting().wait

    def met(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            if first:
                wait()
            found = function(*args, **kwargs)
            if not first:
                wait()
            return found

        return wrapped

    for place, name in places:
        monkeypatch.setattr(place, name, met(getattr(place, name)))


def let_in(
    monkeypatch: pytest.MonkeyPatch, place: Any, name: str, *, first: bool = False
) -> Callable[[Callable[[], Any]], Callable[[], Any]]:
    """Let a whole act in while another stands at this function, once it came out of it; `first`: before it.

    Gives what makes an act of the second kind. One that a lock holds up is not waited for.
    """
    reached, done = threading.Event(), threading.Event()
    function, inside = getattr(place, name), threading.local()

    @functools.wraps(function)
    def stood(*args: Any, **kwargs: Any) -> Any:
        def stand() -> None:
            if not getattr(inside, "is_second", False) and not reached.is_set():
                reached.set()
                until = time.monotonic() + SECONDS
                while not (done.wait(LOOK) or holds_up_another() or time.monotonic() > until):
                    pass

        if first:
            stand()
        found = function(*args, **kwargs)
        if not first:
            stand()
        return found

    def second(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            inside.is_second = True
            reached.wait(timeout=30)
            try:
                return act()
            finally:
                done.set()

        return run

    monkeypatch.setattr(DatabaseWrapper, "_start_transaction_under_autocommit", _ask)
    monkeypatch.setattr(place, name, stood)
    return second
