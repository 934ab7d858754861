"""The peers of freeze and chain: the rows they wrote, put by the driver alone into a copy of what they began with.

databases() -> where to measure: SQLite always, PostgreSQL where QUALITYEVAL_BENCH_URL names a server on
which databases may be made, such as postgresql://user@host/postgres.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg
from sqlalchemy import make_url

HERE = "qualityeval.cli.benches.chain_peers"
SERVER = "QUALITYEVAL_BENCH_URL"
KEYS = {"audit_event": "seq"}  # of every other table: id


@dataclass(frozen=True)
class Place:
    """One database to measure on; `copy` is called once it is furnished, `both` are it and its copy."""

    name: str
    home: Path
    url: str
    peer: str
    both: tuple[str, str]
    copy: Callable[[], object]


def databases() -> list[Callable[[Path], AbstractContextManager[Place]]]:
    """What there is to measure on."""
    if os.environ.get(SERVER):
        return [_on_sqlite, _on_postgresql]
    click.echo(
        f"PostgreSQL isn't measured: name a server in {SERVER} (postgresql://user@host/postgres)", err=True
    )
    return [_on_sqlite]


@contextmanager
def _on_sqlite(folder: Path) -> Iterator[Place]:
    home, copy = folder / "home", folder / "peer.db"
    done = home / "qualityeval.db"
    yield Place(
        "SQLite executemany of the same rows", home, "", "insert_alone", (str(done), str(copy)),
        lambda: shutil.copy(done, copy),
    )  # fmt: skip


@contextmanager
def _on_postgresql(folder: Path) -> Iterator[Place]:
    server = make_url(os.environ[SERVER])
    done = f"qe_bench_{secrets.token_hex(4)}"
    copy = f"{done}_peer"
    urls = [
        server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        for name in (done, copy)
    ]
    with psycopg.connect(
        server.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True
    ) as admin:
        admin.execute(f"CREATE DATABASE {done}")  # type: ignore[call-overload]
        try:
            yield Place(
                "PostgreSQL COPY of the same rows", folder / "home", urls[0].replace("postgresql", "postgresql+psycopg", 1),
                "copy_alone", (urls[0], urls[1]), lambda: admin.execute(f"CREATE DATABASE {copy} TEMPLATE {done}"),  # type: ignore[call-overload]
            )  # fmt: skip
        finally:
            for name in (copy, done):
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]


def insert_alone(done: str, copy: str, *tables: str) -> Callable[[], object]:
    """SQLite: one executemany a table in one transaction; the rows are taken out of `done` beforehand."""
    begun = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        begun.execute(f"PRAGMA {pragma}")
    source = sqlite3.connect(done)
    batches = []
    for table in tables:
        key = KEYS.get(table, "id")
        known = begun.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0]  # noqa: S608 -- our own names
        found = source.execute(f"SELECT * FROM {table} WHERE {key} > ? ORDER BY {key}", (known,))  # noqa: S608 -- the same
        names = [column[0] for column in found.description]
        places = ", ".join("?" * len(names))
        batches.append((f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", found.fetchall()))  # noqa: S608 -- the same

    def work() -> None:
        begun.execute("BEGIN IMMEDIATE")
        for statement, rows in batches:
            begun.executemany(statement, rows)
        begun.execute("COMMIT")

    return work


def copy_alone(done: str, copy: str, *tables: str) -> Callable[[], object]:
    """PostgreSQL: one COPY a table in one transaction; the rows are taken out of `done` beforehand."""
    begun, source = psycopg.connect(copy), psycopg.connect(done)
    batches = []
    for table in tables:
        key = KEYS.get(table, "id")
        (known,) = begun.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone() or (0,)  # type: ignore[call-overload]  # noqa: S608 -- our own names
        found = source.execute(f"SELECT * FROM {table} WHERE {key} > %s ORDER BY {key}", (known,))  # type: ignore[call-overload]  # noqa: S608 -- the same
        names = [column.name for column in found.description or ()]
        batches.append((f"COPY {table} ({', '.join(names)}) FROM STDIN", found.fetchall()))
    begun.rollback()

    def work() -> None:
        with begun.cursor() as cursor:
            for statement, rows in batches:
                with cursor.copy(statement) as copying:
                    for cells in rows:
                        copying.write_row(cells)
        begun.commit()

    return work
