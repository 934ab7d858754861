"""Migrations: empty to head, head equals the models, down and up again, on both databases."""

import re
import secrets
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from qualityeval.database import Base, db
from tests.databases import application, close

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
VERSIONS = MIGRATIONS / "versions"


@pytest.fixture
def empty_app(place, tmp_path):
    name = f"migrations_{secrets.token_hex(4)}"
    app = application(place.empty(name), home=tmp_path)
    with app.app_context():
        yield app
    close(app)
    if place.cluster:
        place.cluster.drop(name)


def _shape(engine):
    """All that a reader of the schema can tell: columns, keys, constraints, indexes."""
    look = inspect(engine)
    described = {}
    for table in look.get_table_names():
        described[table] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in look.get_columns(table)
            ],
            "primary": look.get_pk_constraint(table),
            "foreign": sorted((str(k["name"]), str(k)) for k in look.get_foreign_keys(table)),
            "unique": sorted((str(k["name"]), str(k)) for k in look.get_unique_constraints(table)),
            "checks": sorted(str(k) for k in look.get_check_constraints(table)),
            "indexes": sorted((str(k["name"]), str(k)) for k in look.get_indexes(table)),
        }
    return described


def _scripts():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _is_modelled(name, kind, parents):
    """All but the index of the search, which each database keeps in its own way (revision 0003)."""
    return not (name or "").startswith(("case_search", "ix_legal_case_search"))


def _checks(engine):
    """Names of the check constraints; autogenerate doesn't compare them."""
    look = inspect(engine)
    return {
        (table, str(check["name"]))
        for table in Base.metadata.tables
        for check in look.get_check_constraints(table)
    }


def _modelled_checks(place, home):
    name = f"models_{secrets.token_hex(4)}"
    other = application(place.empty(name), home=home)
    with other.app_context():
        Base.metadata.create_all(db.engine)
        found = _checks(db.engine)
    close(other)
    if place.cluster:
        place.cluster.drop(name)
    return found


def test_the_migrated_schema_is_what_the_models_say(app, place, tmp_path):
    """On the template that every test starts from: it was migrated from nothing to head."""
    with app.app_context():
        connection = db.session.connection()
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _is_modelled}
        )
        assert compare_metadata(context, Base.metadata) == []
        migrated = _checks(connection)
    assert migrated == _modelled_checks(place, tmp_path)


def test_each_revision_goes_down_and_up_by_itself(empty_app):
    upgrade()
    head = _shape(db.engine)
    for _revision in _scripts().walk_revisions():
        downgrade()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    for _revision in _scripts().walk_revisions():
        upgrade(revision="+1")
    assert _shape(db.engine) == head


def test_there_is_one_head_and_one_line():
    scripts = _scripts()
    assert len(scripts.get_heads()) == 1
    assert all(not isinstance(revision.down_revision, tuple) for revision in scripts.walk_revisions())


def test_files_are_numbered_in_the_order_of_their_line():
    names = [Path(revision.path).name for revision in _scripts().walk_revisions()][::-1]
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9]+(_[a-z0-9]+)*\.py", name) for name in names)
    assert sorted(names) == sorted(path.name for path in VERSIONS.glob("*.py"))


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda path: path.name)
def test_a_revision_stands_alone(path):
    """It must still run when the models have moved on, so it imports none of the package."""
    assert not re.search(
        r"^\s*(from|import)\s+(qualityeval|config)\b", path.read_text(encoding="utf-8"), re.MULTILINE
    )
