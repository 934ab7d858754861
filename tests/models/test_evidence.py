"""Evidence is refused a change by the database itself, whoever sends the statement. TE5 and TE6."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from qualityeval.database import transaction
from qualityeval.models import CaseResult, FileEvent, ResultsVersion, Sheet, StaffAnswer, TicketOpening
from qualityeval.queries import rounds as queries
from qualityeval.services import rounds
from tests import factories
from tests.evidence import triggers_of, unguard
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories

TABLES = (
    "frame_case", "round_stratum", "round_seed", "draw", "sampled_case", "rubric_version", "audit_event", "sheet",
    "case_result", "file_event", "ticket_opening", "results_version", "staff_answer",
)  # fmt: skip
PUBLISHED = {
    "code": "'R9'", "title": "'x'", "kind": "'self'", "spec": "'x'", "plan": "plan || ' '", "plan_digest": "'0'",
    "frame_digest": "'0'", "frame_size": "1", "left_out": "'{}'", "secret": "deal_secret", "deal_secret": "secret",
    "salt": "secret", "frozen_at": "NULL", "state": "'draft'", "created_at": "'2001-01-01 00:00:00'",
    "institution_id": "(SELECT max(id) FROM institution)",
}  # fmt: skip
MOVES = {  # what a round's later life writes, and its row's own names, which stand in no digest
    "id", "public_id", "notified_at", "released_at", "withdrawn_at", "withdrawn_because", "version",
}  # fmt: skip
pytestmark = pytest.mark.arranging


@pytest.fixture
@kept
def drawn(session):
    """A drawn round, with a sheet and a result beside it."""
    root, _ = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    made = stories.drawn(first, second, stories.spec(root.code))
    assignment = factories.create_assignment(
        expert=factories.create_expert(), case=factories.create_case(institution=root),
        round_=factories.create_round(institution=root, state="scoring"),
    )  # fmt: skip
    with transaction() as inside:
        inside.add(
            Sheet(
                assignment_id=assignment.id, revision=1, rubric="criminal-trial@1", content={}, total=9000,
                grade="excellent", submitted_at=NOW,
            )
        )  # fmt: skip
        inside.add(
            CaseResult(
                round_id=assignment.round_id, sampled_case_id=assignment.sampled_case_id, step="first", total=9000,
                grade="excellent", by="mean", made_at=NOW,
            )
        )  # fmt: skip
        inside.add(
            FileEvent(
                round_id=assignment.round_id, sampled_case_id=assignment.sampled_case_id, number=1,
                act="declare_missing", state="missing", at=NOW,
            )
        )  # fmt: skip
        inside.add(
            ResultsVersion(round_id=assignment.round_id, number=1, text="{}", digest="0" * 64, issued_at=NOW)
        )
        inside.add(
            StaffAnswer(sampled_case_id=assignment.sampled_case_id, revision=1, marks={}, answered_at=NOW)
        )
        inside.add(
            TicketOpening(round_id=assignment.round_id, stratum="-", place=2, act="supplement", at=NOW)
        )
    return queries.by_code_for(first, made.code)


def refused(session, statement, match):
    with pytest.raises(IntegrityError, match=match), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_evidence_changes_or_goes(session, drawn, table):
    column = session.execute(text(f"SELECT * FROM {table}")).keys()
    for name in column:
        refused(session, f"UPDATE {table} SET {name} = {name}", f"{table} is evidence")
    refused(session, f"DELETE FROM {table}", f"{table} is evidence")


@pytest.mark.parametrize("table", TABLES)
def test_a_replaced_row_is_refused_as_well(session, drawn, table):
    """SQLite's REPLACE deletes past the triggers unless told otherwise; PostgreSQL's TRUNCATE has its own."""
    if session.get_bind().dialect.name == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    else:
        statement = f"TRUNCATE {table} CASCADE"
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(statement))


@pytest.mark.parametrize("column", PUBLISHED)
def test_a_frozen_round_keeps_what_was_published(session, drawn, column):
    said = "keeps what was published"
    refused(session, f"UPDATE round SET {column} = {PUBLISHED[column]} WHERE code = 'R2026'", said)


def test_every_column_of_a_round_is_published_or_moves(session, drawn):
    """A column of tomorrow is put on one of the two lists; `state` is on the first since it can't go back to draft."""
    columns = set(session.execute(text("SELECT * FROM round")).keys())
    assert columns == PUBLISHED.keys() | MOVES


def test_a_frozen_round_is_never_deleted_and_a_draft_may_be(session, drawn):
    refused(session, "DELETE FROM round WHERE code = 'R2026'", "keeps what was published")
    draft = factories.create_round(institution=drawn.institution)
    session.execute(text(f"UPDATE round SET plan = 'x', title = 'y' WHERE id = {draft.id}"))
    session.execute(text(f"DELETE FROM round WHERE id = {draft.id}"))


def test_the_moves_of_a_round_are_no_change_of_evidence(session, drawn):
    session.execute(text("UPDATE round SET state = 'assigned', notified_at = frozen_at WHERE code = 'R2026'"))


def test_no_seed_before_the_freeze(session, drawn):
    draft = factories.create_round(institution=drawn.institution)
    statement = f"INSERT INTO round_seed SELECT {draft.id}, public, seed, fixed_at FROM round_seed"
    refused(session, statement, "no seed before the freeze")


def test_no_draw_before_the_seed(session, drawn):
    bare = factories.create_round(institution=drawn.institution, frozen_at=NOW)
    statement = (
        "INSERT INTO draw (round_id, certificate, size, drawn_at, public_id) "
        f"SELECT {bare.id}, certificate, size, drawn_at, 'x' FROM draw"
    )
    refused(session, statement, "no draw before the seed")


@pytest.mark.parametrize(
    ("table", "columns", "values"),
    [
        (
            "frame_case",
            "case_id, key, stratum, rubric, late",
            "(SELECT max(id) FROM legal_case), 'late', stratum, rubric, late",
        ),
        ("round_stratum", "label, frame_size, sample_size", "'late', 1, 1"),
    ],
)
def test_nothing_enters_a_frame_whose_seed_is_known(session, drawn, table, columns, values):
    statement = (
        f"INSERT INTO {table} (round_id, {columns}) "
        f"SELECT round_id, {values} FROM {table} WHERE round_id = {drawn.id} LIMIT 1"
    )
    refused(session, statement, "seed is known")


@pytest.mark.parametrize("step", [2, 3, -1, 0])
def test_a_replacement_is_the_next_of_the_order(session, drawn, step):
    """Any place but the next is refused; the next is let in."""

    def insert(ahead):
        return RESERVE.format(round=drawn.id).replace("max(place) + 1", f"max(place) + {ahead}")

    refused(session, insert(step), "order of their places|reserve ticket")
    refused(session, insert(1), "a reserve ticket is opened only for a file out of scope or in a supplement")
    session.execute(text(opening(drawn, "'supplement', NULL")))
    session.execute(text(insert(1)))


def opening(drawn, act_and_replaced):
    """The next ticket of the last stratum is written down as opened."""
    return (
        "INSERT INTO ticket_opening (round_id, stratum, place, act, replaces_id, at) "
        f"SELECT round_id, stratum, max(place) + 1, {act_and_replaced}, max(d.drawn_at) FROM sampled_case s "
        f"JOIN draw d USING (round_id) WHERE round_id = {drawn.id} "
        "AND stratum = (SELECT max(stratum) FROM sampled_case) GROUP BY round_id, stratum"
    )


RESERVE = (
    "INSERT INTO sampled_case (public_id, round_id, frame_case_id, stratum, place, ticket, weight_numerator, "
    "weight_denominator) SELECT 'p', round_id, (SELECT min(id) FROM frame_case f WHERE f.round_id = s.round_id "
    "AND f.stratum = s.stratum AND f.id NOT IN (SELECT frame_case_id FROM sampled_case)), stratum, max(place) + 1, "
    "max(ticket), 1, 1 FROM sampled_case s WHERE round_id = {round} "
    "AND stratum = (SELECT max(stratum) FROM sampled_case) GROUP BY round_id, stratum"
)


FIRST = (
    "'replace', (SELECT frame_case_id FROM sampled_case x "
    "WHERE x.round_id = {0} AND x.place = 1 AND x.stratum = s.stratum)"
)


def say(session, drawn, place, number, act, state, reason=""):
    """An event of the drawn file at this place of the last stratum."""
    session.execute(
        text(
            "INSERT INTO file_event (round_id, sampled_case_id, number, act, state, reason, at) SELECT s.round_id, s.id, "
            f"{number}, '{act}', '{state}', '{reason}', d.drawn_at FROM sampled_case s JOIN draw d USING (round_id) "
            f"WHERE s.round_id = {drawn.id} AND s.place = {place} "
            "AND s.stratum = (SELECT max(stratum) FROM sampled_case)"
        )
    )


def test_a_missing_file_is_never_replaced(session, drawn):
    say(session, drawn, 1, 1, "declare_missing", "missing")
    with pytest.raises(IntegrityError, match="never replaced"), session.begin_nested():
        say(session, drawn, 1, 2, "replace", "replaced", "duplicate")
    with pytest.raises(IntegrityError, match="one after the other"), session.begin_nested():
        say(session, drawn, 2, 2, "replace", "replaced", "duplicate")
    session.execute(text(opening(drawn, FIRST.format(drawn.id))))
    refused(session, RESERVE.format(round=drawn.id), "reserve ticket")


def test_a_replaced_files_place_is_taken_once(session, drawn):
    say(session, drawn, 1, 1, "replace", "replaced", "duplicate")
    session.execute(text(opening(drawn, FIRST.format(drawn.id))))
    session.execute(text(RESERVE.format(round=drawn.id)))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(opening(drawn, FIRST.format(drawn.id))))


def test_a_withdrawal_still_works(session, drawn):
    first, _ = stories.managers(drawn.institution)
    with transaction():
        rounds.withdraw(actor=first, round_=queries.by_code_for(first, "R2026"), reason="重来", now=NOW)
    assert queries.by_code_for(first, "R2026").state == "withdrawn"
    refused(session, "UPDATE round SET plan = 'x' WHERE code = 'R2026'", "keeps what was published")


def test_every_guard_stands_at_head(session):
    kinds = {"update", "delete"} | (
        {"truncate"} if session.get_bind().dialect.name == "postgresql" else set()
    )
    entry = {
        f"evidence_{table}_insert"
        for table in ("frame_case", "round_stratum", "round_seed", "draw", "sampled_case", "file_event")
    } | {"evidence_file_event_missing", "evidence_sampled_case_reserve"}
    expected = {f"evidence_{table}_{kind}" for table in (*TABLES, "round") for kind in kinds} | entry
    assert triggers_of(session) == expected


def test_without_its_guard_a_table_is_open(session, drawn):
    """The refusals above come from the triggers and from nothing else."""
    unguard(session, "frame_case")
    session.execute(text("UPDATE frame_case SET stratum = 'x'"))
