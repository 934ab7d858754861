"""The expert pool: applications, terms, leave, interests."""

import sqlalchemy as sa
from alembic import op

revision = "b40a9d35e7c1"
down_revision = "27f6d14c90be"
branch_labels = None
depends_on = None


def _interest():
    op.create_table(
        "interest",
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("provider", sa.String(length=200), server_default="", nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "kind IN ('past_provider', 'same_case', 'opposite', 'co_counsel', 'kinship', 'declared', "
            "'objected', 'conflict')",
            name=op.f("ck_interest_kind"),
        ),
        sa.CheckConstraint(
            "source IN ('own', 'manager', 'institution', 'import')", name=op.f("ck_interest_source")
        ),
        sa.CheckConstraint("(expert_id IS NULL) <> (account_id IS NULL)", name=op.f("ck_interest_subject")),
        sa.CheckConstraint(
            "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN provider = '' THEN 0 ELSE 1 END) + "
            "(CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END) + "
            "(CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_interest_about"),
        ),
        *_keys("interest", expert_id="expert", account_id="account", case_id="legal_case",
               institution_id="institution", practitioner_id="practitioner"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
        sa.UniqueConstraint("public_id", name=op.f("uq_interest_public_id")),
    )  # fmt: skip
    op.create_index("ix_interest_expert_id", "interest", ["expert_id"])
    op.create_index("ix_interest_account_id", "interest", ["account_id"])
    op.create_table(
        "interest_saying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interest_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("interest_saying", interest_id="interest", account_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_saying")),
        sa.UniqueConstraint(
            "interest_id", "account_id", name=op.f("uq_interest_saying_interest_id_account_id")
        ),
    )


def _answers():
    op.create_table(
        "file_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sampled_case_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=12), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'interest', 'recused', 'idle')",
            name=op.f("ck_file_answer_answer"),
        ),
        *_keys("file_answer", round_id="round", sampled_case_id="sampled_case", expert_id="expert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_answer")),
        sa.UniqueConstraint(
            "sampled_case_id", "expert_id", name=op.f("uq_file_answer_sampled_case_id_expert_id")
        ),
    )
    op.create_index(op.f("ix_file_answer_expert_id"), "file_answer", ["expert_id"])
    op.create_index("ix_file_answer_round_id", "file_answer", ["round_id"])


def _keys(table, **columns):
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def upgrade():
    _interest()
    _answers()


def downgrade():
    for table in ("file_answer", "interest_saying", "interest"):
        op.drop_table(table)
