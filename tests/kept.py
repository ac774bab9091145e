"""Worlds that many tests start from: built once through operations, then their rows are put back as they were.

To build one takes some eighty operations, to put it back one statement a table; hundreds of tests start from the same.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from django.db import connection
from django.utils.timezone import localdate

from tests import database

WRITES = re.compile(r'(?:INSERT INTO|INSERT OR \w+ INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
Rows = list[Any]
World = TypeVar("World")


@dataclass(frozen=True)
class Kept:
    """What a builder gave, and by table the rows it wrote and the keys of those that stood there otherwise before."""

    result: bytes
    written: dict[str, Rows]
    replaced: dict[str, Rows]

    def put_back(self) -> Any:
        """Write the rows anew, each with the key that it had."""
        for table, keys in self.replaced.items():
            database.take_out(table, keys)
        for table, rows in self.written.items():
            database.put_in(table, rows)
        return pickle.loads(self.result)


def kept(build: Callable[[], World]) -> Callable[[], World]:
    """Build this world once a process and day, in a test whose transaction is taken back; from then on put it back."""
    copies: dict[date, Kept] = {}

    @wraps(build)
    def built() -> World:
        if not (connection.in_atomic_block and database.is_at_first()):
            return build()  # on_commit calls are due, or a test wrote something of its own before
        copy = copies.get(localdate())
        if copy is None:
            touched: set[str] = set()
            with connection.execute_wrapper(_noting(touched)):
                world = build()
            copies[localdate()] = _copy(world, touched)
        else:
            world = copy.put_back()
        return world

    return built


def _noting(touched: set[str]) -> Callable[..., Any]:
    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        touched.update(WRITES.findall(sql))
        return execute(sql, params, many, context)

    return note


def _copy(world: Any, touched: set[str]) -> Kept:
    written, replaced = {}, {}
    for table in sorted(touched):
        before, now = database.rows(table, at_first=True), database.rows(table)
        if new := [row for key, row in now.items() if before.get(key) != row]:
            written[table] = new
        if gone := [key for key, row in before.items() if now.get(key) != row]:
            replaced[table] = gone
    return Kept(pickle.dumps(world), written, replaced)
