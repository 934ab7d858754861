"""Searching cases by their terms: an FTS5 table on SQLite, a GIN index on PostgreSQL.

On SQLite triggers keep the table in step with legal_case. A bulk import sets case_search_pause, writes its
rows and fills the table in one statement per block, inside one transaction: row by row it would take six
times as long. A later migration that rebuilds legal_case in batch mode has to make the triggers anew.
"""

from alembic import op

revision = "5d0c7be1a2f4"
down_revision = "7d7889cf533b"
branch_labels = None
depends_on = None

AWAKE = "(SELECT paused FROM case_search_pause) = 0"
FORGET = "INSERT INTO case_search (case_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
LEARN = "INSERT INTO case_search (rowid, search_text) VALUES (new.id, new.search_text);"
SQLITE = (
    # the tokenizer `ascii` takes every sign beyond ASCII for a letter: terms stay as we cut them
    "CREATE VIRTUAL TABLE case_search USING fts5(search_text, content='legal_case', content_rowid='id', "
    "detail='none', columnsize=0, tokenize='ascii')",
    "CREATE TABLE case_search_pause (paused INTEGER NOT NULL CHECK (paused IN (0, 1)))",
    "INSERT INTO case_search_pause VALUES (0)",
    f"CREATE TRIGGER case_search_insert AFTER INSERT ON legal_case WHEN {AWAKE} BEGIN {LEARN} END",
    f"CREATE TRIGGER case_search_delete AFTER DELETE ON legal_case WHEN {AWAKE} BEGIN {FORGET} END",
    f"CREATE TRIGGER case_search_update AFTER UPDATE OF search_text ON legal_case "
    f"WHEN old.search_text <> new.search_text AND {AWAKE} BEGIN {FORGET} {LEARN} END",
    "INSERT INTO case_search (case_search) VALUES ('rebuild')",
)
POSTGRESQL = (
    "CREATE INDEX ix_legal_case_search ON legal_case USING gin "
    "(array_to_tsvector(array_remove(string_to_array(search_text, ' '), '')))",
)


def upgrade():
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        for kind in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER case_search_{kind}")
        op.execute("DROP TABLE case_search_pause")
        op.execute("DROP TABLE case_search")
    else:
        op.execute("DROP INDEX ix_legal_case_search")
