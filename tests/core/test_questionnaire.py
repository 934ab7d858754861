"""Forms of the other channels: the shipped ones are sound, broken ones are named, answers are checked."""

from copy import deepcopy

import pytest

from qualityeval.adapters.form_files import shipped_form, shipped_forms
from qualityeval.core.errors import InvalidInput, NotFound
from qualityeval.core.questionnaire import Unanswered, read_answers
from qualityeval.core.questionnaire_reading import parse_questionnaire
from tests.channel_rows import CONTENT, FULL_MARKS, PRAISE

LITTLE = {
    "code": "little",
    "version": "1",
    "title": "小问卷",
    "title_en": "Little",
    "scales": {
        "level": [
            {"code": "yes", "title": "是", "title_en": "Yes", "share": "100%"},
            {"code": "no", "title": "否", "title_en": "No", "share": "0%", "alarm": True},
        ]
    },
    "groups": [
        {
            "title": "全部",
            "title_en": "All",
            "questions": [
                {"code": "came", "title": "来了吗", "title_en": "Came", "scale": "level", "points": "60"},
                {
                    "code": "spoke", "title": "说了吗", "title_en": "Spoke", "scale": "level", "points": "40", "na": True,
                    "unless": {"came": ["no"]},
                },
                {"code": "remark", "title": "备注", "title_en": "Remark"},
            ],
        }
    ],
}  # fmt: skip


def little():
    return parse_questionnaire(LITTLE)


def changed(path, value):
    """The little form with one place changed; the path as keys and indexes."""
    node = deepcopy(LITTLE)
    inner = node
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return node


QUESTIONS = ("groups", 0, "questions")


def test_the_shipped_forms_are_those_of_the_handbook():
    assert {form.key: len(form.questions) for form in shipped_forms()} == {
        "hearing-observation@1": 18, "organ-opinion@1": 11, "callback@1": 17, "callback-check@1": 6,
    }  # fmt: skip
    points = {one.code: one.points for one in shipped_form("hearing-observation@1").questions if one.points}
    # 庭审旁听: punctual, papers, dress 10; preparation 15; questioning 15; proof and challenge 20; debate 25;
    # manner and care 10; surprises 5 (domain page, section 11)
    groups = [
        ("punctual", "papers", "dress"), ("knows_file", "outline"), ("questions", "objects"), ("proof", "challenge"),
        ("line", "law", "reply"), ("respect", "care"), ("surprises",),
    ]  # fmt: skip
    assert [sum(points[code] for code in group) for group in groups] == [
        1000, 1500, 1500, 2000, 2500, 1000, 500,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("key", "answers"),
    [("hearing-observation@1", FULL_MARKS), ("callback@1", CONTENT), ("organ-opinion@1", PRAISE)],
)
def test_a_complete_answer_is_taken_as_it_is_and_each_required_question_is_missed(key, answers):
    form = shipped_form(key)
    assert read_answers(form, answers) == answers
    for code in answers:
        with pytest.raises(Unanswered) as refusal:
            read_answers(form, {name: value for name, value in answers.items() if name != code})
        assert code in refusal.value.missing


def test_an_unknown_form_is_named():
    with pytest.raises(NotFound):
        shipped_form("callback@2")


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"camel": "yes"}, "camel"),
        ({"came": "perhaps"}, "came"),
        ({"came": "na"}, "came"),
        ({"came": "yes", "remark": "x" * 2001}, "remark"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(given, where):
    with pytest.raises(InvalidInput) as refusal:
        read_answers(little(), given, complete=False)
    assert refusal.value.where == where


def test_what_an_earlier_answer_skips_is_neither_kept_nor_missed():
    form = little()
    assert read_answers(form, {"came": "no", "spoke": "yes"}) == {"came": "no"}
    assert read_answers(form, {"came": " yes ", "spoke": "na", "remark": " "}) == {
        "came": "yes",
        "spoke": "na",
    }
    assert form.alarms({"came": "no", "spoke": "no"}) == ("came",)
    with pytest.raises(Unanswered) as refusal:
        read_answers(form, {"remark": "x"})
    assert refusal.value.missing == ("came", "spoke")


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("code",), "Little!", "code"),
        (("version",), "0", "version"),
        (("title_en",), "", "title"),
        (("colour",), "red", "colour"),
        (("overall",), "nobody", "overall"),
        (("covered",), "120%", "covered"),
        (("groups",), [], "groups"),
        ((*QUESTIONS, 0, "points"), "50", "points"),
        ((*QUESTIONS, 1, "code"), "came", "groups"),
        ((*QUESTIONS, 2, "code"), "outcome", "groups"),
        ((*QUESTIONS, 0, "unless"), {"spoke": ["no"]}, "came.unless"),
        ((*QUESTIONS, 1, "unless"), {"came": ["maybe"]}, "spoke.unless"),
        ((*QUESTIONS, 1, "unless"), "came", "groups[0].questions[1].unless"),
        ((*QUESTIONS, 1, "na"), "true", "groups[0].questions[1].na"),
        ((*QUESTIONS, 1, "scale"), "degree", "groups[0].questions[1].scale"),
        (("scales", "level", 0, "share"), "1", "scales.level[0].share"),
        (("scales", "level", 1, "code"), "yes", "scales.level"),
        (("scales", "level", 1, "code"), "na", "scales.level"),
    ],
)
def test_a_fault_of_a_form_is_named_by_its_place(path, value, where):
    with pytest.raises(InvalidInput) as refusal:
        parse_questionnaire(changed(path, value))
    assert refusal.value.where == where


def test_options_without_shares_carry_no_points():
    node = changed(("scales", "level", 0), {"code": "yes", "title": "是", "title_en": "Yes"})
    with pytest.raises(InvalidInput) as refusal:
        parse_questionnaire(node)
    assert refusal.value.where == "came.points"
