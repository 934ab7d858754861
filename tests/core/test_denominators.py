"""Who counts where: several ticks, broken-off forms, refusals, adoption, two means beside each other; by hand."""

import pytest

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.core.callback import Called, tally
from qualityeval.core.coverage import Rate
from qualityeval.core.errors import InvalidInput
from qualityeval.core.follow_up import grave
from qualityeval.core.opinion import adoption
from qualityeval.core.questionnaire import read_answers
from qualityeval.core.questionnaire_reading import parse_questionnaire
from qualityeval.core.self_service import Asked, Person, by_means, phone_and_online, ticks
from tests.channel_rows import CONTENT, PRAISE

FORM = shipped_form(CALLBACK)


def told(contacts):
    return {**CONTENT, "contacts": contacts} if contacts else CONTENT


def test_ticks_are_over_those_who_ticked_anything():
    """68 asked, 61 answered, by hand: 7 of the 61 ticked nothing, 4 "not at all"; 50 the telephone, 30 of them in
    person too. So 54 ticked: telephone 50 of 54, in person 30 of 54, not at all 4 of 54, and the shares add up to
    84 of 54.
    """
    said = [told("met,phone")] * 30 + [told("phone")] * 20 + [told("none")] * 4 + [told("")] * 7
    people = [Person(frozenset({"phone"}), "phone", one) for one in said]
    found = by_means([*people, *[Person(frozenset({"phone"}))] * 7], FORM)["phone"]
    assert found.response == Rate(61, 68)
    assert found.ticks["contacts"] == {
        "met": Rate(30, 54), "phone": Rate(50, 54), "message": Rate(0, 54), "letter": Rate(0, 54),
        "none": Rate(4, 54),
    }  # fmt: skip
    assert sum(one.done for one in found.ticks["contacts"].values()) == 84
    assert "contacts" not in found.silence  # may be left empty: silence there is no lack


def test_nobody_ticked_is_no_table():
    assert ticks(FORM, [CONTENT, {}]) == {}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["phone", "met"], "met,phone"),  # the form's order, whatever the ticks' order
        ("phone,phone, met", "met,phone"),
        (["none"], "none"),
        ([], None),
        ("", None),
    ],
)
def test_ticks_are_kept_once_and_in_order(given, kept):
    assert read_answers(FORM, {**CONTENT, "contacts": given}).get("contacts") == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [(["none", "met"], "answers.alone"), ("pigeon", "answers.option"), ("na", "answers.option")],
)
def test_ticks_that_contradict_themselves_are_refused(given, code):
    with pytest.raises(InvalidInput) as refusal:
        read_answers(FORM, {"contacts": given}, complete=False)
    assert (refusal.value.code, refusal.value.where) == (code, "contacts")


def ticked_form(**more):
    options = [
        {"code": "money", "title": "钱", "title_en": "Money", "alarm": True},
        {"code": "meal", "title": "饭", "title_en": "A meal", "alarm": True},
        {"code": "nothing", "title": "没有", "title_en": "Nothing", "alone": True},
    ]
    took = {
        "code": "took",
        "title": "收了什么",
        "title_en": "Took",
        "many": True,
        "options": options,
        "na": True,
    }
    when = {
        "code": "when_taken", "title": "何时", "title_en": "When", "unless": {"took": ["nothing"]}, "required": True,
    }  # fmt: skip
    return parse_questionnaire({
        "code": "gifts", "version": "1", "title": "礼", "title_en": "Gifts",
        "groups": [{"title": "全", "title_en": "All", "questions": [{**took, **more}, when]}],
    })  # fmt: skip


def test_ticks_skip_questions_and_raise_alarms():
    form = ticked_form()
    assert read_answers(form, {"took": ["nothing"]}) == {"took": "nothing"}
    given = read_answers(form, {"took": ["meal", "money"], "when_taken": "三月"})
    assert (form.alarms(given), grave(form, given)) == (("took",), ("took",))
    assert read_answers(form, {"took": "na", "when_taken": "x"})["took"] == "na"


@pytest.mark.parametrize("more", [{"points": "100"}, {"options": None}])
def test_a_question_with_ticks_has_options_and_no_points(more):
    with pytest.raises(InvalidInput):
        ticked_form(**more)


def test_refusals():
    """10 dialled: 6 answered, 2 said no, 1 nobody picked up, 1 said no after a call without an answer.

    Refused 3 of 9 reached; by means 3 of 10 asked. One who was asked online and said no there counts there.
    """
    calls = [Called(("reached",), CONTENT)] * 6 + [Called(("refused",))] * 2
    calls += [Called(("no_answer",)), Called(("no_answer", "refused"))]
    found = tally(calls, FORM)
    assert (found.refusal, found.reach, found.response) == (Rate(3, 9), Rate(9, 10), Rate(6, 10))
    phone, online = frozenset({"phone"}), frozenset({"online"})
    persons = [
        *[Person(phone, "phone", CONTENT)] * 6,
        *[Person(phone, refused_by="phone")] * 3,
        Person(phone),
    ]
    means = by_means([*persons, Person(online, refused_by="online"), Person(online)], FORM)
    assert (means["phone"].refusal, means["phone"].response) == (Rate(3, 10), Rate(6, 10))
    assert (means["online"].refusal, means["online"].response) == (Rate(1, 2), Rate(0, 2))


def test_adoption_is_over_what_was_decided():
    """Nine opinions: 3 in full, 2 in part, 1 not; 2 not decided yet, 1 says nothing. Six decided."""
    said = [*(["full"] * 3), *(["part"] * 2), "none", "not_yet", "not_yet"]
    answers = [{**PRAISE, "adopted": one} for one in said] + [{"order": "good"}]
    assert adoption(answers) == {"full": Rate(3, 6), "part": Rate(2, 6), "none": Rate(1, 6)}
    assert adoption([])["full"].share is None


def rated(satisfied, of):
    return Asked(of, of, of, of, satisfied, {})


def test_phone_and_online_with_the_interval_of_their_difference():
    """The Pew pair of realdata: 1601 of 1676 by phone, 809 of 827 online, 1 to 3 of `int` as satisfied.

    statsmodels 0.14 confint_proportions_2indep(809, 827, 1601, 1676, method="newcomb") gives .007739401, .036544562.
    """
    found = phone_and_online({"phone": rated(1601, 1676), "online": rated(809, 827)})
    assert found.value == pytest.approx(0.022983986, abs=1e-9)
    assert (found.lo, found.hi) == (
        pytest.approx(0.007739401, abs=1e-9),
        pytest.approx(0.036544562, abs=1e-9),
    )
    assert found.is_clear


def test_one_means_alone_has_no_difference():
    for means in ({"phone": rated(3, 4)}, {"phone": rated(3, 4), "online": rated(0, 0)}, {}):
        assert phone_and_online(means).reason == "no_rate"
