"""Evidence comes back from a backup though nothing may be changed: its rows come in the order of their making."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from qualityeval.database import db, transaction
from qualityeval.models import SampledCase
from qualityeval.queries import rounds as queries
from qualityeval.services import audit, replacement, rounds, sampling, table_dump
from tests.databases import application, close
from tests.factories import NOW
from tests.services import stories

pytestmark = pytest.mark.arranging
NEVER_CHANGED = (
    "frame_case",
    "round_stratum",
    "round_seed",
    "draw",
    "sampled_case",
    "rubric_version",
    "audit_event",
    "file_event",
    "ticket_opening",
)


@pytest.fixture
def empty(place, tmp_path):
    """A second database at head of the same engine, with nothing in it."""
    made = application(place.copy("restored", tmp_path), home=tmp_path)
    yield made
    close(made)
    if place.cluster:
        place.cluster.drop(place.dropped.pop())


@pytest.fixture
def dumped(session):
    """Two drawn rounds, one withdrawn, one with a replacement and a supplement, as the lines of a backup."""
    root, _ = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    stories.drawn(first, second, stories.spec(root.code))
    with transaction():
        rounds.withdraw(actor=first, round_=queries.by_code_for(first, "R2026"), reason="重来", now=NOW)
    again = stories.drawn(first, second, stories.spec(root.code, code="AGAIN"))
    sampled = (
        db.session.execute(db.select(SampledCase).filter_by(round_id=again.id, place=1)).scalars().first()
    )
    for one in (first, second):
        with transaction():
            replacement.replace(actor=one, sampled=sampled, reason="duplicate", now=NOW)
    with transaction():
        replacement.supplement(actor=first, round_=again, stratum=sampled.stratum, size=5, now=NOW)
    lines = {table.name: list(table_dump.dump(session, table)) for table in table_dump.reflected(session)}
    assert all(len(lines[name]) > 1 for name in NEVER_CHANGED)
    return first, lines


def test_a_draw_comes_back_and_is_guarded_there(dumped, empty) -> None:
    actor, lines = dumped
    with empty.app_context():
        with transaction() as inside:
            for table in table_dump.reflected(inside):
                inside.execute(table.delete())
                table_dump.load(inside, table, lines=lines[table.name])
        for code in ("R2026", "AGAIN"):
            assert sampling.check_again(actor=actor, round_=queries.by_code_for(actor, code)).ok
        assert audit.verify().ok
        back = {
            table.name: list(table_dump.dump(db.session(), table))
            for table in table_dump.reflected(db.session())
        }
        assert back == lines
        for table in NEVER_CHANGED:
            with pytest.raises(IntegrityError), db.session.begin_nested():
                db.session.execute(text(f"DELETE FROM {table}"))


def test_the_order_follows_the_guards(session) -> None:
    names = [table.name for table in table_dump.reflected(session)]
    assert names.index("frame_case") < names.index("round_seed") < names.index("draw")
    assert names.index("round_stratum") < names.index("round_seed")
