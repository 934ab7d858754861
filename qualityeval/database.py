"""The database: base class, column types, and the one place that commits."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Integer, MetaData, String, Text, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITING, READ = "writing", "read"
T = TypeVar("T")
PRAGMAS = (
    "busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
    "recursive_triggers=ON",  # else REPLACE would delete evidence past its triggers
)  # fmt: skip


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Naive values are refused; what comes back is aware, in UTC, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Encrypted(TypeDecorator[str]):
    """Text sealed with AES-256-GCM as `key id:base64(nonce + ciphertext)`.

    The purpose is authenticated too, so a sealed phone can't be moved into the ID-number column.
    The keys come from the instance's configuration and are never in the database.
    """

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        keys = current_app.config["KEYS"]
        nonce = os.urandom(12)
        sealed = AESGCM(keys.field_keys[keys.current_field_key]).encrypt(
            nonce, value.encode(), self.purpose.encode()
        )
        return f"{keys.current_field_key}:{base64.b64encode(nonce + sealed).decode()}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        del dialect
        if value is None:
            return None
        key_id, _, body = value.partition(":")
        raw = base64.b64decode(body)
        key = current_app.config["KEYS"].field_keys[key_id]
        return AESGCM(key).decrypt(raw[:12], raw[12:], self.purpose.encode()).decode()


def blind_index(purpose: str, value: str) -> str:
    """A keyed digest under which an encrypted value can be found but not read."""
    key = current_app.config["KEYS"].index_key
    return hmac.new(key, f"{purpose}\x1f{value}".encode(), hashlib.sha256).hexdigest()


def instance_folder(name: str = "HOME") -> Path:
    """A folder of this instance: `HOME`, or `FILES` for what is stored beside the database."""
    return Path(current_app.config[name])


def instance_address() -> str:
    """The address that people type, without a slash at its end."""
    return str(current_app.config["URL"]).rstrip("/")


def new_public_id() -> str:
    """A random name for URLs, files and exports: 80 bits, tells neither order nor number."""
    return secrets.token_hex(10)


def new_public_ids(count: int) -> list[str]:
    """As many of them at once: a register asks the system for randomness once a block, not once a row."""
    text = secrets.token_hex(10 * count)
    return [text[start : start + 20] for start in range(0, len(text), 20)]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Row:
    """Integer key inside; the public id is the only one that leaves."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=new_public_id)


db = SQLAlchemy(model_class=Base, session_options={"join_transaction_mode": "create_savepoint"})


def configure_engine(engine: Engine) -> None:
    """Tell SQLite what durable and concurrent mean here; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: object) -> None:
        del record
        connection.isolation_level = None  # the driver must not open transactions of its own
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        writing = connection.get_execution_options().get(WRITING, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def transaction() -> Iterator[Session]:
    """The only commit of the product: all of the block or nothing.

    Ends the read snapshot that the page's reads opened, then begins as a writer, so that on SQLite
    nobody can write between our read and our write. Refuses when changes were made outside.
    """
    session: Session = db.session()
    if session.info.get(WRITING):
        raise RuntimeError("transaction() can't be nested: one use case, one commit")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made outside transaction(); they would be lost or smuggled in")
    session.rollback()
    session.info[WRITING] = True
    try:
        session.connection(execution_options={WRITING: True})
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(WRITING, None)


def read_once(name: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, asked once in a page's read snapshot; inside `transaction`, where rows change, always anew."""
    session: Session = db.session()
    if session.info.get(WRITING):
        return read()
    snapshot, answers = session.info.get(READ, (None, {}))
    if snapshot is None or snapshot is not session.get_transaction():
        answers = {}
    if name not in answers:
        answers[name] = read()
        session.info[READ] = session.get_transaction(), answers
    return answers[name]


@contextmanager
def undoable() -> Iterator[Callable[[], None]]:
    """A part of the caller's transaction that can be taken back as a whole, by the function it yields.

    Taken back or not, the transaction goes on, and only `transaction` commits.
    """
    with db.session.begin_nested() as savepoint:
        yield savepoint.rollback
