"""Dates as registers write them → `date`, without guessing.

    DateReader(forms, epoch_1904=False).read(text, typed=False) -> DateReading
    FORMS, DEFAULT_FORMS            iso, ymd, mdy, dmy, cn, excel
    forms_that_read(texts) -> tuple of the forms that read every one of these samples

A text that two allowed forms read as different days is refused, as are two-digit years that
come first, a day without its year, years outside 1800-2100 and Excel's 60 (29 February 1900 never was).
"0000-00-00", "1900-01-00" and the like mean "no date": missing, with a remark.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from qualityeval.core.errors import msg

FORMS = ("iso", "ymd", "mdy", "dmy", "cn", "excel")
DEFAULT_FORMS = ("iso", "ymd", "cn")
FIRST_YEAR, LAST_YEAR = 1800, 2100
CENTURY_PIVOT = 50  # two-digit years: 00-49 are 20xx, 50-99 are 19xx
CACHE = 20_000

UNREADABLE = msg("看不懂日期“%(value)s”。请写成 2024-03-01，或在映射文件的 dates 里加上它的写法。")
AMBIGUOUS = msg(
    "日期“%(value)s”有两种读法（日/月先后不明）。请在映射文件的 dates 里只留 mdy 或 dmy 中的一种。"
)
IMPOSSIBLE = msg("没有“%(value)s”这一天。请改正日期。")
OUT_OF_RANGE = msg("“%(value)s”的年份不在 1800 至 2100 年之间。请改正日期。")
NEEDS_ORDER = msg(
    "“%(value)s”不知道日、月谁在前。请在映射文件的 dates 里加上 mdy（月在前）或 dmy（日在前）。"
)
NEEDS_EXCEL = msg(
    "“%(value)s”是一个数字，不是日期。如果是 Excel 的日期序号，请在映射文件的 dates 里加上 excel。"
)
LEAP_1900 = msg("Excel 的序号 60 是 1900-02-29，这一天并不存在。请改正日期。")
ZERO = msg("日期“%(value)s”为零，按没有日期处理。")

_TIME = r"(?:[T\s]\s*(?:上午|下午|中午|晚上|早上|AM|PM)?\s*[0-9]{1,2}(?:[:：时][0-9]{1,2}(?:[:：分][0-9]{1,2}(?:\.[0-9]+)?秒?|分)?|时)\s*(?:AM|PM|A\.M\.|P\.M\.|上午|下午)?\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?"
_SEPARATED = re.compile(
    rf"([0-9]{{1,4}})\s*([-/.])\s*([0-9]{{1,2}})\s*\2\s*([0-9]{{1,4}}){_TIME}", re.IGNORECASE
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMBER = re.compile(r"[0-9]{1,7}(?:\.[0-9]+)?")
_CN_DIGITS = "〇零○一二三四五六七八九"
_CHINESE = re.compile(
    rf"([0-9]{{1,4}}|[{_CN_DIGITS}]{{4}})\s*年\s*([0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})\s*月\s*"
    rf"([0-9]{{1,2}}|[一二三四五六七八九十廿卅]{{1,3}})\s*[日号]\s*{_TIME}",
    re.IGNORECASE,
)
_ZERO = re.compile(
    r"0+|0{1,4}([-/.])0{1,2}\1(?:0{1,4})|(?:1900|1904)([-/.])0?1\2(?:00|0)|1899-12-3[01] 00:00:00|00?([-/.])0?1\3(?:1900|1904)"
)
_WIDE = str.maketrans("０１２３４５６７８９－／．：　", "0123456789-/.: ")
_EXCEL_1900, _EXCEL_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True, slots=True)
class DateReading:
    """Either a day, or no day with (`code`, `text` with a place for `value`) saying why; a zero date is no day and no error."""

    day: date | None
    code: str = ""
    text: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the text must be put right before it can be used."""
        return self.day is None and self.code not in ("", "date.zero")


_EMPTY = DateReading(None)


class DateReader:
    """Reads one register's dates in the forms its mapping allows; remembers what it has read."""

    def __init__(self, forms: Iterable[str] = DEFAULT_FORMS, *, epoch_1904: bool = False) -> None:
        self.forms = frozenset(forms)
        self.epoch_1904 = epoch_1904
        self._read: dict[tuple[str, bool], DateReading] = {}

    def read(self, text: str, *, typed: bool = False) -> DateReading:
        """The day a cell means; `typed`: the workbook itself says that it is a date, in ISO form."""
        key = (text, typed)
        known = self._read.get(key)
        if known is None:
            known = self._fresh(text.translate(_WIDE).strip(), typed=typed)
            if len(self._read) < CACHE:
                self._read[key] = known
        return known

    def _fresh(self, text: str, *, typed: bool) -> DateReading:
        if not text:
            return _EMPTY
        if _ZERO.fullmatch(text):
            return DateReading(None, "date.zero", ZERO)
        if match := _SEPARATED.fullmatch(text):
            return self._separated(match, typed=typed)
        if match := _CHINESE.fullmatch(text):
            return (
                _day(_year(match[1]), _chinese(match[2]), _chinese(match[3])) if "cn" in self.forms else _no()
            )
        if (match := _COMPACT.fullmatch(text)) and "ymd" in self.forms:
            return _day(int(match[1]), int(match[2]), int(match[3]))
        if _NUMBER.fullmatch(text):
            if "excel" in self.forms:
                return _serial(int(text.partition(".")[0]), epoch_1904=self.epoch_1904)
            return DateReading(None, "date.serial", NEEDS_EXCEL)
        return _no()

    def _separated(self, match: re.Match[str], *, typed: bool) -> DateReading:
        first, separator, second, third = match[1], match[2], match[3], match[4]
        if len(first) == 4:
            is_iso = separator == "-" and len(second) == len(third) == 2
            allowed = typed or "ymd" in self.forms or (is_iso and "iso" in self.forms)
            if len(third) > 2 or not allowed:
                return _no()
            return _day(int(first), int(second), int(third))
        if len(first) > 2 or len(third) not in (2, 4):
            return _no()
        return self._ordered(first, second, third)

    def _ordered(self, first: str, second: str, third: str) -> DateReading:
        """Month or day first, as the forms say."""
        year = int(third) if len(third) == 4 else _full_year(int(third))
        readings = []
        if "mdy" in self.forms:
            readings.append(_day(year, int(first), int(second)))
        if "dmy" in self.forms:
            readings.append(_day(year, int(second), int(first)))
        if not readings:
            return DateReading(None, "date.order", NEEDS_ORDER)
        days = {reading.day for reading in readings if reading.day}
        if len(days) > 1:
            return DateReading(None, "date.ambiguous", AMBIGUOUS)
        return next((reading for reading in readings if reading.day), readings[0])


def forms_that_read(texts: Iterable[str]) -> tuple[str, ...]:
    """The fewest forms that together read every sample without doubt; () when none do.

    Day or month first is only claimed where a sample proves it (a part above 12).
    """
    samples = [text for text in texts if text.strip()]
    if not samples:
        return ()
    orders: tuple[tuple[str, ...], ...] = ((), ("mdy",), ("dmy",))
    fitting = []
    for order, serial in product(orders, ((), ("excel",))):
        reader = DateReader((*DEFAULT_FORMS, *order, *serial))
        if not any(reader.read(text).is_refused for text in samples):
            fitting.append((*DEFAULT_FORMS, *order, *serial))
    if not fitting:
        return ()
    shortest = [forms for forms in fitting if len(forms) == len(fitting[0])]
    return shortest[0] if len(shortest) == 1 else ()


def _no() -> DateReading:
    return DateReading(None, "date.unreadable", UNREADABLE)


def _day(year: int, month: int, day: int) -> DateReading:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return DateReading(None, "date.range", OUT_OF_RANGE)
    try:
        return DateReading(date(year, month, day))
    except ValueError:
        return DateReading(None, "date.impossible", IMPOSSIBLE)


def _serial(number: int, *, epoch_1904: bool) -> DateReading:
    """Excel's day number. In 1900 books 60 is a day that never was, and 1-59 lie one day later."""
    if epoch_1904:
        found = _EXCEL_1904 + timedelta(days=number) if number < 80_000 else None
    elif number == 60:
        return DateReading(None, "date.leap_1900", LEAP_1900)
    else:
        found = _EXCEL_1900 + timedelta(days=number + (number < 60)) if number < 80_000 else None
    if found is None:
        return DateReading(None, "date.range", OUT_OF_RANGE)
    return _day(found.year, found.month, found.day)


def _full_year(year: int) -> int:
    return (2000 if year < CENTURY_PIVOT else 1900) + year


def _year(text: str) -> int:
    if text.isascii():
        return int(text)
    return int("".join(str(max(_CN_DIGITS.index(sign) - 2, 0)) for sign in text))


def _chinese(text: str) -> int:
    """1-31 in digits or in Chinese words: 三, 十, 二十一, 廿五."""
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return _CN_DIGITS.index(text) - 2 if len(text) == 1 else 0
    return (_CN_DIGITS.index(tens) - 2 if tens else 1) * 10 + (_CN_DIGITS.index(ones) - 2 if ones else 0)
