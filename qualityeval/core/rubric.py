"""The rubric as the rest of the product knows it: read one, find the one for a case, show it."""

from collections.abc import Mapping

from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.rubric_parts import (
    FULL,
    Bonus,
    Grade,
    Item,
    Phrase,
    Rubric,
    Section,
    Title,
    Veto,
    hundredths,
    show_points,
)
from qualityeval.core.rubric_reading import parse_rubric

__all__ = [
    "FULL",
    "Bonus",
    "Grade",
    "Item",
    "Phrase",
    "Rubric",
    "Section",
    "Title",
    "Veto",
    "hundredths",
    "key_parts",
    "parse_rubric",
    "resolve_rubric",
    "rubric_show",
    "show_points",
]


def resolve_rubric(keys: Mapping[str, str], *, case_type: str, aid_form: str, stage: str) -> str:
    """The `code@version` for a case; the most specific key of `case type/aid form/stage` wins.

    More parts named is more specific; between keys with as many, the one that names the earlier part
    (case type before aid form before stage). A case that no key meets is `InvalidInput`.
    """
    best: tuple[tuple[int, tuple[bool, ...]], str] | None = None
    for key, rubric in keys.items():
        parts = key_parts(key)
        if any(part not in ("*", own) for part, own in zip(parts, (case_type, aid_form, stage), strict=True)):
            continue
        named = tuple(part != "*" for part in parts)
        rank = (sum(named), named)
        if best is None or rank > best[0]:
            best = (rank, rubric)
    if best is None:
        raise InvalidInput(
            "rubric.unresolved",
            msg("没有适用于 %(key)s 的评分标准：请在评估批次里为它指定一个，或用 * 指定通用的。"),
            where="rubrics",
            key=f"{case_type}/{aid_form}/{stage}",
        )
    return best[1]


def key_parts(key: str) -> tuple[str, str, str]:
    """`criminal/defence/trial` in its three parts; `InvalidInput` when it isn't of that shape."""
    parts = tuple(part.strip() for part in key.split("/"))
    if len(parts) != 3 or not all(parts):
        raise InvalidInput(
            "rubric.key",
            msg("“%(key)s”应写成 案件类型/援助形式/阶段，任一段可用 * 代替。"),
            where="rubrics",
            key=key,
        )
    return parts[0], parts[1], parts[2]


def rubric_show(rubric: Rubric) -> dict[str, object]:
    """What `rubric show` prints: DESIGN's keys, points as decimal text-free numbers in points.

    Points are integers where whole, otherwise the exact decimal as a float of at most two places
    (0.5); they are for reading, never for reckoning.
    """
    return {
        "code": rubric.code,
        "version": rubric.version,
        **_titles(rubric.title),
        "method": rubric.method,
        "grades": [
            {"name": g.name, "name_en": g.name_en, "minimum": _number(g.minimum), "good": g.good}
            for g in rubric.grades
        ],
        "core": list(rubric.core),
        "sections": [_show_section(section) for section in rubric.sections],
        "vetoes": [
            {"code": v.code, **_titles(v.title), "kind": v.kind, "grade": v.grade} for v in rubric.vetoes
        ],
        "bonus": [{"code": b.code, **_titles(b.title), "points": _number(b.points)} for b in rubric.bonus],
    }


def _show_section(section: Section) -> dict[str, object]:
    return {
        "code": section.code,
        **_titles(section.title),
        "points": _number(section.points),
        "core": section.core,
        "items": [
            {"code": i.code, **_titles(i.title), "points": _number(i.points), "na": i.na}
            for i in section.items
        ],
    }


def _titles(title: Title) -> dict[str, str]:
    return {"title": title.zh, "title_en": title.en}


def _number(points: int) -> int | float:
    return points // 100 if points % 100 == 0 else points / 100
