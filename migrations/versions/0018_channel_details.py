"""What the other channels keep besides."""

revision = "18a94b66b64a"
down_revision = "7e4bbd9cf66b"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
