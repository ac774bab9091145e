"""The errors that operations raise; the web layer turns each into one status code."""

from __future__ import annotations

from typing import Any


class MotriceError(Exception):
    """A refusal that a person can read: what is wrong, which value, what to do."""

    status = 400


class NotPermitted(MotriceError):
    """The actor may see the record but not do this to it."""

    status = 403


class InvalidTransition(MotriceError):
    """The record's state does not allow this step."""

    status = 409


class StaleState(MotriceError):
    """Somebody else changed the record since it was read; `field` names the input, when it is one.

    `clashes` tells all that changed of what was read (`core.reading`).
    """

    status = 409

    def __init__(self, message: object, *, field: str | None = None, clashes: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.field = field
        self.clashes = clashes


class RuleViolation(MotriceError):
    """A rule of the field refuses the change; `field` names the input to correct, when there is one."""

    status = 422

    def __init__(self, message: object, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
