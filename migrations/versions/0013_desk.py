"""Blindness, offline workbooks and reading of papers."""

revision = "498e13020d54"
down_revision = "6e861825eea8"
branch_labels = None
depends_on = None


def upgrade():
    """Nothing yet."""


def downgrade():
    """Nothing yet."""
