"""Why a hearing is observed."""

import sqlalchemy as sa
from alembic import op

revision = "fb48eaa8389a"
down_revision = "498e13020d54"
branch_labels = None
depends_on = None


def upgrade():
    """Records of before were all a manager's own choice."""
    op.add_column(
        "observation", sa.Column("why", sa.String(length=12), server_default="chosen", nullable=False)
    )


def downgrade():
    """The reasons are given up."""
    op.drop_column("observation", "why")
