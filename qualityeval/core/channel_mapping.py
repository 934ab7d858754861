"""Mapping files of callbacks and answers: which column is which field, how words in it are read.

parse_channel_mapping(node, kind) -> ChannelMapping      kind: CALLS or ANSWERS
mapping.reader(header)(cells) -> ChannelRow               texts by field, answers by question

sheet, header_row, encoding, dates      as in a register's mapping
form: callback@1                         which form the answers belong to (organ-opinion@1 for `import answers`)
columns: {number: …, institution: …, at: …, outcome: …, caller: …, note: …, means: …}
answers: {met_times: column, …}          question → heading, {column, default} or {value}
values: {outcome: {接通: reached}, met_times: {"2": twice}}
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from qualityeval.core import mapping_parts as parts
from qualityeval.core.callback import Means, Outcome
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping_parts import Source
from qualityeval.core.table_row import need_columns

CALLS, ANSWERS = "calls", "answers"
FORM = "callback@1"
KEYS = frozenset({"sheet", "header_row", "encoding", "dates", "form", "columns", "answers", "values"})
COLUMNS = {
    CALLS: ("number", "institution", "at", "outcome", "caller", "note"),
    ANSWERS: ("number", "institution", "at", "means", "note"),
}
REQUIRED = {CALLS: ("number", "institution", "at", "outcome"), ANSWERS: ("number", "institution", "at")}
CODES: Mapping[str, tuple[str, ...]] = MappingProxyType({"outcome": tuple(Outcome), "means": tuple(Means)})


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One row: texts by field, answers by question; empty ones are left out of the answers."""

    fields: Mapping[str, str]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChannelMapping:
    """A checked mapping."""

    kind: str
    form: str
    columns: Mapping[str, Source]
    answers: Mapping[str, Source]
    values: Mapping[str, Mapping[str, str]]
    sheet: str | None
    header_row: int | None
    encoding: str
    dates: tuple[str, ...]

    def reader(self, header: Sequence[str]) -> Callable[[Sequence[str]], ChannelRow]:
        """A function from cells to their row; `InvalidInput` names every heading that the table lacks."""
        places = {name: place for place, name in reversed(list(enumerate(header))) if name}
        sources = {**self.columns, **self.answers}
        need_columns(header, [one.column for one in sources.values() if one.column is not None])

        def text(name: str, source: Source, cells: Sequence[str]) -> str:
            if source.value is not None:
                return source.value
            place = places[source.column or ""]
            cell = cells[place].strip() if place < len(cells) else ""
            cell = cell or source.default
            return self.values.get(name, {}).get(cell, cell)

        def read(cells: Sequence[str]) -> ChannelRow:
            fields = {name: text(name, source, cells) for name, source in self.columns.items()}
            answers = {name: text(name, source, cells) for name, source in self.answers.items()}
            return ChannelRow(fields, {name: said for name, said in answers.items() if said})

        return read


def parse_channel_mapping(
    node: object, kind: str, *, questions: Callable[[str], Sequence[str]]
) -> ChannelMapping:
    """Check a mapping file; `questions` gives the codes of a form's questions, or refuses an unknown form.

    A needed column that isn't named, a question that the form hasn't, a word that stands for no outcome: each
    is `InvalidInput` with its place.
    """
    top = parts.table(node, "")
    parts.known(top, KEYS, "")
    form = parts.plain(top.get("form"), "form") or FORM
    asked = questions(form)
    columns = parts.table(top.get("columns"), "columns")
    parts.known(columns, COLUMNS[kind], "columns")
    for name in REQUIRED[kind]:
        if name not in columns:
            raise InvalidInput(
                "mapping.missing",
                msg("映射里缺少“%(field)s”。请写明它在哪一列。"),
                where=f"columns.{name}",
                field=name,
            )
    answers = parts.table(top.get("answers") or {}, "answers")
    parts.known(answers, tuple(asked), "answers")
    return ChannelMapping(
        kind=kind, form=form,
        columns={name: parts.source(columns[name], f"columns.{name}") for name in columns},
        answers={name: parts.source(answers[name], f"answers.{name}") for name in answers},
        values=_values(top.get("values"), (*COLUMNS[kind], *asked)),
        sheet=parts.plain(top.get("sheet"), "sheet") or None, header_row=parts.header_row(top.get("header_row")),
        encoding=parts.encoding(top.get("encoding")), dates=parts.dates(top.get("dates")),
    )  # fmt: skip


def _values(node: object, names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    fields = parts.table(node or {}, "values")
    parts.known(fields, names, "values")
    found: dict[str, Mapping[str, str]] = {}
    for name, words in fields.items():
        where = f"values.{name}"
        found[name] = {
            said.strip(): parts.plain(code, f"{where}.{said}")
            for said, code in parts.table(words, where).items()
        }
        for said, code in found[name].items():
            if name in CODES and code not in CODES[name]:
                raise InvalidInput(
                    "mapping.code", msg("“%(value)s”不是“%(field)s”的可用值。可用：%(codes)s。"),
                    where=f"{where}.{said}", value=code, field=name, codes=", ".join(CODES[name]),
                )  # fmt: skip
    return found
