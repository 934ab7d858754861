"""The mapping of a register: which column is which field, and how words and dates in it are read.

    parse_mapping(node) -> Mapping            node: what adapters.yaml_text.load_text gives
    as_node(mapping) -> dict                  canonical; as_text(mapping) the YAML file with the same meaning
    suggest(header, samples=()) -> Suggestion (in core.mapping_suggest)

A mapping's file is described in the design page: `columns` (a heading, `{column, default}` or
`{value}`), `institution` with `code` and `name`, `sheet`, `header_row`, `encoding`, `dates`, `values`,
`extra`. A heading that stands twice in the table is told apart as `姓名#2`. `default` fills empty cells.
Every refusal is `InvalidInput` with `where` as a path, `columns.closed_on.default`.
"""

import json
import re
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from types import MappingProxyType

from qualityeval.core import mapping_parts as parts
from qualityeval.core.case_fields import BY_NAME, FIELDS
from qualityeval.core.dates import DEFAULT_FORMS
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.mapping_parts import Source

REQUIRED = ("number", "case_type", "aid_form")
KEYS = frozenset({"sheet", "header_row", "encoding", "columns", "dates", "values", "extra"})
_EMPTY: MappingType[str, MappingType[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping."""

    columns: MappingType[str, Source]
    institution_code: Source
    institution_name: Source | None = None
    sheet: str | None = None
    header_row: int | None = None
    encoding: str = "auto"
    dates: tuple[str, ...] = DEFAULT_FORMS
    values: MappingType[str, MappingType[str, str]] = field(default_factory=lambda: _EMPTY)
    extra: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading that the table must have, once."""
        sources = (*self.columns.values(), self.institution_code, self.institution_name or Source(value=""))
        named = [source.column for source in sources if source.column is not None]
        return tuple(dict.fromkeys((*named, *self.extra)))


def parse_mapping(node: object) -> Mapping:
    """Check a mapping file's content; every fault is named by its place and its remedy."""
    top = parts.table(node, "")
    parts.known(top, KEYS, "")
    columns = parts.table(top.get("columns"), "columns")
    parts.known(columns, {"institution", *BY_NAME}, "columns")
    names = [known.name for known in FIELDS if known.name in columns]
    sources = {name: parts.source(columns[name], f"columns.{name}") for name in names}
    _check_required(sources)
    code, title = parts.institution(columns.get("institution"))
    words = parts.values(top.get("values"))
    parts.check_fixed(sources, words)
    return Mapping(
        columns=MappingProxyType(sources),
        institution_code=code,
        institution_name=title,
        sheet=parts.plain(top.get("sheet"), "sheet") or None,
        header_row=parts.header_row(top.get("header_row")),
        encoding=parts.encoding(top.get("encoding")),
        dates=parts.dates(top.get("dates")),
        values=words,
        extra=parts.kept(top.get("extra")),
    )


def _check_required(sources: MappingType[str, Source]) -> None:
    for name in REQUIRED:
        if name not in sources or sources[name].value == "":
            text = msg("映射里缺少“%(field)s”（%(label)s）。请写明它在哪一列，或用 {value: …} 给一个固定值。")
            label = BY_NAME[name].label
            raise InvalidInput("mapping.missing", text, where=f"columns.{name}", field=name, label=label)
    if sources["number"].column is None or sources["number"].default:
        text = msg("援助案号必须来自一列，不能用固定值或缺省值。")
        raise InvalidInput("mapping.number", text, where="columns.number")


def as_node(mapping: Mapping) -> dict[str, object]:
    """The mapping as plain lists and dictionaries, in one order; `parse_mapping` gives it back."""
    institution: object = _source_node(mapping.institution_code)
    if mapping.institution_name is not None:
        institution = {"code": institution, "name": _source_node(mapping.institution_name)}
    elif isinstance(institution, dict):
        institution = {"code": institution}
    columns: dict[str, object] = {
        "number": _source_node(mapping.columns["number"]),
        "institution": institution,
    }
    columns |= {name: _source_node(source) for name, source in mapping.columns.items()}
    node: dict[str, object] = {}
    if mapping.sheet is not None:
        node["sheet"] = mapping.sheet
    if mapping.header_row is not None:
        node["header_row"] = str(mapping.header_row)
    node |= {"encoding": mapping.encoding, "columns": columns, "dates": list(mapping.dates)}
    if mapping.values:
        node["values"] = {name: dict(words) for name, words in mapping.values.items()}
    if mapping.extra:
        node["extra"] = list(mapping.extra)
    return node


def as_text(mapping: Mapping) -> str:
    """The mapping as a YAML file that people may edit; every scalar that could be misread is quoted."""
    return "".join(_lines(as_node(mapping), 0))


def _lines(node: object, depth: int) -> list[str]:
    if not isinstance(node, dict):
        raise TypeError(node)
    lines = []
    for key, value in node.items():
        start = "  " * depth + f"{_scalar(key)}:"
        if isinstance(value, dict) and depth == 0:
            lines += [f"{start}\n", *_lines(value, depth + 1)]
        else:
            lines.append(f"{start} {_flow(value)}\n")
    return lines


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    return _scalar(value)


_PLAIN = re.compile(r"[0-9A-Za-z_㐀-鿿][0-9A-Za-z_.\-㐀-鿿]*")
_WORD_LIKE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def _scalar(value: object) -> str:
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORD_LIKE:
        return text
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a YAML double-quoted scalar


def _source_node(source: Source) -> object:
    if source.column is None:
        return {"value": source.value or ""}
    if source.default:
        return {"column": source.column, "default": source.default}
    return source.column
