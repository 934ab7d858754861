"""Answers: the slot goes to an alternate of the round's own stream, the decliner never gets the file again."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from qualityeval.core.errors import InvalidInput, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Expert, FileAnswer, SheetDraft
from qualityeval.queries import assignments, file_answers, recused, sheets
from qualityeval.services import answers, audit, dealing, interests
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services.dealt import dealt_round

pytestmark = pytest.mark.arranging


@pytest.fixture
@kept
def world(session):
    return dealt_round()


def filled():
    return db.session.execute(select(func.count()).select_from(Assignment)).scalar_one()


def decline(world, line, reason="出差"):
    with transaction():
        return answers.decline(actor=world.me, assignment=line, reason=reason, now=NOW)


def test_a_declined_file_is_read_by_an_alternate(world) -> None:
    line, slots = world.lines()[0], filled()
    sampled, slot = line.sampled_case_id, line.slot
    alternate = decline(world, line)
    assert alternate is not None
    assert alternate.code != "E0"
    assert filled() == slots
    assert (slot, alternate.id) in assignments.readers_of(world.round_)[sampled]
    (row,) = file_answers.given_up(world.first, world.round_)
    assert (row.expert, row.answer, row.reason, row.slot) == ("E0", "declined", "出差", slot)
    assert world.broken() == set()


def test_the_same_round_always_draws_the_same_alternate(world) -> None:
    line = world.lines()[0]
    bench = answers.Bench(world.round_, now=NOW, purpose=answers.PURPOSE)
    expected = bench.draw(line.sampled_case_id, width=answers.WIDTH).code
    assert decline(world, line).code == expected


def test_who_declined_gets_it_neither_as_alternate_nor_by_another_dealing(world) -> None:
    line = world.lines()[0]
    sampled = line.sampled_case_id
    while any(expert == world.expert().id for _slot, expert in assignments.readers_of(world.round_)[sampled]):
        decline(world, line)
    with transaction():  # nobody but E0 is left
        db.session.execute(db.update(Expert).where(Expert.code != "E0").values(active=False))
        other = db.session.execute(
            select(Assignment).where(Assignment.sampled_case_id == sampled).limit(1)
        ).scalar_one()
        assert answers.move(actor=world.first, assignment=other, reason="不能按期", now=NOW) is None
        dealing.assign(actor=world.first, round_=world.round_, now=NOW)
    assert len(assignments.readers_of(world.round_)[sampled]) == 1
    assert world.broken() == set()


def test_a_declared_interest_counts_for_every_round_and_takes_the_file(world) -> None:
    line = world.lines()[0]
    case = world.case(line)
    with transaction():
        answers.declare(actor=world.me, assignment=line, kind="kinship", reason="表兄", now=NOW)
    stored = db.session.execute(select(interests.Interest)).scalar_one()
    assert (stored.case_id, stored.source, stored.kind, stored.reason) == (case.id, "own", "kinship", "表兄")
    assert recused.lines_of("E0") == []
    assert world.broken() == set()


def test_accepting_keeps_the_file_and_a_reason_is_needed_to_give_it_up(world) -> None:
    line = world.lines()[0]
    with transaction():
        answers.accept(actor=world.me, assignment=line, now=NOW)
    assert file_answers.of_line(line).answer == "accepted"
    assert world.broken() == set()
    with pytest.raises(InvalidInput):
        decline(world, line, " ")
    assert decline(world, world.lines()[0]) is not None


def test_what_was_handed_in_or_is_with_another_cannot_be_answered(world) -> None:
    first, second = world.lines()[:2]
    decline(world, first)
    with pytest.raises(WrongState):
        decline(world, first)
    with transaction():
        db.session.add(
            answers.Sheet(
                assignment_id=second.id,
                revision=1,
                rubric="criminal-trial@1",
                content={},
                total=8000,
                grade="良好",
                submitted_at=NOW,
            )
        )
        audit.record(world.first, "sheet.submitted", now=NOW, object_type="assignment")
    with pytest.raises(WrongState):
        decline(world, second)


def test_idle_files_move_to_the_emptiest_and_begun_ones_stay(world) -> None:
    begun = world.lines()[0]
    with transaction():
        db.session.add(SheetDraft(assignment_id=begun.id, content={}, saved_at=NOW))
        audit.record(world.first, "sheet.saved", now=NOW, object_type="assignment")
    factories.create_experts(range(6, 9))  # three more experts come into the pool
    before, kept = filled(), begun.id
    with transaction():
        moved = answers.rebalance(actor=world.first, round_=world.round_, now=NOW)
    loads = Counter(assignments.loads_of(world.round_).values())
    assert moved > 0
    assert filled() == before
    assert max(loads) - min(loads) <= 1
    assert len(assignments.loads_of(world.round_)) == 9
    assert kept in {one.id for one in world.lines()}
    with transaction():
        assert answers.rebalance(actor=world.first, round_=world.round_, now=NOW) == 0
    assert world.broken() == set()
    assert sheets.count_for(world.me) == len(world.lines())
    assert db.session.execute(select(func.count()).select_from(FileAnswer)).scalar_one() == moved
