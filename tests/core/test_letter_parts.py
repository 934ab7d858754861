"""Letters in parts: none is missed when some were opened between the list of parts and the print."""

import pytest

from qualityeval.core.errors import InvalidInput
from qualityeval.core.letter_parts import PART, chosen, parts

IDS = [f"{number:04d}" for number in range(2 * PART + 100)]


def test_the_parts_hold_every_letter_once():
    found = [one for part in parts(IDS) for one in chosen(IDS, part.first)]
    assert found == IDS
    assert (parts([]), chosen([], "")) == ((), [])
    assert chosen(IDS[:PART], "") == IDS[:PART]


def test_none_is_missed_when_some_are_gone():
    listed = parts(IDS)
    left = [one for number, one in enumerate(IDS) if number == 0 or number % 7]
    left += [part.first for part in listed if part.first not in left]
    left.sort()
    assert set(left) == {one for part in listed for one in chosen(left, part.first)}


@pytest.mark.parametrize("first", ["", "gone"])
def test_more_than_a_part_is_asked_for_part_by_part(first):
    with pytest.raises(InvalidInput) as refused:
        chosen(IDS, first)
    assert refused.value.code == "letters.part"
