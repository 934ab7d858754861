"""The monitoring queues over a register: who is in, who isn't."""

from datetime import date

import pytest

from qualityeval.core.monitoring import Queue, Watch
from qualityeval.queries import monitoring as queries
from tests.channel_rows import CONTENT, create_callback, create_follow_up
from tests.factories import NOW, create_actor, create_case, create_institution

TODAY = date(2026, 11, 25)
OPEN = {"closed_on": None}


@pytest.fixture
def office(session):
    city = create_institution(code="330100")
    county, other = (create_institution(code=code, parent=city) for code in ("330102", "330105"))
    return create_actor(institution=city), county, other


def test_what_is_watched_without_a_day(office):
    """A mass case is ten of a series; a dissatisfied recipient is watched until the complaint is closed."""
    city, county, _other = office
    for number in range(10):
        create_case(institution=county, number=f"m{number}", series="S1", risk="", **OPEN, assigned_on=TODAY)
    create_case(institution=county, number="major", risk="重大", **OPEN, assigned_on=TODAY)
    create_case(institution=county, number="closed major", risk="重大", archived_on=TODAY)
    create_case(institution=county, number="nine", series="S2", **OPEN, assigned_on=TODAY)
    said = {"unhappy": "dissatisfied", "happy": "very", "settled": "very_dissatisfied"}
    for number, overall in said.items():
        alarms = ["overall"] if overall == "very_dissatisfied" else []
        row = create_callback(
            case=create_case(institution=county, number=number, archived_on=TODAY), state="done", answered_at=NOW,
            answers={**CONTENT, "overall": overall}, alarms=alarms,
        )  # fmt: skip
        if number == "settled":
            create_follow_up(
                case=row.case, kind="complaint", source="callback", source_key=row.public_id, state="closed",
                answered_at=NOW, closed_at=NOW,
            )  # fmt: skip
    watched = {kind: queries.list_for(city, kind, today=TODAY) for kind in Watch}
    assert sorted(row.number for row in watched[Watch.SPECIAL]) == [*(f"m{n}" for n in range(10)), "major"]
    assert [(row.number, row.began, row.due) for row in watched[Watch.ABNORMAL]] == [("unhappy", TODAY, None)]


def test_each_queue(office):
    city, county, other = office
    cases = {
        "late start": {**OPEN, "assigned_on": date(2026, 11, 19)},  # Fri Mon Tue: the 24th was the last day
        "in time": {**OPEN, "assigned_on": date(2026, 11, 20)},
        "met": {**OPEN, "assigned_on": date(2026, 11, 2), "met_on": date(2026, 11, 20)},
        "defaulted": {**OPEN, "assigned_on": date(2026, 1, 1), "defaulted": ["assigned_on"]},
        "papers due": {"closed_on": date(2026, 10, 1)},
        "papers in time": {"closed_on": date(2026, 10, 26)},  # 25 November is the last day
        "handed in": {"closed_on": date(2026, 9, 1), "submitted_on": date(2026, 11, 1)},
        "check due": {"closed_on": date(2026, 9, 1), "submitted_on": date(2026, 9, 20)},
        "done": {
            "closed_on": date(2026, 9, 1),
            "submitted_on": date(2026, 9, 20),
            "archived_on": date(2026, 10, 9),
        },
    }
    for number, fields in cases.items():
        create_case(institution=county, number=number, **fields)
    create_case(institution=other, number="late too", closed_on=date(2026, 9, 1))
    found = {queue: [row.number for row in queries.list_for(city, queue, today=TODAY)] for queue in Queue}
    assert found == {
        Queue.NOT_STARTED: ["late start"],
        Queue.NOT_HANDED_IN: ["late too", "papers due"],
        Queue.NOT_CHECKED: ["check due"],
    }
    counts = queries.counts_for(city, today=TODAY)
    assert {code: list(one.values()) for (code, _name), one in counts.items()} == {
        "330102": [1, 1, 1, 0, 0], "330105": [0, 1, 0, 0, 0],
    }  # fmt: skip
    assert list(queries.totals(counts).values()) == [1, 2, 1, 0, 0]
    narrow = queries.list_for(city, Queue.NOT_HANDED_IN, today=TODAY, place="330105")
    assert [(row.number, row.due) for row in narrow] == [("late too", date(2026, 10, 8))]
    assert queries.counts_for(create_actor(institution=other), today=TODAY).keys() == {("330105", other.name)}
