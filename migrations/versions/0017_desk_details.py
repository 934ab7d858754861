"""What the scoring desk keeps besides: rubrics that bodies write themselves."""

import sqlalchemy as sa
from alembic import op

revision = "7e4bbd9cf66b"
down_revision = "40b7146a8500"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "own_rubric",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_rubric")),
        sa.UniqueConstraint("public_id", name=op.f("uq_own_rubric_public_id")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_own_rubric_code_version")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_own_rubric_institution_id_institution")
        ),
    )
    op.create_index(op.f("ix_own_rubric_institution_id"), "own_rubric", ["institution_id"])


def downgrade():
    op.drop_table("own_rubric")
