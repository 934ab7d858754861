"""Terms, leave, seats, languages of experts; guests; requirements of a round; watch lists."""

import sqlalchemy as sa
from alembic import op

revision = "6e861825eea8"
down_revision = "6c81fe2709d4"
branch_labels = None
depends_on = None


def _appointments():
    op.create_table(
        "appointment",
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), server_default="own", nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("head_of_id", sa.Integer(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("contract", sa.String(length=200), server_default="", nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('own', 'guest', 'third_party')", name=op.f("ck_appointment_kind")),
        sa.CheckConstraint(
            "since IS NULL OR until IS NULL OR since <= until", name=op.f("ck_appointment_term")
        ),
        sa.CheckConstraint(
            "kind <> 'third_party' OR (since IS NOT NULL AND until IS NOT NULL AND round_id IS NOT NULL "
            "AND contract <> '')",
            name=op.f("ck_appointment_third_party"),
        ),
        *_keys(
            "appointment",
            expert_id="expert",
            station_id="institution",
            head_of_id="institution",
            round_id="round",
        ),
        sa.PrimaryKeyConstraint("expert_id", name=op.f("pk_appointment")),
    )
    op.create_table(
        "expert_leave",
        *_row(),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("since <= until", name=op.f("ck_expert_leave_dates")),
        *_keys("expert_leave", expert_id="expert"),
        *_row_keys("expert_leave"),
    )
    op.create_index("ix_expert_leave_expert_id", "expert_leave", ["expert_id"])
    op.create_table(
        "clearance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("detail", sa.String(length=400), server_default="", nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('undertaking', 'training')", name=op.f("ck_clearance_kind")),
        *_keys("clearance", round_id="round", expert_id="expert"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
        sa.UniqueConstraint(
            "round_id", "expert_id", "kind", name=op.f("uq_clearance_round_id_expert_id_kind")
        ),
    )
    op.create_index(op.f("ix_clearance_expert_id"), "clearance", ["expert_id"])


def _identities():
    op.create_table(
        "identity_proposal",
        *_row(),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("ground", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="open", nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.CheckConstraint("expert_id < other_id", name=op.f("ck_identity_proposal_order")),
        sa.CheckConstraint(
            "ground IN ('id_number', 'licence', 'name')", name=op.f("ck_identity_proposal_ground")
        ),
        sa.CheckConstraint("state IN ('open', 'same', 'different')", name=op.f("ck_identity_proposal_state")),
        *_keys("identity_proposal", expert_id="expert", other_id="expert"),
        sa.UniqueConstraint("expert_id", "other_id", name=op.f("uq_identity_proposal_expert_id_other_id")),
        *_row_keys("identity_proposal"),
    )
    op.create_index(op.f("ix_identity_proposal_other_id"), "identity_proposal", ["other_id"])
    op.create_index("ix_identity_proposal_state", "identity_proposal", ["state"])


def _watched():
    op.create_table(
        "watch_proposal",
        *_row(),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("practitioner_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="open", nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=400), server_default="", nullable=False),
        sa.CheckConstraint(
            "(expert_id IS NULL) <> (practitioner_id IS NULL)", name=op.f("ck_watch_proposal_subject")
        ),
        sa.CheckConstraint("act IN ('admit', 'warn', 'withdraw')", name=op.f("ck_watch_proposal_act")),
        sa.CheckConstraint("state IN ('open', 'agreed', 'refused')", name=op.f("ck_watch_proposal_state")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_watch_proposal_two_people"),
        ),
        *_keys(
            "watch_proposal", expert_id="expert", practitioner_id="practitioner", proposed_by_id="account",
            decided_by_id="account",
        ),
        *_row_keys("watch_proposal"),
    )  # fmt: skip
    op.create_index("ix_watch_proposal_expert_id", "watch_proposal", ["expert_id"])
    op.create_index("ix_watch_proposal_practitioner_id", "watch_proposal", ["practitioner_id"])


def _row():
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
    ]


def _row_keys(table):
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _keys(table, **columns):
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))
        for column, other in columns.items()
    ]


def upgrade():
    _appointments()
    _identities()
    _watched()


def downgrade():
    for table in ("watch_proposal", "identity_proposal", "clearance", "expert_leave", "appointment"):
        op.drop_table(table)
