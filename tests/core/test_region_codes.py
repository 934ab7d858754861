"""Levels and codes above, by GB/T 2260-2007: 330000 浙江省, 330100 杭州市, 330102 上城区."""

import pytest

from qualityeval.core.codes import Level
from qualityeval.core.region_codes import codes_above, level_of, lies_below


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("330000", Level.PROVINCE), ("330100", Level.CITY), ("330102", Level.COUNTY), ("110101", Level.COUNTY),
        ("55", None), ("WI", None), ("100001", None), ("33010", None), ("３３０１０２", None), ("", None),
    ],
)  # fmt: skip
def test_levels(code, level):
    assert level_of(code) == level


def test_codes_above():
    assert codes_above("330102") == ("330100", "330000")
    assert codes_above("330100") == ("330000",)
    assert codes_above("330000") == codes_above("WI") == ()


@pytest.mark.parametrize(
    ("code", "above", "answer"),
    [
        ("330102", "330000", True), ("330102", "330100", True), ("330102", "330102", True),
        ("330202", "330100", False), ("110101", "330000", False), ("330000", "330100", False),
        ("1", "330000", True), ("330102", "WI", True),
    ],
)  # fmt: skip
def test_lies_below(code, above, answer):
    assert lies_below(code, above) is answer
