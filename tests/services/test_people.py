"""Terms, leave, guests, heads, identities, watch lists, clearances: who is dealt to, and whose files open."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, WrongState
from qualityeval.core.two_people import SamePerson
from qualityeval.database import db, transaction
from qualityeval.models import Institution, Round
from qualityeval.queries import (
    assignments,
    availability,
    clearances,
    file_answers,
    people,
    second_check,
    sheets,
    terms,
)
from qualityeval.queries.accounts import actor_of
from qualityeval.services import appointments, dealing, expert_import, identities, interests, watch
from qualityeval.services import clearances as services
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import stories
from tests.services.dealt import Dealt

pytestmark = pytest.mark.usefixtures("session")
TODAY = NOW.date()
DAY = timedelta(days=1)


@kept
def drawn(*, require=""):
    """A drawn round of two counties, eight experts of whom nothing is known yet."""
    root, _counties = stories.bureau(cases=(8, 8))
    first, second = stories.managers(root)
    factories.create_experts(range(8))
    stories.drawn(first, second, stories.spec(root.code) + require)
    return Dealt(first, second, actor_of(factories.create_account(role=Role.EXPERT, expert_code="E0")))


def counties():
    query = select(Institution.code).where(Institution.parent_id.is_not(None)).order_by(Institution.id)
    return list(db.session.execute(query).scalars())


def deal(world):
    with transaction():
        dealing.assign(actor=world.first, round_=world.round_, now=NOW)
    return {row.expert for row in assignments.rows_of(world.round_)}


def terms_for(world, code, **values):
    places = {name: values.pop(name) for name in ("station", "head_of", "only_round") if name in values}
    with transaction():
        appointments.change_terms(
            actor=world.first, expert=world.expert(code), values=values, now=NOW, **places
        )


def test_nothing_is_dealt_outside_a_term_during_leave_or_to_the_unclear_and_withdrawn():
    world = drawn()
    terms_for(world, "E0", kind="own", until=TODAY - DAY)
    terms_for(world, "E1", kind="guest", since=TODAY, until=TODAY)
    with transaction():
        appointments.add_leave(
            actor=world.first, expert=world.expert("E2"), since=TODAY, until=TODAY, reason="出差", now=NOW
        )
        row = watch.propose(
            actor=world.first, about="expert", whom="E3", act="withdraw", reason="多次逾期", now=NOW
        )
    with transaction():
        watch.decide(
            actor=world.second, proposal=watch.get_for(world.second, row.public_id), agreed=True, reason="属实",
            now=NOW,
        )  # fmt: skip
        world.expert("E4").licence = world.expert("E5").licence = "L9"
        assert identities.propose(actor=world.first, now=NOW) == 1
        assert identities.propose(actor=world.first, now=NOW) == 0
    assert deal(world) == {"E1", "E6", "E7"}
    why = {world.expert(code).id: code for code in ("E0", "E2", "E3", "E4", "E5")}
    found = {why[id_]: reason for id_, reason in availability.unavailable(world.round_, TODAY).items()}
    assert found == {
        "E0": "term", "E2": "leave", "E3": "withdrawn", "E4": "identity", "E5": "identity",
    }  # fmt: skip
    assert world.broken() == set()


def test_the_second_checker_finds_what_was_dealt_outside_the_terms():
    world = drawn()
    deal(world)
    terms_for(world, "E0", kind="own", since=TODAY + DAY)
    place = world.case(world.lines("E1")[0]).institution
    terms_for(world, "E1", kind="own", head_of=place.code)
    with transaction():  # entered after the dealing: the dealing wasn't wrong
        appointments.add_leave(
            actor=world.first, expert=world.expert("E2"), since=TODAY, until=TODAY, reason="", now=NOW + DAY
        )
    found = {
        (one.expert, one.rule)
        for one in second_check.broken_rules(world.round_, region="county", provider=True)
    }
    assert found == {("E0", "term"), ("E1", "head")}


def test_a_head_is_recused_from_all_below_and_a_third_party_serves_one_round():
    world = drawn()
    for number in range(8):
        terms_for(world, f"E{number}", kind="own", head_of=counties()[0] if number < 6 else "")
    other = factories.create_round(
        institution=db.session.get_one(Round, world.round_.id).institution, code="OTHER"
    )
    terms_for(
        world, "E7", kind="third_party", contract="合同1号", since=TODAY, until=TODAY, only_round=other.code
    )
    readers = deal(world)
    assert "E7" not in readers
    rows = list(assignments.rows_of(world.round_))
    assert not [row for row in rows if row.case.startswith(f"{counties()[0]}:") and row.expert != "E6"]
    with pytest.raises(InvalidInput, match="第三方"), transaction():
        appointments.change_terms(
            actor=world.first, expert=world.expert("E6"), values={"kind": "third_party"}, now=NOW
        )


def test_terms_come_and_go_by_file_unchanged():
    world = drawn()
    line = {
        "code": "E0", "name": "专家0", "kind": "third_party", "term_from": "2026-01-01", "term_until": "2026-12-31",
        "leave": "2026-05-01..2026-05-07;2026-06-01..2026-06-02", "station": counties()[0], "head_of": counties()[1],
        "languages": "维吾尔语;手语", "contract": "合同1号", "only_round": "R2026",
    }  # fmt: skip
    with transaction():
        report = expert_import.import_experts(actor=world.first, lines=[(2, line)], now=NOW)
    assert (report.updated, report.rejected) == (1, ())
    assert terms.columns() == {"E0": tuple(line[name] for name in appointments.COLUMNS)}
    with transaction():
        assert expert_import.import_experts(actor=world.first, lines=[(2, line)], now=NOW).unchanged == 1
    for column, odd in {
        "kind": "x", "term_from": "1.5.2026", "term_until": "2025-01-01", "leave": "五月", "station": "1",
        "contract": "", "only_round": "NONE",
    }.items():  # fmt: skip
        cells = {**line, "code": "E-new", column: odd}
        with transaction():
            (rejected,) = expert_import.import_experts(
                actor=world.first, lines=[(2, cells)], now=NOW
            ).rejected
        assert rejected.column == column


def test_same_person_the_later_entry_leaves_and_its_interests_and_seats_pass_on():
    world = drawn()
    deal(world)
    theirs = world.lines("E1")[0].sampled_case_id
    with transaction():
        world.expert("E0").licence = world.expert("E1").licence = "L1"
        interests.add_past_provider(
            actor=world.first, expert=world.expert("E1"), provider="旧所", since=None, until=None, now=NOW
        )
        identities.propose(actor=world.first, now=NOW)
    (row,) = people.pairs(world.first)
    assert (row.ground, row.state) == ("licence", "open")

    def decide(**said):
        with transaction():
            return identities.decide(
                actor=world.second, proposal=people.pair_for(world.second, row.public_id), now=NOW, **said
            )

    with pytest.raises(InvalidInput, match="理由"):
        decide(decision="same", reason=" ")
    assert decide(decision="same", reason="身份证一致").code == "E0"
    assert not world.expert("E1").active
    assert interests.is_past_provider(world.expert("E0"), "旧所")
    with pytest.raises(WrongState, match="判定过"):
        decide(decision="different", reason="误判")
    assert availability.unavailable(world.round_, TODAY) == {}

    assert world.expert("E0").id in file_answers.gave_up(world.round_).get(theirs, set()) or any(
        line.sampled_case_id == theirs for line in world.lines("E0")
    )


def test_a_watch_proposal_needs_a_second_person():
    world = drawn()
    with transaction():
        row = watch.propose(actor=world.first, about="expert", whom="E3", act="warn", reason="逾期", now=NOW)
    with pytest.raises(SamePerson, match="另一位管理员"), transaction():
        watch.decide(
            actor=world.first,
            proposal=watch.get_for(world.first, row.public_id),
            agreed=True,
            reason="是",
            now=NOW,
        )
    with transaction():
        watch.decide(
            actor=world.second, proposal=watch.get_for(world.second, row.public_id), agreed=False, reason="理由不足",
            now=NOW,
        )  # fmt: skip
    (shown,) = people.watched(world.first)
    assert (shown.state, shown.decision, shown.mine) == ("refused", "理由不足", True)
    for odd in ({"whom": "E-none"}, {"act": "x"}, {"reason": " "}):
        said = {"about": "expert", "whom": "E3", "act": "warn", "reason": "逾期", **odd}
        with pytest.raises(InvalidInput), transaction():
            watch.propose(actor=world.first, now=NOW, **said)


def test_files_open_once_the_undertaking_is_signed_and_the_training_ticked():
    world = drawn(require="require: [training, undertaking]\n")
    deal(world)
    (line, *_more) = world.lines()
    id_, key, expert = line.public_id, line.round_id, line.expert_id
    assert clearances.lacking(key, expert) == ("undertaking", "training")
    with pytest.raises(sheets.Uncleared):
        sheets.get_for(world.me, id_)
    with pytest.raises(InvalidInput, match="姓名"), transaction():
        services.sign(actor=world.me, assignment=world.lines()[0], name="别人", text=["一"], now=NOW)
    for _twice in range(2):
        with transaction():
            line = world.lines()[0]
            services.sign(actor=world.me, assignment=line, name=line.expert.name, text=["一"], now=NOW)
    with pytest.raises(InvalidInput, match="没有编号"), transaction():
        services.tick_training(actor=world.first, round_=world.round_, codes=["E0", "E-none"], now=NOW)
    assert clearances.lacking(key, expert) == ("training",)
    with transaction():
        assert services.tick_training(actor=world.first, round_=world.round_, codes=["E0"], now=NOW) == 1
    assert sheets.get_for(world.me, id_).public_id == id_
    (mine,) = [one for one in clearances.of_round(world.first, world.round_) if one.code == "E0"]
    assert all(mine.given.values())
