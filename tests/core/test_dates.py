"""Dates of registers; the cases are those of public bug reports (buglog BL-015, 017, 018, 019, 020)."""

from datetime import date

import pytest

from qualityeval.core.dates import DEFAULT_FORMS, FORMS, DateReader, forms_that_read

READ = [
    # text, forms, day
    ("2024-03-01", ("iso",), date(2024, 3, 1)),
    ("2016-05-11 09:30:00", ("iso",), date(2016, 5, 11)),
    ("2024-03-01T10:00:00Z", ("iso",), date(2024, 3, 1)),
    ("2024.3.1", ("ymd",), date(2024, 3, 1)),
    ("2024/3/1", ("ymd",), date(2024, 3, 1)),
    ("20100525", ("ymd",), date(2010, 5, 25)),
    ("3/1/24", ("mdy",), date(2024, 3, 1)),
    ("12/21/18", ("mdy",), date(2018, 12, 21)),
    ("3/1/24", ("dmy",), date(2024, 1, 3)),
    ("15/10/2017 10:55:00 PM", ("dmy",), date(2017, 10, 15)),
    ("2017/10/15 下午 10:55", ("ymd",), date(2017, 10, 15)),
    ("2017/10/15 10:55 下午", ("ymd",), date(2017, 10, 15)),
    ("2024年3月1日", ("cn",), date(2024, 3, 1)),
    ("2024 年 3 月 1 日 9时30分", ("cn",), date(2024, 3, 1)),
    ("二〇二四年三月廿一日", ("cn",), date(2024, 3, 21)),
    ("二○二四年十二月三十一日", ("cn",), date(2024, 12, 31)),
    ("２０２４-０３-０１", ("iso",), date(2024, 3, 1)),
    ("1899-12-31", ("iso",), date(1899, 12, 31)),
    ("45352", ("excel",), date(2024, 3, 1)),
    ("45352.75", ("excel",), date(2024, 3, 1)),
    ("61", ("excel",), date(1900, 3, 1)),
    ("59", ("excel",), date(1900, 2, 28)),
    ("1", ("excel",), date(1900, 1, 1)),
    ("15/10/2017", ("mdy", "dmy"), date(2017, 10, 15)),  # only one order makes a day
    ("5/5/2017", ("mdy", "dmy"), date(2017, 5, 5)),  # both orders make the same day
]
REFUSED = [
    ("0013-06-30", FORMS, "date.range"),
    ("9999-12-31", FORMS, "date.range"),
    ("2024-02-30", FORMS, "date.impossible"),
    ("3/1/24", FORMS, "date.ambiguous"),
    ("3/1/24", DEFAULT_FORMS, "date.order"),
    ("45352", DEFAULT_FORMS, "date.serial"),
    ("60", ("excel",), "date.leap_1900"),
    ("15/10/2017", ("mdy",), "date.impossible"),
    ("6-15", FORMS, "date.unreadable"),
    ("2024年3月1日", ("iso",), "date.unreadable"),
    ("2024.3.1", ("iso",), "date.unreadable"),
    ("2024-3/1", FORMS, "date.unreadable"),
    ("见备注", FORMS, "date.unreadable"),
    ("2024-03-01 and more", FORMS, "date.unreadable"),
    ("二零二四年十三月一日", FORMS, "date.impossible"),
]


@pytest.mark.parametrize(("text", "forms", "day"), READ)
def test_a_written_day_is_read(text, forms, day):
    assert DateReader(forms).read(text).day == day


@pytest.mark.parametrize(("text", "forms", "code"), REFUSED)
def test_a_doubtful_day_is_refused_by_name(text, forms, code):
    reading = DateReader(forms).read(text)
    assert (reading.day, reading.code, reading.is_refused) == (None, code, True)
    assert reading.text % {"value": text}


@pytest.mark.parametrize(
    "text", ["0000-00-00", "00-00-0000", "0000/00/00", "0", "1900-01-00", "00/01/1900", "1904/1/0"]
)
def test_a_zero_date_is_no_date_and_says_so(text):
    reading = DateReader(FORMS).read(text)
    assert (reading.day, reading.code, reading.is_refused) == (None, "date.zero", False)


def test_an_empty_cell_is_no_date():
    reading = DateReader().read("  ")
    assert (reading.day, reading.code, reading.is_refused) == (None, "", False)


def test_a_1904_book_counts_from_1904():
    # sheetjs 1904_1904.xlsx: 1 is 1904-01-02, 1111 is 1907-01-16
    reader = DateReader(("excel",), epoch_1904=True)
    assert [reader.read(text).day for text in ("1", "1111", "60")] == [
        date(1904, 1, 2),
        date(1907, 1, 16),
        date(1904, 3, 1),
    ]


def test_what_the_workbook_types_as_a_date_needs_no_form():
    assert DateReader(("dmy",)).read("2024-03-01 10:00:00", typed=True).day == date(2024, 3, 1)
    assert DateReader(("dmy",)).read("2024-03-01").is_refused


def test_serials_agree_with_the_calendar():
    # the days between two dates are the difference of their serials, everywhere after the day that never was
    reader = DateReader(("excel",))
    for serial in range(61, 60_000, 997):
        first, second = reader.read(str(serial)).day, reader.read(str(serial + 31)).day
        assert (second - first).days == 31


@pytest.mark.parametrize(
    ("samples", "forms"),
    [
        (["2016-01-01", "2024年3月1日"], DEFAULT_FORMS),
        (["12/21/18", "1/2/18"], (*DEFAULT_FORMS, "mdy")),
        (["21/12/2018", ""], (*DEFAULT_FORMS, "dmy")),
        (["1/2/18"], ()),  # the order can't be told from this
        (["45352"], (*DEFAULT_FORMS, "excel")),
        (["12/21/18", "21/12/18"], ()),
        (["待定"], ()),
        ([], ()),
    ],
)
def test_forms_are_only_claimed_where_samples_prove_them(samples, forms):
    assert forms_that_read(samples) == forms
