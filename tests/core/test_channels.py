"""What the other channels come to: scores, outcomes and rates, each worked by hand."""

from datetime import UTC, datetime, time, timedelta, timezone
from fractions import Fraction

import pytest

from qualityeval.adapters.form_files import shipped_form
from qualityeval.core.callback import (
    Called,
    Outcome,
    State,
    after,
    check_dialling,
    masked_name,
    masked_number,
    resting_until,
    tally,
)
from qualityeval.core.coverage import Rate, hearing_rates, still_needed, total
from qualityeval.core.errors import InvalidInput, WrongState
from qualityeval.core.observation import check_times, hour, require_open, score
from qualityeval.core.opinion import OpinionState, dimensions, standing
from qualityeval.core.scoring import half_up
from tests.channel_rows import CONTENT, FULL_MARKS, PRAISE

HEARING, CALLBACK, ORGAN = (
    shipped_form(key) for key in ("hearing-observation@1", "callback@1", "organ-opinion@1")
)
OFFICE = timezone(timedelta(hours=8))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=OFFICE)


@pytest.mark.parametrize(
    ("changed", "total_", "available"),
    [
        ({}, 10000, 10000),
        # 100 - 4·20 % - 10·40 % - 5·100 % = 90.2
        ({"punctual": "good", "proof": "fair", "care": "poor"}, 9020, 10000),
        # 8 and 7 points leave: 85 are left, 9 of them at 80 %: 100·83.2/85 = 97.882…
        ({"questions": "na", "objects": "na", "law": "good"}, 9788, 8500),
        # 10+10+8 leave: 72 are left, 3 of them at 60 %: 100·70.8/72 = 98.333…
        ({"proof": "na", "challenge": "na", "line": "na", "papers": "fair"}, 9833, 7200),
    ],
)
def test_a_score_is_the_earned_part_of_what_could_be_judged(changed, total_, available):
    result = score(HEARING, {**FULL_MARKS, **changed})
    assert (result.total, result.available, result.reason) == (total_, available, "")


def test_an_absent_lawyer_and_too_little_judged_have_no_score_but_a_reason():
    assert score(HEARING, {"attended": "absent"}).reason == "absent"
    assert score(HEARING, {"attended": "same", "punctual": "good"}).reason == "incomplete"
    # 10+10+8+9 leave: 63 of 100 points are under 70 %
    thin = {**FULL_MARKS, **dict.fromkeys(("proof", "challenge", "line", "law"), "na")}
    result = score(HEARING, thin)
    assert (result.total, result.available, result.reason, result.not_applicable) == (
        None,
        6300,
        "covered",
        4,
    )
    # exactly 70 is enough: 10+10+8+2… by points 10+10+5+5
    edge = {**FULL_MARKS, **dict.fromkeys(("proof", "challenge", "care", "surprises"), "na")}
    assert (score(HEARING, edge).total, score(HEARING, edge).available) == (10000, 7000)


def test_halves_go_up():
    assert [half_up(Fraction(part, 2)) for part in (1, 3, 5)] == [1, 2, 3]
    assert half_up(Fraction(2499, 1000)) == 2


@pytest.mark.parametrize(("text", "value"), [("14:05", time(14, 5)), (" 9：30 ", time(9, 30)), ("", None)])
def test_a_time_is_read(text, value):
    assert hour(text, where="x") == value


@pytest.mark.parametrize("text", ["25:00", "14", "1405", "14:60", "ab:cd", "１４:05", "-1:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidInput):
        hour(text, where="x")


def test_nobody_leaves_before_they_came():
    check_times(time(9), time(9))
    check_times(None, time(9))
    with pytest.raises(InvalidInput):
        check_times(time(10), time(9, 59))
    with pytest.raises(WrongState):
        require_open("submitted")


@pytest.mark.parametrize(
    ("outcome", "attempts", "state"),
    [
        (Outcome.REACHED, 1, State.DONE),
        (Outcome.REFUSED, 1, State.REFUSED),
        (Outcome.DEAD, 1, State.UNREACHED),
        (Outcome.WRONG_NUMBER, 1, State.UNREACHED),
        (Outcome.NO_ANSWER, 4, State.OPEN),
        (Outcome.NO_ANSWER, 5, State.UNREACHED),
        (Outcome.SUSPENDED, 1, State.OPEN),
        (Outcome.THIRD_PARTY, 1, State.OPEN),
        (Outcome.RESCHEDULED, 4, State.OPEN),
        (Outcome.RESCHEDULED, 5, State.UNREACHED),
    ],
)
def test_what_a_call_makes_of_its_task(outcome, attempts, state):
    assert after(outcome, attempts) is state


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-25 07:59", False), ("2026-11-25 08:00", True), ("2026-11-25 11:59", True),
        ("2026-11-25 12:00", False), ("2026-11-25 13:59", False), ("2026-11-25 14:00", True),
        ("2026-11-25 19:59", True), ("2026-11-25 20:00", False),
    ],
)  # fmt: skip
def test_quiet_hours_to_the_minute(moment, allowed):
    if allowed:
        check_dialling([], at(moment))
        return
    with pytest.raises(WrongState) as refusal:
        check_dialling([], at(moment))
    assert refusal.value.code == "callback.quiet_hours"


def test_twice_a_day_by_the_day_of_the_office_and_five_times_at_all():
    now = at("2026-11-25 09:00")
    today = [at("2026-11-25 08:10"), datetime(2026, 11, 24, 16, 30, tzinfo=UTC)]  # the second is 00:30 here
    check_dialling(today[:1], now)
    with pytest.raises(WrongState) as refusal:
        check_dialling(today, now)
    assert refusal.value.code == "callback.most_a_day"
    assert resting_until(today, now) == at("2026-11-26 00:00")
    assert resting_until(today[:1], now) is None
    earlier = [at(f"2026-11-{day} 09:00") for day in (16, 17, 18, 19, 20)]
    check_dialling(earlier[:4], now)
    with pytest.raises(WrongState) as refusal:
        check_dialling(earlier, now)
    assert refusal.value.code == "callback.most"


def test_the_callback_report_of_tancheng():
    """50 asked, 47 reached, 2 numbers suspended, 1 dead: 94 % reach (county report, domain page section 4)."""
    satisfied = Called(("reached",), CONTENT)
    tasks = [satisfied] * 47 + [Called(("suspended",))] * 2 + [Called(("dead",))]
    found = tally(tasks, CALLBACK)
    assert found.outcomes == {"reached": 47, "suspended": 2, "dead": 1}
    assert found.reach == Rate(47, 50)
    assert found.reach.share == Fraction(94, 100)


def test_denominators_by_hand():
    """68 listed, 65 dialled, 61 answered the form: 3 of them without a rating, 55 of 58 satisfied."""
    unhappy, unrated = {**CONTENT, "overall": "dissatisfied"}, {**CONTENT, "overall": "unrated"}
    tasks = [
        *[Called(("no_answer", "reached"), CONTENT)] * 55, *[Called(("reached",), unhappy)] * 3,
        *[Called(("reached",), unrated)] * 2, Called((), {"who": "family"}),  # by letter, overall left empty
        *[Called(("refused",))] * 2, *[Called(("no_answer", "no_answer"))] * 2, Called(("rescheduled",)),
        Called(), Called(),
    ]  # fmt: skip
    found = tally(tasks, CALLBACK)
    assert (found.listed, found.dialled, found.completed) == (68, 65, 61)
    assert found.reach == Rate(63, 65)  # 60 talked, 2 refused, 1 asked for later
    assert found.response == Rate(61, 68)
    assert found.satisfaction == Rate(55, 58)
    assert found.outcomes == {"no_answer": 59, "reached": 60, "refused": 2, "rescheduled": 1}


def test_nobody_listed_has_no_rates_but_a_reason():
    found = tally([], CALLBACK)
    assert (found.reach.share, found.satisfaction.share) == (None, None)
    assert found.reach.reason == "nothing_eligible"


def test_a_serious_answer_is_a_lead():
    lead = Called(("reached",), {**CONTENT, "money_asked": "yes", "met_times": "never"})
    assert tally([lead, Called(("reached",), CONTENT)], CALLBACK).alarms == 1
    assert CALLBACK.alarms(lead.answers) == ("met_times", "money_asked")


def test_masks():
    assert [masked_number(text) for text in ("13812340000", "138-1234-0000", "0571-8512345", "12345", "")] == [
        "138 **** 0000", "138 **** 0000", "057 **** 2345", "****", "****",
    ]  # fmt: skip
    assert [masked_name(text) for text in ("王小明", "王明", "王", "")] == ["王○○", "王○", "王○", ""]


def test_a_rate_is_exact_and_never_above_one():
    assert Rate(1, 3).share == Fraction(1, 3)
    with pytest.raises(InvalidInput):
        Rate(4, 3)
    with pytest.raises(InvalidInput):
        Rate(-1, 3)


def test_together_is_a_rate_of_counts_not_a_mean_of_rates():
    whole = total([Rate(1, 2, {"sealed": 1}), Rate(0, 8), Rate(3, 10, {"sealed": 2, "no_phone": 1})])
    assert (whole.share, whole.left_out) == (Fraction(4, 20), {"sealed": 3, "no_phone": 1})
    assert total([]).share is None


def test_closed_hearings_leave_the_open_rate_only():
    statutory, open_rate = hearing_rates(heard=40, observed=2, closed={"minor": 3, "privacy": 1})
    assert (statutory.share, open_rate.share) == (Fraction(2, 40), Fraction(2, 36))
    assert open_rate.left_out == {"minor": 3, "privacy": 1}


@pytest.mark.parametrize(
    ("done", "eligible", "needed"), [(0, 0, 0), (0, 1, 1), (5, 100, 0), (4, 100, 1), (5, 101, 1)]
)
def test_what_five_per_cent_still_asks_for(done, eligible, needed):
    assert still_needed(Rate(done, eligible), Fraction(5, 100)) == needed


def test_a_link_dies_to_the_second():
    expires = datetime(2026, 12, 10, 2, tzinfo=UTC)

    def state(now, **more):
        return standing(**{"answered_at": None, "revoked_at": None, **more}, expires_at=expires, now=now)

    assert state(expires - timedelta(seconds=1)) is OpinionState.ASKED
    assert state(expires) is OpinionState.EXPIRED
    assert state(expires, revoked_at=expires) is OpinionState.REVOKED
    assert state(expires, answered_at=expires, revoked_at=expires) is OpinionState.ANSWERED


def test_dimensions_count_judged_answers_only():
    """PRAISE: etiquette 2 good of 2 (dress n/a), skill 2 of 3 (change n/a), spirit 1 of 2."""
    found = dimensions(ORGAN, [PRAISE, PRAISE])
    assert [(one.title.zh, one.good) for one in found] == [
        ("诉讼礼仪", Rate(4, 4)), ("专业素养", Rate(4, 6)), ("职业精神", Rate(2, 4)),
    ]  # fmt: skip
