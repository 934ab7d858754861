"""Tickets from deductions: opened with a day, answered with papers, re-checked by the owner, repeats told."""

from datetime import UTC, date, datetime

import pytest

from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import FollowUp, Proof
from qualityeval.queries import follow_ups as follow_up_queries
from qualityeval.queries import proofs
from qualityeval.queries import tickets as queries
from qualityeval.services import audit, follow_ups, tickets
from qualityeval.services.proofs import NewProof
from tests import factories
from tests.papers import scan
from tests.services.test_objections import OVER
from tests.services.test_restatements import released

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return released(app)


def deductions(world, county=0):
    actor, round_ = world.actor(), world.round()
    name = world.counties[county].name
    cases = [one for one in queries.cases_for(actor, round_, limit=50) if one.institution == name]
    return [one for case in cases for one in case.deductions]


def opened(world, chosen, who="first", kind="conduct", note="请对照评分标准整改。", **more):
    with transaction():
        found = tickets.open_tickets(
            actor=world.actor(who), round_=world.round(), chosen=[(one.sampled_public_id, one.item) for one in chosen],
            kind=kind, note=note, now=OVER, **more,
        )  # fmt: skip
        return [row.public_id for row in found]


def act(world, verb, actor, public_id, **more):
    with transaction():
        verb(actor=actor, follow_up=follow_up_queries.get_for(actor, public_id, lock=True), now=OVER, **more)


def test_a_deduction_becomes_a_ticket_that_its_institution_answers_and_the_owner_closes(world):
    (public_id,) = opened(world, deductions(world)[:1], due=date(2026, 12, 20))
    row = db.session.execute(db.select(FollowUp)).scalar_one()
    assert (row.kind, row.source, row.state, row.due_on) == ("conduct", "review", "open", date(2026, 12, 20))
    assert row.lost > 0
    liaison = world.liaison()
    paper = NewProof("整改.png", scan(size=(60, 80), form="PNG"))
    act(world, follow_ups.answer, liaison, public_id, text="已组织学习", proof="", papers=[paper])
    (kept,) = db.session.execute(db.select(Proof)).scalars()
    assert proofs.get_for(liaison, kept.public_id).pages == 1
    with pytest.raises(NotFound):
        proofs.get_for(world.liaison(1), kept.public_id)
    with pytest.raises(NotAllowed):  # the evaluated body's own manager is there only a liaison
        act(world, follow_ups.close, world.actor("county"), public_id)
    act(world, follow_ups.send_back, world.actor(), public_id, reason="没有签到表")
    act(world, follow_ups.answer, liaison, public_id, text="补签到表", proof="见卷宗第 3 页")
    act(world, follow_ups.close, world.actor("second"), public_id)
    db.session.expire_all()
    assert db.session.execute(db.select(FollowUp.state)).scalar_one() == "closed"


def test_an_answer_needs_papers_or_words_for_the_proof(world):
    (public_id,) = opened(world, deductions(world)[:1])
    with pytest.raises(InvalidInput) as bare:
        act(world, follow_ups.answer, world.liaison(), public_id, text="已改", proof=" ")
    assert bare.value.where == "proof"
    with pytest.raises(InvalidInput) as unread:
        act(
            world,
            follow_ups.answer,
            world.liaison(),
            public_id,
            text="已改",
            proof="",
            papers=[NewProof("x.exe", b"MZ")],
        )
    assert unread.value.where == "x.exe"
    six = [NewProof(f"{n}.png", scan(size=(60, 80), form="PNG")) for n in range(6)]
    with pytest.raises(InvalidInput) as many:
        act(world, follow_ups.answer, world.liaison(), public_id, text="已改", proof="", papers=six)
    assert many.value.code == "proof.most"
    assert db.session.execute(db.select(FollowUp.state)).scalar_one() == "open"


def test_one_ticket_a_deduction_and_none_without_one(world):
    first = deductions(world)[:1]
    opened(world, first)
    with pytest.raises(WrongState) as twice:
        opened(world, first)
    assert twice.value.code == "exists"
    assert [one.ticket != "" for one in deductions(world)][:2] == [True, False]
    for change, where in (
        ({"chosen": []}, "chosen"), ({"kind": "complaint"}, "kind"), ({"due": date(2026, 11, 25)}, "due"),
        ({"due": date(2028, 1, 1)}, "due"), ({"note": "长" * 2001}, "note"),
    ):  # fmt: skip
        asked = {"chosen": deductions(world)[1:2], **change}
        with pytest.raises(InvalidInput) as refused:
            opened(world, **asked)
        assert refused.value.where == where
    with pytest.raises(NotAllowed):
        opened(world, deductions(world)[1:2], who="county")


def test_the_same_item_of_the_same_institution_within_a_year_repeats(world):
    found = deductions(world)
    same = [one for one in found if one.title == found[0].title][:2]
    (first,) = opened(world, same[:1])
    assert db.session.execute(db.select(FollowUp.repeats_id)).scalar_one() is None
    elsewhere = factories.create_assignment(
        expert=factories.create_expert(), case=factories.create_case(institution=world.counties[0]),
        round_=factories.create_round(institution=world.round().institution, state="closed"),
    )  # fmt: skip
    with transaction():  # as if the first one had come from another round, ten months before
        other = db.session.execute(db.select(FollowUp).filter_by(public_id=first)).scalar_one()
        other.opened_at, other.sampled_case_id = datetime(2026, 2, 1, tzinfo=UTC), elsewhere.sampled_case_id
        audit.record(world.actor(), "test.arranged", now=OVER, object_type="follow_up")
    opened(world, same[1:])
    rollup = queries.rollups_for(world.actor(), world.round(), now=OVER)
    (item,) = rollup["item"]
    assert (item.name, item.count, item.open, item.late, item.repeats) == (found[0].title, 1, 1, 0, 1)
    again = [one for one in deductions(world) if one.title == found[0].title][2:3]
    opened(world, again)
    rows = {row.public_id: row.repeats for row in follow_up_queries.list_for(world.liaison(), now=OVER)}
    assert sorted(rows.values()) == [False, True, True], (
        "two of one round are one occasion, both after the first"
    )


def test_overdue_tickets_stand_first_and_are_said(world):
    opened(world, deductions(world)[:1], due=date(2026, 12, 3))
    later = datetime(2026, 12, 8, 2, tzinfo=UTC)  # Tuesday: three working days after Thursday 3 December
    (row,) = follow_up_queries.list_for(world.liaison(), now=later)
    assert (row.late, row.kind, row.repeats) == (3, "conduct", False)
    assert follow_up_queries.list_for(world.liaison(1), now=later) == []
    rollup = queries.rollups_for(world.actor(), world.round(), now=later)
    assert [one.late for one in rollup["provider"]] == [1]
