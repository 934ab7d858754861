"""Alembic's entry: the application's own engine and metadata, no logging set-up of its own."""

from alembic import context
from flask import current_app

import qualityeval.models  # noqa: F401 -- fills the metadata
from qualityeval.database import Base, Encrypted, UTCDateTime, db


def run() -> None:
    """Migrate over the connection given (tests) or a new one."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with db.engine.connect() as connection:
        _migrate(connection)
        connection.commit()


def _plain_types(kind, item, autogen_context):
    """Revisions name SQLAlchemy's types only, so that they outlive our classes."""
    del autogen_context
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Encrypted):
        return "sa.Text()"
    return False


def _is_modelled(name, kind, parents):
    """All but the index of the search, which each database keeps in its own way (revision 0003)."""
    del kind, parents
    return not (name or "").startswith(("case_search", "ix_legal_case_search"))


def _migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
        render_item=_plain_types,
        include_name=_is_modelled,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported: run them against the database")
with current_app.app_context():
    run()
