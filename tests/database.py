"""The database that tests start from: migrated, with the catalogue of the files; made once, then copied.

It is kept beside pytest's cache (SQLite) or in the server (PostgreSQL) under a name that tells the migrations, the
catalogue and the core that made it: when one of them changes, it is made anew. A test that writes for real leaves it
as the next one finds it: what it was at first is put back, which is quicker than emptying every table.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.db.models import Max

from motrice.accounts.operations.users import system_user
from motrice.core import catalogue
from motrice.core.models import AuditEntry, CatalogueEntry

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "motrice"
PREFIX = "motrice_start_"
FIRST = "motrice_first"  # the file or the schema that holds every row as it was at first
NOTHING_HELD = -1
_first: dict[str, int | None] = {}  # the last entry of the log then


def _files() -> Iterator[Path]:
    yield from PACKAGE.glob("*/migrations/*.py")
    yield from PACKAGE.glob("*/catalogue/**/*.toml")
    yield from (PACKAGE / "core").rglob("*.py")


def key() -> str:
    """A short name for all that the database is made of."""
    made_of = hashlib.sha256(f"{django.VERSION}".encode())
    for path in sorted(_files()):
        made_of.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return made_of.hexdigest()[:16]


def load_catalogue() -> None:
    """Load the catalogue of the files, where a test that empties the tables has taken it away."""
    if not CatalogueEntry.objects.exists():
        catalogue.sync(actor=system_user())


def copy(folder: Path) -> bool:
    """Put the kept database where the tests' one is to be; false when there is none."""
    return _copy_file(folder) if connection.vendor == "sqlite" else _use_template()


def keep(folder: Path) -> None:
    """Keep the tests' database as it is, and forget those of other migrations."""
    if connection.vendor == "sqlite":
        _keep_file(folder)
    else:
        _keep_template()


def _copy_file(folder: Path) -> bool:
    kept = folder / f"{PREFIX}{key()}.sqlite3"
    if not kept.exists():
        return False
    shutil.copyfile(kept, connection.settings_dict["TEST"]["NAME"])
    return True


def _keep_file(folder: Path) -> None:
    kept = folder / f"{PREFIX}{key()}.sqlite3"
    part = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(part)])
    for old in folder.glob(f"{PREFIX}*.sqlite3"):
        old.unlink(missing_ok=True)
    part.replace(kept)


def _use_template() -> bool:
    name = PREFIX + key()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            return False
    connection.settings_dict["TEST"]["TEMPLATE"] = name
    return True


def _keep_template() -> None:
    source, name = connection.settings_dict["NAME"], PREFIX + key()
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        names = {row[0] for row in cursor.fetchall()}
        try:
            for old in names - {name}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            if name not in names:
                cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        except DatabaseError:
            return  # another process of the tests is at it


def remember() -> bool:
    """Hold on to every row, so that `put_back` may find it; false on a server that does not let us."""
    _first["entry"] = _last_entry()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(first_file())])
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:  # only they may write without the triggers
            _first.clear()
            return False
        cursor.execute(f"DROP SCHEMA IF EXISTS {FIRST} CASCADE")
        cursor.execute(f"CREATE SCHEMA {FIRST}")
        for table in _filled(cursor):
            cursor.execute(f'CREATE TABLE {FIRST}."{table}" AS TABLE "{table}"')
    return True


def put_back() -> None:
    """Every row as it was at first, and no other."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(first_file())) as first:
            first.backup(connection.connection)
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            filled = _filled(cursor)
            cursor.execute("".join(f'DELETE FROM "{table}";' for table in filled) or "SELECT 1")
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [FIRST])
            held = [row[0] for row in cursor.fetchall()]
            cursor.execute("".join(f'INSERT INTO "{table}" TABLE {FIRST}."{table}";' for table in held))
    ContentType.objects.clear_cache()


def is_at_first() -> bool:
    """Whether no operation has written since `remember`."""
    return _last_entry() == _first.get("entry", NOTHING_HELD)


def rows(table: str, *, at_first: bool = False) -> dict[Any, Any]:
    """The rows of a table by their keys, as `put_in` takes them: as they are, or as they were at first."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        if connection.vendor != "sqlite":
            home = FIRST if at_first else "public"
            cursor.execute("SELECT to_regclass(%s)", [f'{home}."{table}"'])
            if cursor.fetchone()[0] is None:  # empty tables are not held
                return {}
            cursor.execute(f'SELECT "{key}", t::text FROM {home}."{table}" AS t')
            return dict(cursor.fetchall())
        names = [name for _, name, *_ in connection.connection.execute(f'PRAGMA table_info("{table}")').fetchall()]
        as_stored = ", ".join(f'+"{name}"' for name in names)  # without the sign, a date is read as a date
        read = f'SELECT "{key}", {as_stored} FROM "{table}"'
        if not at_first:
            return {found[0]: found[1:] for found in connection.connection.execute(read).fetchall()}
        with closing(sqlite3.connect(first_file())) as first:
            return {found[0]: found[1:] for found in first.execute(read)}


def put_in(table: str, written: list[Any]) -> None:
    """Write rows as `rows` gave them, each with the key that it had."""
    if connection.vendor == "sqlite":
        marks = ", ".join("?" * len(written[0]))
        connection.connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', written)
        return
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" SELECT (r::"{table}").* FROM unnest(%s::text[]) AS r', [written])


def take_out(table: str, keys: list[Any]) -> None:
    """Remove rows by their keys, whatever points to them: they are about to be written anew."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        cursor.execute(f'DELETE FROM "{table}" WHERE "{key}" IN ({", ".join(["%s"] * len(keys))})', keys)


def _last_entry() -> int | None:
    return AuditEntry.objects.aggregate(last=Max("sequence"))["last"]


def first_file() -> Path:
    """The file of SQLite as it was at first."""
    return Path(settings.VAR) / f"{FIRST}.sqlite3"


def _filled(cursor: Any) -> list[str]:
    """The tables that hold a row."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables))
    return [row[0] for row in cursor.fetchall()]
