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
    _follow_ups()
    _recipient_links()
    _contact_choices()


def _follow_ups():
    op.create_table(
        "follow_up",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("source_key", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("form", sa.String(length=80), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("proof", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_back", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_named("follow_up"),
        sa.CheckConstraint("kind IN ('complaint', 'papers')", name=op.f("ck_follow_up_kind")),
        sa.CheckConstraint(
            "source IN ('callback', 'opinion', 'observation', 'archive')", name=op.f("ck_follow_up_source")
        ),
        sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f("ck_follow_up_state")),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_follow_up_closed")),
        sa.CheckConstraint("(state = 'open') = (answered_at IS NULL)", name=op.f("ck_follow_up_answered")),
        sa.CheckConstraint(
            "closed_by_id IS NULL OR closed_by_id <> answered_by_id", name=op.f("ck_follow_up_second_person")
        ),
        *(_points(*one) for one in (
            ("follow_up", "case_id", "legal_case"), ("follow_up", "institution_id", "institution"),
            ("follow_up", "answered_by_id", "account"), ("follow_up", "closed_by_id", "account"),
        )),
        sa.UniqueConstraint("source", "source_key", name=op.f("uq_follow_up_source_source_key")),
    )  # fmt: skip
    op.create_index("ix_follow_up_institution_id_state", "follow_up", ["institution_id", "state"])
    op.create_index("ix_follow_up_case_id", "follow_up", ["case_id"])


def _recipient_links():
    op.create_table(
        "recipient_link",
        sa.Column("callback_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("session_hash", sa.String(length=64), nullable=True),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", sa.String(length=12), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *_named("recipient_link"),
        sa.CheckConstraint("way IN ('sms', 'letter')", name=op.f("ck_recipient_link_way")),
        sa.CheckConstraint(
            "ended IN ('', 'answered', 'not_person', 'opted_out')", name=op.f("ck_recipient_link_ended")
        ),
        sa.CheckConstraint("(ended = '') = (ended_at IS NULL)", name=op.f("ck_recipient_link_ended_at")),
        _points("recipient_link", "callback_id", "callback"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recipient_link_token_hash")),
        sa.UniqueConstraint("session_hash", name=op.f("uq_recipient_link_session_hash")),
    )
    op.create_index("ix_recipient_link_callback_id", "recipient_link", ["callback_id"])


def _contact_choices():
    op.create_table(
        "contact_choice",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=True),
        sa.Column("choice", sa.String(length=12), nullable=False),
        sa.Column("means", sa.String(length=8), nullable=False),
        sa.Column("noted_by", sa.String(length=100), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_named("contact_choice"),
        sa.CheckConstraint("choice IN ('opted_out', 'consented')", name=op.f("ck_contact_choice_choice")),
        sa.CheckConstraint(
            "means IN ('phone', 'visit', 'letter', 'online')", name=op.f("ck_contact_choice_means")
        ),
        _points("contact_choice", "case_id", "legal_case"),
    )
    op.create_index("ix_contact_choice_case_id", "contact_choice", ["case_id"])
    op.create_index("ix_contact_choice_person_index", "contact_choice", ["person_index"])


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
    for table in ("contact_choice", "recipient_link", "follow_up"):
        op.drop_table(table)
    for name, *_ in reversed(CONTACT):
        op.drop_column("account", name)
