"""Objections in full, tickets of correction, restated results."""

revision = "263f7b649d8c"
down_revision = "75fa859cbec3"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
