"""The columns of one table under one mapping: where each stands and how its cells are read.

columns_of(mapping, header, cells) -> tuple[Column, ...]     InvalidInput names every missing heading
CellReader(mapping, dates)                                   one reader per kind of field, with caches
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping import Mapping
from qualityeval.core.mapping_parts import Source, code_of
from qualityeval.core.register_values import (
    Unreadable,
    identity,
    institution_code,
    limited,
    money,
    plain,
    tags,
    yes_no,
)
from qualityeval.core.table_row import Mark
from qualityeval.core.vocabulary import ENUMS, folded

Value = str | int | bool | date | None
Read = Callable[[str, Mark | None, list[Unreadable]], Value]
REQUIRED = frozenset({"number", "institution", "case_type", "aid_form"})

DESTROYED = msg(
    "“%(value)s”是超过 15 位的数字格式，Excel 已把后面的位数改掉。请把该列设为“文本”格式后重新录入。"
)
ERROR_CELL = msg("这一格是 Excel 的错误值（如 #N/A、#REF!）。请改正公式或填入内容。")
DATE_IN_TEXT = msg("这一格被 Excel 当成了日期（%(value)s），可能已不是原来的内容。请核对。")
DATE_IN_KEY = msg("这一格被 Excel 改成了日期（%(value)s）。请把该列设为“文本”格式后重新录入。")
UNKNOWN_CODE = msg(
    "“%(value)s”不知道是哪一种%(label)s。请在映射文件的 values.%(field)s 里写明它对应的代码：%(codes)s。"
)
NO_HEADING = msg("表格里没有这些列：%(names)s。表格的列名是：%(header)s。请检查表头所在行和映射里的列名。")
TWICE = msg("列名“%(name)s”在表头里出现了 %(count)s 次。请在映射里写“%(name)s#1”或“%(name)s#2”指明是哪一列。")


@dataclass(frozen=True, slots=True)
class Column:
    """One field (or extra column): where it stands, how a cell is read, what fills an empty one."""

    name: str
    heading: str
    label: str
    index: int  # -1: a fixed value
    read: Read
    default: Value = None
    is_extra: bool = False

    @property
    def is_required(self) -> bool:
        """Whether a case can't do without it."""
        return not self.is_extra and self.name in REQUIRED


class CellReader:
    """Reads cells by the kind of their field; remembers code words and money it has seen."""

    def __init__(self, mapping: Mapping, dates: DateReader) -> None:
        self._words = mapping.values
        self._dates = dates
        self._seen: dict[tuple[str, str], Value] = {}

    def for_field(self, name: str) -> Read:
        """The reader of one field's cells."""
        if name == "institution":
            return partial(_exact, institution_code)
        if name == "number":
            return partial(_exact, partial(identity, name))
        if name == "institution_name":
            return partial(self._text, name)
        readers: dict[Kind, Read] = {
            Kind.TEXT: partial(self._text, name),
            Kind.SECRET: partial(_exact, partial(identity, name)),
            Kind.CODE: partial(self._code, name),
            Kind.DATE: self._date,
            Kind.MONEY: self._money,
            Kind.YES_NO: partial(self._yes_no, name),
            Kind.TAGS: partial(self._tags, name),
        }
        return readers[BY_NAME[name].kind]

    def _text(self, name: str, text: str, mark: Mark | None, remarks: list[Unreadable]) -> Value:
        if not text and mark is None:
            return ""
        if mark is not None:
            _refuse_spoilt(text, mark)
            if mark is Mark.DATE:
                text = text.removesuffix(" 00:00:00")
                remarks.append(Unreadable("cell.date_in_text", DATE_IN_TEXT, value=text))
        value = limited(name, text)
        own = self._words.get(name)
        return own.get(value, value) if own else value

    def _tags(self, name: str, text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
        _refuse_spoilt(text, mark)
        own = self._words.get(name, {})
        given = tags(name, text)
        return ";".join(own.get(tag, tag) for tag in given.split(";")) if own else given

    def _code(self, name: str, text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
        known = self._seen.get((name, text))
        if known is not None and mark is None:
            return known
        _refuse_spoilt(text, mark)
        word = plain(text)
        if not word:
            return ""
        code = code_of(name, word, self._words)
        if code is None:
            codes, label = ", ".join(ENUMS[name]), BY_NAME[name].label
            raise Unreadable(
                "code.unknown", UNKNOWN_CODE, value=word[:40], field=name, label=label, codes=codes
            )
        self._seen[name, text] = code
        return code

    def _date(self, text: str, mark: Mark | None, remarks: list[Unreadable]) -> Value:
        _refuse_spoilt(text, mark)
        if not text:
            return None
        reading = self._dates.read(text, typed=mark is Mark.DATE)
        if reading.is_refused:
            raise Unreadable(reading.code, reading.text, value=text.strip()[:40])
        if reading.day is None and reading.code:
            remarks.append(Unreadable(reading.code, reading.text, value=text.strip()[:40]))
        return reading.day

    def _money(self, text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
        _refuse_spoilt(text, mark)
        return money(text, is_number=mark is Mark.NUMBER)

    def _yes_no(self, name: str, text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
        _refuse_spoilt(text, mark)
        own = self._words.get(name, {})
        return yes_no(own.get(plain(text), text) if own else text)


def _refuse_spoilt(text: str, mark: Mark | None) -> None:
    if mark is Mark.ERROR:
        raise Unreadable("cell.error", ERROR_CELL)
    if mark is Mark.TOO_LONG:
        raise Unreadable("cell.too_long", DESTROYED, value=text)


def _exact(read: Callable[[str], str], text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
    """Keys and secrets: what Excel has turned into a date is lost."""
    _refuse_spoilt(text, mark)
    if mark is Mark.DATE:
        raise Unreadable("cell.date_in_key", DATE_IN_KEY, value=text.removesuffix(" 00:00:00"))
    return read(text)


def _kept(text: str, mark: Mark | None, _remarks: list[Unreadable]) -> Value:
    """An extra column's cell, as it is."""
    _refuse_spoilt(text, mark)
    return limited("", text.removesuffix(" 00:00:00") if mark is Mark.DATE else text)


def columns_of(mapping: Mapping, header: Sequence[str], cells: CellReader) -> tuple[Column, ...]:
    """Every mapped column with its place; fixed values are read once, here."""
    places = _places(mapping, header)
    sources: list[tuple[str, Source]] = [("institution", mapping.institution_code)]
    if mapping.institution_name is not None:
        sources.append(("institution_name", mapping.institution_name))
    sources += mapping.columns.items()
    columns = [_column(name, source, places, cells) for name, source in sources]
    columns += [Column(name, name, name, places[name], _kept, is_extra=True) for name in mapping.extra]
    return tuple(columns)


def _column(name: str, source: Source, places: dict[str, int], cells: CellReader) -> Column:
    label = BY_NAME[name].label if name in BY_NAME else msg("法律援助机构")
    read = cells.for_field(name)
    if source.column is None:
        fixed = _once(name, source.value or "", cells)
        return Column(name, f"={source.value}", label, -1, lambda _text, _mark, _remarks: fixed)
    default = _once(name, source.default, cells) if source.default else None
    return Column(name, source.column, label, places[source.column], read, default)


def _once(name: str, text: str, cells: CellReader) -> Value:
    """A value that the mapping itself gives; its dates are ISO whatever the register's forms are."""
    if name in BY_NAME and BY_NAME[name].kind is Kind.DATE:
        return DateReader().read(text).day
    try:
        return cells.for_field(name)(text, None, [])
    except Unreadable as error:
        raise InvalidInput(error.code, error.text, where=f"columns.{name}", **error.params) from None


def _places(mapping: Mapping, header: Sequence[str]) -> dict[str, int]:
    """Heading → index; compared exactly first, then without regard to width, case and spaces."""
    counts = Counter(header)
    exact = {name: index for index, name in reversed(list(enumerate(header))) if name}
    numbered = dict(_numbered(header))
    loose = {folded(name): index for name, index in reversed(exact.items()) if folded(name)}
    places: dict[str, int] = {}
    missing = []
    for name in mapping.headings:
        if counts[name] > 1:
            raise InvalidInput("mapping.twice", TWICE, where=name, name=name, count=counts[name])
        place = exact.get(name, numbered.get(name, loose.get(folded(name))))
        if place is None:
            missing.append(name)
        else:
            places[name] = place
    if missing:
        shown = "、".join(name for name in header if name)[:400]
        raise InvalidInput(
            "mapping.no_heading", NO_HEADING, where=missing[0], names="、".join(missing), header=shown
        )
    return places


def _numbered(header: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: Counter[str] = Counter()
    for index, name in enumerate(header):
        seen[name] += 1
        yield f"{name}#{seen[name]}", index
