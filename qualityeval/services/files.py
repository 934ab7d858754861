"""Files kept beside the database: uploads, and what jobs produce."""

import io
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select

from qualityeval.adapters.files import FileStore
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, NotFound, msg
from qualityeval.database import db, instance_folder, new_public_id
from qualityeval.models import StoredFile
from qualityeval.services import audit

LONGEST_NAME = 200


def store(
    *,
    actor: Actor,
    name: str,
    media_type: str,
    purpose: str,
    content: bytes | BinaryIO | Iterable[bytes],
    now: datetime,
) -> StoredFile:
    """Keep a file under a random name of its own; `name` is only shown and offered for saving.

    The bytes are on disk before the row is flushed. Where the caller's transaction fails they stay behind
    without a row, and tidying removes them.
    """
    require(actor, Permission.SIGNED_IN)
    public_id = new_public_id()
    stored = file_store().put(public_id, io.BytesIO(content) if isinstance(content, bytes) else content)
    row = StoredFile(
        public_id=public_id, name=plain_name(name), media_type=media_type[:100], size=stored.size,
        sha256=stored.sha256, purpose=purpose, account_id=actor.account_id, created_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.record(
        actor, "file.stored", now=now, object_type="file", object_id=public_id, purpose=purpose,
        sha256=stored.sha256, size=stored.size,
    )  # fmt: skip
    return row


def get_for(actor: Actor, public_id: str) -> StoredFile:
    """One of the actor's own files; NotFound for anybody else's."""
    query = select(StoredFile).where(StoredFile.public_id == public_id)
    if not actor.is_command_line:
        query = query.where(StoredFile.account_id == actor.account_id)
    row = db.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def open_stored(row: StoredFile) -> BinaryIO:
    """The bytes of a stored file; NotFound with a plain word where they are gone."""
    try:
        return file_store().open(row.public_id)
    except FileNotFoundError as fault:
        raise NotFound(
            "file.missing", msg("文件“%(name)s”不在存储里，请联系系统管理员。"), name=row.name
        ) from fault


def file_store() -> FileStore:
    """The store of this instance."""
    return FileStore(instance_folder("FILES"))


def plain_name(name: str) -> str:
    """A name that can't leave its folder or fool its reader: no path, no control or direction marks."""
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
    shown = shown.strip(" .")
    if not shown:
        raise InvalidInput("file.name", msg("文件没有名字。"), where="file")
    if len(shown) <= LONGEST_NAME:
        return shown
    stem, dot, ending = shown.rpartition(".")
    return (
        f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
        if dot and len(ending) < 10
        else shown[:LONGEST_NAME]
    )
