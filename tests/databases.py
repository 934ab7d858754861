"""Migrated databases: one template an engine, copied for whoever needs a database of their own."""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from config import Config, Keys, create_instance
from qualityeval.app import create_app
from qualityeval.database import db
from tests.postgres import Cluster

# templates are compiled once for all workers and runs, each anew when its text changes
TEMPLATES = Path(__file__).resolve().parent.parent / ".pytest_cache" / "templates"
KEYS = Keys("tests-" + "0" * 32, {"k1": b"1" * 32}, "k1", b"i" * 32)


@dataclass(frozen=True)
class Place:
    """Where databases of one engine live: a folder for SQLite, a server for PostgreSQL."""

    engine: str
    folder: Path
    cluster: Cluster | None = None
    dropped: list[str] = field(default_factory=list)

    def template(self) -> None:
        """Migrate an empty database to head, once; `copy` then costs milliseconds."""
        url = (
            self.cluster.create("template_head")
            if self.cluster
            else f"sqlite:///{self.folder / 'template.db'}"
        )
        app = application(url, home=self.folder)
        with app.app_context():
            upgrade()
        close(app)

    def copy(self, name: str, folder: Path | None = None) -> str:
        """A database at head that nobody else uses; returns its address."""
        if self.cluster:
            self.dropped.append(name)
            return self.cluster.create(name, template="template_head")
        path = (folder or self.folder) / f"{name}.db"
        shutil.copyfile(self.folder / "template.db", path)
        return f"sqlite:///{path}"

    def empty(self, name: str) -> str:
        """A database without a table, for the migrations' own tests."""
        if self.cluster:
            return self.cluster.create(name)
        return f"sqlite:///{self.folder / name}.db"


@dataclass(frozen=True)
class Instance:
    """A whole installation for tests that start processes: folder with keys, database, environment."""

    home: Path
    url: str
    environment: Mapping[str, str]


def application(url: str, *, home: Path, **extra: Any) -> Flask:
    """The application as production builds it; only the form token waits until a test asks for it."""
    settings = {"WTF_CSRF_ENABLED": False, **extra}
    app = create_app(Config(home=home, keys=KEYS, database_url=url, testing=True, extra=settings).mapping())
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    return app


def close(app: Flask) -> None:
    """Give the connections back, so that the database can be copied or dropped."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def new_instance(place: Place, home: Path) -> Instance:
    """A fresh installation: its own keys, its own migrated database, nothing in it."""
    create_instance({"QUALITYEVAL_HOME": str(home)})
    name = "qualityeval" if place.cluster is None else f"live_{secrets.token_hex(6)}"
    url = place.copy(name, home)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("QUALITYEVAL_")},
        "QUALITYEVAL_HOME": str(home),
        "QUALITYEVAL_DATABASE_URL": url,
    }
    return Instance(home, url, environment)


Scaled = Callable[[int], int]
