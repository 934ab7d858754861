"""`backup FILE` and `restore FILE`: a whole instance in one archive, and back into an empty one."""

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_migrate import downgrade, upgrade

from config import home_folder
from qualityeval import clock
from qualityeval.adapters import backup as archives
from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.cli.bar import bar
from qualityeval.cli.door import Refused, Result, language, print_json, print_plain, refuse, verb
from qualityeval.cli.instance import NotReady, open_unmigrated, schema_revision, scripts
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db, transaction
from qualityeval.services import backup as services
from qualityeval.services.backup import Keyring


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@verb()
def backup(*, actor: Actor, now: datetime, file: Path) -> Result | Refused:
    """Write database and stored files into one archive. Keep keys.json apart: it is never in it."""
    if not file.resolve().parent.is_dir():
        raise click.BadParameter(f"no such folder: {file.parent}", param_hint="FILE")
    with bar() as progress:
        saved = services.save(
            actor=actor, target=file, keys=_keyring(), schema=schema_revision(), now=now, progress=progress
        )
    with archives.reading(file) as archive:
        archive.check()
    digest = _digest(file)
    with transaction():
        services.record_backup(actor=actor, name=file.name, digest=digest, saved=saved, now=clock.now())
    result = {
        "file": str(file), "size": file.stat().st_size, "sha256": digest, "rows": saved.rows,
        "files": saved.files, "missing": list(saved.missing),
    }  # fmt: skip
    return Refused(result) if saved.missing else result


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print one JSON object")
def restore(*, file: Path, as_json: bool) -> None:
    """Put an archive into an empty instance whose folder holds the keys.json of the old one."""
    home = home_folder(os.environ)
    if not (home / "keys.json").is_file() and not os.environ.get("QUALITYEVAL_KEYS"):
        raise NotReady(
            f"Put the keys.json of the instance that made the backup into {home} first: "
            "without its keys nothing sealed could be read."
        )
    app, made = open_unmigrated()
    with app.app_context(), force_locale(language()):
        try:
            result = _restore(app, file)
        except RuleViolation as refusal:
            db.session.remove()
            db.engine.dispose()
            for ending in ("", "-wal", "-shm") if made else ():
                made.with_name(made.name + ending).unlink(missing_ok=True)
            refuse(refusal, as_json=as_json)
            return
        (print_json if as_json else print_plain)(result)
        click.echo(_("恢复完成。请运行 qualityeval doctor 核对，再运行 serve。"), err=True)


def _restore(app: Flask, file: Path) -> dict[str, Any]:
    del app
    revisions = scripts()
    with archives.reading(file) as archive:
        known = {script.revision for script in revisions.walk_revisions()}
        services.examine(archive, keys=_keyring(), known_schemas=known)
        before = schema_revision()
        if before is not None:
            services.refuse_used(db.session())
            db.session.rollback()
        _migrate_to(str(archive.manifest["schema"]), before)
        with bar() as progress, transaction():
            saved = services.restore(archive=archive, progress=progress)
        upgrade()
        digest = _digest(file)
        with transaction():
            services.record_restore(
                actor=COMMAND_LINE, digest=digest, manifest=archive.manifest, now=clock.now()
            )
        return _restored(archive.manifest, saved, revisions, digest)


def _migrate_to(schema: str, before: str | None) -> None:
    """Rows go into the schema they were taken from; newer revisions move them on afterwards."""
    if before is None:
        upgrade(revision=schema)
    elif before != schema:
        downgrade(revision=schema)


def _restored(
    manifest: Mapping[str, Any], saved: services.Saved, revisions: ScriptDirectory, digest: str
) -> dict[str, Any]:
    return {
        "made_at": manifest["made_at"], "sha256": digest, "schema": revisions.get_current_head(), "rows": saved.rows,
        "files": saved.files, "missing": list(saved.missing), "audit_head_of_backup": manifest["audit_head"],
    }  # fmt: skip


def _keyring() -> Keyring:
    keys = current_app.config["KEYS"]
    return Keyring(keys.secret_key.encode(), keys.index_key, keys.field_keys)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
