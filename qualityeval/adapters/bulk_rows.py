"""Many new rows at once by the driver's own fastest way, inside the caller's transaction.

    add_rows(connection, table, columns, same=) -> None

COPY on PostgreSQL, executemany on SQLite. Triggers and constraints see every row as with any other
insert; what the database refuses arrives as SQLAlchemy's own errors.

What a trigger asks of the table that is being filled, PostgreSQL plans once, while it is empty, and would
go on reading it whole: 27,000 drawn cases took 80 s. So plans are made anew, and by index, for the while.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

BY_INDEX = ("DISCARD PLANS", "SET LOCAL enable_seqscan = off")
AS_BEFORE = "SET LOCAL enable_seqscan TO DEFAULT"


def add_rows(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    *,
    same: Mapping[str, Any] | None = None,
) -> None:
    """Add a row for each place of the columns, which are equally long; `same` holds what all rows share.

    Defaults of the model aren't applied: every column without a default in the database has to be given.
    """
    shared = same or {}
    count = len(next(iter(columns.values())))
    if not count:
        return
    names = [*columns, *shared]
    cells = [_prepared(connection, table, name, values) for name, values in columns.items()]
    alike = [repeat(_prepared(connection, table, name, [value])[0], count) for name, value in shared.items()]
    rows = zip(*cells, *alike, strict=True)
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, rows)
        return
    places = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})"  # noqa: S608 -- our own names
    connection.exec_driver_sql(statement, list(rows))


def _prepared(connection: Connection, table: Table, name: str, values: Sequence[Any]) -> Sequence[Any]:
    """The values as the driver takes them."""
    dialect = connection.dialect
    prepare = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    return values if prepare is None else [prepare(value) for value in values]


def _copy(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    statement = f"COPY {table.name} ({', '.join(names)}) FROM STDIN"
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    try:
        with driver.cursor() as cursor:
            for setting in BY_INDEX:
                cursor.execute(setting)
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(AS_BEFORE)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error
