"""Interests: what is recorded keeps an expert away everywhere, two managers lift it, the subject never."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.queries import interests as queries
from qualityeval.queries import recused, sheets
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.accounts import actor_of
from qualityeval.services import answers, audit, interests, releases
from qualityeval.services.recusal_check import Recused, refuse_recused
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services.dealt import dealt_round


@pytest.fixture
@kept
def world(session):
    made = dealt_round()
    with transaction():  # the register names who handled the first file of E0
        firm, person = factories.handler("李四", "L-1", "正大律师事务所", now=NOW)
        case = made.case(made.lines()[0])
        case.provider_id, case.practitioner_id, case.court_number = firm.id, person.id, "（2026）浙01刑初1号"
        audit.record(made.first, "case.people", now=NOW, object_type="case")
    return made


def whom_of(world, about):
    case = world.case(world.lines()[0])
    place = db.session.get_one(Institution, case.institution_id)
    return {
        "case": f"{place.code}:{case.number}", "provider": "正大律师事务所", "practitioner": "L-1",
        "institution": db.session.get_one(Institution, place.parent_id).code,
    }[about]  # fmt: skip


def record(world, about="case", kind="conflict", expert="E0", **more):
    with transaction():
        return interests.record_interest(
            actor=world.first, expert=world.expert(expert) if expert else None, kind=kind, about=about,
            whom=more.pop("whom", whom_of(world, about)), reason=more.pop("reason", "同学"), now=NOW, **more,
        ).public_id  # fmt: skip


@pytest.mark.arranging
@pytest.mark.parametrize(("about", "kind"), [("case", "opposite"), ("provider", "past_provider"),
                                             ("practitioner", "co_counsel"), ("institution", "kinship")])  # fmt: skip
def test_it_is_gone_from_the_desk_and_the_second_checker_agrees(world, about, kind) -> None:
    line, before = world.lines()[0], sheets.count_for(world.me)
    record(world, about, kind)
    gone = set(recused.lines_of("E0"))
    assert line.id in gone
    # an institution above both counties is the whole of E0's files, else it is this one alone
    assert len(gone) == (before if about == "institution" else 1)
    mine = {one.sampled_case.frame_case.key for one in world.lines() if one.id in gone}
    assert {(key, "E0", kind) for key in mine} == world.broken()
    assert sheets.count_for(world.me) == len(sheets.list_for(world.me)) == before - len(gone)
    with pytest.raises(Recused):
        refuse_recused(line)
    status = round_queries.status(world.round_)["assignment"]
    assert status["violations"] == len(mine)
    assert [one["rule"] for one in status["violating"]] == [kind] * len(mine)


@pytest.mark.arranging
def test_who_handled_one_case_reads_no_other_of_the_same_matter_before_the_court(world) -> None:
    with transaction():
        other = world.case(world.lines()[1])
        other.court_number = "（2026）浙01刑初1号"  # a co-defendant's file, handled by somebody else
        expert = world.expert()
        expert.licence = "L-1"
        audit.record(world.first, "case.people", now=NOW, object_type="case")
    assert set(recused.lines_of("E0")) == {one.id for one in world.lines()[:2]}
    keys = [one.sampled_case.frame_case.key for one in world.lines()[:2]]
    assert world.broken() == {(keys[0], "E0", "own_case"), *((key, "E0", "same_case") for key in keys)}


@pytest.mark.arranging
def test_a_file_that_must_go_goes_to_somebody_else_and_never_back(world) -> None:
    line = world.lines()[0]
    sampled, slot = line.sampled_case_id, line.slot
    record(world)
    with transaction():
        alternate = answers.move(actor=world.first, assignment=line, reason="回避", now=NOW)
    assert alternate is not None
    assert world.broken() == set()
    took = [one for one in world.lines(alternate.code) if one.sampled_case_id == sampled]
    assert [one.slot for one in took] == [slot]


@pytest.mark.arranging
def test_two_managers_lift_it_with_their_reasons_and_the_subject_never_counts(world) -> None:
    public_id = record(world)

    def lift(actor, reason="查明不是同一人"):
        with transaction():
            return interests.lift(actor=actor, interest=interest(), reason=reason, now=NOW)

    def interest():
        return db.session.execute(select(interests.Interest).filter_by(public_id=public_id)).scalar_one()

    root = db.session.get_one(Institution, world.first.institution_id)
    self_ = actor_of(factories.create_account(role=Role.MANAGER, institution=root, expert_code="E0"))
    with pytest.raises(NotAllowed):
        lift(self_)
    with pytest.raises(InvalidInput):
        lift(world.first, " ")
    assert lift(world.first) == "waiting"
    with pytest.raises(WrongState):
        lift(world.first)
    assert recused.lines_of("E0")
    (row,) = queries.of_expert(world.first, world.expert())
    assert (row.said, row.mine, row.about, row.source) == (1, True, "case", "manager")
    assert lift(world.second) == "lifted"
    assert recused.lines_of("E0") == []
    assert world.broken() == set()
    with pytest.raises(WrongState):
        lift(world.second)


@pytest.mark.arranging
def test_a_manager_with_an_interest_cannot_say_who_stands_in(world) -> None:
    record(world, expert=None)
    line = world.lines()[0]
    with pytest.raises(interests.Conflicted), transaction():
        answers.move(actor=world.first, assignment=line, reason="回避", now=NOW)
    with pytest.raises(NotAllowed, match=r"release\.conflicted"), transaction():
        releases.release(actor=world.first, round_=world.round_, now=NOW)
    with pytest.raises(WrongState), transaction():  # not for an interest, but because nothing was notified
        releases.release(actor=world.second, round_=world.round_, now=NOW)
    with transaction():
        assert answers.move(actor=world.second, assignment=world.lines()[0], reason="回避", now=NOW)


@pytest.mark.arranging
@pytest.mark.parametrize(
    "wrong", [{"kind": "x"}, {"reason": " "}, {"whom": "nowhere:1"}, {"about": "institution", "whom": "?"}]
)
def test_what_is_no_interest_is_refused_and_nothing_is_stored(world, wrong) -> None:
    with pytest.raises(InvalidInput):
        record(world, **wrong)
    assert queries.ties() == {}
