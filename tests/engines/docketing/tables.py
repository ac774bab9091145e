"""The tables that Motrice ships, read as the engine reads them."""

import tomllib
from functools import cache
from pathlib import Path

import motrice
from motrice.engines.docketing import Rulebook, read_calendar, read_fee_table, read_rule, read_scheme

CATALOGUE = Path(motrice.__file__).parent / "portfolio" / "catalogue"
KEYS = ("code", "version", "retired")


def entries(kind):
    """The entries of a kind, as code, version and table."""
    for path in sorted((CATALOGUE / kind).glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]:
            yield entry["code"], entry["version"], {key: value for key, value in entry.items() if key not in KEYS}


@cache
def shipped_book():
    """The rulebook of everything that is shipped."""
    return Rulebook(
        rules=[read_rule(*entry) for entry in entries("deadlines")],
        schemes=[read_scheme(*entry) for entry in entries("renewals")],
        fee_tables=[read_fee_table(*entry) for entry in entries("fees")],
        calendars=[read_calendar(*entry) for entry in entries("calendars")],
    )
