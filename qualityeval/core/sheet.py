"""A sheet's content between the desk, the import and the store, and what it comes to.

read_content(node, rubric) -> Content       from stored or posted JSON; InvalidInput names the item
Content.as_json() -> dict                   canonical, whole hundredths
judge(rubric, content) -> Judged            complete sheets only: total, grade, vetoes
reading_of(rubric, content) -> Reading      a complete sheet as consensus takes it; `stored_reading` a stored one
read_points(text, where=) -> int            "4.5" -> 450
mark_of(points, rubric, where=) -> int      what was read as points, as the rubric's method keeps a mark
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from qualityeval.core.consensus_parts import Reading
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.grading import OwnGrade, grade_of, vetoed
from qualityeval.core.indicator_sheet import marks_of, reached_by, step_of
from qualityeval.core.rubric_parts import OVERALL, OVERALL_GRADE, Grade, Rubric, hundredths
from qualityeval.core.scoring import FIVE, Mark, Score, sheet_vetoes, total

LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Cut:
    """Why one deduction was made, and the pages it rests on; its points stand in the item's mark."""

    text: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """What an expert wrote: marks by item, pages, bonus in hundredths, vetoes with their reasons.

    `cuts` says of an item's deductions, in their order, why and on which page; it may be left out. `own` is
    the overall grade that the expert of an indicator sheet gives in place of the combined one, with the reason.
    """

    marks: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))
    pages: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    bonus: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    vetoes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overall: str = ""
    asks: bool = False
    cuts: Mapping[str, tuple[Cut, ...]] = field(default_factory=lambda: MappingProxyType({}))
    own: OwnGrade | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for the store; what is empty is left out of a mark."""
        return {
            "marks": {
                code: _mark_json(mark, self.pages.get(code, ""), self.cuts.get(code, ()))
                for code, mark in self.marks.items()
            },
            "bonus": dict(self.bonus),
            "vetoes": dict(self.vetoes),
            "overall": self.overall,
            "asks": self.asks,
            **({"own": {"grade": self.own.grade, "reason": self.own.reason}} if self.own else {}),
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """A complete sheet's figures; `grade` is after the file vetoes of this sheet alone, `reached` before them.

    An indicator sheet has no `score`.
    """

    score: Score | None
    reached: Grade
    grade: Grade
    vetoes: frozenset[str]

    @property
    def total(self) -> int | None:
        """Hundredths as they are stored; None of an indicator sheet."""
        return None if self.score is None else self.score.total

    @property
    def points(self) -> int:
        """The total where there has to be one; an indicator sheet is refused."""
        if self.score is None:
            raise InvalidInput("sheet.no_total", msg("按指标定等的评分表没有总分，这里用不上。"))
        return self.score.total


def judge(rubric: Rubric, content: Content) -> Judged:
    """Total, grade and vetoes of a complete sheet.

    Refuses what `core.scoring.total` or `core.indicator_sheet.reached_by` refuse, a conduct veto, and a veto without
    its reason.
    """
    if rubric.method == "indicator":
        score, reached = None, reached_by(rubric, content.marks, content.bonus, content.own)
    else:
        score = total(rubric, content.marks, content.bonus)
        reached = grade_of(rubric, score.total)
    vetoes = sheet_vetoes(rubric, content.vetoes)
    for code, reason in content.vetoes.items():
        if not reason.strip():
            raise InvalidInput("sheet.veto_reason", msg("请写明一票否决的理由。"), where=f"veto:{code}")
    return Judged(score, reached, vetoed(rubric, reached, vetoes), vetoes)


def reading_of(rubric: Rubric, content: Content) -> Reading:
    """A complete sheet as consensus takes it; refuses what `judge` refuses."""
    judged = judge(rubric, content)
    if rubric.method != "indicator":
        return Reading(judged.total, judged.vetoes, content.asks)
    marks = marks_of(content.marks)
    step = step_of(rubric, marks, content.own)
    return Reading(None, judged.vetoes, content.asks, marks, step, judged.reached.name)


def stored_reading(
    rubric: Rubric, *, total: int | None, vetoes: Iterable[str], content: Mapping[str, Any]
) -> Reading:
    """The same of a sheet as it was stored: its stored total counts, its text is read for indicators alone."""
    if rubric.method == "indicator":
        return reading_of(rubric, read_content(content, rubric))
    return Reading(total, frozenset(vetoes), bool(content.get("asks")))


def read_content(node: Mapping[str, Any], rubric: Rubric) -> Content:
    """The content from plain values; unknown items are refused, unfinished ones are not."""
    marks: dict[str, Mark] = {}
    pages: dict[str, str] = {}
    cuts: dict[str, tuple[Cut, ...]] = {}
    for code, raw in dict(node.get("marks", {})).items():
        if code not in rubric.by_item:
            raise InvalidInput(
                "sheet.unknown_item", msg("评分标准里没有“%(item)s”这一项。"), where=code, item=code
            )
        marks[code] = Mark(
            earned=_whole(raw.get("earned"), code),
            deductions=_deductions(raw.get("deductions"), code),
            na=bool(raw.get("na", False)),
            reason=_text(raw.get("reason", ""), code),
            grade=_grade(raw.get("grade"), rubric, code),
        )
        if page := _text(raw.get("page", ""), code):
            pages[code] = page
        if raw.get("cuts"):
            cuts[code] = _cuts(raw["cuts"], code, len(marks[code].deductions or ()))
    return Content(
        marks=marks,
        pages=pages,
        bonus={code: _whole(points, f"bonus:{code}") or 0 for code, points in node.get("bonus", {}).items()},
        vetoes={code: _text(why, f"veto:{code}") for code, why in node.get("vetoes", {}).items()},
        overall=_text(node.get("overall", ""), OVERALL),
        asks=bool(node.get("asks", False)),
        cuts=cuts,
        own=_own(node.get("own"), rubric),
    )


def read_points(text: str, *, where: str) -> int:
    """Points as written, at most two decimals, as whole hundredths."""
    try:
        return hundredths(text.strip())
    except (ValueError, InvalidInput) as fault:
        raise InvalidInput(
            "sheet.points", msg("“%(value)s”不是分数：请写成数字，最多两位小数。"), where=where, value=text
        ) from fault


def mark_of(points: int, rubric: Rubric, *, where: str) -> int:
    """A mark read as hundredths: kept so under the points method, as a whole 0 to 5 under the five-mark one.

    A five-mark of 4.5 is refused, never cut down to 4.
    """
    if rubric.method != "five_mark":
        return points
    if points % 100 or not 0 <= points <= 100 * FIVE:
        raise InvalidInput("sheet.five_marks", msg("五分制的得分只能是 0 到 5 的整数。"), where=where)
    return points // 100


def _mark_json(mark: Mark, page: str, cuts: tuple[Cut, ...]) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if mark.earned is not None:
        written["earned"] = mark.earned
    if mark.deductions is not None:
        written["deductions"] = list(mark.deductions)
        if any(cut.text or cut.page for cut in cuts):
            written["cuts"] = [{"text": cut.text, "page": cut.page} for cut in cuts]
    if mark.grade:
        written["grade"] = mark.grade
    if mark.na:
        written["na"] = True
    if mark.reason:
        written["reason"] = mark.reason
    return written | ({"page": page} if page else {})


def _grade(value: object, rubric: Rubric, where: str) -> str:
    """A grade of the rubric by either of its names; none where nothing is said."""
    text = _text(value, where)
    for grade in rubric.grades:
        if text and text in (grade.name, grade.name_en):
            return grade.name
    if text:
        raise InvalidInput(
            "sheet.unknown_grade", msg("评分标准里没有“%(value)s”这个等次。"), where=where, value=text
        )
    return ""


def _own(node: object, rubric: Rubric) -> OwnGrade | None:
    if not isinstance(node, Mapping):
        return None
    grade, reason = (
        _grade(node.get("grade"), rubric, OVERALL_GRADE),
        _text(node.get("reason", ""), OVERALL_GRADE),
    )
    return OwnGrade(grade, reason) if grade or reason else None


def _whole(value: object, where: str) -> int | None:
    if value is None:
        return None
    if type(value) is not int:
        raise InvalidInput(
            "sheet.points", msg("“%(value)s”不是分数：请写成数字，最多两位小数。"), where=where, value=value
        )
    return value


def _deductions(value: object, where: str) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise InvalidInput(
            "sheet.points", msg("“%(value)s”不是分数：请写成数字，最多两位小数。"), where=where, value=value
        )
    return tuple(_whole(one, where) or 0 for one in value)


def _cuts(value: object, where: str, count: int) -> tuple[Cut, ...]:
    """As many as there are deductions: what says nothing about one is refused, as is a shape of its own."""
    if not isinstance(value, list | tuple) or len(value) != count:
        raise InvalidInput("sheet.cuts", msg("扣分与扣分的理由对不上，请重新填写这一项的扣分。"), where=where)
    return tuple(Cut(_text(one.get("text", ""), where), _text(one.get("page", ""), where)) for one in value)


def _text(value: object, where: str) -> str:
    text = str(value or "").strip()
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            "sheet.text_long", msg("这段文字最多%(most)s个字符。"), where=where, most=LONGEST_TEXT
        )
    return text
