"""Writing derived deadlines in bulk: one prepared statement for many rows, and only the rows that differ.

`bulk_update` builds a statement of thousands of parameters for every hundred rows, and on SQLite `bulk_create` one for
every forty; a table of fees that changes touches every deadline of the portfolio.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

from motrice.core.references import renew_taken
from motrice.portfolio.models import Deadline

AS_HELD = (
    models.CharField,
    models.BooleanField,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.ForeignKey,
)


def _columns(names: Iterable[str] = ()) -> list[models.Field]:
    wanted = set(names)
    fields = Deadline._meta.concrete_fields
    return [field for field in fields if not field.primary_key and (not wanted or field.attname in wanted)]


def _values(rows: Iterable[Deadline], fields: Sequence[models.Field]) -> list[list[Any]]:
    """What the database is given of each row; most columns take what the row holds as it is."""
    ways = [(field.attname, None if type(field) in AS_HELD else field.get_db_prep_save) for field in fields]
    return [
        [getattr(row, name) if way is None else way(getattr(row, name), connection) for name, way in ways]
        for row in rows
    ]


def insert_deadlines(rows: Sequence[Deadline]) -> None:
    """Insert new rows, for which a reference that is taken is drawn again."""
    renew_taken(rows)
    if connection.features.max_query_params is None:  # PostgreSQL takes a column of any length as one parameter
        Deadline.objects.bulk_create(rows, batch_size=2000)
        return
    fields = _columns()
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quote(Deadline._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 - our names
    _run(statement, _values(rows, fields))


def update_deadlines(rows: Sequence[Deadline], names: Iterable[str]) -> None:
    """Write the named fields of some rows."""
    fields = _columns(names)
    quote = connection.ops.quote_name
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    table = quote(Deadline._meta.db_table)
    statement = f"UPDATE {table} SET {changes} WHERE {quote('id')} = %s"  # noqa: S608 - our names
    _run(statement, [[*values, row.pk] for row, values in zip(rows, _values(rows, fields), strict=True)])


def _run(statement: str, parameters: list[list[Any]]) -> None:
    if parameters:
        with connection.cursor() as cursor:
            cursor.executemany(statement, parameters)
