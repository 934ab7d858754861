"""Targeted files beside the sample; lists to compare the register with; kept figures of released rounds."""

import sqlalchemy as sa
from alembic import op

revision = "27f6d14c90be"
down_revision = "9e07c3a5b812"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "targeted_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=400), server_default="", nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rule IN ('complaint', 'satisfaction', 'opinion', 'overdue', 'mass')",
            name=op.f("ck_targeted_case_rule"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_targeted_case_round_id_round")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["legal_case.id"], name=op.f("fk_targeted_case_case_id_legal_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targeted_case")),
        sa.UniqueConstraint(
            "round_id", "case_id", "rule", name=op.f("uq_targeted_case_round_id_case_id_rule")
        ),
    )
    op.create_index("ix_targeted_case_case_id", "targeted_case", ["case_id"])
    op.create_table(
        "targeted_track",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_targeted_track_round_id_round")),
        sa.ForeignKeyConstraint(["track_id"], ["round.id"], name=op.f("fk_targeted_track_track_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_targeted_track")),
        sa.UniqueConstraint("track_id", name=op.f("uq_targeted_track_track_id")),
    )
    op.create_table(
        "subsidy_list",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_subsidy_list_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_list")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subsidy_list_public_id")),
    )
    op.create_index(op.f("ix_subsidy_list_institution_id"), "subsidy_list", ["institution_id"])
    op.create_table(
        "subsidy_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("institution", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"], ["subsidy_list.id"], name=op.f("fk_subsidy_line_list_id_subsidy_list")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subsidy_line")),
    )
    op.create_index("ix_subsidy_line_list_id_number", "subsidy_line", ["list_id", "number"])
    # a page of the register is found in the index alone: by institution, in the order of closing
    op.create_index("ix_legal_case_institution_id_closed_on", "legal_case", ["institution_id", "closed_on"])
    op.drop_index(op.f("ix_legal_case_institution_id"), "legal_case")
    op.create_table(
        "kept_result",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(length=120), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_kept_result_round_id_round")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_kept_result")),
    )


def downgrade():
    op.drop_table("kept_result")
    op.create_index(op.f("ix_legal_case_institution_id"), "legal_case", ["institution_id"])
    op.drop_index("ix_legal_case_institution_id_closed_on", "legal_case")
    for table in ("subsidy_line", "subsidy_list", "targeted_track", "targeted_case"):
        op.drop_table(table)
