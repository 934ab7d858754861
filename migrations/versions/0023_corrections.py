"""Objections in full, tickets of correction, restated results, model cases.

`case_result` is evidence (0005): where SQLite has to rebuild it for the new step, its triggers are made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "263f7b649d8c"
down_revision = "75fa859cbec3"
branch_labels = None
depends_on = None

STEPS = "'first', 'arbitrated', 'objected'"
KINDS = "'complaint', 'papers'"
SOURCES = "'callback', 'opinion', 'observation', 'archive'"
CHANGED = "{0} is evidence: rows are added, never changed or deleted"
ONE_MATTER = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
    for column in ("objection_id", "released_review_id", "follow_up_id")
)


def _row(table):
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    )


def _keys(table, **columns):
    for column, target in columns.items():
        yield sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _moment(name, *, nullable=False):
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(name, *, nullable=False):
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _protect(table):
    """Triggers as revision 0005 makes them."""
    if op.get_bind().dialect.name == "sqlite":
        for kind in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER evidence_{table}_{kind} BEFORE {kind.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{CHANGED.format(table)}'); END"
            )
        return
    for kind, level in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER evidence_{table}_{kind} BEFORE {kind.upper()} ON {table} FOR EACH {level} "
            f"EXECUTE FUNCTION evidence_refused('{CHANGED.format(table)}')"
        )


def _allow_steps(steps):
    with op.batch_alter_table("case_result") as batch:
        batch.drop_constraint(op.f("ck_case_result_step"), type_="check")
        batch.create_check_constraint(op.f("ck_case_result_step"), f"step IN ({steps})")
    if op.get_bind().dialect.name == "sqlite":  # the rebuilt table has lost them
        _protect("case_result")


def _restatements():
    op.create_table(
        "restatement",
        _key("round_id"),
        _key("number"),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("proposed_by_id"),
        _moment("proposed_at"),
        _key("seconded_by_id", nullable=True),
        _moment("issued_at", nullable=True),
        *_row("restatement"),
        sa.CheckConstraint("number > 1", name=op.f("ck_restatement_number")),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (seconded_by_id IS NULL)", name=op.f("ck_restatement_issued")
        ),
        sa.CheckConstraint(
            "seconded_by_id IS NULL OR seconded_by_id <> proposed_by_id",
            name=op.f("ck_restatement_second_person"),
        ),
        *_keys("restatement", round_id="round", proposed_by_id="account", seconded_by_id="account"),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_restatement_round_id_number")),
    )
    op.create_table(
        "results_version",
        _key("round_id"),
        _key("number"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        _moment("issued_at"),
        *_row("results_version"),
        *_keys("results_version", round_id="round"),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_results_version_round_id_number")),
    )
    _protect("results_version")


def _reviews():
    op.create_table(
        "released_review",
        _key("round_id"),
        _key("sampled_case_id"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _key("opened_by_id", nullable=True),
        _moment("opened_at"),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("grade", sa.String(length=40), nullable=True),
        sa.Column("vetoes", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=20), server_default="", nullable=False),
        _moment("read_at", nullable=True),
        _key("restatement_id", nullable=True),
        *_row("released_review"),
        sa.CheckConstraint(
            "state IN ('open', 'read', 'upheld', 'restated')", name=op.f("ck_released_review_state")
        ),
        sa.CheckConstraint(
            "basis IN ('complaint', 'error', 'late', 'judgment', 'other')", name=op.f("ck_released_review_basis")
        ),
        sa.CheckConstraint("(state = 'open') = (read_at IS NULL)", name=op.f("ck_released_review_read")),
        sa.CheckConstraint("(state = 'open') = (grade IS NULL)", name=op.f("ck_released_review_outcome")),
        sa.CheckConstraint(
            "state <> 'restated' OR restatement_id IS NOT NULL", name=op.f("ck_released_review_restated")
        ),
        *_keys(
            "released_review", round_id="round", sampled_case_id="sampled_case", opened_by_id="account",
            restatement_id="restatement",
        ),
        sa.UniqueConstraint("sampled_case_id", name=op.f("uq_released_review_sampled_case_id")),
    )  # fmt: skip
    op.create_index("ix_released_review_round_id_state", "released_review", ["round_id", "state"])
    op.create_index(op.f("ix_released_review_restatement_id"), "released_review", ["restatement_id"])


def _rulings():
    with op.batch_alter_table("objection") as batch:
        batch.add_column(sa.Column("ground", sa.String(length=12), server_default="", nullable=False))
        batch.add_column(sa.Column("ruling", sa.Text(), server_default="", nullable=False))
        batch.add_column(_key("ruled_by_id", nullable=True))
        batch.add_column(_moment("ruled_at", nullable=True))
        batch.create_foreign_key(op.f("fk_objection_ruled_by_id_account"), "account", ["ruled_by_id"], ["id"])
        batch.create_check_constraint(op.f("ck_objection_ruled"), "(ruled_at IS NULL) = (ruling = '')")


def _tickets():
    with op.batch_alter_table("follow_up") as batch:
        batch.add_column(sa.Column("item", sa.String(length=200), server_default="", nullable=False))
        batch.add_column(sa.Column("lost", sa.Integer(), nullable=True))
        batch.add_column(_key("sampled_case_id", nullable=True))
        batch.add_column(_key("repeats_id", nullable=True))
        batch.add_column(_key("keeper_id", nullable=True))
        batch.create_foreign_key(
            op.f("fk_follow_up_sampled_case_id_sampled_case"), "sampled_case", ["sampled_case_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_follow_up_repeats_id_follow_up"), "follow_up", ["repeats_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_follow_up_keeper_id_institution"), "institution", ["keeper_id"], ["id"]
        )
        batch.drop_constraint(op.f("ck_follow_up_kind"), type_="check")
        batch.drop_constraint(op.f("ck_follow_up_source"), type_="check")
        batch.create_check_constraint(op.f("ck_follow_up_kind"), f"kind IN ({KINDS}, 'conduct')")
        batch.create_check_constraint(op.f("ck_follow_up_source"), f"source IN ({SOURCES}, 'review')")
        batch.create_check_constraint(
            op.f("ck_follow_up_from_review"), "(source = 'review') = (sampled_case_id IS NOT NULL)"
        )
        batch.create_index(op.f("ix_follow_up_sampled_case_id"), ["sampled_case_id"])
        batch.create_index("ix_follow_up_institution_id_item", ["institution_id", "item"])


def _proofs():
    op.create_table(
        "proof",
        _key("objection_id", nullable=True),
        _key("released_review_id", nullable=True),
        _key("follow_up_id", nullable=True),
        _key("file_id"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        _key("pages"),
        _moment("added_at"),
        _key("added_by_id", nullable=True),
        *_row("proof"),
        sa.CheckConstraint(f"{ONE_MATTER} = 1", name=op.f("ck_proof_one_matter")),
        sa.CheckConstraint("kind IN ('pdf', 'image')", name=op.f("ck_proof_kind")),
        *_keys(
            "proof", objection_id="objection", released_review_id="released_review", follow_up_id="follow_up",
            file_id="stored_file", added_by_id="account",
        ),
    )  # fmt: skip
    for column in ("objection_id", "released_review_id", "follow_up_id", "file_id"):
        op.create_index(op.f(f"ix_proof_{column}"), "proof", [column])


def _model_cases():
    op.create_table(
        "model_case",
        _key("round_id"),
        _key("sampled_case_id"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("merits", sa.Text(), nullable=False),
        _key("nominated_by_id", nullable=True),
        _moment("nominated_at"),
        _key("decided_by_id", nullable=True),
        _moment("decided_at", nullable=True),
        sa.Column("decision", sa.String(length=400), server_default="", nullable=False),
        _key("version"),
        *_row("model_case"),
        sa.CheckConstraint(
            "state IN ('nominated', 'listed', 'refused', 'withdrawn')", name=op.f("ck_model_case_state")
        ),
        sa.CheckConstraint("(state = 'nominated') = (decided_at IS NULL)", name=op.f("ck_model_case_decided")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> nominated_by_id", name=op.f("ck_model_case_second_person")
        ),
        *_keys(
            "model_case", round_id="round", sampled_case_id="sampled_case", nominated_by_id="account",
            decided_by_id="account",
        ),
        sa.UniqueConstraint("sampled_case_id", name=op.f("uq_model_case_sampled_case_id")),
    )  # fmt: skip
    op.create_index("ix_model_case_round_id_state", "model_case", ["round_id", "state"])


def upgrade():
    _allow_steps(f"{STEPS}, 'restated'")
    _restatements()
    _reviews()
    _rulings()
    _tickets()
    _proofs()
    _model_cases()


def downgrade():
    """Refused by the constraints while a restated result or a ticket from a review is there: they would be lost."""
    op.drop_table("model_case")
    op.drop_table("proof")
    with op.batch_alter_table("follow_up") as batch:
        batch.drop_index("ix_follow_up_institution_id_item")
        batch.drop_index(op.f("ix_follow_up_sampled_case_id"))
        batch.drop_constraint(op.f("ck_follow_up_from_review"), type_="check")
        batch.drop_constraint(op.f("ck_follow_up_source"), type_="check")
        batch.drop_constraint(op.f("ck_follow_up_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_follow_up_kind"), f"kind IN ({KINDS})")
        batch.create_check_constraint(op.f("ck_follow_up_source"), f"source IN ({SOURCES})")
        batch.drop_constraint(op.f("fk_follow_up_keeper_id_institution"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_follow_up_repeats_id_follow_up"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_follow_up_sampled_case_id_sampled_case"), type_="foreignkey")
        for column in ("keeper_id", "repeats_id", "sampled_case_id", "lost", "item"):
            batch.drop_column(column)
    with op.batch_alter_table("objection") as batch:
        batch.drop_constraint(op.f("ck_objection_ruled"), type_="check")
        batch.drop_constraint(op.f("fk_objection_ruled_by_id_account"), type_="foreignkey")
        for column in ("ruled_at", "ruled_by_id", "ruling", "ground"):
            batch.drop_column(column)
    op.drop_table("released_review")
    op.drop_table("results_version")
    op.drop_table("restatement")
    _allow_steps(STEPS)
