"""Papers of a case file, by volume and catalogue."""

revision = "9e07c3a5b812"
down_revision = "5d2b80e1f46a"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
