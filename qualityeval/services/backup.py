"""A whole instance in one archive, and back: rows, stored files, and proof that the keys fit."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from qualityeval.adapters import backup as archives
from qualityeval.adapters.backup import ArchiveReader, Damaged
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import RuleViolation, WrongState, msg
from qualityeval.database import db
from qualityeval.models import AccountSession
from qualityeval.services import audit, table_dump
from qualityeval.services.files import file_store

Progress = Callable[[str, int, int], None]
UNCOUNTED = {"sign_in_attempt", "audit_head"}  # a fresh database holds the head of an empty log


@dataclass(frozen=True)
class Keyring:
    """The instance's keys, for seals and fingerprints only."""

    secret: bytes
    index: bytes
    fields: Mapping[str, bytes]

    def fingerprints(self) -> dict[str, str]:
        """What may be shown of each key: enough to tell it from others, nothing to rebuild it from."""
        named = {
            "secret": self.secret,
            "index": self.index,
            **{f"field:{k}": v for k, v in self.fields.items()},
        }
        return {name: fingerprint(key) for name, key in named.items()}


@dataclass(frozen=True)
class Saved:
    """What went into an archive; `missing` names stored files whose bytes are gone."""

    rows: int
    files: int
    missing: tuple[str, ...]


def fingerprint(key: bytes) -> str:
    """The first 16 hex characters of a digest with its own prefix."""
    return hashlib.sha256(b"qualityeval key fingerprint\x1f" + key).hexdigest()[:16]


def save(
    *, actor: Actor, target: Path, keys: Keyring, schema: str | None, now: datetime, progress: Progress
) -> Saved:
    """Write the archive from one snapshot of the database; the web may go on meanwhile.

    Refuses a target that exists. Read-only: the caller records the backup afterwards.
    """
    require(actor, Permission.SETTINGS_CHANGE)
    session: Session = db.session()
    snapshot(session)
    rows: dict[str, int] = {}
    missing: list[str] = []
    try:
        with archives.writing(target) as archive:
            tables = table_dump.reflected(session)
            for position, table in enumerate(tables):
                progress(msg("备份数据表"), position, len(tables))
                rows[table.name] = table_dump.count_rows(session, table)
                archive.add(f"tables/{table.name}.jsonl", table_dump.dump(session, table))
            names = _stored_names(session)
            for position, name in enumerate(names):
                progress(msg("备份文件"), position, len(names))
                _add_file(archive, name, missing)
            about = {
                "made_at": now.isoformat(), "schema": schema, "rows": rows, "missing": missing,
                "keys": keys.fingerprints(), "audit_head": audit.head(),
            }  # fmt: skip
            archive.seal(about, keys.index)
    except FileExistsError as fault:
        raise WrongState(
            "backup.exists", msg("文件“%(name)s”已经存在，请换一个名字。"), name=target.name
        ) from fault
    finally:
        session.rollback()
    return Saved(sum(rows.values()), len(names) - len(missing), tuple(missing))


def examine(archive: ArchiveReader, *, keys: Keyring, known_schemas: set[str]) -> None:
    """Refuse an archive of other keys, of a newer version, or one that isn't whole."""
    manifest = archive.manifest
    if manifest["format"] > archives.FORMAT or manifest["schema"] not in known_schemas:
        raise RuleViolation(
            "backup.newer",
            msg("备份来自更新的版本（结构%(schema)s），请先升级程序再恢复。"),
            schema=manifest["schema"],
        )
    own = keys.fingerprints()
    foreign = sorted(name for name, mark in manifest["keys"].items() if own.get(name) != mark)
    if foreign:
        raise RuleViolation(
            "backup.foreign_keys",
            msg("备份用的是另一套密钥（%(names)s）。请先把那个实例的 keys.json 放进这个实例文件夹，再恢复。"),
            names=", ".join(foreign),
        )
    if not archive.is_sealed_by(keys.index):
        raise Damaged(part=archives.MANIFEST)
    archive.check()


def refuse_used(session: Session) -> None:
    """Refuse a database that holds any row, and a store that holds any file."""
    for table in table_dump.reflected(session):
        if table.name not in UNCOUNTED and table_dump.count_rows(session, table):
            raise WrongState(
                "backup.target_used",
                msg("目标里已有内容（%(table)s），恢复只能放进空的实例。请换一个实例文件夹或数据库。"),
                table=table.name,
            )
    if next(file_store().names(), None) is not None:
        raise WrongState("backup.files_used", msg("目标的文件存储里已有文件，恢复只能放进空的实例。"))


def restore(*, archive: ArchiveReader, progress: Progress) -> Saved:
    """Put rows and files of an examined archive into the empty target, in the caller's transaction.

    Files are removed again where it fails. The rows are compared with the manifest's counts.
    """
    session: Session = db.session()
    refuse_used(session)
    files = [name for name in archive.manifest["members"] if name.startswith("files/")]
    rows = _restore_rows(session, archive, progress)
    store = file_store()
    try:
        for position, member in enumerate(files):
            progress(msg("恢复文件"), position, len(files))
            with archive.open(member) as content:
                store.put(member.removeprefix("files/"), content)
        verify(session)
    except BaseException:
        for member in files:
            store.delete(member.removeprefix("files/"))
        raise
    return Saved(rows, len(files), tuple(archive.manifest["missing"]))


def verify(session: Session) -> None:
    """The database's own check of itself, and the audit chain."""
    if session.get_bind().dialect.name == "sqlite":
        faults = [row[0] for row in session.execute(text("PRAGMA integrity_check")) if row[0] != "ok"]
        faults += [f"{row[0]} {row[1]}" for row in session.execute(text("PRAGMA foreign_key_check"))]
        if faults:
            raise Damaged(part=str(faults[0]))
    verdict = audit.verify()
    if not verdict.ok:
        raise Damaged(part=f"audit_event {verdict.first_bad}")


def record_backup(*, actor: Actor, name: str, digest: str, saved: Saved, now: datetime) -> None:
    """Note in the audit log that everything was copied out."""
    audit.record(
        actor, "instance.backed_up", now=now, object_type="instance", object_id=name[:120], sha256=digest,
        rows=saved.rows, files=saved.files, missing=len(saved.missing),
    )  # fmt: skip


def record_restore(*, actor: Actor, digest: str, manifest: Mapping[str, Any], now: datetime) -> None:
    """Note in the restored log where it comes from, and end every session that the archive held open.

    One that was revoked after the backup would be alive again otherwise.
    """
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.ended_at.is_(None))
        .values(ended_at=now, ended_because="restored")
    )
    audit.record(
        actor,
        "instance.restored",
        now=now,
        object_type="instance",
        sha256=digest,
        made_at=manifest["made_at"],
    )


def snapshot(session: Session) -> None:
    """Begin a read in which nothing changes: PostgreSQL must be asked for it, SQLite always does."""
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def _restore_rows(session: Session, archive: ArchiveReader, progress: Progress) -> int:
    total = 0
    expected: Mapping[str, int] = archive.manifest["rows"]
    tables = {table.name: table for table in table_dump.reflected(session)}
    if unknown := set(expected) - set(tables):
        raise Damaged(part=min(unknown))
    for position, (name, table) in enumerate(tables.items()):
        progress(msg("恢复数据表"), position, len(tables))
        if name not in expected:
            continue
        session.execute(table.delete())
        with archive.open(f"tables/{name}.jsonl") as lines:
            count = table_dump.load(session, table, lines=_lines(lines))
        if count != expected[name]:
            raise Damaged(part=name)
        total += count
    return total


def _lines(member: Any) -> Iterator[bytes]:
    yield from member


def _stored_names(session: Session) -> list[str]:
    return list(session.execute(text("SELECT public_id FROM stored_file ORDER BY id")).scalars())


def _add_file(archive: archives.ArchiveWriter, name: str, missing: list[str]) -> None:
    try:
        content = file_store().open(name)
    except FileNotFoundError:
        missing.append(name)
        return
    with content:
        archive.add(f"files/{name}", content, packed=False)
