"""Links for recipients, organs and practitioners; campaigns and calls."""

import sqlalchemy as sa
from alembic import op

revision = "6c81fe2709d4"
down_revision = "b40a9d35e7c1"
branch_labels = None
depends_on = None


CONTACT = (
    ("email", sa.String(length=254), False, ""),
    ("mobile", sa.Text(), True, None),
    ("mail_notices", sa.Boolean(), False, sa.true()),
    ("sms_notices", sa.Boolean(), False, sa.false()),
)


def upgrade():
    for name, kind, nullable, default in CONTACT:
        op.add_column("account", sa.Column(name, kind, nullable=nullable, server_default=default))
    _follow_ups()


def _follow_ups():
    op.create_table(
        "follow_up",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("source_key", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("form", sa.String(length=80), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("proof", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_named("follow_up"),
        sa.CheckConstraint("kind IN ('complaint', 'papers')", name=op.f("ck_follow_up_kind")),
        sa.CheckConstraint(
            "source IN ('callback', 'opinion', 'observation', 'archive')", name=op.f("ck_follow_up_source")
        ),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_follow_up_state")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_follow_up_closed")),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_follow_up_answered")),
        sa.CheckConstraint(
            "closed_by_id IS NULL OR closed_by_id <> answered_by_id", name=op.f("ck_follow_up_second_person")
        ),
        *(_points(*one) for one in (
            ("follow_up", "case_id", "legal_case"), ("follow_up", "institution_id", "institution"),
            ("follow_up", "answered_by_id", "account"), ("follow_up", "closed_by_id", "account"),
        )),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_follow_up_source_source_key")),
    )  # fmt: skip
    op.create_index("ix_follow_up_institution_id_state", "follow_up", ["institution_id", "state"])
    op.create_index("ix_follow_up_case_id", "follow_up", ["case_id"])


def _named(table):
    """The inner key and the public id of a table."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _points(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade():
    op.drop_table("follow_up")
    for name, *_ in reversed(CONTACT):
        op.drop_column("account", name)
