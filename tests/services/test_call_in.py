"""From the call-in to the dealing: notices, hand-ins, returns, missing files, what is dealt and when."""

import pytest

from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, FileEvent, Outbox
from qualityeval.queries import assignments, rounds
from qualityeval.queries import call_in as queries
from qualityeval.services import call_in, dealing, hand_in, releases
from tests.factories import NOW
from tests.services.files import IN_TIME, LATE, files_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return files_world(app)


def counts(world):
    found = queries.counts(world.round())
    return found.due, found.handed_in, found.missing, found.replaced


def dealt(world):
    return {key for one in assignments.rows_of(world.round()) for key in [one.case]}


def test_every_institution_is_told_once_with_a_number_and_a_link(world):
    assert world.round().state == "called_in"
    letters = db.session.execute(db.select(Outbox).order_by(Outbox.recipient)).scalars().all()
    assert [one.recipient for one in letters] == ["liaison0@example.org", "liaison1@example.org"]
    assert [one.body["path"] for one in letters] == ["/hand-in"] * 2
    assert "批次R2026调阅贵单位案卷6件" in letters[0].body["text"]
    assert "2026-12-01" in letters[0].body["text"]
    drawn = world.keys(0)
    assert not any(world.key_of(one).partition(":")[2] in str(letters[0].body) for one in drawn)
    with pytest.raises(WrongState, match=r"round\.call_in"):
        world.call()


def test_without_a_call_in_nothing_has_to_be_handed_in(app):
    world = files_world(app, required=False)
    assert world.round().state == "called_in"
    assert counts(world) == (0, 15, 0, 0)
    with pytest.raises(WrongState, match=r"call_in\.none"):
        world.bring_in(world.keys()[0])
    world.deal()
    assert len(dealt(world)) == 15
    assert rounds.status(world.round())["call_in"]["due"] == 0


def test_a_file_is_handed_in_by_its_institution_or_written_down_by_the_owner(world):
    mine, other = world.keys(0), world.keys(1)
    world.bring_in(mine[0], who="liaison0")
    world.bring_in(mine[1], who="county")
    world.bring_in(other[0], who="second")
    assert counts(world) == (12, 3, 0, 0)
    for who, file in (("liaison0", other[1]), ("county", other[1])):
        with pytest.raises(NotAllowed):
            world.bring_in(file, who=who)
    with pytest.raises(WrongState, match=r"file\.hand_in"):
        world.bring_in(mine[0], who="liaison0")
    with pytest.raises(InvalidInput):
        world.bring_in(mine[2], pages=0)


def test_an_incomplete_file_goes_back_with_its_reason_and_comes_again(world):
    file = world.keys()[0]
    world.bring_in(file, who="liaison0", pages=10)
    with pytest.raises(InvalidInput), transaction():
        call_in.return_file(actor=world.actor(), sampled=world.file(file), reason=" ", now=IN_TIME)
    with pytest.raises(NotAllowed), transaction():
        call_in.return_file(actor=world.liaison(), sampled=world.file(file), reason="x", now=IN_TIME)
    with transaction():
        call_in.return_file(actor=world.actor(), sampled=world.file(file), reason="缺第 12 页", now=IN_TIME)
    assert counts(world) == (15, 0, 0, 0)
    world.bring_in(file, who="liaison0", pages=12)
    events = db.session.execute(
        db.select(FileEvent.number, FileEvent.act, FileEvent.pages, FileEvent.note).order_by(FileEvent.number)
    )
    assert events.all() == [(1, "hand_in", 10, ""), (2, "return", None, "缺第 12 页"), (3, "hand_in", 12, "")]


def test_dealing_waits_for_every_file_or_the_deadline_and_deals_what_is_there(world):
    world.bring_in(*world.keys(0))
    with pytest.raises(WrongState, match=r"deal\.files_due"):
        world.deal()
    with transaction():
        dealing.assign(actor=world.actor(), round_=world.round(), now=LATE)
    assert len(dealt(world)) == 6
    status = rounds.status(world.round())
    assert status["assignment"]["slots"] == status["assignment"]["filled"] == 12
    assert status["assignment"]["unfilled"] == []
    assert {key: status["call_in"][key] for key in ("due", "handed_in", "missing", "replaced")} == {
        "due": 9, "handed_in": 6, "missing": 0, "replaced": 0,
    }  # fmt: skip


def test_all_there_may_be_dealt_before_the_deadline(world):
    world.bring_all()
    world.deal()
    assert len(dealt(world)) == 15


def test_a_late_file_is_dealt_by_itself(world):
    world.bring_in(*world.keys(0))
    with transaction():
        dealing.assign(actor=world.actor(), round_=world.round(), now=LATE)
    late = world.keys(1)[0]
    world.bring_in(late, who="liaison1", now=LATE)
    assert world.key_of(late) in dealt(world)
    assert len(dealt(world)) == 7
    with pytest.raises(WrongState, match=r"file\.dealt"), transaction():
        call_in.return_file(actor=world.actor(), sampled=world.file(late), reason="缺页", now=LATE)


def test_missing_is_said_after_the_deadline_and_a_missing_file_may_still_come(world):
    first, *rest = world.keys(0)
    with pytest.raises(WrongState, match=r"file\.not_overdue"):
        world.miss(first, now=IN_TIME)
    with pytest.raises(NotAllowed), transaction():
        call_in.declare_missing(actor=world.liaison(), sampled=world.file(first), now=LATE)
    world.miss(first)
    world.bring_in(*rest, *world.keys(1)[1:])
    with transaction():
        assert call_in.declare_overdue_missing(actor=world.actor(), round_=world.round(), now=LATE) == 1
    assert counts(world) == (0, 13, 2, 0)
    world.deal()
    assert len(dealt(world)) == 13
    world.bring_in(first, now=LATE)
    assert (len(dealt(world)), counts(world)) == (14, (0, 14, 1, 0))


def test_notifying_waits_for_files_that_are_due_and_not_for_missing_ones(world):
    gone, *_ = world.keys(0)
    world.bring_in(*world.keys(0)[1:], *world.keys(1))
    with transaction():
        dealing.assign(actor=world.actor(), round_=world.round(), now=LATE)
    world.bring({"1": 90, "2": 90})
    with pytest.raises(WrongState, match=r"release\.files_due"):
        world.notify()
    world.miss(gone)
    assert releases.pending_cases(world.round()) == 0
    world.notify()
    assert world.round().state == "objection"
    with pytest.raises(WrongState, match=r"round\.hand_in"):
        world.bring_in(gone, now=LATE)


def test_a_file_found_missing_on_site_is_taken_from_its_readers(app):
    world = files_world(app, required=False)
    world.deal()
    gone = world.keys(0)[0]
    world.miss(gone, now=NOW)
    assert world.key_of(gone) not in dealt(world)
    world.bring({"1": 90, "2": 90})
    with pytest.raises(WrongState, match=r"file\.scored"):
        world.miss(world.keys(0)[0], now=NOW)
    assert db.session.execute(db.select(Assignment.state).distinct()).scalars().all() == ["submitted"]


def test_a_declared_digest_is_kept_as_such(world):
    file = world.keys()[0]
    with transaction():
        made = hand_in.hand_in(
            actor=world.actor(), sampled=world.file(file), pages=3, digest="b" * 64, now=IN_TIME
        )
        assert (made.digest, made.digest_of) == ("b" * 64, "declared")
