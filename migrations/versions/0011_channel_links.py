"""Links for recipients, organs and practitioners; campaigns and calls."""

import sqlalchemy as sa
from alembic import op

revision = "6c81fe2709d4"
down_revision = "b40a9d35e7c1"
branch_labels = None
depends_on = None


CONTACT = (
    ("email", sa.String(length=254), False, ""),
    ("mobile", sa.Text(), True, None),
    ("mail_notices", sa.Boolean(), False, sa.true()),
    ("sms_notices", sa.Boolean(), False, sa.false()),
)


def upgrade():
    for name, kind, nullable, default in CONTACT:
        op.add_column("account", sa.Column(name, kind, nullable=nullable, server_default=default))


def downgrade():
    for name, *_ in reversed(CONTACT):
        op.drop_column("account", name)
