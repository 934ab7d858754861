"""Blindness and reading of papers: names and areas masked by hand, pages shown after all, the read log."""

import sqlalchemy as sa
from alembic import op

revision = "498e13020d54"
down_revision = "6e861825eea8"
branch_labels = None
depends_on = None

KINDS = "kind IN ('recipient', 'practitioner', 'provider', 'person', 'organ', 'kept')"


def upgrade():
    _table(
        "masked_name",
        [("case_id", "legal_case"), ("added_by_id", "account")],
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.String(length=100), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_masked_name_kind")),
        sa.UniqueConstraint("case_id", "text", name=op.f("uq_masked_name_case_id_text")),
    )
    _table(
        "masked_page",
        [("case_file_id", "case_file"), ("looked_by_id", "account")],
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("page > 0", name=op.f("ck_masked_page_page")),
        sa.UniqueConstraint("case_file_id", "page", name=op.f("uq_masked_page_case_file_id_page")),
    )
    _table(
        "unmasking",
        [("assignment_id", "assignment"), ("case_file_id", "case_file"), ("shown_by_id", "account")],
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "assignment_id", "case_file_id", "page", name=op.f("uq_unmasking_assignment_id_case_file_id_page")
        ),
    )
    op.create_index(op.f("ix_unmasking_case_file_id"), "unmasking", ["case_file_id"])
    op.create_table(
        "page_reading",
        *_points("page_reading", [("assignment_id", "assignment"), ("case_file_id", "case_file")]),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id", "case_file_id", "page", name=op.f("pk_page_reading")),
    )
    op.create_index(op.f("ix_page_reading_case_file_id"), "page_reading", ["case_file_id"])


def downgrade():
    for table in ("page_reading", "unmasking", "masked_page", "masked_name"):
        op.drop_table(table)


def _table(name, points, *more):
    op.create_table(
        name,
        *_points(name, points),
        *more,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{name}_public_id")),
    )


def _points(name, points):
    for column, target in points:
        yield sa.Column(column, sa.Integer(), nullable=column.endswith("_by_id"))
        yield sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{name}_{column}_{target}"))
