"""Indicator sheets and their consensus: by hand, and against a slow oracle that counts letters."""

from itertools import product

import numpy as np
import pytest

from qualityeval.core.consensus import ConsensusRule, Reading, consensus, first_round, objected
from qualityeval.core.errors import InvalidInput
from qualityeval.core.grading import IndicatorsMissing, OwnGrade
from qualityeval.core.indicator_consensus import triggers_met
from qualityeval.core.rubric import parse_rubric
from qualityeval.core.scoring import Mark, total
from qualityeval.core.sheet import Content, judge, read_content, reading_of
from tests.core.rubric_samples import indicator_mapping, rubric_mapping
from tests.core.test_grading import indicator_oracle

RUBRIC = parse_rubric(indicator_mapping())
WORDS = {"a": "优秀", "b": "良好", "c": "合格", "d": "不合格", "n": "na"}
CODES = [
    section.code for section in RUBRIC.sections
]  # four core ones, of which hearing may be N/A; three others
DEFAULT = ConsensusRule()


def content(letters, own=None, reason="理由", rubric=RUBRIC, **more):
    codes = [section.code for section in rubric.sections]
    marks = {
        code: Mark(na=True, reason="没有开庭") if x == "n" else Mark(grade=WORDS[x])
        for code, x in zip(codes, letters, strict=True)
    }
    return Content(marks=marks, own=OwnGrade(WORDS[own], reason) if own else None, **more)


def readings(*sheets, rubric=RUBRIC):
    return [
        reading_of(rubric, one if isinstance(one, Content) else content(one, rubric=rubric)) for one in sheets
    ]


def come_to(*sheets, third=None, **rule):
    third = readings(third)[0] if third else None
    outcome = consensus(RUBRIC, readings(*sheets), rule=ConsensusRule(**rule), arbitration=third)
    return outcome.grade.name if outcome.grade else outcome.reasons


def lax():
    """All four core indicators may be left out, so that nothing is left to combine."""
    mapping = indicator_mapping()
    for one in mapping["sections"]:
        one["na"] = True
    return parse_rubric(mapping)


# --- one sheet


@pytest.mark.parametrize(
    ("letters", "own", "grade"),
    [
        ("aaaabbb", None, "优秀"),
        ("aaaabbb", "a", "优秀"),  # says what it comes to: no move
        ("aaaabbb", "b", "良好"),
        ("abaabbb", "a", "优秀"),
        ("ccccddd", None, "不合格"),
        ("aaanbnb", None, "优秀"),
    ],
)
def test_a_sheet_comes_to_its_combined_grade_or_one_beside_it(letters, own, grade):
    judged = judge(RUBRIC, content(letters, own))
    assert (judged.grade.name, judged.total, judged.score) == (grade, None, None)


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        (content("aaaabbb", "c"), "sheet.own_too_far"),
        (content("aaaabbb", "b", reason=" "), "sheet.own_reason"),
        (content("aaaabbb", bonus={"model": 100}), "sheet.indicator_bonus"),
        (content("naaabbb"), "sheet.na_not_allowed"),
        (Content(marks=content("aaaabbb").marks | {"hearing": Mark(na=True)}), "sheet.na_reason"),
        (Content(marks=content("aaaabbb").marks | {"hearing": Mark(na=True, grade="优秀")}), "sheet.na_with_grade"),
        (Content(marks=content("aaaabbb").marks | {"hearing": Mark(earned=1, grade="优秀")}), "sheet.indicator_points"),
    ],
)  # fmt: skip
def test_a_sheet_that_the_method_does_not_know_is_refused(sheet, code):
    with pytest.raises(InvalidInput) as refusal:
        judge(RUBRIC, sheet)
    assert refusal.value.code == code


def test_missing_indicators_are_named_and_points_know_no_grades():
    with pytest.raises(IndicatorsMissing) as refusal:
        judge(RUBRIC, Content(marks={"meeting": Mark(grade="优秀")}))
    assert refusal.value.missing == tuple(CODES[1:])
    with pytest.raises(InvalidInput, match="按等次"):
        total(parse_rubric(rubric_mapping()), {"a1": Mark(grade="优秀")})


def test_with_too_little_core_the_expert_gives_the_grade_with_a_reason():
    with pytest.raises(InvalidInput) as refusal:
        judge(lax(), content("annnbbb", rubric=lax()))
    assert (refusal.value.code, refusal.value.where) == ("sheet.own_grade", "overall-grade")
    assert judge(lax(), content("annnbbb", "c", rubric=lax())).grade.name == "合格"
    assert judge(lax(), content("aannbbb", rubric=lax())).grade.name == "优秀"  # two are enough


def test_a_sheet_survives_the_store_and_either_name_of_a_grade_is_read():
    sheet = content("aabnbcd", "b", overall="总的意见")
    assert read_content(sheet.as_json(), RUBRIC) == sheet
    assert read_content({"marks": {"meeting": {"grade": "Good"}}}, RUBRIC).marks["meeting"].grade == "良好"
    with pytest.raises(InvalidInput) as refusal:
        read_content({"marks": {"meeting": {"grade": "很好"}}}, RUBRIC)
    assert (refusal.value.code, refusal.value.where) == ("sheet.unknown_grade", "meeting")


# --- several sheets


def test_indicators_are_agreed_first_and_combined_after():
    assert come_to("aaaabbb", "aaaabbb") == "优秀"
    # each sheet alone is 良好 (one core b each); indicator by indicator every core is a → 优秀
    assert come_to("abaabbb", "babaaab", "aaaabbb") == "优秀"
    assert come_to("aaaabbb", "baaabbb") == ("indicators",)  # 优秀 or 良好
    assert come_to("aaaabbb", "aaaabba") == "优秀"  # the archive can't change it
    assert come_to("abaabbb", "abaabbc") == "良好"
    assert come_to("aaanbbb", "aaaabbb") == "优秀"  # so can't a hearing that is either the best or none
    assert come_to("aaanbbb", "aaabbbb") == ("indicators",)
    assert come_to("aaaadbb", "aaaabdb") == ("indicators",)  # none, one or two of the others fail
    outcome = consensus(RUBRIC, readings("aaaabbb", "aaaabba"), rule=DEFAULT)
    assert dict(outcome.marks) == {c: WORDS[x] for c, x in zip(CODES, "aaaabb", strict=False)}
    assert (outcome.total, outcome.by) == (None, "indicators")


def test_the_arbitrators_sheet_is_one_of_three_or_decides():
    pair = ("aaaabbb", "baaabbb")
    assert come_to(*pair, third="aaaabbb") == "优秀"
    assert come_to(*pair, third="caaabbb") == "良好"  # a, b, c: the middle one
    assert come_to(*pair, third="cccccbb", resolve="decides") == "合格"
    assert come_to("aaanbbb", "aaabbbb", third="aaaabbb") == "优秀"  # n, b, a: the arbitrator's
    by = objected(RUBRIC, readings(*pair, "aaaabbb"), readings("baaabbb")[0], rule=DEFAULT)
    assert by.grade.name == "良好"  # two and two: the re-scorer's


def test_moves_are_agreed_like_indicators():
    up = content("abaabbb", "a")
    assert come_to(up, up) == "优秀"
    assert come_to(up, "abaabbb") == ("indicators",)
    assert come_to(up, "abaabbb", third=up) == "优秀"
    assert come_to(up, "abaabbb", third=content("abaabbb", "c")) == "合格"  # three ways: the arbitrator's
    # both moved down from 优秀 but indicator by indicator there is nothing below the worst
    down = content("ddddddd"), content("ccccbbb", "d")
    assert come_to(*down, third=content("ddddddd")) == "不合格"


def test_with_too_little_core_left_the_overall_grades_are_agreed():
    sheets = [content("annnbbb", own, rubric=lax()) for own in "bbc"]
    two = consensus(lax(), readings(*sheets[:2], rubric=lax()), rule=DEFAULT)
    assert two.grade.name == "良好"
    apart = consensus(lax(), readings(*sheets[1:], rubric=lax()), rule=DEFAULT)
    assert apart.reasons == ("indicators",)
    three = readings(*sheets, rubric=lax())
    assert consensus(lax(), three[1:], rule=DEFAULT, arbitration=three[0]).grade.name == "良好"


def test_triggers():
    def met(*sheets, **options):
        return triggers_met(RUBRIC, readings(*sheets), ConsensusRule(**options))

    late = {"vetoes": {"late": "迟延"}}
    assert met("aaaabbb", "ddddddd") == ()  # no total, no gap
    assert met(content("aaaabbb", **late), "aaaabbb", triggers=frozenset()) == ("veto",)
    assert met(content("aaaabbb", asks=True), "aaaabbb") == ("ask",)
    boundary, extremes = frozenset({"boundary"}), frozenset({"extremes"})
    assert met("aaaabbb", "abaabbb", triggers=boundary) == ("boundary",)
    assert met("aaaabbb", "aaaabba", triggers=boundary) == ()
    assert [met(one, triggers=extremes) for one in ("aaaabbb", "abaabbb", "ccccbbb", "dcccbbb")] == [
        ("extremes",), (), (), ("extremes",),
    ]  # fmt: skip
    both = consensus(RUBRIC, readings(*[content("aaaabbb", **late)] * 2), rule=DEFAULT)
    assert both.grade.name == "合格"


def test_agreed_after_discussion():
    rule, pair = ConsensusRule(rule="agreed"), readings("aaaabbb", "ccccbbb")
    assert consensus(RUBRIC, pair, rule=rule).reasons == ("not_agreed",)
    agreed = consensus(RUBRIC, pair, rule=rule, agreed=readings("abaabbb")[0])
    assert (agreed.grade.name, agreed.by, agreed.marks["reading"]) == ("良好", "agreed", "良好")


def test_an_indicator_sheet_has_no_points():
    with pytest.raises(InvalidInput):
        Reading(None).points  # noqa: B018


# --- against a slow oracle


def vote(given, decider=None):
    """The mark that more than half wrote; else of an odd number of grades the middle one; else the decider's."""
    for letter in "abcdn":
        if given.count(letter) * 2 > len(given):
            return letter
    if decider is None:
        return None
    return decider if "n" in given or len(given) % 2 == 0 else sorted(given)[len(given) // 2]


def test_random_pairs_and_thirds_equal_a_slow_oracle():
    rng, seen = np.random.default_rng(20261127), set()
    for _number in range(150):
        base = rng.integers(3)
        rows = [
            "".join(
                "n"
                if s.na and rng.random() < 0.2
                else "abcd"[min(3, base + rng.choice(3, p=[0.85, 0.1, 0.05]))]
                for s in RUBRIC.sections
            )
            for _sheet in range(3)
        ]
        columns = list(zip(*rows, strict=True))
        possible = {
            indicator_oracle("".join(marks[:4]), "".join(marks[4:]), 0, "")
            for marks in product(*(sorted(set(one[:2])) for one in columns))
        }
        expected = (WORDS[possible.pop()],) if len(possible) == 1 else ("indicators",)
        found = come_to(*rows[:2], triggers=frozenset())
        assert ((found,) if isinstance(found, str) else found) == expected, rows
        voted = "".join(vote("".join(one), one[2]) for one in columns)
        assert come_to(*rows[:2], third=rows[2]) == WORDS[indicator_oracle(voted[:4], voted[4:], 0, "")], rows
        seen.add(expected)
    assert len(seen) >= 4


def test_before_arbitration_a_dispute_takes_the_worse_of_two():
    def alone(*sheets):
        return first_round(RUBRIC, readings(*sheets), rule=DEFAULT).grade.name

    assert alone("aaaabbb", "baaabbb") == "良好"
    assert alone("aaanbbb", "aaabbbb") == "良好"
    assert alone(content("aaaabbb", vetoes={"late": "迟延"}), "aaaabbb") == "优秀"  # one alone holds no veto
