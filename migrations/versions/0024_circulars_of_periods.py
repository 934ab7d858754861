"""Circulars of a quarter and a year, feedback documents, what is published."""

revision = "92317e3ac44b"
down_revision = "263f7b649d8c"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
