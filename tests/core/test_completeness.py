"""Series of case numbers and a list of payments, by hand."""

import pytest

from qualityeval.core.completeness import Payment, compare, doublets, plain_number, serial_of, series_of


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("(2025)临援民字第12号", ("(2025)临援民字第", 12, "号")), ("（2025）临援民字第012号", ("(2025)临援民字第", 12, "号")),
        ("2016CF000017", ("2016CF", 17, "")), ("７", ("", 7, "")), ("无号", None), ("1234567890123", None),
    ],
)  # fmt: skip
def test_the_serial_is_the_last_run_of_digits(number, parts):
    found = serial_of(number)
    assert (found and (found.before, found.number, found.after)) == parts


def test_each_series_has_its_own_gaps():
    numbers = [*(f"(2025)民字第{n}号" for n in (1, 2, 5)), *(f"(2025)刑字第{n}号" for n in (7, 8)), "无号"]
    criminal, civil = series_of(numbers)
    assert (criminal.lowest, criminal.highest, criminal.gaps) == (7, 8, ())
    assert (civil.gaps, civil.missing, civil.count) == (((3, 4),), 2, 3)


def test_a_code_with_a_date_in_it_is_no_series():
    (one,) = series_of(["20250101", "20250630", "20251231"])
    assert (one.is_series, one.gaps) == (False, ())


def test_numbers_that_are_one_when_written_plainly():
    assert doublets(["(2025)7号", "〔2025〕07号", "(2025) 8号"]) == (("(2025)7号", "〔2025〕07号"),)
    assert plain_number("ａ-01") == "A-1"


def test_the_list_beside_the_register():
    register = {
        ("A", "1号"): 80_000,
        ("A", "2号"): 80_000,
        ("A", "3号"): None,
        ("B", "1号"): 50_000,
        ("B", "2号"): 1,
    }
    payments = [
        Payment(2, ("A", "01号"), 40_000), Payment(3, ("A", "1号"), 40_000),  # two parts make the whole
        Payment(4, ("A", "2号"), 90_000), Payment(5, ("A", "3号"), 10), Payment(6, ("C", "1号"), 5),
        Payment(7, ("B", "2号"), None),
    ]  # fmt: skip
    found = compare(register, payments)
    assert [one.row for one in found.unregistered] == [6]
    assert found.paid_twice == ((("A", "1号"), 2),)
    assert found.unpaid == (("B", "1号"),)
    assert found.differ == ((("A", "2号"), 80_000, 90_000),)
