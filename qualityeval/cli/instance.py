"""Making an instance ready: folder, keys, database at the newest schema. Shared by init, launch and restore."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from config import ConfigurationError, create_instance, database_url, from_environment, home_folder
from qualityeval.app import create_core
from qualityeval.database import db

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

SQLITE = "sqlite:///"


class NotReady(click.ClickException):
    """The instance can't be made ready; the text says why and what to do (exit 1)."""


@dataclass(frozen=True)
class Prepared:
    """The application of an instance that is ready, and what had to be done for it."""

    app: Flask
    home: Path
    new_folder: bool
    new_database: bool
    schema_before: str | None
    schema: str | None


def prepare() -> Prepared:
    """Make what is missing; a second call changes nothing. Existing keys and rows are never touched."""
    home = home_folder(os.environ)
    new_folder = not (home / "keys.json").exists()
    app, made = open_unmigrated()
    try:
        with app.app_context():
            before = schema_revision()
            upgrade()
            after = schema_revision()
    except SQLAlchemyError as fault:
        raise NotReady(f"The database can't be used: {getattr(fault, 'orig', None) or fault}") from fault
    return Prepared(app, home, new_folder, made is not None, before, after)


def schema_revision() -> str | None:
    """The revision the database stands at, None before the first migration."""
    from alembic.runtime.migration import MigrationContext

    revision = MigrationContext.configure(db.session.connection()).get_current_revision()
    db.session.rollback()
    return revision


def newest_revision() -> str | None:
    """The revision that this version of the program expects."""
    return scripts().get_current_head()


def scripts() -> "ScriptDirectory":
    """The migrations that this version knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    settings = Config()
    settings.set_main_option("script_location", str(current_app.extensions["migrate"].directory))
    return ScriptDirectory.from_config(settings)


def open_unmigrated() -> tuple[Flask, Path | None]:
    """The application of an instance that may have no database yet; the path of the file made for it."""
    home = home_folder(os.environ)
    url = database_url(os.environ, home)
    try:
        create_instance()
        made = Path(url.removeprefix(SQLITE)) if _touch_sqlite(url) else None
        return create_core(from_environment().mapping()), made
    except (ConfigurationError, OSError, SQLAlchemyError) as fault:
        raise NotReady(str(fault)) from fault


def _touch_sqlite(url: str) -> bool:
    if not url.startswith(SQLITE):
        return False
    path = Path(url.removeprefix(SQLITE))
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    sqlite3.connect(path).close()
    return True
