"""The twenty checks by hand: days counted on a calendar (September and October 2026, 国办发明电〔2025〕7号)."""

from datetime import date, timedelta

import pytest

from qualityeval.core.process_checks import LIMITS, ROWS, Facts, Limit, checks, due_on, limit_for


def facts(*, region="430100", papers=None, missing=(), **more):
    kind = {"case_type": "criminal", "aid_form": "defence", "stage": "trial", "hearing_held": True}
    own = {name: more.pop(name) for name in list(more) if name in {*kind, "defaulted"}}
    return Facts(region=region, dates=more, papers=papers, missing=missing, **{**kind, **own})


def check(number, found):
    return checks(found)[number - 1]


def test_twenty_rows_in_order_and_nothing_known_is_nothing_computed():
    found = checks(facts())
    assert [one.number for one in found] == list(range(1, 21))
    assert {one.outcome for one in found} == {"not_computable"}
    assert all(one.reason for one in found)
    assert {one.step for one in LIMITS} <= {row.step for row in ROWS}


@pytest.mark.parametrize(("decided", "outcome"), [(date(2026, 6, 8), "holds"), (date(2026, 6, 9), "broken")])
def test_seven_days_from_the_application(decided, outcome):
    # Monday 1 June + 7 = Monday 8 June
    one = check(1, facts(applied_on=date(2026, 6, 1), decided_on=decided))
    assert (one.outcome, one.due, one.limit.number) == (outcome, date(2026, 6, 8), 7)
    assert one.dates == (("applied_on", date(2026, 6, 1)), ("decided_on", decided))


@pytest.mark.parametrize(
    ("number", "region", "start", "end", "due"),
    [
        (3, "430100", "noticed_on", "assigned_on", date(2026, 6, 4)),  # three days
        (4, "350100", "assigned_on", "named_on", date(2026, 6, 3)),  # Fujian: two working days
        (5, "430100", "assigned_on", "engaged_on", date(2026, 6, 8)),  # five: Saturday 6 June moves to Monday
        (5, "350100", "assigned_on", "engaged_on", date(2026, 6, 4)),  # Fujian: three
    ],
)
def test_notice_name_and_engagement_by_their_own_dates(number, region, start, end, due):
    monday, late = date(2026, 6, 1), due + timedelta(days=1)
    held, broken = (check(number, facts(region=region, **{start: monday, end: day})) for day in (due, late))
    assert (held.outcome, held.due, broken.outcome, broken.late) == ("holds", due, "broken", 1)


@pytest.mark.parametrize(
    ("closed", "outcome", "late"), [(1, "holds", 0), (3, "broken", 2), (31, "broken", 0)]
)
def test_a_case_is_closed_on_the_day_its_closing_paper_came(closed, outcome, late):
    day = date(2026, 6, closed) if closed < 31 else date(2026, 5, 31)
    one = check(17, facts(closing_paper_on=date(2026, 6, 1), closed_on=day))
    assert (one.outcome, one.late, one.due) == (outcome, late, date(2026, 6, 1))


def test_the_last_day_moves_out_of_a_rest():
    # Thursday 24 September + 3 = Sunday 27, the last day of Mid-Autumn: Monday 28
    one = check(2, facts(decided_on=date(2026, 9, 24), assigned_on=date(2026, 9, 28)))
    assert (one.outcome, one.due) == ("holds", date(2026, 9, 28))


def test_working_days_leave_out_the_national_holiday_and_count_the_working_saturday():
    # five working days after Tuesday 29 September: 30, then 8, 9, Saturday 10 (worked), Monday 12
    five = Limit("decide", 5, working=True)
    assert due_on(date(2026, 9, 29), five) == date(2026, 10, 12)


@pytest.mark.parametrize(
    ("region", "day", "number", "working"),
    [
        ("430100", date(2026, 1, 5), 7, False),  # the law
        ("330200", date(2026, 1, 5), 7, True),  # Zhejiang
        ("330102", date(2026, 1, 5), 5, True),  # Hangzhou
        ("330102", date(2016, 5, 1), 7, True),  # Hangzhou before its regulation: the province's
        ("330102", date(2015, 5, 1), 7, False),
    ],
)
def test_the_nearest_region_and_the_day_choose_the_limit(region, day, number, working):
    one = limit_for("decide", region=region, day=day)
    assert (one.number, one.working) == (number, working)


def test_an_own_limit_overrides():
    own = (*LIMITS, Limit("hand_in", 20, source="本省", region="43", since=date(2026, 1, 1)))
    found = checks(facts(closed_on=date(2026, 6, 1), submitted_on=date(2026, 6, 30)), limits=own)[14]
    assert (found.outcome, found.limit.source, found.due) == ("broken", "本省", date(2026, 6, 22))
    assert check(15, facts(closed_on=date(2026, 6, 1), submitted_on=date(2026, 6, 30))).outcome == "holds"


def test_a_default_a_missing_and_a_turned_date_break_nothing():
    known = {"applied_on": date(2026, 6, 1), "decided_on": date(2026, 7, 1)}
    assert check(1, facts(**known)).outcome == "broken"
    assert check(1, facts(**known, defaulted=("decided_on",))).reason == "no_date"
    assert check(1, facts(applied_on=date(2026, 6, 1))).reason == "no_date"
    assert check(1, facts(applied_on=date(2026, 7, 1), decided_on=date(2026, 6, 1))).reason == "order"


def test_work_begun_has_a_limit_in_zhejiang_only():
    known = {"assigned_on": date(2026, 6, 1), "met_on": date(2026, 6, 9), "files_read_on": date(2026, 6, 3)}
    one = check(7, facts(region="330200", **known))
    assert (one.outcome, one.dates[1]) == ("holds", ("files_read_on", date(2026, 6, 3)))
    assert check(7, facts(**known)).reason == "no_limit"


def test_meeting_before_the_hearing():
    hearing = date(2026, 6, 10)
    assert check(8, facts(met_on=hearing, hearing_on=hearing)).outcome == "holds"
    assert check(8, facts(met_on=date(2026, 6, 11), hearing_on=hearing)).outcome == "broken"
    assert check(8, facts(papers={"meeting-note"})).papers == ("meeting-note",)
    assert check(8, facts(papers={"judgment"})).outcome == "broken"
    assert check(8, facts()).reason == "no_papers"


def test_papers():
    assert check(12, facts(papers={"argument"})).outcome == "holds"
    assert check(12, facts(papers=set())).outcome == "broken"
    assert check(11, facts(stage="investigation", papers=set())).reason == "kind"
    assert check(13, facts(hearing_held=False, papers=set())).reason == "not_heard"
    assert check(14, facts(papers=set())).reason == "occasion"
    assert check(20, facts(papers={"x"}, missing=("judgment",))).papers == ("judgment",)
    assert check(20, facts(papers={"x"})).outcome == "holds"
