"""Two texts of one sheet: where they differ, and what comes of choosing between them field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from qualityeval.core.rubric_parts import Rubric, Title, show_points
from qualityeval.web.grades import grade_name
from qualityeval.web.locale import choose_locale

MARK = ("grade", "earned", "deductions", "cuts", "na")  # of an item these go together
PARTS: Mapping[str, tuple[str, ...]] = {"mark": MARK, "reason": ("reason",), "page": ("page",)}


@dataclass(frozen=True)
class Difference:
    """One field in words: `name` is how the form chooses it."""

    name: str
    label: str
    saved: str
    typed: str


def differing(rubric: Rubric, saved: Mapping[str, Any], typed: Mapping[str, Any]) -> list[Difference]:
    """The fields that aren't the same, in the order of the sheet."""
    five = rubric.method == "five_mark"
    found = []
    for item in rubric.by_item.values():
        labels = {
            "mark": _("等次") if rubric.method == "indicator" else _("得分和扣分"),
            "reason": _("说明"),
            "page": _("页码"),
        }
        for part in PARTS:
            texts = [_part(content, item.code, part, five=five) for content in (saved, typed)]
            found.append(Difference(f"{part}:{item.code}", f"{_name(item.title)} · {labels[part]}", *texts))
    for kind, label, parts in (("bonus", _("加分"), rubric.bonus), ("vetoes", _("一票否决"), rubric.vetoes)):
        for one in parts:
            texts = [_other(content, kind, one.code) for content in (saved, typed)]
            found.append(Difference(f"{kind}:{one.code}", f"{label} · {_name(one.title)}", *texts))
    for kind, label in (("own", _("总的等次")), ("overall", _("总的意见")), ("asks", _("请求复评"))):
        texts = [_whole(content.get(kind)) for content in (saved, typed)]
        found.append(Difference(kind, label, *texts))
    return [one for one in found if one.saved != one.typed]


def merged(typed: Mapping[str, Any], saved: Mapping[str, Any], taken: Iterable[str]) -> dict[str, Any]:
    """What was typed, with the saved text in those fields that were chosen."""
    content = {
        **typed,
        "marks": dict(typed.get("marks", {})),
        **{k: dict(typed.get(k, {})) for k in ("bonus", "vetoes")},
    }
    for name in taken:
        kind, _colon, code = name.partition(":")
        if kind in PARTS:
            keys, theirs = PARTS[kind], saved.get("marks", {}).get(code, {})
            mine = {key: value for key, value in content["marks"].get(code, {}).items() if key not in keys}
            content["marks"][code] = mine | {key: theirs[key] for key in keys if key in theirs}
        elif kind in {"bonus", "vetoes"}:
            content[kind].pop(code, None)
            content[kind] |= {code: saved[kind][code]} if code in saved.get(kind, {}) else {}
        elif kind in {"own", "overall", "asks"}:
            content[kind] = saved.get(kind, content.get(kind))
    return content


def _name(title: Title) -> str:
    return title.en if choose_locale() == "en" else title.zh


def _part(content: Mapping[str, Any], code: str, part: str, *, five: bool) -> str:
    mark = content.get("marks", {}).get(code, {})
    if part != "mark":
        return str(mark.get(part, ""))
    if mark.get("na"):
        return _("不适用")
    if mark.get("grade"):
        return grade_name(mark["grade"])
    if mark.get("earned") is not None:
        return str(mark["earned"]) if five else show_points(mark["earned"])
    cuts = mark.get("cuts") or [{}] * len(mark.get("deductions") or ())
    lines = [
        " ".join(filter(None, (f"−{show_points(points)}", cut.get("text"), cut.get("page") and f"→ {cut['page']}")))
        for points, cut in zip(mark.get("deductions") or (), cuts, strict=True)
    ]  # fmt: skip
    return "；".join(lines)


def _other(content: Mapping[str, Any], kind: str, code: str) -> str:
    value = content.get(kind, {}).get(code)
    if value is None:
        return ""
    return show_points(value) if kind == "bonus" else value or _("有")


def _whole(value: Any) -> str:
    if isinstance(value, Mapping):
        return " · ".join(filter(None, (grade_name(value.get("grade", "")), value.get("reason", ""))))
    return _("是") if value is True else str(value or "")
