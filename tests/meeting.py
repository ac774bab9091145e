"""Races made certain: acts on connections of their own, which meet at the place in the code where the race opens."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable
from typing import Any

import pytest

SECONDS = 1.5


def meet(monkeypatch: pytest.MonkeyPatch, *places: tuple[Any, str], first: bool = False) -> None:
    """Let two acts wait for each other as they come out of these functions, as (module, name); `first`: before them.

    Who comes alone, because a lock holds the other, goes on after a moment: then the race did not open. Without the
    lock both are there together, and neither has read what the other writes.
    """
    barrier = threading.Barrier(2)

    def wait() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=SECONDS)

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

    Gives what makes an act of the second kind. One that a lock holds up is not waited for longer than a moment.
    """
    reached, done = threading.Event(), threading.Event()
    function, inside = getattr(place, name), threading.local()

    @functools.wraps(function)
    def stood(*args: Any, **kwargs: Any) -> Any:
        def stand() -> None:
            if not getattr(inside, "is_second", False) and not reached.is_set():
                reached.set()
                done.wait(timeout=SECONDS)

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

    monkeypatch.setattr(place, name, stood)
    return second
