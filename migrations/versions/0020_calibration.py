"""Anchor files that every expert scores before a round, and the second practitioner of a case."""

revision = "8963cd339ce8"
down_revision = "c27a57074e74"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
