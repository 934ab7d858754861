"""Rules are asked once for each combination; rows come in the order of the file; a series has one case."""

from datetime import date

import pytest

from qualityeval.core.frame_choice import (
    AnotherOrder,
    Choice,
    Row,
    in_order,
    text_of,
    without_repeated_series,
)
from qualityeval.core.spec_reading import parse_round_spec

FIELDS = ("case_type", "aid_form", "stage", "status", "month")
SPEC = parse_round_spec({
    "code": "R1", "title": "t", "institution": "33", "seed": {"source": "dice"}, "strata": ["month"],
    "population": {
        "from": "2026-01-01", "to": "2026-12-31", "where": {"case_type": "criminal"},
        "exclude": [{"when": {"status": "terminated"}, "reason": "ended early"}],
    },
    "rates": {"default": "10%"}, "rubrics": {"criminal/defence/trial": "criminal-trial@1"},
})  # fmt: skip


def test_each_combination_is_asked_once_and_its_cases_are_counted():
    choice = Choice(SPEC, FIELDS)
    trial, appeal = (
        ("criminal", "defence", "trial", "closed", "2026-01"),
        ("criminal", "defence", "appeal", "closed", ""),
    )
    numbers = choice.of([
        (0, 0, *trial), (0, 0, *trial), (0, 1, *trial), (1, 0, *appeal), (0, 0, *trial[:3], "terminated", ""),
        (0, 0, "civil", *trial[1:]),
    ])  # fmt: skip
    assert numbers == [0, 0, 1, 2, 3, 4]
    assert choice.inside == [True, False, True, False, False]
    assert [choice.counts[number] for number in range(5)] == [2, 1, 1, 1, 1]
    assert [kind.label for kind in choice.kinds[:3]] == ["2026-01", "2026-01", "-"]
    assert (choice.kinds[2].late, choice.kinds[3].excluded, choice.kinds[4].asked) == (
        True,
        "ended early",
        False,
    )
    assert choice.unresolved == {"criminal/defence/appeal": 1}


def row(key: str, series: str = "") -> Row:
    return Row(key, len(key), 0, series)


def test_masked_keys_find_their_places_between_the_ordered_ones():
    aside = [row("3:~b"), row("1:~z"), row("1:~a")]
    portions = [[row("1:1"), row("1:9")], [], [row("1:案"), row("2:1")]]
    keys = [one.key for portion in in_order(aside, portions) for one in portion]
    assert keys == ["1:1", "1:9", "1:~a", "1:~z", "1:案", "2:1", "3:~b"]


@pytest.mark.parametrize("portions", [[[row("2"), row("1")]], [[row("2")], [row("1")]]])
def test_another_order_is_noticed_within_a_portion_and_between_two(portions):
    with pytest.raises(AnotherOrder):
        list(in_order([], portions))


def test_a_series_is_its_first_case_over_all_portions():
    portions = [[row("1", "A"), row("2", "A"), row("3")], [row("4", "A"), row("5", "B"), row("6")]]
    chosen = [one.key for portion in without_repeated_series(portions) for one in portion]
    assert chosen == ["1", "3", "5", "6"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (True, "yes"), (False, "no"), (date(2026, 1, 2), "2026-01-02"), (7, "7"), ("甲", "甲")],
)
def test_stored_values_become_text(value, text):
    assert text_of(value) == text
