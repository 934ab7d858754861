"""From a mapping of texts to a checked `Rubric`."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from qualityeval.core.errors import msg
from qualityeval.core.proposal_rules import check_rule, read_late
from qualityeval.core.rubric_parts import (
    BONUS_CAP,
    FULL,
    METHODS,
    OVERALL,
    OVERALL_GRADE,
    STAFF,
    VETO_KINDS,
    Bonus,
    Grade,
    Item,
    Phrase,
    Rubric,
    Section,
    Title,
    Veto,
    code_of,
    points_of,
    refuse,
    show_points,
)

Node = Mapping[str, object]
T = TypeVar("T", bound=str)

_TOP = {
    "code",
    "version",
    "title",
    "title_en",
    "method",
    "grades",
    "sections",
    "vetoes",
    "bonus",
    "bonus_cap",
    "note",
}
_GRADE = {"name", "name_en", "minimum", "good"}
_SECTION = {"code", "title", "title_en", "points", "core", "na", "role", "items"}
_ITEM = {"code", "title", "title_en", "points", "na", "role", "clause", "anchors", "phrases", "check", "late"}
_VETO = {"code", "title", "title_en", "kind", "grade"}
_BONUS = {"code", "title", "title_en", "points"}


def parse_rubric(mapping: object) -> Rubric:
    """A rubric whose numbers are text into a checked one.

    Promises: sections sum to 100.00 and items to their section (points and five-mark methods), codes
    are unique, cut-offs descend to 0, at least one core indicator is named, vetoes name a grade.
    Refuses with `InvalidInput`, `where` being the path inside the file.
    """
    top = _node(mapping, "", _TOP)
    method = _choice(top, "method", "", METHODS)
    grades = _grades(top, method)
    sections = tuple(
        _section(node, f"sections[{index}]", method) for index, node in enumerate(_nodes(top, "sections", ""))
    )
    vetoes = tuple(
        _veto(node, f"vetoes[{i}]", grades) for i, node in enumerate(_nodes(top, "vetoes", "", optional=True))
    )
    bonus = tuple(
        _bonus(node, f"bonus[{i}]") for i, node in enumerate(_nodes(top, "bonus", "", optional=True))
    )
    _check_whole(method, sections, vetoes, bonus)
    cap = points_of(top["bonus_cap"], "bonus_cap") if "bonus_cap" in top else BONUS_CAP
    return Rubric(
        code=code_of(top.get("code"), "code"),
        version=_version(top.get("version")),
        title=_title(top, ""),
        method=method,
        grades=grades,
        sections=sections,
        vetoes=vetoes,
        bonus=bonus,
        bonus_cap=cap,
        by_item=_by_item(sections, method),
    )


def _by_item(sections: tuple[Section, ...], method: str) -> dict[str, Item]:
    if method == "indicator":
        return {one.code: Item(one.code, one.title, 0, one.na, one.role) for one in sections}
    return {item.code: item for section in sections for item in section.items}


def _node(value: object, where: str, allowed: set[str]) -> Node:
    if not isinstance(value, Mapping):
        raise refuse(where or "/", "shape", msg("这里应是一组“名称: 内容”。"))
    for key in value:
        if key not in allowed:
            raise refuse(
                _at(where, str(key)),
                "unknown_key",
                msg("不认识“%(key)s”：请检查拼写，或删去这一行。"),
                key=key,
            )
    return value


def _nodes(node: Node, key: str, where: str, *, optional: bool = False) -> Sequence[object]:
    value = node.get(key)
    if value is None and optional:
        return ()
    if not isinstance(value, list | tuple) or not value:
        raise refuse(_at(where, key), "list", msg("“%(key)s”应是一个列表，至少一项。"), key=key)
    return value


def _at(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _text(node: Node, key: str, where: str, default: str | None = None) -> str:
    value = node.get(key, default)
    if not isinstance(value, str) or (not value.strip() and default is None):
        raise refuse(_at(where, key), "text", msg("“%(key)s”不能空着。"), key=key)
    return value.strip()


def _flag(node: Node, key: str, where: str, *, default: bool | None = False) -> bool:
    value = node.get(key, default)
    if not isinstance(value, bool):
        raise refuse(_at(where, key), "flag", msg("“%(key)s”只能是 true 或 false。"), key=key)
    return value


def _choice(node: Node, key: str, where: str, options: tuple[T, ...]) -> T:
    for option in options:
        if node.get(key) == option:
            return option
    raise refuse(
        _at(where, key), "choice", msg("“%(key)s”只能是：%(options)s。"), key=key, options="、".join(options)
    )


def _title(node: Node, where: str) -> Title:
    return Title(zh=_text(node, "title", where), en=_text(node, "title_en", where))


def _version(value: object) -> int:
    if (
        not isinstance(value, str | int)
        or isinstance(value, bool)
        or not str(value).isdecimal()
        or int(value) < 1
    ):
        raise refuse("version", "version", msg("版本号应是从 1 开始的整数。"))
    return int(value)


def _grades(top: Node, method: str) -> tuple[Grade, ...]:
    grades: list[Grade] = []
    for order, raw in enumerate(_nodes(top, "grades", "")):
        where = f"grades[{order}]"
        node = _node(raw, where, _GRADE)
        minimum = points_of(node.get("minimum"), f"{where}.minimum")
        if grades and minimum >= grades[-1].minimum:
            raise refuse(f"{where}.minimum", "cutoffs", msg("等次须从高到低排列，最低分逐级下降。"))
        name = _text(node, "name", where)
        if any(name == grade.name for grade in grades):
            raise refuse(f"{where}.name", "duplicate", msg("“%(value)s”出现了两次。"), value=name)
        good = _flag(node, "good", where, default=None)
        grades.append(Grade(name, _text(node, "name_en", where), minimum, order, good))
    _check_grades(grades, method)
    return tuple(grades)


def _check_grades(grades: list[Grade], method: str) -> None:
    if len(grades) < 2 or grades[-1].minimum != 0 or grades[0].minimum > FULL:
        raise refuse("grades", "cutoffs", msg("至少要有两个等次；最高等次不超过 100 分，最低等次从 0 分起。"))
    if [grade.good for grade in grades] != sorted((grade.good for grade in grades), reverse=True):
        raise refuse("grades", "good", msg("记为“良好以上”的等次须排在其他等次之上。"))
    if method == "indicator" and len(grades) != 4:
        raise refuse("grades", "indicator_grades", msg("指标等级制须有四个等次。"))


def _section(raw: object, where: str, method: str) -> Section:
    node = _node(raw, where, _SECTION)
    core = _flag(node, "core", where)
    title, code = _title(node, where), code_of(node.get("code"), f"{where}.code")
    if method == "indicator":
        if "items" in node or "points" in node:
            raise refuse(where, "indicator_items", msg("指标等级制的指标不设分值和评分项。"))
        role, na = _text(node, "role", where, ""), _flag(node, "na", where)
        if (
            role == STAFF and core and na
        ):  # so that an expert knows alone whether enough core indicators apply
            raise refuse(f"{where}.na", "staff_core", msg("归工作人员的核心指标不能设为可不适用。"))
        return Section(code, title, 0, core, na, (), role)
    if "na" in node:
        raise refuse(f"{where}.na", "section_na", msg("能否不适用写在评分项上，不写在指标上。"))
    if "role" in node:
        raise refuse(f"{where}.role", "section_role", msg("归哪一方写在评分项上，不写在指标上。"))
    items = tuple(_item(item, f"{where}.items[{i}]") for i, item in enumerate(_nodes(node, "items", where)))
    points = points_of(node.get("points"), f"{where}.points")
    _check_sum([item.points for item in items], points, where)
    return Section(code, title, points, core, all(item.na for item in items), items)


def _check_sum(parts: list[int], whole: int, where: str) -> None:
    if sum(parts) != whole:
        raise refuse(
            where,
            "sum",
            msg("各部分合计 %(sum)s 分，应为 %(points)s 分。"),
            sum=show_points(sum(parts)),
            points=show_points(whole),
        )


def _item(raw: object, where: str) -> Item:
    node = _node(raw, where, _ITEM)
    points = points_of(node.get("points"), f"{where}.points")
    if not points:
        raise refuse(f"{where}.points", "points", msg("评分项的分值须大于 0。"))
    anchors = node.get("anchors") or {}
    if not isinstance(anchors, Mapping):
        raise refuse(f"{where}.anchors", "shape", msg("这里应是一组“名称: 内容”。"))
    item = Item(
        code=code_of(node.get("code"), f"{where}.code"),
        title=_title(node, where),
        points=points,
        na=_flag(node, "na", where),
        role=_text(node, "role", where, ""),
        clause=_text(node, "clause", where, ""),
        anchors=tuple((str(key), _text(anchors, key, f"{where}.anchors")) for key in anchors),
        phrases=tuple(
            _phrase(phrase, f"{where}.phrases[{i}]", points)
            for i, phrase in enumerate(_nodes(node, "phrases", where, optional=True))
        ),
        check=_text(node, "check", where, ""),
        late=read_late(_text(node, "late", where, ""), f"{where}.late"),
    )
    check_rule(item, where)
    return item


def _phrase(raw: object, where: str, points: int) -> Phrase:
    node = _node(raw, where, {"text", "points"})
    deducted = points_of(node.get("points"), f"{where}.points")
    if not 0 < deducted <= points:
        raise refuse(f"{where}.points", "points", msg("扣分须大于 0，且不超过该项分值。"))
    return Phrase(_text(node, "text", where), deducted)


def _veto(raw: object, where: str, grades: tuple[Grade, ...]) -> Veto:
    node = _node(raw, where, _VETO)
    grade = _choice(node, "grade", where, tuple(grade.name for grade in grades))
    return Veto(
        code_of(node.get("code"), f"{where}.code"),
        _title(node, where),
        _choice(node, "kind", where, VETO_KINDS),
        grade,
    )


def _bonus(raw: object, where: str) -> Bonus:
    node = _node(raw, where, _BONUS)
    return Bonus(
        code_of(node.get("code"), f"{where}.code"),
        _title(node, where),
        points_of(node.get("points"), f"{where}.points"),
    )


def _check_whole(
    method: str, sections: tuple[Section, ...], vetoes: tuple[Veto, ...], bonus: tuple[Bonus, ...]
) -> None:
    if method != "indicator":
        _check_sum([section.points for section in sections], FULL, "sections")
    if not any(section.core for section in sections):
        raise refuse("sections", "core", msg("至少要把一项指标标为核心指标（core: true）。"))
    items = [item.code for section in sections for item in section.items]
    if all(item.role == STAFF for item in _by_item(sections, method).values()):
        raise refuse("items", "all_staff", msg("评分项不能全归工作人员：至少留一项给专家评。"))
    for taken in (OVERALL, OVERALL_GRADE):
        if taken in items or (method == "indicator" and any(one.code == taken for one in sections)):
            raise refuse("items", "reserved", msg("“%(value)s”留给总评，不能用作评分项的代码。"), value=taken)
    for where, codes in (
        ("sections", [section.code for section in sections]),
        ("items", items),
        ("vetoes", [veto.code for veto in vetoes]),
        ("bonus", [extra.code for extra in bonus]),
    ):
        for code in codes:
            if codes.count(code) > 1:
                raise refuse(where, "duplicate", msg("“%(value)s”出现了两次。"), value=code)
