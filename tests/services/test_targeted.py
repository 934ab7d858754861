"""Targeted files: marked by rule or by hand, dealt and scored as the sample is, and in no rate."""

import json
from collections import Counter
from datetime import date

import pytest

from qualityeval.authz import COMMAND_LINE, Actor
from qualityeval.clock import office_date
from qualityeval.core.codes import Role
from qualityeval.core.errors import InvalidInput, NotAllowed, NotFound, WrongState
from qualityeval.core.targeted import Limits
from qualityeval.database import transaction
from qualityeval.queries import assignments, coverage, meetings, sheets
from qualityeval.queries import results as result_queries
from qualityeval.queries import rounds as round_queries
from qualityeval.queries import targeted as queries
from qualityeval.services import dealing, releases, sheet_import, targeted
from qualityeval.services.rounds import read_spec, withdraw
from tests import factories
from tests.factories import NOW
from tests.kept import kept
from tests.services import chain, stories


@pytest.fixture
@kept
def world(session):
    """Eighteen cases, six drawn; two of a series of three, one handed in late, twelve experts."""
    root, (_small, large) = stories.bureau(cases=(5, 10))
    for number in range(3):
        factories.create_case(
            institution=large,
            number=f"S{number}",
            series="楼盘",
            submitted_on=date(2026, 7, 15) if number == 2 else None,
        )
    first, second = stories.managers(root)
    for number in range(12):
        factories.create_expert(code=f"E{number:02d}", provider=f"律所{number}", cap=8)
    stories.drawn(first, second, stories.spec(root.code))
    return root, large, first, second


def the_round(actor: Actor):
    return round_queries.by_code_for(actor, "R2026")


def mark(actor: Actor, keys: list[str], rule: str = "complaint", note: str = "") -> Counter[str]:
    with transaction():
        return Counter(
            targeted.mark_cases(
                actor=actor, round_=the_round(actor), keys=keys, rule=rule, note=note, now=NOW
            )
        )


def undrawn(actor: Actor, place, count: int) -> list[str]:
    drawn = {row.key for row in round_queries.sample_of(actor, the_round(actor))}
    keys = [key for key, _ in round_queries.frame_of(the_round(actor)) if key not in drawn]
    return [key for key in keys if key.startswith(f"{place.code}:")][:count]


def assign(actor: Actor) -> None:
    with transaction():
        dealing.assign(actor=actor, round_=the_round(actor), now=NOW)


def score(round_, points: dict[str, int]) -> None:
    with transaction():
        report = sheet_import.import_sheets(
            actor=COMMAND_LINE, round_=round_, lines=chain.lines(round_, points), now=NOW
        )
    assert not report.rejected


def figures(actor: Actor) -> str:
    return json.dumps(result_queries.results(actor, the_round(actor)), default=str)


def test_rules_find_what_the_registers_know(world):
    _root, large, first, _second = world
    with transaction():
        counts = targeted.mark_by_rules(
            actor=first,
            round_=the_round(first),
            rules=["overdue", "mass"],
            limits=Limits(days=200, mass=3),
            now=NOW,
        )
    # closed on 1 June: S2 came 44 days later, all others aren't there after 177; the series has three
    assert dict(counts) == {"mass": 3}
    rows = queries.list_for(first, the_round(first))
    assert [(row.institution, row.number, row.rules) for row in rows] == [
        (large.code, f"S{n}", ("mass",)) for n in range(3)
    ]
    again = targeted.leads(
        actor=first, round_=the_round(first), rules=["mass"], limits=Limits(mass=3), now=NOW
    )
    assert again == []


def test_targeted_files_change_no_byte_of_the_results(world):
    root, large, first, _second = world
    keys = undrawn(first, large, 3)
    round_ = the_round(first)
    at = assignments.places()
    plan = dealing._deal(
        round_, read_spec(round_.spec), assignments.drawn_files(round_, at), pool=assignments.judges(at), taken={},
        carried={}, met=meetings.met(round_, office_date(NOW)),
    )  # fmt: skip
    files = [file.key for file in assignments.drawn_files(round_, at)]
    pool = [one.code for one, _ in assignments.judges(at)]
    alone = {
        (key, pool[reader]) for key, readers in zip(files, plan.readers, strict=True) for reader in readers
    }
    mark(first, keys)
    assign(first)
    # the sample's deal is what it would be without
    assert {(row.case, row.expert) for row in assignments.rows_of(the_round(first))} == alone
    track = queries.track_of(the_round(first))
    assert {row.case for row in assignments.rows_of(track)} == set(keys)
    assert {row.slot for row in assignments.rows_of(track)} == {"1", "2"}
    score(the_round(first), {"1": 92, "2": 90})
    before, status = figures(first), round_queries.status(the_round(first))
    period = coverage.Period(date(2026, 1, 1), date(2026, 12, 31))
    covered = coverage.coverage_for(first, period)
    score(track, {"1": 41, "2": 39})
    assert figures(first) == before
    assert round_queries.status(the_round(first)) == status
    assert coverage.coverage_for(first, period) == covered
    found = {
        f"{row.institution}:{row.number}": (row.submitted, row.sheets, row.total)
        for row in queries.list_for(first, the_round(first))
    }
    assert found == dict.fromkeys(keys, (2, 2, 4000))
    del root


def test_the_expert_cannot_tell_which_is_which(world):
    _root, large, first, _second = world
    mark(first, undrawn(first, large, 6))
    assign(first)
    track = queries.track_of(the_round(first))
    both = [
        (row, kind)
        for kind, one in (("sample", the_round(first)), ("track", track))
        for row in assignments.rows_of(one)
    ]
    code = next(
        expert for expert in {row.expert for row, _ in both}
        if {kind for row, kind in both if row.expert == expert} == {"sample", "track"}
    )  # fmt: skip
    actor = Actor(1, "expert", "expert", Role.EXPERT, expert_code=code)
    rows = sheets.list_for(actor)
    assert len({(row.round_title, row.state, row.begun, row.due) for row in rows}) == 1
    assert {len(row.public_id) for row in rows} == {20}
    assert {row.slot for row in rows} <= {"1", "2"}
    assert len({sheets.get_for(actor, row.public_id).dealt_at for row in rows}) == 1


def test_the_track_is_on_no_list_and_goes_where_its_round_goes(world):
    _root, large, first, second = world
    mark(first, undrawn(first, large, 2))
    assign(first)
    track = queries.track_of(the_round(first))
    assert [row.code for row in round_queries.list_for(first)] == ["R2026"]
    with pytest.raises(NotFound):
        round_queries.get_for(first, track.public_id)
    assert track.plan_digest is None  # nothing of it is published
    score(the_round(first), {"1": 92, "2": 90})
    with pytest.raises(WrongState) as refusal, transaction():
        releases.notify(actor=first, round_=the_round(first), now=NOW)
    assert refusal.value.params["sheets"] == 4
    score(queries.track_of(the_round(first)), {"1": 92, "2": 90})
    with transaction():
        releases.notify(actor=first, round_=the_round(first), now=NOW)
    assert queries.track_of(the_round(first)).state == "objection"
    with transaction():
        withdraw(actor=first, round_=the_round(first), reason="重做", now=NOW)
    assert queries.track_of(the_round(first)).state == "withdrawn"
    del second


def test_marks_can_be_taken_back_until_the_dealing_and_a_drawn_case_is_read_once(world):
    _root, large, first, _second = world
    (key,) = undrawn(first, large, 1)
    drawn = round_queries.sample_of(first, the_round(first))[0].key
    assert mark(first, [drawn], note="来信反映") == {"complaint": 1}
    assert mark(first, [key]) == {"complaint": 1}
    assert mark(first, [key, drawn]) == {}
    row = next(row for row in queries.list_for(first, the_round(first)) if not row.note)
    with transaction():
        targeted.unmark(actor=first, round_=the_round(first), case_public_id=row.case_public_id, now=NOW)
    with pytest.raises(InvalidInput), transaction():
        targeted.unmark(actor=first, round_=the_round(first), case_public_id=row.case_public_id, now=NOW)
    assign(first)
    assert queries.track_of(the_round(first)) is None  # the one left is in the sample
    (left,) = queries.list_for(first, the_round(first))
    assert (left.sampled, left.sheets, left.note) == (True, 2, "来信反映")
    with pytest.raises(WrongState), transaction():
        targeted.mark_cases(actor=first, round_=the_round(first), keys=[key], rule="mass", note="", now=NOW)


def test_what_cannot_be_marked_and_by_whom(world):
    _root, large, first, _second = world
    refused = {
        "targeted.case": (["nowhere:1"], "complaint", ""), "targeted.rule": ([], "gossip", ""),
        "targeted.note": ([], "complaint", "长" * 401),
    }  # fmt: skip
    for code, said in refused.items():
        with pytest.raises(InvalidInput) as refusal:
            mark(first, *said)
        assert refusal.value.code == code
    other, _ = stories.managers(large)
    with pytest.raises(NotAllowed), transaction():
        targeted.mark_cases(actor=other, round_=the_round(first), keys=[], rule="mass", note="", now=NOW)
