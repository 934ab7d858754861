"""Who may get a link, and figures by means with their denominators, worked out by hand."""

from datetime import date

import pytest

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.core.coverage import Rate
from qualityeval.core.self_service import Person, Way, by_means, is_minor, refusal_of
from tests.channel_rows import CONTENT

FORM = shipped_form(CALLBACK)
TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("born", "sealed", "minor"),
    [
        (date(2008, 11, 25), False, False),  # eighteen today
        (date(2008, 11, 26), False, True),
        (None, False, False),
        (date(1980, 1, 1), True, True),
    ],
)
def test_minors(born, sealed, minor):
    assert is_minor(born, sealed=sealed, today=TODAY) is minor


def test_why_no_link():
    free = {"minor": False, "guardian": False, "has_phone": True, "way": Way.SMS, "opted_out": False}
    assert refusal_of(**free) == ""
    assert refusal_of(**{**free, "minor": True}) == "minor"
    assert refusal_of(**{**free, "minor": True, "guardian": True}) == ""
    assert refusal_of(**{**free, "has_phone": False}) == "no_phone"
    assert refusal_of(**{**free, "has_phone": False, "way": Way.LETTER}) == ""
    assert refusal_of(**{**free, "minor": True, "guardian": True, "opted_out": True}) == "opted_out"


def people(count, answers, by="phone", asked=("phone",)):
    return [Person(frozenset(asked), by, answers) for _ in range(count)]


def test_sixty_eight_asked_sixty_one_answered():
    """By hand: 68 dialled; 61 answered: 55 whole, 4 without an overall word, 2 that broke off after three questions.

    Of the 55 whole ones 40 satisfied, 10 not, 5 未评价. Rated 50; satisfied 40 of 50. Whole 55 of 61.
    `rights_told` is skipped by the 6 whole ones without a hearing: asked of 55 - 6 + 4 + 2 = 55, answered by 53.
    """
    no_hearing = {
        key: text for key, text in {**CONTENT, "attended": "no_hearing"}.items() if key != "rights_told"
    }
    no_word = {key: text for key, text in CONTENT.items() if key != "overall"}
    broke_off = dict(list(CONTENT.items())[:3])
    found = by_means(
        [
            *people(34, CONTENT), *people(6, no_hearing), *people(10, {**CONTENT, "overall": "dissatisfied"}),
            *people(5, {**CONTENT, "overall": "unrated"}), *people(4, no_word), *people(2, broke_off),
            *people(7, {}, by=""),
        ],
        FORM,
    )["phone"]  # fmt: skip
    assert found.response == Rate(61, 68)
    assert found.valid == Rate(55, 61)
    assert found.satisfaction == Rate(40, 50)
    assert found.silence["overall"] == Rate(55, 61)
    assert found.unanswered["overall"] == Rate(6, 61)
    assert found.silence["rights_told"] == Rate(53, 55)
    assert found.silence["who"] == Rate(61, 61)
    assert "suggestion" not in found.silence  # may be left empty


def test_one_asked_by_both_means_answers_by_one():
    """By hand: 3 dialled, 4 linked, one of them both; the one answered online."""
    both = Person(frozenset({"phone", "online"}), "online", CONTENT)
    found = by_means([both, *people(2, {}, by=""), *people(3, {}, by="", asked=("online",))], FORM)
    assert (found["phone"].response, found["online"].response) == (Rate(0, 3), Rate(1, 4))


def test_answers_that_came_without_asking_count_by_their_means():
    assert by_means(people(2, CONTENT, by="letter", asked=()), FORM)["letter"].response == Rate(2, 2)
    assert by_means([], FORM) == {}
