"""Terms, leave, seats, languages of experts; guests; requirements of a round; watch lists."""

revision = "6e861825eea8"
down_revision = "6c81fe2709d4"
branch_labels = None
depends_on = None


def upgrade():
    """Nothing yet."""


def downgrade():
    """Nothing yet."""
