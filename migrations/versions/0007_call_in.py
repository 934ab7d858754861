"""Files called in, handed in, replaced; supplements.

evidence_file_event_*, evidence_ticket_opening_*   what was done to a file stays, as 0005 keeps the rest
evidence_file_event_insert         events are numbered one after the other; a missing file is never replaced
evidence_sampled_case_reserve      beyond the n of its stratum a ticket is opened only for a reason written down
                                   before: for a drawn case out of scope, or in a supplement
"""

import sqlalchemy as sa
from alembic import op

revision = "5d2b80e1f46a"
down_revision = "c81e4f07d9b3"
branch_labels = None
depends_on = None

EVIDENCE = ("file_event", "ticket_opening")
CHANGED = "{0} is evidence: rows are added, never changed or deleted"
LAST = "(SELECT {0} FROM file_event WHERE sampled_case_id = {1} ORDER BY number DESC LIMIT 1)"
# (trigger, table, condition under which a new row is refused, what is said)
ENTRY = (
    (
        "evidence_file_event_insert",
        "file_event",
        f"NEW.number <> 1 + COALESCE({LAST.format('number', 'NEW.sampled_case_id')}, 0)",
        "events of a file come one after the other",
    ),
    (
        "evidence_file_event_missing",
        "file_event",
        f"NEW.act = 'replace' AND COALESCE({LAST.format('state', 'NEW.sampled_case_id')}, 'due') = 'missing'",
        "a file that was not handed in is never replaced",
    ),
    (
        "evidence_sampled_case_reserve",
        "sampled_case",
        "EXISTS (SELECT 1 FROM round_stratum r WHERE r.round_id = NEW.round_id AND r.label = NEW.stratum "
        "AND r.sample_size < NEW.place) AND NOT EXISTS (SELECT 1 FROM ticket_opening o "
        "WHERE o.round_id = NEW.round_id AND o.stratum = NEW.stratum AND o.place = NEW.place "
        "AND (o.replaces_id IS NULL OR EXISTS (SELECT 1 FROM sampled_case s WHERE s.round_id = NEW.round_id "
        "AND s.stratum = NEW.stratum AND s.frame_case_id = o.replaces_id "
        f"AND COALESCE({LAST.format('state', 's.id')}, 'due') <> 'missing')))",
        "a reserve ticket is opened only for a file out of scope or in a supplement",
    ),
)


def _tables():
    op.create_table(
        "file_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sampled_case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), server_default="", nullable=False),
        sa.Column("note", sa.String(length=400), server_default="", nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), server_default="", nullable=False),
        sa.Column("digest_of", sa.String(length=12), server_default="", nullable=False),
        sa.Column("handed_in_on", sa.Date(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "act IN ('hand_in', 'return', 'declare_missing', 'replace')", name=op.f("ck_file_event_act")
        ),
        sa.CheckConstraint(
            "state IN ('due', 'handed_in', 'missing', 'replaced')", name=op.f("ck_file_event_state")
        ),
        sa.CheckConstraint("(act = 'hand_in') = (pages IS NOT NULL)", name=op.f("ck_file_event_pages")),
        sa.CheckConstraint("(act = 'replace') = (reason <> '')", name=op.f("ck_file_event_reason")),
        sa.CheckConstraint("digest_of IN ('', 'declared', 'papers')", name=op.f("ck_file_event_digest_of")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_file_event_account_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_file_event_round_id_round")),
        sa.ForeignKeyConstraint(
            ["sampled_case_id"], ["sampled_case.id"], name=op.f("fk_file_event_sampled_case_id_sampled_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_event")),
        sa.UniqueConstraint("sampled_case_id", "number", name=op.f("uq_file_event_sampled_case_id_number")),
    )
    op.create_index("ix_file_event_round_id", "file_event", ["round_id"])
    op.create_table(
        "ticket_opening",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=400), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=400), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("act IN ('replace', 'supplement')", name=op.f("ck_ticket_opening_act")),
        sa.CheckConstraint(
            "(act = 'replace') = (replaces_id IS NOT NULL)", name=op.f("ck_ticket_opening_replaces")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ticket_opening_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["frame_case.id"], name=op.f("fk_ticket_opening_replaces_id_frame_case")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_ticket_opening_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_opening")),
        sa.UniqueConstraint("round_id", "replaces_id", name=op.f("uq_ticket_opening_round_id_replaces_id")),
        sa.UniqueConstraint(
            "round_id", "stratum", "place", name=op.f("uq_ticket_opening_round_id_stratum_place")
        ),
    )
    op.create_table(
        "file_loan",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sampled_case_id", sa.Integer(), nullable=False),
        sa.Column("out_id", sa.Integer(), nullable=True),
        sa.Column("taken_by", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=100), server_default="", nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.CheckConstraint("(out_id IS NULL) = (returned_at IS NOT NULL)", name=op.f("ck_file_loan_out")),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_file_loan_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["account.id"], name=op.f("fk_file_loan_received_by_id_account")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_file_loan_round_id_round")),
        sa.ForeignKeyConstraint(
            ["sampled_case_id"], ["sampled_case.id"], name=op.f("fk_file_loan_sampled_case_id_sampled_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_loan")),
        sa.UniqueConstraint("out_id", name=op.f("uq_file_loan_out_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_file_loan_public_id")),
    )
    op.create_index("ix_file_loan_round_id", "file_loan", ["round_id"])
    op.create_index("ix_file_loan_sampled_case_id", "file_loan", ["sampled_case_id"])


def _sqlite():
    def trigger(name, when, table, condition, said):
        guard = f" WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {when} ON {table}{guard} BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )

    for table in EVIDENCE:
        for kind in ("update", "delete"):
            trigger(f"evidence_{table}_{kind}", kind.upper(), table, "", CHANGED.format(table))
    for name, table, condition, said in ENTRY:
        trigger(name, "INSERT", table, condition, said)


def _postgresql():
    for table in EVIDENCE:
        for kind, level in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER evidence_{table}_{kind} BEFORE {kind.upper()} ON {table} FOR EACH {level} "
                f"EXECUTE FUNCTION evidence_refused('{CHANGED.format(table)}')"
            )
    for name, table, condition, said in ENTRY:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; "
            "END IF; RETURN NEW; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def upgrade():
    _tables()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade():
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table, _condition, _said in ENTRY:
        op.execute(f"DROP TRIGGER {name}" + ("" if on_sqlite else f" ON {table}"))
        if not on_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    for table in ("file_loan", "ticket_opening", "file_event"):  # their triggers go with them
        op.drop_table(table)
