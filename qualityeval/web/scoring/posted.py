"""The sheet's form: its fields come from the frozen rubric, its values become a sheet's content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.sheet import read_points
from qualityeval.web.messages import words


@dataclass(frozen=True)
class Posted:
    """What was typed, readable as content where it can be, and the sentences for what can't."""

    content: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


def read(rubric: Rubric, form: Mapping[str, str]) -> Posted:
    """Every field of the posted sheet; a mark that is no number is named and left out."""
    errors: dict[str, str] = {}
    marks = {
        code: mark
        for code in rubric.by_item
        if (mark := _mark(code, form, errors, five=rubric.method == "five_mark"))
    }
    bonus = {}
    for extra in rubric.bonus:
        points = _points(f"bonus-{extra.code}", form, errors)
        if points:
            bonus[extra.code] = points
    vetoes = {
        veto.code: form.get(f"veto-reason-{veto.code}", "").strip()
        for veto in rubric.vetoes
        if form.get(f"veto-{veto.code}")
    }
    content = {
        "marks": marks, "bonus": bonus, "vetoes": vetoes, "overall": form.get("overall", "").strip(),
        "asks": bool(form.get("asks")),
    }  # fmt: skip
    return Posted(content, errors)


def _mark(code: str, form: Mapping[str, str], errors: dict[str, str], *, five: bool) -> dict[str, Any]:
    mark: dict[str, Any] = {}
    if form.get(f"na-{code}"):
        mark["na"] = True
    else:
        earned = _points(f"mark-{code}", form, errors)
        if earned is not None:
            mark["earned"] = earned // 100 if five else earned
    for name in ("reason", "page"):
        text = form.get(f"{name}-{code}", "").strip()
        if text:
            mark[name] = text
    return mark


def _points(name: str, form: Mapping[str, str], errors: dict[str, str]) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return read_points(text, where=name)
    except RuleViolation as refusal:
        errors[name] = words(refusal)
        return None


def typed(rubric: Rubric, content: Mapping[str, Any]) -> dict[str, str]:
    """Stored content as the form's fields show it."""
    values: dict[str, str] = {"overall": content.get("overall", "")}
    if content.get("asks"):
        values["asks"] = "1"
    for code, mark in content.get("marks", {}).items():
        if mark.get("na"):
            values[f"na-{code}"] = "1"
        if mark.get("earned") is not None:
            values[f"mark-{code}"] = (
                str(mark["earned"]) if rubric.method == "five_mark" else show_points(mark["earned"])
            )
        elif mark.get("deductions") is not None:
            left = rubric.by_item[code].points - sum(mark["deductions"])
            values[f"mark-{code}"] = show_points(left)
        values |= {f"{name}-{code}": mark[name] for name in ("reason", "page") if mark.get(name)}
    values |= {f"bonus-{code}": show_points(points) for code, points in content.get("bonus", {}).items()}
    for code, reason in content.get("vetoes", {}).items():
        values |= {f"veto-{code}": "1", f"veto-reason-{code}": reason}
    return values
