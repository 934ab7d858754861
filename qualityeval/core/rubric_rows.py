"""A rubric as the rows of a table, for Excel: one row a grade, section, item, phrase, anchor, veto and bonus.

    rows_of(mapping) -> list of rows        from the mapping of a YAML file; cells by column
    read_rows(lines) -> (mapping, rows)     back again; `rows` says which row a path of the mapping came from

An item belongs to the last section above it, phrases and anchors to the last item.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric_reading import parse_rubric

COLUMNS = (
    "row", "code", "title", "title_en", "points", "core", "na", "good", "kind", "grade", "role", "clause", "check",
    "late",
)  # fmt: skip
NEEDED = ("row", "code", "title", "points")
KINDS = ("rubric", "grade", "section", "item", "phrase", "anchor", "veto", "bonus")
TRUE = frozenset({"1", "true", "yes", "y", "是", "√", "✓"})
FALSE = frozenset({"", "0", "false", "no", "n", "否"})

Row = dict[str, str]


def rows_of(mapping: Mapping[str, Any]) -> list[Row]:
    """The mapping's content as rows, in the order in which it is read back."""
    rows = [
        _row("rubric", mapping, "code", "title", "title_en", points="bonus_cap", kind="method", grade="version", clause="note")
    ]  # fmt: skip
    rows += [
        _row("grade", grade, "good", title="name", title_en="name_en", points="minimum")
        for grade in mapping.get("grades") or ()
    ]
    for section in mapping.get("sections") or ():
        rows.append(_row("section", section, "code", "title", "title_en", "points", "core", "na", "role"))
        for item in section.get("items") or ():
            rows.append(
                _row(
                    "item",
                    item,
                    "code",
                    "title",
                    "title_en",
                    "points",
                    "na",
                    "role",
                    "clause",
                    "check",
                    "late",
                )
            )
            anchors = (item.get("anchors") or {}).items()
            rows += [_row("anchor", {"code": key, "title": text}, "code", "title") for key, text in anchors]
            rows += [_row("phrase", one, "points", title="text") for one in item.get("phrases") or ()]
    for veto in mapping.get("vetoes") or ():
        rows.append(_row("veto", veto, "code", "title", "title_en", "kind", "grade"))
    for bonus in mapping.get("bonus") or ():
        rows.append(_row("bonus", bonus, "code", "title", "title_en", "points"))
    return rows


def _row(what: str, node: Mapping[str, Any], *same: str, **renamed: str) -> Row:
    cells = dict.fromkeys(COLUMNS, "") | {"row": what}
    for column, key in {**{name: name for name in same}, **renamed}.items():
        value = node.get(key, "")
        cells[column] = ("true" if value else "") if isinstance(value, bool) else str(value)
    return cells


def read_rows(lines: Iterable[tuple[int, Mapping[str, str]]]) -> tuple[dict[str, Any], dict[str, int]]:
    """The mapping that the rows say, unchecked, and the row of every path in it (`sections[2].items[0]`).

    Refuses, naming the row: an unknown kind, an item without a section, a phrase without an item, two rubrics.
    """
    reading = _Reading()
    for number, cells in lines:
        reading.take(number, {name: str(cells.get(name, "") or "").strip() for name in COLUMNS})
    if "code" not in reading.mapping:
        raise InvalidInput("rubric.no_head", msg("缺少“rubric”一行：请写明代码、名称和方法。"), where="row")
    return reading.mapping, reading.rows


def check_rows(lines: Iterable[tuple[int, Mapping[str, str]]]) -> dict[str, Any]:
    """The mapping that the rows say, checked as a rubric; a fault names its row."""
    mapping, rows = read_rows(lines)
    try:
        parse_rubric(mapping)
    except InvalidInput as fault:
        path = fault.where or ""
        at = max((known for known in rows if path.startswith(known)), key=len, default="")
        raise InvalidInput(
            fault.code, fault.text, where=f"{rows.get(at, 1)}:{path}", **fault.params
        ) from fault
    return mapping


class _Reading:
    """The mapping so far and where its parts came from."""

    def __init__(self) -> None:
        self.mapping: dict[str, Any] = {}
        self.rows: dict[str, int] = {}

    def take(self, number: int, cells: Row) -> None:
        takers: dict[str, Callable[[int, Row], None]] = {
            "rubric": self._rubric, "grade": self._grade, "section": self._section, "item": self._item,
            "phrase": self._phrase, "anchor": self._anchor, "veto": self._veto, "bonus": self._bonus,
        }  # fmt: skip
        kind = cells["row"].lower()
        if kind not in takers:
            raise InvalidInput(
                "rubric.row_kind",
                msg("第 %(row)s 行：row 一列只能是 %(kinds)s。"),
                where=str(number),
                row=number,
                kinds="、".join(KINDS),
            )
        takers[kind](number, cells)

    def _rubric(self, number: int, cells: Row) -> None:
        if "code" in self.mapping:
            raise InvalidInput(
                "rubric.two_heads", msg("第 %(row)s 行：只能有一行“rubric”。"), where=str(number), row=number
            )
        self.mapping |= _filled(
            cells, "code", version="grade", title="title", title_en="title_en", method="kind", bonus_cap="points",
            note="clause",
        )  # fmt: skip
        self.rows[""] = number

    def _add(self, number: int, key: str, node: dict[str, Any], parent: str = "", into: Any = None) -> None:
        nodes = (self.mapping if into is None else into).setdefault(key, [])
        self.rows[f"{parent}{key}[{len(nodes)}]"] = number
        nodes.append(node)

    def _grade(self, number: int, cells: Row) -> None:
        node = _filled(cells, name="title", name_en="title_en", minimum="points")
        self._add(number, "grades", node | {"good": _flag(number, "good", cells)})

    def _section(self, number: int, cells: Row) -> None:
        flags = {name: True for name in ("core", "na") if _flag(number, name, cells)}
        self._add(number, "sections", _filled(cells, "code", "title", "title_en", "points", "role") | flags)

    def _item(self, number: int, cells: Row) -> None:
        sections = self.mapping.get("sections")
        if not sections:
            raise InvalidInput(
                "rubric.no_section", msg("第 %(row)s 行：评分项上面要先有一行“section”。"), where=str(number),
                row=number,
            )  # fmt: skip
        node: dict[str, Any] = _filled(
            cells, "code", "title", "title_en", "points", "role", "clause", "check", "late"
        )
        if _flag(number, "na", cells):
            node["na"] = True
        self._add(number, "items", node, f"sections[{len(sections) - 1}].", sections[-1])

    def _last_item(self, number: int) -> tuple[str, dict[str, Any]]:
        sections = self.mapping.get("sections") or [{}]
        items = sections[-1].get("items")
        if not items:
            raise InvalidInput(
                "rubric.no_item", msg("第 %(row)s 行：常用语和评分参照上面要先有一行“item”。"), where=str(number),
                row=number,
            )  # fmt: skip
        return f"sections[{len(sections) - 1}].items[{len(items) - 1}].", items[-1]

    def _phrase(self, number: int, cells: Row) -> None:
        parent, item = self._last_item(number)
        self._add(number, "phrases", _filled(cells, text="title", points="points"), parent, item)

    def _anchor(self, number: int, cells: Row) -> None:
        parent, item = self._last_item(number)
        item.setdefault("anchors", {})[cells["code"]] = cells["title"]
        self.rows[f"{parent}anchors.{cells['code']}"] = number

    def _veto(self, number: int, cells: Row) -> None:
        self._add(number, "vetoes", _filled(cells, "code", "title", "title_en", "kind", "grade"))

    def _bonus(self, number: int, cells: Row) -> None:
        self._add(number, "bonus", _filled(cells, "code", "title", "title_en", "points"))


def _filled(cells: Row, *same: str, **renamed: str) -> dict[str, Any]:
    wanted = {**{name: name for name in same}, **renamed}
    return {key: cells[column] for key, column in wanted.items() if cells[column]}


def _flag(number: int, column: str, cells: Row) -> bool:
    text = cells[column].lower()
    if text not in TRUE | FALSE:
        raise InvalidInput(
            "rubric.row_flag",
            msg("第 %(row)s 行：%(column)s 一列写“是”或留空。"),
            where=f"{number}:{column}",
            row=number,
            column=column,
        )
    return text in TRUE
