"""Links for recipients, organs and practitioners; campaigns and calls."""

revision = "6c81fe2709d4"
down_revision = "b40a9d35e7c1"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
