"""The demonstration world: invented organisations, people, texts and needs on which every page can be tried."""

# Every invented account has this password: the command that makes them refuses a database that holds anything else.
PASSWORD = "Sextant-2026-demonstration"  # noqa: S105 - known to all on purpose
SOURCE = "demo"
