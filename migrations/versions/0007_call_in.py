"""Files called in, handed in, replaced; supplements."""

revision = "5d2b80e1f46a"
down_revision = "c81e4f07d9b3"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
