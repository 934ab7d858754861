"""Composite weights, watch lists of institutions, corrections and training."""

revision = "175a5e3b85f4"
down_revision = "fb48eaa8389a"
branch_labels = None
depends_on = None


def upgrade():
    """Nothing yet."""


def downgrade():
    """Nothing yet."""
