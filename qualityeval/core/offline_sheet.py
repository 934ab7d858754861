"""Sheets as lines of a workbook that is filled away from the desk: written out, and compared when they come back.

A line is (file, version, item, title, points, mark, deduct, grade, na, reason, page). `version` is the draft's when the
workbook was made: another one on the desk means that the sheet was written elsewhere meanwhile.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from qualityeval.core.rubric_parts import OVERALL, OVERALL_GRADE, Rubric, show_points

COLUMNS = ("file", "version", "item", "title", "points", "mark", "deduct", "grade", "na", "reason", "page")
NEEDED = ("file", "version", "item")
Line = tuple[str, ...]


def lines_of(file: str, version: int, rubric: Rubric, content: Mapping[str, Any]) -> Iterator[Line]:
    """Every item of the rubric, then bonus, file vetoes and the opinion; what is written already stands in them.

    A deduction has a line of its own, with its points, reason and pages. Under an indicator rubric each
    indicator has a grade, and the grade of the whole has a line.
    """
    if rubric.method == "indicator":
        yield from _graded((file, str(version)), rubric, content)
        return
    head, five = (file, str(version)), rubric.method == "five_mark"
    for code, item in rubric.by_item.items():
        mark = content.get("marks", {}).get(code, {})
        named = (code, item.title.zh, "5" if five else show_points(item.points))
        cuts = mark.get("cuts") or [{}] * len(mark.get("deductions") or ())
        for points, cut in zip(mark.get("deductions") or (), cuts, strict=True):
            yield (*head, *named, "", show_points(points), "", "", cut.get("text", ""), cut.get("page", ""))
        if not mark.get("deductions"):
            earned = mark.get("earned")
            shown = "" if earned is None else str(earned) if five else show_points(earned)
            none_off = "0" if mark.get("deductions") == [] else ""
            yield (
                *head,
                *named,
                shown,
                none_off,
                "",
                "1" if mark.get("na") else "",
                mark.get("reason", ""),
                mark.get("page", ""),
            )
    for extra in rubric.bonus:
        given = content.get("bonus", {}).get(extra.code)
        yield (
            *head,
            f"bonus:{extra.code}",
            extra.title.zh,
            show_points(extra.points),
            show_points(given) if given else "",
            "",
            "",
            "",
            "",
            "",
        )
    yield from _whole(head, rubric, content)


def _graded(head: tuple[str, str], rubric: Rubric, content: Mapping[str, Any]) -> Iterator[Line]:
    for code, item in rubric.by_item.items():
        mark = content.get("marks", {}).get(code, {})
        yield (
            *head, code, item.title.zh, "", "", "", mark.get("grade", ""), "1" if mark.get("na") else "",
            mark.get("reason", ""), mark.get("page", ""),
        )  # fmt: skip
    own = content.get("own") or {}
    yield (*head, OVERALL_GRADE, "总的等次", "", "", "", own.get("grade", ""), "", own.get("reason", ""), "")
    yield from _whole(head, rubric, content)


def _whole(head: tuple[str, str], rubric: Rubric, content: Mapping[str, Any]) -> Iterator[Line]:
    for veto in rubric.vetoes:
        if veto.kind == "file":
            reason = content.get("vetoes", {}).get(veto.code, "")
            yield (*head, f"veto:{veto.code}", veto.title.zh, "", "", "", "", "", reason, "")
    yield (*head, OVERALL, "总的意见", "", "", "", "", "", content.get("overall", ""), "")


def is_blank(cells: Mapping[str, str]) -> bool:
    """Whether nothing was written on the line."""
    return not any(
        cells.get(name, "").strip() for name in ("mark", "deduct", "grade", "na", "reason", "page")
    )
