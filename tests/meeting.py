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
