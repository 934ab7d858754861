"""Proposals from the dates, by hand; days counted on a calendar. The steps are those of the rubrics' own anchors."""

from datetime import date

import pytest

from qualityeval.adapters.rubric_files import shipped, shipped_rubric, shipped_text
from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import InvalidInput
from qualityeval.core.process_checks import Facts, checks
from qualityeval.core.proposal_rules import (
    CHECKS,
    EVER,
    SHIPPED,
    read_late,
    rule_of,
    show_late,
    write_shipped_rules,
)
from qualityeval.core.proposals import adopted, proposals
from qualityeval.core.rubric import parse_rubric
from tests.core.rubric_samples import item, rubric_mapping, section

CLOSED = date(2026, 3, 2)  # a Monday; thirty days on is Wednesday 1 April
DUE = date(2026, 4, 1)
PAPERS = {"argument": "辩护词", "interview-note": "约见笔录", "closing-report": "结案报告表"}


def found(*, region="430100", papers=None, missing=(), case_type="civil", **dates):
    return checks(
        Facts(region, case_type, "representation", "trial", dates, hearing_held=True, papers=papers, missing=missing)
    )  # fmt: skip


def proposed(code, facts, key="civil@1"):
    return proposals(shipped_rubric(key), facts, PAPERS).get(code)


@pytest.mark.parametrize(
    ("handed_in", "cuts"),
    [
        (DUE, ()),
        (date(2026, 4, 2), ((100, "逾期十日以内"),)),
        (date(2026, 4, 11), ((100, "逾期十日以内"),)),  # ten days late
        (date(2026, 4, 12), ((150, "逾期不足三十日"),)),  # half of 3 points
        (date(2026, 4, 30), ((150, "逾期不足三十日"),)),  # twenty-nine
        (date(2026, 5, 1), ((300, "逾期三十日以上"),)),
    ],
)
def test_the_closing_file_by_the_days_it_came_late(handed_in, cuts):
    one = proposed("filed-in-time", found(closed_on=CLOSED, submitted_on=handed_in))
    assert (one.full, one.cuts) == (not cuts, cuts)
    assert one.check.dates == (("closed_on", CLOSED), ("submitted_on", handed_in))


def test_what_cannot_be_computed_proposes_nothing():
    assert proposals(shipped_rubric("civil@1"), found(closed_on=CLOSED), PAPERS) == {}
    # outside Zhejiang no rule says within how many days work begins
    assert proposed("meeting-prompt", found(assigned_on=CLOSED, met_on=date(2026, 3, 3))) is None


def test_a_paper_alone_says_nothing_of_time():
    trial = {"case_type": "criminal", "papers": {"meeting-note", "reading-note"}}
    assert proposed("reading-timely", found(**trial), "criminal-trial@1") is None
    read = proposed(
        "reading-timely", found(**trial, files_read_on=CLOSED, hearing_on=CLOSED), "criminal-trial@1"
    )
    assert read.full


def test_a_meeting_is_prompt_by_its_own_date_not_by_the_reading():
    read_first = found(
        region="330100", assigned_on=CLOSED, files_read_on=date(2026, 3, 3), met_on=date(2026, 3, 9)
    )
    assert proposed("meeting-prompt", read_first) is None
    one = proposed("meeting-prompt", found(region="330100", assigned_on=CLOSED, met_on=date(2026, 3, 6)))
    assert one.cuts == ((100, "约见迟延"),)  # Monday + 3 = Thursday 5 March


@pytest.mark.parametrize(
    ("missing", "full", "cuts"),
    [
        ((), True, ()),
        (("argument",), False, ((50, "缺少一份材料：辩护词"),)),
        (("application",), True, ()),  # of the institution's own volume
        (tuple(PAPERS) * 3, False, 6),  # 3 points hold six of them
    ],
)
def test_missing_papers_take_off_one_by_one_and_never_more_than_the_item(missing, full, cuts):
    one = proposed("catalogue-complete", found(papers={"judgment"}, missing=missing))
    assert one.full is full
    if isinstance(cuts, int):
        assert len(one.cuts) == cuts
        assert sum(points for points, _text in one.cuts) == 300
    else:
        assert one.cuts == cuts


def test_taken_over_it_is_an_ordinary_mark_and_what_was_written_stays():
    rubric = shipped_rubric("civil@1")
    late = proposed("filed-in-time", found(closed_on=CLOSED, submitted_on=date(2026, 4, 3)))
    mark = adopted(rubric, {"page": "12", "earned": 300}, late, "逾期 2 日")
    assert mark == {
        "deductions": [100], "cuts": [{"text": "逾期十日以内", "page": ""}], "reason": "逾期 2 日", "page": "12",
    }  # fmt: skip
    assert adopted(rubric, {"reason": "我看过"}, late, "x")["reason"] == "我看过"
    assert adopted(rubric, mark, late, "x") == mark
    own = {"deductions": [50], "cuts": [{"text": "顺序乱", "page": "3"}]}
    assert adopted(rubric, own, late, "x")["deductions"] == [50, 100]
    held = proposed("filed-in-time", found(closed_on=CLOSED, submitted_on=DUE))
    assert adopted(rubric, {}, held, "按时") == {"earned": 300, "reason": "按时"}
    assert adopted(rubric, own, held, "按时") == own


OWN = {
    **item("c1", "60"),
    "check": "hand_in",
    "late": "拖延 5; half any",
    "phrases": [{"text": "拖延", "points": "7.5"}],
}


def own(method="points", **changes):
    return parse_rubric(rubric_mapping(method=method, sections=[
        section("a", "20", item("a1", "20"), core=True), section("b", "20", item("b1", "20")),
        section("c", "60", {**OWN, **changes}),
    ]))  # fmt: skip


@pytest.mark.parametrize(("day", "off"), [(3, 750), (6, 750), (7, 3000)])
def test_an_own_rubric_says_its_own_rule(day, off):
    said = proposals(own(), found(closed_on=CLOSED, submitted_on=date(2026, 4, day)), {})
    assert [points for points, _text in said["c1"].cuts] == [off]
    assert list(said) == ["c1"]


def test_marks_of_five_are_proposed_full_or_left_to_the_expert():
    five = own("five_mark")
    held, late = (
        proposals(five, found(closed_on=CLOSED, submitted_on=day), {})["c1"]
        for day in (DUE, date(2026, 4, 3))
    )
    assert held.full
    assert adopted(five, {}, held, "按时")["earned"] == 5
    assert not late.marks


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"check": "inform"}, "rubric.choice", "check"),  # no date answers it
        ({"check": ""}, "rubric.late_alone", "late"),
        ({"late": "没有的 5"}, "rubric.late_name", "late"),
        ({"late": "拖延"}, "rubric.late", "late"),
        ({"late": "拖延 0"}, "rubric.late", "late"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused_at_its_place(changes, code, where):
    with pytest.raises(InvalidInput) as refused:
        own(**changes)
    assert (refused.value.code, refused.value.where) == (code, f"sections[2].items[0].{where}")


def test_the_text_of_the_steps_reads_back():
    late = (("拖延", 5), ("none", EVER))
    assert read_late(show_late(late), "") == late == read_late("拖延 5；none any", "")


def test_every_shipped_rule_names_an_item_and_a_step_that_is_there():
    items = [one for rubric in shipped() for one in rubric.by_item.values() if rule_of(one)]
    assert {one.code for one in items} == set(SHIPPED)
    for one in items:
        assert one.check in CHECKS
        assert any(days == EVER for _name, days in one.late), one.code


def test_a_copy_has_the_rules_in_its_text_where_they_can_be_taken_away():
    mapping = load_text(shipped_text("criminal-investigation"))
    write_shipped_rules(mapping)
    copied = parse_rubric({**mapping, "code": "ours"})
    assert copied.by_item == shipped_rubric("criminal-investigation@1").by_item
    assert rule_of(copied.by_item["meeting-prompt"]).date == "met_on"
    plain = load_text(shipped_text("criminal-investigation"))
    assert not any(rule_of(one) for one in parse_rubric({**plain, "code": "ours"}).by_item.values())
