"""Sheets and results of rubrics that grade indicators instead of adding points."""

revision = "7cef791c7856"
down_revision = "8963cd339ce8"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
