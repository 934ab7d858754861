"""What published results keep besides."""

revision = "c27a57074e74"
down_revision = "18a94b66b64a"
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
