"""Replacement by the next reserve ticket, said by two; supplements; what neither changes."""

import pytest
from sqlalchemy.exc import IntegrityError

from qualityeval.core.errors import InvalidInput, NotAllowed, WrongState
from qualityeval.core.sampling import draw
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Round, SampledCase, Saying
from qualityeval.queries import assignments, rounds
from qualityeval.queries import call_in as queries
from qualityeval.services import dealing, replacement, sampling
from tests.evidence import unguard
from tests.services.files import IN_TIME, files_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def world(app):
    return files_world(app)


def places(world, county=0):
    rows = queries.dispositions(world.round())
    return [(one.place, one.state.value) for one in rows if one.stratum == world.counties[county].code]


def order_of(world, county=0):
    """The stratum's tickets as an outsider reckons them: from the frame file and the seed."""
    round_ = world.round()
    seed = rounds.seed_of(round_).seed
    sizes = {row.label: row.sample_size for row in rounds.strata_of(round_)}
    drawn = draw(sampling.stored_frame(round_), sizes, seed=seed)
    return [one.key for one in drawn.stratum(world.counties[county].code).order]


def pending(world):
    return rounds.status(world.round())["pending"]


def test_two_managers_replace_by_the_next_ticket(world):
    file = world.keys(0)[2]
    assert world.replace(file, "first") == ("waiting", None)
    assert pending(world) == {"replace": 1}
    assert len(places(world)) == 6
    state, successor = world.replace(file, "second")
    assert (state, pending(world)) == ("replaced", {})
    assert world.key_of(successor) == order_of(world)[6], "the seventh of the stratum's order"
    assert places(world) == [(p, "replaced" if p == 3 else "due") for p in range(1, 8)]
    assert len(places(world, 1)) == 9
    assert world.keys(0)[-1] == successor, "it is called in like the others"


def test_the_word_of_one_is_not_enough_however_often(world):
    file = world.keys()[0]
    world.replace(file)
    for who, reason in (("first", "duplicate"), ("first", "sealed")):
        with pytest.raises(WrongState, match=r"replace\.said"):
            world.replace(file, who, reason)
    with pytest.raises(NotAllowed):
        world.replace(file, "liaison0")
    with pytest.raises(NotAllowed):
        world.replace(file, "county")
    assert len(places(world)) == 6


def test_different_reasons_discard_both_words(world):
    file = world.keys()[0]
    world.replace(file, "first", "duplicate")
    assert world.replace(file, "second", "sealed") == ("mismatch", None)
    assert pending(world) == {}
    assert db.session.execute(db.select(Saying)).first() is None
    assert world.replaced(file, "sealed")


def test_the_reasons_are_fixed(world):
    with pytest.raises(InvalidInput) as refused:
        world.replace(world.keys()[0], reason="hard to read")
    assert refused.value.where == "reason"


def test_a_file_that_was_not_handed_in_is_never_replaced(world):
    file, said = world.keys()[:2]
    world.replace(said)
    world.miss(file, said)
    for one, who in ((file, "first"), (said, "second")):
        with pytest.raises(WrongState, match=r"file\.replace"):
            world.replace(one, who)
    assert len(places(world)) == 6
    replaced = world.replaced(world.keys()[0])
    with pytest.raises(WrongState, match=r"file\.replace"):
        world.replace(world.keys(state="replaced")[0])
    assert world.replaced(replaced), "a replacement may be out of scope in its turn"
    assert places(world)[-2:] == [(7, "replaced"), (8, "due")]


def test_where_no_reserve_is_left_the_file_is_out_of_scope_all_the_same(app):
    world = files_world(app, cases=(2, 13), extra="")
    file = world.keys(0)[0]
    assert len(world.keys(0)) == 2
    world.replace(file)
    assert world.replace(file, "second") == ("no_reserve", None)
    assert places(world) == [(1, "replaced"), (2, "due")]


def test_a_replaced_file_is_taken_from_its_readers_and_its_successor_dealt(app):
    world = files_world(app, required=False)
    world.deal()
    read, unread = world.keys(0)[:2]
    key = world.key_of(read)
    world.bring({"1": 90, "2": 60})  # a gap: every case waits for an arbitrator
    assert world.round().state == "arbitration"
    successor = world.replaced(read)
    lines = [one for one in assignments.rows_of(world.round()) if one.case == key]
    assert {one.state for one in lines} == {"submitted"}, (
        "what was submitted stays, the arbitrator's part went"
    )
    new = [one.slot for one in assignments.rows_of(world.round()) if one.case == world.key_of(successor)]
    assert new == ["1", "2"]
    assert rounds.status(world.round())["assignment"]["slots"] == 30
    assert rounds.status(world.round())["arbitration"]["open"] == 14
    assert unread in world.keys(0)


def test_a_supplement_opens_the_tickets_up_to_its_number_and_changes_none(world):
    before = order_of(world)[:6]
    with transaction():
        added = replacement.supplement(
            actor=world.actor(), round_=world.round(), stratum=world.counties[0].code, size=9, now=IN_TIME
        )
        assert [one.place for one in added] == [7, 8, 9]
    drawn = [world.key_of(one) for one in world.keys(0)]
    assert drawn == order_of(world)[:9]
    assert drawn[:6] == before
    weights = {(one.weight_numerator, one.weight_denominator) for one in map(world.file, world.keys(0))}
    assert weights == {(20, 6)}, "the design weight is fixed at the draw"
    for size in (9, 4, 21):
        with pytest.raises(InvalidInput), transaction():
            replacement.supplement(
                actor=world.actor(),
                round_=world.round(),
                stratum=world.counties[0].code,
                size=size,
                now=IN_TIME,
            )
    with pytest.raises(InvalidInput, match=r"draw\.no_stratum"), transaction():
        replacement.supplement(actor=world.actor(), round_=world.round(), stratum="?", size=9, now=IN_TIME)


def test_after_a_supplement_a_replacement_is_the_ticket_after_it(world):
    with transaction():
        replacement.supplement(
            actor=world.actor(), round_=world.round(), stratum=world.counties[0].code, size=8, now=IN_TIME
        )
    successor = world.replaced(world.keys(0)[0])
    assert world.key_of(successor) == order_of(world)[8]


def test_nothing_is_replaced_before_the_call_in_or_in_the_objection_window(app):
    world = files_world(app, call=False)
    with pytest.raises(WrongState, match=r"round\.replace"):
        world.replace(world.keys()[0])


@pytest.mark.arranging
def test_a_forged_order_is_noticed_before_a_ticket_is_opened(world):
    with transaction() as inside:
        unguard(inside, "sampled_case")
        inside.execute(db.update(SampledCase).where(SampledCase.place == 2).values(ticket="0" * 64))
    with pytest.raises(WrongState, match=r"frame\.changed"):
        world.replaced(world.keys()[0])


@pytest.mark.arranging
def test_the_database_takes_no_second_successor(world, session):
    world.replaced(world.keys(0)[0])
    again = db.session.execute(db.select(SampledCase).order_by(SampledCase.id.desc()).limit(1)).scalar_one()
    framed = db.session.execute(
        db.text(
            "SELECT min(id) FROM frame_case WHERE stratum = :stratum AND id NOT IN "
            "(SELECT frame_case_id FROM sampled_case)"
        ),
        {"stratum": again.stratum},
    ).scalar_one()
    forged = SampledCase(
        round_id=again.round_id, frame_case_id=framed, stratum=again.stratum, place=again.place + 1,
        ticket="f" * 64, weight_numerator=20, weight_denominator=6,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="reserve ticket"), session.begin_nested():
        session.add(forged)
        session.flush()


def test_slots_of_a_replacement_in_a_dealt_round_wait_until_the_file_is_there(world):
    world.bring_all()
    world.deal()
    successor = world.replaced(world.keys(0, state="handed_in")[0])
    dealt = {one.case for one in assignments.rows_of(world.round())}
    assert world.key_of(successor) not in dealt
    assert rounds.status(world.round())["assignment"]["slots"] == 28
    world.bring_in(successor, who="liaison0")
    dealt = {one.case for one in assignments.rows_of(world.round())}
    assert world.key_of(successor) in dealt
    assert db.session.execute(db.select(db.func.count()).select_from(Assignment)).scalar_one() == 30
    with transaction():
        dealing.assign(actor=world.actor(), round_=db.session.get_one(Round, world.round().id), now=IN_TIME)
