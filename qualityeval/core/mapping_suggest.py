"""A first mapping from a table's headings and a few of its rows, for the mapping page to start from.

    suggest(header, samples=()) -> Suggestion
        .sources     field → heading (`institution` and `institution_code` among the fields)
        .dates       the forms that read the sampled date cells; () where the order of day and month is unsure
        .unknown     words of the sampled code columns that need a line under `values`, field → words
        .missing     required fields that no heading names
        .unused      headings that no field took
        .as_node()   the same as a mapping file's content; it may still lack `missing`

Nothing is guessed from position: a heading is known or it isn't.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.dates import DEFAULT_FORMS, forms_that_read
from qualityeval.core.mapping import REQUIRED
from qualityeval.core.mapping_parts import code_of
from qualityeval.core.table_row import TableRow
from qualityeval.core.vocabulary import field_of_heading

MAX_UNKNOWN = 50


@dataclass(frozen=True)
class Suggestion:
    """What the headings say; see the module."""

    sources: Mapping[str, str]
    dates: tuple[str, ...]
    unknown: Mapping[str, tuple[str, ...]]
    missing: tuple[str, ...]
    unused: tuple[str, ...]

    def as_node(self) -> dict[str, object]:
        """A mapping file's content, for `parse_mapping` once what is missing has been added."""
        columns: dict[str, object] = {
            name: heading for name, heading in self.sources.items() if name in BY_NAME
        }
        code = self.sources.get("institution_code") or self.sources.get("institution")
        if code:
            columns["institution"] = {"code": code, "name": self.sources.get("institution", code)}
        return {"columns": columns, "dates": list(self.dates or DEFAULT_FORMS)}


def suggest(header: Sequence[str], samples: Iterable[TableRow] = ()) -> Suggestion:
    """Match headings to fields, each field and each heading at most once, the leftmost first."""
    sources: dict[str, str] = {}
    places: dict[str, int] = {}
    unused = []
    for index, heading in enumerate(header):
        name = field_of_heading(heading) if heading else None
        if name and name not in sources:
            sources[name], places[name] = heading, index
        elif heading:
            unused.append(heading)
    rows = list(samples)
    missing = [name for name in REQUIRED if name not in sources]
    if not {"institution", "institution_code"} & set(sources):
        missing.insert(1 if missing[:1] == ["number"] else 0, "institution")
    return Suggestion(sources, _dates(places, rows), _unknown(places, rows), tuple(missing), tuple(unused))


def _cells(index: int, rows: Iterable[TableRow]) -> Iterable[str]:
    return (row.cells[index].strip() for row in rows if index < len(row.cells) and row.cells[index].strip())


def _dates(places: Mapping[str, int], rows: Sequence[TableRow]) -> tuple[str, ...]:
    dated = [index for name, index in places.items() if name in BY_NAME and BY_NAME[name].kind is Kind.DATE]
    # a cell that the workbook itself types as a date says nothing of how texts are written
    texts = [
        row.cells[index]
        for row in rows
        for index in dated
        if index < len(row.cells) and row.marks.get(index) != "d"
    ]
    return forms_that_read(texts) if any(text.strip() for text in texts) else DEFAULT_FORMS


def _unknown(places: Mapping[str, int], rows: Sequence[TableRow]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, index in places.items():
        if name in BY_NAME and BY_NAME[name].kind is Kind.CODE:
            words = [word for word in dict.fromkeys(_cells(index, rows)) if code_of(name, word, {}) is None]
            if words:
                found[name] = tuple(words[:MAX_UNKNOWN])
    return found
