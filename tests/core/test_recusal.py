"""Who must not read what: by hand, one reason at a time."""

import pytest

from qualityeval.core.judging_graph import components
from qualityeval.core.recusal import Eligibility, Judge, Matter, RecusalRules, eligible, reasons

HERE = {"county": "330102", "city": "330100", "province": "330000"}
NEXT_DOOR = {"county": "330105", "city": "330100", "province": "330000"}
MATTER = Matter("330102:1", "330102", "明理律师事务所", "13301", HERE)
BOTH = RecusalRules(region="county", provider=True)


@pytest.mark.parametrize(
    ("judge", "rules", "expected"),
    [
        (Judge("E1", places=NEXT_DOOR), BOTH, ()),
        (Judge("E1", places=HERE), BOTH, ("region",)),
        (Judge("E1", places=NEXT_DOOR), RecusalRules(region="city"), ("region",)),
        (Judge("E1", places=HERE), RecusalRules(region="none"), ()),
        (Judge("E1", provider="明理律师事务所"), BOTH, ("provider",)),
        (Judge("E1", provider="明理律师事务所"), RecusalRules(provider=False), ()),
        (Judge("E1", licence="13301"), RecusalRules(provider=False), ("own_case",)),
        (Judge("E1", institution="330102"), BOTH, ("institution",)),
        (Judge("E1", "明理律师事务所", "13301", "330102", HERE), BOTH,
         ("own_case", "provider", "institution", "region")),
    ],
)  # fmt: skip
def test_each_reason(judge: Judge, rules: RecusalRules, expected: tuple[str, ...]) -> None:
    assert reasons(judge, MATTER, rules) == expected


def test_two_unknowns_are_not_the_same() -> None:
    assert reasons(Judge("E1"), Matter("x:1", "x"), BOTH) == ()


def test_an_expert_of_the_city_itself_is_in_no_county() -> None:
    assert reasons(Judge("E1", places={"city": "330100"}), MATTER, BOTH) == ()


def test_the_eligible_keep_their_order() -> None:
    judges = [Judge("E1", places=NEXT_DOOR), Judge("E2", places=HERE), Judge("E3")]
    assert eligible(judges, MATTER, BOTH) == (0, 2)


@pytest.mark.parametrize(
    ("readers", "expected"),
    [([], 0), ([()], 0), ([(1,)], 1), ([(1, 2), (3, 4)], 2), ([(1, 2), (3, 4), (2, 3)], 1), ([(1, 2, 3)], 1)],
)
def test_islands(readers: list[tuple], expected: int) -> None:
    assert components(readers) == expected


@pytest.mark.parametrize(
    "rules", [BOTH, RecusalRules(region="city"), RecusalRules(region="none", provider=False)]
)
def test_the_remembered_answer_is_the_computed_one(rules: RecusalRules) -> None:
    judges = [
        Judge(
            f"E{n}",
            provider=f"P{n % 3}",
            licence=f"L{n % 5}",
            institution=place,
            places={"county": place, "city": "C"},
        )
        for n, place in enumerate(["a", "b", "c"] * 5)
    ]
    remembered = Eligibility(judges, rules)
    for n in range(60):
        place = "abcd"[n % 4]
        matter = Matter(f"k{n}", place, f"P{n % 4}", f"L{n % 7}", {"county": place, "city": "CD"[n % 2]})
        lazy, expected = remembered.of(matter), eligible(judges, matter, rules)
        assert tuple(lazy) == expected
        assert (len(lazy), lazy[1:3], lazy[-1:]) == (len(expected), expected[1:3], expected[-1:])
        assert [index in lazy for index in range(-1, 17)] == [index in expected for index in range(-1, 17)]
    with pytest.raises(IndexError):
        lazy[len(expected)]
