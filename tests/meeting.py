"""Races made certain: acts on connections of their own, which meet at the place in the code where the race opens."""

from __future__ import annotations

import contextlib
import functools
import threading
from typing import Any

import pytest

SECONDS = 1.5


def meet(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, *, count: int = 2, first: bool = False) -> None:
    """Let acts wait for each other each time they come out of a function of a module (`first`: before they go in).

    Who comes alone, because a lock holds the others, goes on after a moment: then the race did not open. Without the
    lock all are there together, and none has read what the others write.
    """
    function = getattr(place, name)
    barrier = threading.Barrier(count)

    def wait() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=SECONDS)

    @functools.wraps(function)
    def met(*args: Any, **kwargs: Any) -> Any:
        if first:
            wait()
        found = function(*args, **kwargs)
        if not first:
            wait()
        return found

    monkeypatch.setattr(place, name, met)
