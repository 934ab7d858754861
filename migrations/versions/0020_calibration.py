"""Anchor files that every expert scores before a round, and the second practitioner of a case."""

import sqlalchemy as sa
from alembic import op

revision = "8963cd339ce8"
down_revision = "c27a57074e74"
branch_labels = None
depends_on = None


def _anchors():
    op.create_table(
        "calibration",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        *_keys("calibration", round_id="round"),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_calibration")),
    )
    op.create_table(
        "anchor",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rubric", sa.String(length=80), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("source", sa.String(length=12), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        *_row("anchor"),
        sa.CheckConstraint("source IN ('', 'panel', 'manager')", name=op.f("ck_anchor_source")),
        *_keys("anchor", round_id="round", case_id="legal_case"),
        sa.UniqueConstraint("round_id", "case_id", name=op.f("uq_anchor_round_id_case_id")),
    )


def _sheets():
    op.create_table(
        "calibration_sheet",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("anchor_id", sa.Integer(), nullable=True),
        sa.Column("repeat_of_id", sa.Integer(), nullable=True),
        sa.Column("rubric", sa.String(length=80), nullable=False),
        sa.Column("slot", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("drafted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=40), server_default="", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        *_row("calibration_sheet"),
        sa.CheckConstraint("state IN ('dealt', 'submitted')", name=op.f("ck_calibration_sheet_state")),
        sa.CheckConstraint(
            "(anchor_id IS NULL) <> (repeat_of_id IS NULL)", name=op.f("ck_calibration_sheet_kind")
        ),
        *_keys(
            "calibration_sheet", round_id="round", expert_id="expert", case_id="legal_case", anchor_id="anchor",
            repeat_of_id="assignment",
        ),
        sa.UniqueConstraint(
            "anchor_id", "expert_id", name=op.f("uq_calibration_sheet_anchor_id_expert_id")
        ),
        sa.UniqueConstraint("repeat_of_id", name=op.f("uq_calibration_sheet_repeat_of_id")),
    )  # fmt: skip
    for column in ("round_id", "expert_id"):
        op.create_index(op.f(f"ix_calibration_sheet_{column}"), "calibration_sheet", [column])


def _row(table):
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _keys(table, **columns):
    return tuple(
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    )


SECOND = "fk_legal_case_second_practitioner_id_practitioner"
INDEX = "ix_legal_case_second_practitioner_id"


def upgrade():
    """No case has a second practitioner yet."""
    _anchors()
    _sheets()
    # a statement of its own: rebuilding the table would take its triggers and the index of the search with it
    op.execute(
        f"ALTER TABLE legal_case ADD COLUMN second_practitioner_id INTEGER CONSTRAINT {SECOND} REFERENCES practitioner (id)"
    )
    op.create_index(op.f(INDEX), "legal_case", ["second_practitioner_id"])


def downgrade():
    """Second practitioners, anchors and what was scored of them are given up."""
    op.drop_index(op.f(INDEX), "legal_case")
    op.execute("ALTER TABLE legal_case DROP COLUMN second_practitioner_id")
    for table in ("calibration_sheet", "anchor", "calibration"):
        op.drop_table(table)
