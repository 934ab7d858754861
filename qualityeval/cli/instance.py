"""Making an instance ready: folder, keys, database at the newest schema. Shared by init, launch and restore."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from config import ConfigurationError, create_instance, database_url, from_environment, home_folder
from qualityeval.app import create_app
from qualityeval.database import db

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
    try:
        create_instance()
        new_database = _touch_sqlite(database_url(os.environ, home))
        app = create_app(from_environment().mapping())
    except (ConfigurationError, OSError) as fault:
        raise NotReady(str(fault)) from fault
    try:
        with app.app_context():
            before = schema_revision()
            upgrade()
            after = schema_revision()
    except SQLAlchemyError as fault:
        raise NotReady(f"The database can't be used: {getattr(fault, 'orig', None) or fault}") from fault
    return Prepared(app, home, new_folder, new_database, before, after)


def schema_revision() -> str | None:
    """The revision the database stands at, None before the first migration."""
    from alembic.runtime.migration import MigrationContext

    revision = MigrationContext.configure(db.session.connection()).get_current_revision()
    db.session.rollback()
    return revision


def newest_revision() -> str | None:
    """The revision that this version of the program expects."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from flask import current_app

    settings = Config()
    settings.set_main_option("script_location", str(current_app.extensions["migrate"].directory))
    return ScriptDirectory.from_config(settings).get_current_head()


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
