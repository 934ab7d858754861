"""What the scoring desk keeps besides."""

revision = "7e4bbd9cf66b"
down_revision = "40b7146a8500"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
