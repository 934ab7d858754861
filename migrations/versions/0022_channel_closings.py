"""The staff part of drawn cases (evidence: added, never changed), and sheets that wait for it.

The file's name is older than its content.
"""

import sqlalchemy as sa
from alembic import op

revision = "75fa859cbec3"
down_revision = "7cef791c7856"
branch_labels = None
depends_on = None

CHANGED = "staff_answer is evidence: rows are added, never changed or deleted"


def upgrade():
    op.create_table(
        "staff_answer",
        sa.Column("sampled_case_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["sampled_case_id"],
            ["sampled_case.id"],
            name=op.f("fk_staff_answer_sampled_case_id_sampled_case"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_answer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_answer_public_id")),
        sa.UniqueConstraint(
            "sampled_case_id", "revision", name=op.f("uq_staff_answer_sampled_case_id_revision")
        ),
    )
    op.create_table(
        "waiting_sheet",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_waiting_sheet_assignment_id_assignment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assignment_id", name=op.f("pk_waiting_sheet")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for kind in ("update", "delete") if on_sqlite else ("update", "delete", "truncate"):
        if on_sqlite:
            done, level = f"BEGIN SELECT RAISE(ABORT, '{CHANGED}'); END", ""
        else:
            done = f"EXECUTE FUNCTION evidence_refused('{CHANGED}')"
            level = " FOR EACH STATEMENT" if kind == "truncate" else " FOR EACH ROW"
        op.execute(
            f"CREATE TRIGGER evidence_staff_answer_{kind} BEFORE {kind.upper()} ON staff_answer{level} {done}"
        )


def downgrade():
    op.drop_table("waiting_sheet")
    op.drop_table("staff_answer")
