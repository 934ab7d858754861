"""Assignment and blindness as public reports of other systems got them wrong; on both databases."""

import pytest

from qualityeval.core.errors import NotFound
from qualityeval.database import db, transaction
from qualityeval.queries import assignment_counts, assignments, file_answers, sheets
from qualityeval.queries.accounts import actor_of
from qualityeval.services import answers, scoring, sheet_import
from tests import factories
from tests.factories import NOW
from tests.services import chain
from tests.services.dealt import dealt_round


def partner_of(world, line):
    """The other reader of the file, with an account."""
    (code,) = {
        row.expert
        for row in assignments.rows_of(world.round_)
        if row.case == line.sampled_case.frame_case.key
    } - {"E0"}
    return code, actor_of(factories.create_account(role="expert", expert_code=code))


def submit(world, points, slots=("1", "2"), only="E0"):
    lines = [
        (n, cells) for n, cells in chain.lines(world.round_, points, slots=slots) if cells["expert"] == only
    ]
    with transaction():
        sheet_import.import_sheets(actor=world.first, round_=world.round_, lines=lines, now=NOW)


def test_a_conflict_declared_later_ends_access_at_once(session) -> None:
    """CCSDForge/episciences#90: nothing happened (BL-038). The reason stays with the managers."""
    world = dealt_round()
    line = world.lines()[0]
    public_id, sampled, slot = line.public_id, line.sampled_case_id, line.slot
    with transaction():
        alternate = answers.declare(
            actor=world.me, assignment=line, kind="kinship", reason="承办人是我的姐姐", now=NOW
        )
    with pytest.raises(NotFound):
        sheets.get_for(world.me, public_id)
    assert (slot, alternate.id) in assignments.readers_of(world.round_)[sampled]
    reader = actor_of(factories.create_account(role="expert", expert_code=alternate.code))
    assert "姐姐" not in repr(sheets.list_for(reader))
    assert [one.reason for one in file_answers.given_up(world.first, world.round_)] == ["承办人是我的姐姐"]


def test_one_who_submits_twice_is_one_reader(session) -> None:
    """HumanSignal/label-studio#8933: the second submission of one person completed the file (BL-042)."""
    world = dealt_round()
    submit(world, {"1": 80, "2": 80})
    line, count = world.lines()[0], len(world.lines())
    with transaction():
        scoring.return_sheet(actor=world.first, assignment=line, reason="请补第3项", now=NOW)
    submit(world, {"1": 82, "2": 82})
    assert assignment_counts.sheet_counts(world.round_)["submitted"] == count
    assert not scoring.arbitration.has_result(world.lines()[0].sampled_case_id)


def test_the_other_reader_sees_nothing_of_the_first_sheet(session) -> None:
    """HumanSignal/label-studio#5172, pretalx/pretalx#611: marks and averages were listed (BL-044, BL-046)."""
    world = dealt_round()
    line = world.lines()[0]
    code, partner = partner_of(world, line)
    before = repr(sheets.list_for(partner))
    submit(world, {"1": 77, "2": 77})
    db.session.expire_all()
    assert repr(sheets.list_for(partner)) == before
    (mine,) = [one for one in world.lines(code) if one.sampled_case_id == line.sampled_case_id]
    assert sheets.written(mine) == ({}, 0)
    assert sheets.last_sheet(mine) is None
    with pytest.raises(NotFound):
        sheets.get_for(partner, line.public_id)
