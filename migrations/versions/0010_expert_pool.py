"""The expert pool: applications, terms, leave, interests."""

revision = "b40a9d35e7c1"
down_revision = "27f6d14c90be"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
