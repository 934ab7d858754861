"""The sheet's form: its fields come from the frozen rubric, its values become a sheet's content."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from werkzeug.datastructures import MultiDict

from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.sheet import mark_of, read_points
from qualityeval.web.messages import words
from qualityeval.web.scoring import graded

CUT_FIELDS = ("cut", "cut-why", "cut-page")  # of one deduction: points, reason, pages
MOST_CUTS = 20
BOTH = InvalidInput("sheet.mark_and_cuts", msg("得分与扣分对不上：写了扣分，得分就空着，由系统算。"))


@dataclass(frozen=True)
class Posted:
    """What was typed, readable as content where it can be, and the sentences for what can't."""

    content: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


def read(rubric: Rubric, form: MultiDict[str, str]) -> Posted:
    """Every field of the posted sheet; a mark that is no number is named and left out."""
    errors: dict[str, str] = {}
    by_grades = rubric.method == "indicator"
    marks = graded.marks_of(rubric, form) if by_grades else {
        code: mark for code in rubric.by_item if (mark := _mark(rubric, code, form, errors))
    }  # fmt: skip
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
    if by_grades and (own := graded.own_of(form)):
        content["own"] = own
    return Posted(content, errors)


def _mark(rubric: Rubric, code: str, form: MultiDict[str, str], errors: dict[str, str]) -> dict[str, Any]:
    mark: dict[str, Any] = {}
    cuts = _cuts(code, form, errors)
    earned = _points(f"mark-{code}", form, errors)
    if form.get(f"na-{code}"):
        mark["na"] = True
    elif cuts:
        mark["deductions"] = [points for points, _why, _page in cuts]
        mark["cuts"] = [{"text": why, "page": page} for _points, why, page in cuts]
        if earned is not None and earned != rubric.by_item[code].points - sum(mark["deductions"]):
            errors[f"mark-{code}"] = words(BOTH)
    elif earned is not None:
        try:
            mark["earned"] = mark_of(earned, rubric, where=f"mark-{code}")
        except RuleViolation as refusal:
            errors[f"mark-{code}"] = words(refusal)
    for name in ("reason", "page"):
        text = form.get(f"{name}-{code}", "").strip()
        if text:
            mark[name] = text
    return mark


def _cuts(code: str, form: MultiDict[str, str], errors: dict[str, str]) -> list[tuple[int, str, str]]:
    """The deductions of an item: points, reason, pages; a line without points and reason is no deduction."""
    columns = [form.getlist(f"{name}-{code}")[:MOST_CUTS] for name in CUT_FIELDS]
    found = []
    for texts in zip_longest(*columns, fillvalue=""):
        points, why, page = (" ".join(text.split()) for text in texts)
        if not points and not why:
            continue
        try:
            found.append((read_points(points or "?", where=f"mark-{code}"), why, page))
        except RuleViolation as refusal:
            errors[f"mark-{code}"] = words(refusal)
    return found


def _points(name: str, form: MultiDict[str, str], errors: dict[str, str]) -> int | None:
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
    values = {"overall": content.get("overall", ""), **graded.typed(content)}
    if content.get("asks"):
        values["asks"] = "1"
    for code, mark in content.get("marks", {}).items():
        if mark.get("na") and rubric.method != "indicator":
            values[f"na-{code}"] = "1"
        if mark.get("earned") is not None:
            values[f"mark-{code}"] = (
                str(mark["earned"]) if rubric.method == "five_mark" else show_points(mark["earned"])
            )
        elif mark.get("deductions") == []:
            values[f"mark-{code}"] = show_points(rubric.by_item[code].points)
        values |= {f"{name}-{code}": mark[name] for name in ("reason", "page") if mark.get(name)}
    values |= {f"bonus-{code}": show_points(points) for code, points in content.get("bonus", {}).items()}
    for code, reason in content.get("vetoes", {}).items():
        values |= {f"veto-{code}": "1", f"veto-reason-{code}": reason}
    return values


def read_back(rubric: Rubric, content: Mapping[str, Any]) -> dict[str, str]:
    """A sheet that is read, not written: as typed, with what its deductions leave of an item as its mark."""
    values = typed(rubric, content)
    for code, mark in content.get("marks", {}).items():
        if mark.get("deductions") and code in rubric.by_item:
            values[f"mark-{code}"] = show_points(
                max(0, rubric.by_item[code].points - sum(mark["deductions"]))
            )
    return values


@dataclass(frozen=True)
class CutLine:
    """One deduction as the form shows it."""

    points: str = ""
    why: str = ""
    page: str = ""


def cut_lines(content: Mapping[str, Any]) -> dict[str, list[CutLine]]:
    """The deductions of stored content by item."""
    lines = {}
    for code, mark in content.get("marks", {}).items():
        said = mark.get("cuts") or [{}] * len(mark.get("deductions") or ())
        lines[code] = [
            CutLine(show_points(points), cut.get("text", ""), cut.get("page", ""))
            for points, cut in zip(mark.get("deductions") or (), said, strict=True)
        ]
    return lines


def typed_cuts(rubric: Rubric, form: MultiDict[str, str]) -> dict[str, list[CutLine]]:
    """The deductions of a posted form as they were typed."""
    return {
        code: [
            CutLine(*(text.strip() for text in texts))
            for texts in zip_longest(*(form.getlist(f"{name}-{code}") for name in CUT_FIELDS), fillvalue="")
            if any(text.strip() for text in texts)
        ]
        for code in rubric.by_item
    }
