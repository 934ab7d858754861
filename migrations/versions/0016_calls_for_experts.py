"""Open calls for experts and who applied."""

import sqlalchemy as sa
from alembic import op

revision = "40b7146a8500"
down_revision = "175a5e3b85f4"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "expert_call",
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.CheckConstraint("opens_on <= closes_on", name=op.f("ck_expert_call_days")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_expert_call_institution_id_institution")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_call")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expert_call_public_id")),
    )
    op.create_index("ix_expert_call_institution_id", "expert_call", ["institution_id"])
    op.create_table(
        "expert_application",
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("provider", sa.String(length=200), server_default="", nullable=False),
        sa.Column("licence", sa.String(length=40), server_default="", nullable=False),
        sa.Column("id_number", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.String(length=200), server_default="", nullable=False),
        sa.Column("practice_years", sa.Integer(), nullable=True),
        sa.Column("specialties", sa.JSON(), nullable=False),
        sa.Column("statement", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), server_default="sent", nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("decided_by", sa.String(length=64), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "state IN ('sent', 'appointed', 'refused')", name=op.f("ck_expert_application_state")
        ),
        sa.CheckConstraint(
            "(state = 'appointed') = (expert_id IS NOT NULL)", name=op.f("ck_expert_application_appointed")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["expert_call.id"], name=op.f("fk_expert_application_call_id_expert_call")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["expert.id"], name=op.f("fk_expert_application_expert_id_expert")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_application")),
        sa.UniqueConstraint("public_id", name=op.f("uq_expert_application_public_id")),
    )
    op.create_index("ix_expert_application_call_id", "expert_application", ["call_id"])


def downgrade():
    op.drop_table("expert_application")
    op.drop_table("expert_call")
