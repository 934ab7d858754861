"""Hearings that must be observed, letters to organs, campaigns of callbacks, practitioners' links."""

revision = "fb48eaa8389a"
down_revision = "498e13020d54"
branch_labels = None
depends_on = None


def upgrade():
    """Nothing yet."""


def downgrade():
    """Nothing yet."""
