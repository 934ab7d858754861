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


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Field by field where two sheets differ: its name, what stands in the first, what in the second.

    >>> differing({"marks": {"a": {"earned": 300}}}, {"marks": {"a": {"earned": 200}}, "overall": "好"})
    [('a', '300', '200'), ('overall', '', '好')]
    """
    one, two = _flat(before), _flat(after)
    return [
        (name, one.get(name, ""), two.get(name, ""))
        for name in sorted({*one, *two})
        if one.get(name, "") != two.get(name, "")
    ]


def _flat(content: Mapping[str, Any]) -> dict[str, str]:
    found = {OVERALL: content.get("overall", "")} if content.get("overall") else {}
    for code, mark in content.get("marks", {}).items():
        if mark.get("grade"):
            found[code] = mark["grade"]
        elif mark.get("earned") is not None:
            found[code] = str(mark["earned"])
        elif mark.get("deductions") is not None:
            said = mark.get("cuts") or [{}] * len(mark["deductions"])
            found[code] = "；".join(
                " ".join(filter(None, (f"-{points}", cut.get("text", ""), cut.get("page", ""))))
                for points, cut in zip(mark["deductions"], said, strict=True)
            ) or "-0"  # fmt: skip
        elif mark.get("na"):
            found[code] = "N/A"
        found |= {f"{code}.{name}": mark[name] for name in ("reason", "page") if mark.get(name)}
    own = content.get("own") or {}
    found |= {OVERALL_GRADE: "：".join(filter(None, (own.get("grade"), own.get("reason"))))} if own else {}
    found |= {f"bonus:{code}": str(points) for code, points in content.get("bonus", {}).items()}
    return found | {f"veto:{code}": reason or "1" for code, reason in content.get("vetoes", {}).items()}
