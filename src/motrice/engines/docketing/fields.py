"""Reading one table of TOML: every key by its type, every unknown key refused, every error with its field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from motrice.engines.docketing.errors import TableError


class Fields:
    """The keys of a table, each taken once; what nobody took is refused at the end by `finish`."""

    def __init__(self, data: dict[str, Any], path: str = "") -> None:
        if not isinstance(data, dict):
            raise TableError(f"{path or 'this'}: a table is expected, not {data!r}.", field=path)
        self.data = dict(data)
        self.path = path

    def name(self, key: str) -> str:
        """The key with the tables around it."""
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, expected: str, found: Any) -> TableError:
        """The error for a wrong value."""
        return TableError(f"{self.name(key)}: {expected} is expected, not {found!r}.", field=self.name(key))

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def text(self, key: str, default: str | None = "", *, among: Sequence[str] = ()) -> str:
        """A text, of a list when `among` is given; `default=None` when it must be there."""
        value = self.data.pop(key, default)
        if not isinstance(value, str) or (default is None and not value):
            raise self.refuse(key, "a text", value)
        if among and value not in among:
            raise self.refuse(key, f"one of {', '.join(repr(item) for item in among)}", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; () when it is not there."""
        values = self.data.pop(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.refuse(key, "a list of texts", values)
        return tuple(values)

    def number(self, key: str, default: int | None = 0, *, least: int = 0, most: int = 1200) -> int:
        """A whole number; `default=None` when it must be there."""
        value = self.data.pop(key, default)
        if type(value) is not int or not least <= value <= most:
            raise self.refuse(key, f"a whole number from {least} to {most}", value)
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.data.pop(key, default)
        if type(value) is not bool:
            raise self.refuse(key, "true or false", value)
        return value

    def day(self, key: str, *, is_required: bool = False) -> date | None:
        """A date, of TOML or as text 2024-04-01."""
        value = self.data.pop(key, None)
        if value is None and not is_required:
            return None
        return self._day(key, value)

    def days(self, key: str) -> tuple[date, ...]:
        """A list of dates."""
        values = self.data.pop(key, [])
        if not isinstance(values, list):
            raise self.refuse(key, "a list of dates", values)
        return tuple(self._day(key, value) for value in values)

    def _day(self, key: str, value: Any) -> date:
        try:
            return date.fromisoformat(str(value))
        except ValueError as error:
            raise self.refuse(key, "a date such as 2024-04-01", value) from error

    def amount(self, key: str, *, is_required: bool = True) -> Decimal | None:
        """An amount written as text ("38.50") or as a whole number, never below zero."""
        value = self.data.pop(key, None)
        if value is None and not is_required:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.refuse(key, "an amount", value)
        try:
            amount = Decimal(value)
        except InvalidOperation as error:
            raise self.refuse(key, "an amount", value) from error
        if not amount.is_finite() or amount < 0:
            raise self.refuse(key, "an amount", value)
        return amount

    def table(self, key: str) -> Fields | None:
        """A table inside, or nothing."""
        value = self.data.pop(key, None)
        return None if value is None else Fields(value, self.name(key))

    def tables(self, key: str) -> list[Fields]:
        """A list of tables inside."""
        values = self.data.pop(key, [])
        if not isinstance(values, list):
            raise self.refuse(key, "a list of tables", values)
        return [Fields(value, f"{self.name(key)}[{number}]") for number, value in enumerate(values)]

    def finish(self) -> None:
        """Refuse what is left over: a misspelt key must not pass for an absent one."""
        if self.data:
            key = sorted(self.data)[0]
            raise TableError(f"{self.name(key)}: nothing reads this key.", field=self.name(key))
