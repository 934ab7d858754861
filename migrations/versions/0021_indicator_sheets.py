"""Sheets and results of rubrics that grade indicators instead of adding points: no total, the agreed grades instead.

SQLite can't drop NOT NULL, so that both tables are rebuilt there and get their triggers of revision 0005 anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "7cef791c7856"
down_revision = "8963cd339ce8"
branch_labels = None
depends_on = None

CHANGED = "{0} is evidence: rows are added, never changed or deleted"


def _protect(table):
    """Triggers as revision 0005 makes them; on PostgreSQL they were never lost."""
    if op.get_bind().dialect.name == "sqlite":
        for kind in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER evidence_{table}_{kind} BEFORE {kind.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{CHANGED.format(table)}'); END"
            )


def upgrade():
    with op.batch_alter_table("sheet") as batch:
        batch.alter_column("total", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("case_result") as batch:
        batch.alter_column("total", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("marks", sa.JSON(), nullable=True))
    for table in ("sheet", "case_result"):
        _protect(table)


def downgrade():
    """Refused by the database where a sheet without a total is there."""
    with op.batch_alter_table("case_result") as batch:
        batch.drop_column("marks")
        batch.alter_column("total", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("sheet") as batch:
        batch.alter_column("total", existing_type=sa.Integer(), nullable=False)
    for table in ("sheet", "case_result"):
        _protect(table)
