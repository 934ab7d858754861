"""Targeted files beside the sample; lists to compare the register with."""

revision = "27f6d14c90be"
down_revision = "9e07c3a5b812"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
