"""What the pool of experts keeps besides."""

revision = "40b7146a8500"
down_revision = "175a5e3b85f4"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
