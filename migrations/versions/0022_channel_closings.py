"""Details of hearings, callbacks and letters that came after 0018."""

revision = "75fa859cbec3"
down_revision = "7cef791c7856"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
