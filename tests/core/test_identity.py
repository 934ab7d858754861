"""Who may be one person; every case worked by hand."""

import pytest

from qualityeval.core.identity import Entry, Pair, likely_same


@pytest.mark.parametrize(
    ("one", "other", "ground"),
    [
        ({"number": "n"}, {"name": "李", "number": "n"}, "id_number"),
        ({"licence": "L"}, {"name": "李", "licence": "L"}, "licence"),
        ({"licence": "L", "number": "n"}, {"licence": "L", "number": "n"}, "id_number"),
        ({"provider": "甲"}, {"provider": "甲"}, "name"),
        ({"provider": "甲", "number": "n"}, {"provider": "甲"}, "name"),  # a missing number tells nothing
        ({"provider": "甲", "number": "n"}, {"provider": "甲", "number": "m"}, ""),
        ({"provider": "甲", "licence": "L"}, {"provider": "甲", "licence": "M"}, ""),
        ({"provider": "甲"}, {"provider": "乙"}, ""),
        ({}, {}, ""),  # a name alone is nothing
        ({"provider": "甲"}, {"name": "李", "provider": "甲"}, ""),
    ],
)
def test_what_makes_two_entries_one_person(one, other, ground):
    found = likely_same([Entry(2, **{"name": "王", **other}), Entry(1, **{"name": "王", **one})])
    assert found == ([Pair(1, 2, ground)] if ground else [])


def test_three_entries_make_three_pairs():
    assert len(likely_same([Entry(key, "王", licence="L") for key in (1, 2, 3)])) == 3
