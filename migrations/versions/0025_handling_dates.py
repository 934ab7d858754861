"""Dates of handling that the obligations ask for: notice, practitioner named, engagement, the closing paper."""

import sqlalchemy as sa
from alembic import op

revision = "b41d7c0f52a6"
down_revision = "92317e3ac44b"
branch_labels = None
depends_on = None

DATES = ("noticed_on", "named_on", "engaged_on", "closing_paper_on")


def upgrade():
    for name in DATES:
        op.add_column("legal_case", sa.Column(name, sa.Date(), nullable=True))


def downgrade():
    for name in reversed(DATES):
        op.drop_column("legal_case", name)
