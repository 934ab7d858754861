"""The staff part: experts hand in before or after it, the total is one, nobody is notified while it is open."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, CaseResult, Expert, SampledCase, Sheet, StaffAnswer, WaitingSheet
from qualityeval.queries import experts, todo
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import sheets as desk
from qualityeval.queries import staff_lines as lines
from qualityeval.queries import staff_parts as queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import dealing, own_rubrics, releases, scoring, staff_import, staff_parts, targeted
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.staff_rubric import divided_rubric

SPEC = "criminal-trial@1", "divided@1"


@pytest.fixture
@kept
def world(session):
    """Two drawn cases and a targeted one with two readers each; 20 points of the rubric are staff's."""
    root, _counties = stories.bureau(cases=(3,))
    first, second = stories.managers(root)
    factories.create_experts(range(3))
    with transaction():
        own_rubrics.bring(actor=first, mapping=divided_rubric(), institution=root, now=NOW)
    round_ = stories.drawn(first, second, stories.spec(root.code).replace(*SPEC))
    drawn = {row.key for row in round_queries.sample_of(first, round_)}
    (left,) = (key for key, _stratum in round_queries.frame_of(round_) if key not in drawn)
    with transaction():
        targeted.mark_cases(
            actor=first, round_=round_of(first), keys=[left], rule="complaint", note="", now=NOW
        )
        dealing.assign(actor=first, round_=round_queries.by_code_for(first, "R2026"), now=NOW)
    return first, second


def cases():
    """The two of the sample, then the targeted one."""
    return list(db.session.execute(select(SampledCase.id).order_by(SampledCase.id)).scalars())


def answered(actor, case, marks, **more):
    with transaction():
        sampled = db.session.get_one(SampledCase, case)
        round_ = round_queries.by_code_for(actor, "R2026")
        return staff_parts.answer(actor=actor, round_=round_, sampled=sampled, marks=marks, now=NOW, **more)


def readers(case):
    query = select(Assignment.public_id, Expert.code).join(Expert).where(Assignment.sampled_case_id == case)
    found = []
    for line, code in db.session.execute(query.order_by(Assignment.slot)).all():
        account = factories.create_account(role=Role.EXPERT, expert_code=code, name=f"x-{line}"[:20])
        found.append((actor_of(account), line))
    return found


def handed_in(expert, line, b1):
    with transaction():
        found = desk.get_for(expert, line)
        content = {"marks": {"b1": {"earned": b1}}}
        return scoring.submit_sheet(actor=expert, assignment=found, content=content, now=NOW)


def saved(expert, line, content, *, seen):
    with transaction():
        found = desk.get_for(expert, line)
        scoring.save_draft(actor=expert, assignment=found, content=content, seen_version=seen, now=NOW)


STAFF = {"a1": {"earned": 900}, "a2": {"na": True, "reason": "没有法律援助协作"}}


def test_from_two_waiting_sheets_to_a_result(world):
    first, _second = world
    case, other, beside = cases()
    (one, its), (two, theirs) = readers(case)
    assert isinstance(handed_in(one, its, 6000), WaitingSheet)
    assert [row.public_id for row in desk.list_for(one, state="waiting")] == [its]
    assert its not in [row.public_id for row in desk.list_for(one, state="open")]
    assert isinstance(handed_in(two, theirs, 7000), WaitingSheet)
    assert db.session.execute(select(Sheet)).first() is None
    found = [(line.revision, line.waiting) for line in lines.lines_of(first, round_of(first))]
    assert sorted(found) == [(0, 0), (0, 0), (0, 2)]
    reader = experts.by_code_for(first, one.expert_code)
    assert [(load.submitted, load.waiting) for load in experts.loads_for(first, reader)] == [(0, 1)]
    todos = todo.lines_for(first, now=NOW)  # of the sample's four sheets experts owe two
    assert [line.count for line in todos if line.endpoint == "assignments.list"] == [2]
    status = round_queries.status(round_of(first))
    assert status["staff"] == {"open": 3, "waiting": 2}
    assert status["sheets"] == {"expected": 4, "submitted": 0}
    with pytest.raises(WrongState, match="还有3件案件由工作人员填写"), transaction():
        releases.notify(actor=first, round_=round_of(first), now=NOW)
    assert answered(first, case, STAFF) == 2
    # a: 20 · 9/12 = 15; b of 80: 60 and 70; sheets of 75.00 and 85.00, their mean 80.00
    totals = db.session.execute(select(Sheet.total).order_by(Sheet.id)).scalars().all()
    assert totals == [7500, 8500]
    result = db.session.execute(select(CaseResult)).scalar_one()
    assert (result.sampled_case_id, result.total, result.step) == (case, 8000, "first")
    assert db.session.execute(select(WaitingSheet)).first() is None
    with pytest.raises(WrongState, match="已有评分表"):
        answered(first, case, STAFF, reason="看错")
    (expert, line), _ = readers(other)
    assert answered(first, other, STAFF) == 0
    assert handed_in(expert, line, 4000).total == 5500
    answered(first, beside, STAFF)
    with pytest.raises(WrongState, match="还有3份评分表"), transaction():
        releases.notify(actor=first, round_=round_of(first), now=NOW)


def test_targeted_files_are_among_them_and_the_to_do_line_counts_what_is_open(world):
    first, second = world
    *drawn, beside = cases()
    sampled = db.session.get_one(SampledCase, beside)
    round_, found = queries.get_for(first, sampled.public_id)
    assert (round_.code, found.id) == ("R2026", beside)
    assert (lines.count_of(round_), to_do(second)) == (3, [3])
    assert answered(first, beside, STAFF) == 0
    assert to_do(second) == [2]
    for case in drawn:
        answered(first, case, STAFF)
    assert (to_do(first), to_do(factories.create_actor(role=Role.MANAGER))) == ([], [])


def to_do(actor):
    return [one.count for one in todo.lines_for(actor, now=NOW) if one.endpoint == "assignments.staff"]


def round_of(actor):
    return round_queries.by_code_for(actor, "R2026")


def test_a_correction_is_a_further_row_with_its_reason(world):
    first, _second = world
    case, *_others = cases()
    answered(first, case, STAFF)
    with pytest.raises(WrongState, match="更正的理由"):
        answered(first, case, STAFF)
    answered(first, case, {**STAFF, "a1": {"earned": 0}}, reason="重新核对了指派日期")
    kept_rows = db.session.execute(select(StaffAnswer.revision, StaffAnswer.reason)).all()
    assert [tuple(row) for row in kept_rows] == [(1, ""), (2, "重新核对了指派日期")]
    (expert, line), _ = readers(case)
    assert handed_in(expert, line, 8000).total == 8000  # the last answer counts: nothing of staff's 20


def test_who_may_answer_and_what_an_expert_may_not(world):
    first, _second = world
    case, *_others = cases()
    (expert, line), _ = readers(case)
    sampled, other = db.session.get_one(SampledCase, case), factories.create_actor(role=Role.MANAGER)
    with pytest.raises(NotAllowed), transaction():
        staff_parts.answer(actor=other, round_=round_of(first), sampled=sampled, marks=STAFF, now=NOW)
    with pytest.raises(NotFound):
        queries.get_for(other, sampled.public_id)
    with pytest.raises(InvalidInput, match="没有“a1”这一项"):
        saved(expert, line, {"marks": {"a1": {"earned": 1}}}, seen=0)
    saved(expert, line, {"marks": {"b1": {"earned": 1}}}, seen=0)
    handed_in(expert, line, 1)
    saved(expert, line, {"marks": {"b1": {"earned": 2}}}, seen=1)
    assert db.session.execute(select(WaitingSheet)).first() is None  # changed: to be handed in anew
    assert answered(first, case, STAFF) == 0


def table(first, *, left_out=()):
    """The table to fill, filled: 9 of 12 for the first item, the second N/A."""
    said = {"a1": {"mark": "9"}, "a2": {"na": "1", "reason": "无"}}
    return [
        (
            number,
            {**dict(zip(lines.COLUMNS, line, strict=True)), **({} if line[0] in left_out else said[line[1]])},
        )
        for number, line in enumerate(lines.open_lines(round_of(first)), 2)
    ]


def brought(first, rows, *, dry_run=False):
    with transaction():
        return staff_import.import_staff_parts(
            actor=first, round_=round_of(first), lines=rows, now=NOW, dry_run=dry_run
        )


def test_a_table_of_staff_parts_is_looked_at_then_kept_whole(world):
    first, _second = world
    case, *_others = cases()
    (one, its), _ = readers(case)
    handed_in(one, its, 6000)
    *_, last = keys = sorted(lines.by_key(round_of(first)))
    rows = table(first, left_out=[last])
    looked = brought(first, rows, dry_run=True)
    assert db.session.execute(select(StaffAnswer)).first() is None
    kept_ = brought(first, rows)
    assert looked == kept_
    assert (kept_.rows, kept_.cases, kept_.rejected) == (6, 2, ())
    assert kept_.completed == len(db.session.execute(select(Sheet)).all())
    assert [line.revision for line in lines.lines_of(first, round_of(first))] == [0, 1, 1]
    assert [row[0] for row in lines.open_lines(round_of(first))] == [last, last]
    again = brought(first, rows)
    assert {(one.row, one.column, one.refusal.code) for one in again.rejected} == {
        (2, "case", "exists"), (4, "case", "exists"),
    }  # fmt: skip
    assert len(keys) == 3


BAD = (  # the row that is spoiled, how, and how it is named
    (2, {"mark": "12.5"}, (2, "mark", "sheet.mark_range")),
    (2, {"mark": "", "deduct": "13"}, (2, "deduct", "sheet.deduct_range")),
    (2, {"mark": "neun"}, (2, "mark", "sheet.points")),
    (3, {"reason": ""}, (3, "na", "sheet.na_reason")),
    (3, {"na": "", "reason": ""}, (3, "item", "sheet.incomplete")),
    (3, {"item": "b1"}, (3, "item", "staff.not_staff")),
    (3, {"item": "overall"}, (3, "item", "staff.not_staff")),
    (4, {"item": ""}, (4, "item", "sheets.empty")),
    (4, {"case": "none"}, (4, "case", "staff.unknown")),
)


def test_a_bad_line_is_named_by_row_and_column_and_keeps_nothing(world):
    first, _second = world
    for row, cells, where in BAD:
        rows = [(number, {**line, **cells} if number == row else line) for number, line in table(first)]
        found = brought(first, rows)
        assert where in [(one.row, one.column, one.refusal.code) for one in found.rejected]
        assert (found.cases, found.completed) == (0, 0)
    assert db.session.execute(select(StaffAnswer)).first() is None
