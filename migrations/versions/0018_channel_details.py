"""What the other channels keep besides."""

import sqlalchemy as sa
from alembic import op

revision = "18a94b66b64a"
down_revision = "7e4bbd9cf66b"
branch_labels = None
depends_on = None

# plain columns of tables that are there: added without a rebuild
ADDED = (
    ("recipient_link", "from_address", sa.String(length=64), True, None),
    ("recipient_link", "from_device", sa.String(length=64), True, None),
    ("organ_opinion", "from_address", sa.String(length=64), True, None),
    ("organ_opinion", "from_device", sa.String(length=64), True, None),
    ("organ_opinion", "letter_paper", sa.String(length=20), False, ""),
)


def upgrade():
    for table, name, kind, nullable, default in ADDED:
        op.add_column(table, sa.Column(name, kind, nullable=nullable, server_default=default))
    _campaigns()
    _observations()
    _practitioner_links()


def _campaigns():
    op.create_table(
        "callback_campaign",
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("closed_from", sa.Date(), nullable=False),
        sa.Column("closed_to", sa.Date(), nullable=False),
        sa.Column("aid_form", sa.String(length=20), server_default="", nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.Column("rate", sa.String(length=40), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("sizes", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("opened_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_named("callback_campaign"),
        sa.CheckConstraint("closed_from <= closed_to", name=op.f("ck_callback_campaign_period")),
        _points("callback_campaign", "institution_id", "institution"),
    )
    op.create_index("ix_callback_campaign_institution_id", "callback_campaign", ["institution_id"])
    op.create_table(
        "campaign_task",
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=400), nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("callback_id", name=op.f("pk_campaign_task")),
        _points("campaign_task", "callback_id", "callback"),
        _points("campaign_task", "campaign_id", "callback_campaign"),
    )
    op.create_index("ix_campaign_task_campaign_id", "campaign_task", ["campaign_id"])


def _observations():
    op.create_table(
        "observation_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_version")),
        sa.UniqueConstraint(
            "observation_id", "number", name=op.f("uq_observation_version_observation_id_number")
        ),
        _points("observation_version", "observation_id", "observation"),
    )
    op.create_table(
        "observation_photo",
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        *_named("observation_photo"),
        sa.UniqueConstraint(
            "observation_id", "sha256", name=op.f("uq_observation_photo_observation_id_sha256")
        ),
        _points("observation_photo", "observation_id", "observation"),
        _points("observation_photo", "file_id", "stored_file"),
    )
    op.create_index("ix_observation_photo_file_id", "observation_photo", ["file_id"])


def _practitioner_links():
    op.create_table(
        "practitioner_link",
        sa.Column("sampled_case_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement", sa.Text(), server_default="", nullable=False),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), server_default="", nullable=False),
        sa.Column("replied_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_address", sa.String(length=64), nullable=True),
        sa.Column("from_device", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_named("practitioner_link"),
        sa.CheckConstraint(
            "(statement = '') = (stated_at IS NULL)", name=op.f("ck_practitioner_link_stated")
        ),
        sa.CheckConstraint("(reply = '') = (replied_at IS NULL)", name=op.f("ck_practitioner_link_replied")),
        _points("practitioner_link", "sampled_case_id", "sampled_case"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_practitioner_link_token_hash")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_practitioner_link_session_hash")),
    )
    op.create_index("ix_practitioner_link_sampled_case_id", "practitioner_link", ["sampled_case_id"])


def _named(table):
    """The inner key and the public id of a table."""
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _points(table, column, target):
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def downgrade():
    for table in (
        "practitioner_link", "observation_photo", "observation_version", "campaign_task", "callback_campaign",
    ):  # fmt: skip
        op.drop_table(table)
    for table, name, *_rest in reversed(ADDED):
        op.drop_column(table, name)
