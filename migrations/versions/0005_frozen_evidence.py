"""Evidence is added, never changed: triggers refuse it on both databases, whoever sends the statement.

    evidence_<table>_update|delete     rows of EVIDENCE never change and never go
    evidence_round_update|delete       from the freeze on a round keeps what was published
    evidence_<table>_insert            no case enters a frame once its seed is known; no seed before the freeze,
                                       no draw before the seed; tickets are opened in the order of their places

PostgreSQL refuses TRUNCATE too. On SQLite a REPLACE deletes quietly unless recursive_triggers is on, as it is
on our connections. A later migration that rebuilds one of these tables in batch mode makes its triggers anew.
"""

from alembic import op

revision = "3f9a1c62d07e"
down_revision = "b45a226a2f68"
branch_labels = None
depends_on = None

EVIDENCE = (
    "frame_case", "round_stratum", "round_seed", "draw", "sampled_case", "rubric_version", "audit_event", "sheet",
    "case_result",
)
PUBLISHED = (
    "code", "title", "institution_id", "kind", "spec", "plan", "plan_digest", "frame_digest", "frame_size",
    "left_out", "secret", "deal_secret", "salt", "created_at", "frozen_at",
)
CHANGED = "{0} is evidence: rows are added, never changed or deleted"
FROZEN = "a frozen round keeps what was published"
# table -> (condition under which a new row is refused, what is said)
ENTRY = {
    "frame_case": (
        "EXISTS (SELECT 1 FROM round_seed WHERE round_id = NEW.round_id)",
        "no case enters a frame whose seed is known",
    ),
    "round_stratum": (
        "EXISTS (SELECT 1 FROM round_seed WHERE round_id = NEW.round_id)",
        "no stratum enters a plan whose seed is known",
    ),
    "round_seed": (
        "NOT EXISTS (SELECT 1 FROM round WHERE id = NEW.round_id AND frozen_at IS NOT NULL)",
        "no seed before the freeze",
    ),
    "draw": (
        "NOT EXISTS (SELECT 1 FROM round_seed WHERE round_id = NEW.round_id)",
        "no draw before the seed",
    ),
    "sampled_case": (
        "NEW.place <> 1 + COALESCE((SELECT max(place) FROM sampled_case "
        "WHERE round_id = NEW.round_id AND stratum = NEW.stratum), 0)",
        "tickets are opened in the order of their places",
    ),
}
# a frame comes in by the hundred thousand: PostgreSQL looks at a statement's rows together, not at each
BY_BLOCK = ("frame_case", "round_stratum")
BLOCK = "EXISTS (SELECT 1 FROM entered JOIN round_seed USING (round_id))"


def _same(column, is_same):
    # PostgreSQL's json has no equality of its own
    suffix = "::text" if column == "left_out" and is_same == "IS NOT DISTINCT FROM" else ""
    return f"NEW.{column}{suffix} {is_same} OLD.{column}{suffix}"


def _kept(is_same):
    unchanged = " AND ".join(_same(column, is_same) for column in PUBLISHED)
    return f"NOT ({unchanged} AND NEW.state <> 'draft')"


def _sqlite():
    def trigger(name, when, table, condition, said):
        guard = f" WHEN {condition}" if condition else ""
        op.execute(
            f"CREATE TRIGGER evidence_{table}_{name} BEFORE {when} ON {table}{guard} "
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )

    for table in EVIDENCE:
        for kind in ("update", "delete"):
            trigger(kind, kind.upper(), table, "", CHANGED.format(table))
    trigger("update", "UPDATE", "round", f"OLD.frozen_at IS NOT NULL AND {_kept('IS')}", FROZEN)
    trigger("delete", "DELETE", "round", "OLD.frozen_at IS NOT NULL", FROZEN)
    for table, (condition, said) in ENTRY.items():
        trigger("insert", "INSERT", table, condition, said)


def _postgresql():
    op.execute(
        "CREATE FUNCTION evidence_refused() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, (condition, said) in ENTRY.items():
        by_block = table in BY_BLOCK
        op.execute(
            f"CREATE FUNCTION evidence_{table}_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {BLOCK if by_block else condition} THEN "
            f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; "
            f"END IF; RETURN {'NULL' if by_block else 'NEW'}; END $$"
        )
        when, level = ("AFTER", "REFERENCING NEW TABLE AS entered FOR EACH STATEMENT") if by_block else (
            "BEFORE", "FOR EACH ROW")
        op.execute(
            f"CREATE TRIGGER evidence_{table}_insert {when} INSERT ON {table} {level} "
            f"EXECUTE FUNCTION evidence_{table}_entry()"
        )

    def trigger(name, when, table, condition, said, level="ROW"):
        guard = f" WHEN ({condition})" if condition else ""
        op.execute(
            f"CREATE TRIGGER evidence_{table}_{name} BEFORE {when} ON {table} FOR EACH {level}{guard} "
            f"EXECUTE FUNCTION evidence_refused('{said}')"
        )

    for table in EVIDENCE:
        for kind in ("update", "delete"):
            trigger(kind, kind.upper(), table, "", CHANGED.format(table))
        trigger("truncate", "TRUNCATE", table, "", CHANGED.format(table), level="STATEMENT")
    frozen = f"OLD.frozen_at IS NOT NULL AND {_kept('IS NOT DISTINCT FROM')}"
    trigger("update", "UPDATE", "round", frozen, FROZEN)
    trigger("delete", "DELETE", "round", "OLD.frozen_at IS NOT NULL", FROZEN)
    trigger("truncate", "TRUNCATE", "round", "", FROZEN, level="STATEMENT")


def upgrade():
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def downgrade():
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    kinds = ("update", "delete") if on_sqlite else ("update", "delete", "truncate")
    for table in (*EVIDENCE, "round"):
        for kind in (*kinds, *(("insert",) if table in ENTRY else ())):
            op.execute(f"DROP TRIGGER evidence_{table}_{kind}" + ("" if on_sqlite else f" ON {table}"))
    if not on_sqlite:
        for table in ENTRY:
            op.execute(f"DROP FUNCTION evidence_{table}_entry()")
        op.execute("DROP FUNCTION evidence_refused()")
