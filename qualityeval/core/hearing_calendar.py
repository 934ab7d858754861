"""A line of a court's calendar: which case is heard when, under whichever heading a court or an office writes it.

entry(cells, reader) -> Entry     refuses a line without a case or without a day
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.vocabulary import field_of_heading

FIELDS = {
    "institution_code": "institution",
    "number": "number",
    "court_number": "court_number",
    "hearing_on": "hearing_on",
}
FORMS = ("iso", "ymd", "cn", "excel")


@dataclass(frozen=True, slots=True)
class Entry:
    """A hearing: the aid case's number or the court's own, or both; the institution's code may be left out."""

    institution: str
    number: str
    court_number: str
    day: date


def entry(cells: Mapping[str, str], reader: DateReader) -> Entry:
    """The line's hearing; columns that it doesn't know are passed over.

    >>> line = {"法援案号": "2026-7", "开庭日期": "2026年12月3日", "法庭": "第三法庭"}
    >>> entry(line, DateReader(FORMS)).day
    datetime.date(2026, 12, 3)
    """
    found = dict.fromkeys(FIELDS.values(), "")
    for heading, text in cells.items():
        name = FIELDS.get(field_of_heading(heading) or "")
        if name and not found[name]:
            found[name] = text.strip()
    if not found["number"] and not found["court_number"]:
        raise InvalidInput("calendar.case", msg("缺援助案号或者法院案号。"), where="number")
    reading = reader.read(found["hearing_on"].partition(" ")[0])
    if reading.day is None:
        raise InvalidInput("calendar.day", msg("开庭日期读不懂，如 2026-12-03。"), where="hearing_on")
    return Entry(found["institution"], found["number"], found["court_number"], reading.day)
