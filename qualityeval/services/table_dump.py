"""Every table as lines of JSON, the same from SQLite and PostgreSQL, and back into either.

Tables are reflected, not taken from the models: sealed fields stay sealed, and an archive of an older
schema goes into a database of that schema before it is migrated.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, MetaData, Table, func, select, text
from sqlalchemy.orm import Session

from qualityeval.core.errors import RuleViolation, msg

REVISION_TABLE = "alembic_version"
DERIVED = "case_search"  # SQLite's index of the search and its parts: filled by triggers as cases come in
GUARDED = (
    ("round_seed", "frame_case"), ("round_seed", "round_stratum"), ("draw", "round_seed"),
    ("sampled_case", "ticket_opening"), ("sampled_case", "round_stratum"),
)  # fmt: skip
CHUNK = 500


def reflected(session: Session) -> list[Table]:
    """The tables of the connected database, referred ones first; the migrations' own is left out."""
    metadata = MetaData()
    metadata.reflect(bind=session.connection(), only=lambda name, _: not name.startswith(DERIVED))
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type.none_as_null = True
    for later, earlier in GUARDED:  # as the triggers want them to come in
        if {later, earlier} <= metadata.tables.keys():
            metadata.tables[later].add_is_dependent_on(metadata.tables[earlier])
    return [table for table in metadata.sorted_tables if table.name != REVISION_TABLE]


def dump(session: Session, table: Table) -> Iterator[bytes]:
    """A heading line with the columns, then one line a row, in the order of the primary key."""
    yield _line([column.name for column in table.columns])
    rows = session.execute(
        select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    )
    for row in rows:
        yield _line([_out(value) for value in row])


def load(session: Session, table: Table, *, lines: Iterable[bytes]) -> int:
    """Insert what `dump` wrote; returns the number of rows. Refuses columns that the table hasn't."""
    source = iter(lines)
    names = json.loads(next(source))
    unknown = set(names) - set(table.columns.keys())
    if unknown:
        raise RuleViolation(
            "backup.columns",
            msg("备份里有这个版本不认识的列：%(column)s。"),
            column=f"{table.name}.{min(unknown)}",
        )
    columns = [table.columns[name] for name in names]
    upward = [c for c in columns if any(key.column.table is table for key in c.foreign_keys)]
    count, batch, links = 0, [], []
    for line in source:
        row = {
            column.name: _in(column, value) for column, value in zip(columns, json.loads(line), strict=True)
        }
        links += [(row["id"], c.name, row[c.name]) for c in upward if row[c.name] is not None]
        row.update(dict.fromkeys(c.name for c in upward))
        batch.append(row)
        count += 1
        if len(batch) == CHUNK:
            session.execute(table.insert(), batch)
            batch = []
    if batch:
        session.execute(table.insert(), batch)
    for key, name, value in links:  # rows of a tree refer to each other: all first, then their links
        session.execute(table.update().where(table.c.id == key).values({name: value}))
    _advance_sequence(session, table)
    return count


def count_rows(session: Session, table: Table) -> int:
    """How many rows the table holds."""
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _out(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _in(column: Column[Any], value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value


def _advance_sequence(session: Session, table: Table) -> None:
    """PostgreSQL must not hand out keys that came with the archive; SQLite counts from the rows."""
    if session.get_bind().dialect.name != "postgresql" or "id" not in table.columns:
        return
    session.execute(
        text(
            f"SELECT setval(s, (SELECT max(id) FROM {table.name})) "  # noqa: S608 -- a reflected name
            "FROM pg_get_serial_sequence(:name, 'id') AS s "
            f"WHERE s IS NOT NULL AND EXISTS (SELECT 1 FROM {table.name})"
        ),
        {"name": table.name},
    )
