"""How far a sheet is, beside its form: the total or what it comes to so far, and what each of its parts holds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.grading import IndicatorsMissing, grade_of
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.core.running import Part, Running, running
from qualityeval.core.scoring import Incomplete
from qualityeval.core.sheet import read_content
from qualityeval.queries import sheets as queries
from qualityeval.services import scoring as services
from qualityeval.web.grades import figure_and_grade
from qualityeval.web.guards import acting, requires
from qualityeval.web.messages import words
from qualityeval.web.scoring import bp, posted

BONUS, VETOES = ":bonus", ":vetoes"  # no code of a section begins so


@dataclass(frozen=True)
class PartLine:
    """What a part of the sheet holds, in a few characters; `state` is done, open, or na."""

    text: str
    state: str


@dataclass(frozen=True)
class Progress:
    """`text` is the total with its grade, what is left, or why there is none; `figure` stands in large beside it."""

    text: str
    figure: str = ""
    total: int | None = None
    grade: str | None = None
    missing: int | None = None
    points: int | None = None
    parts: dict[str, PartLine] = field(default_factory=dict)


@bp.post("/<public_id>/total")
@requires(Permission.SHEET_WRITE)
def total(public_id: str) -> Response:
    """The running total of what the page holds, by the same arithmetic as the submission."""
    line = queries.get_for(acting(), public_id)
    rubric = services.rubric_of(line)
    found = progress_of(line, rubric, posted.read(rubric, request.form).content)
    return jsonify(asdict(found) | {"total": None if found.total is None else show_points(found.total)})


def progress_of(line: queries.OnDesk, rubric: Rubric, content: dict[str, Any]) -> Progress:
    """How far this content of a sheet is; `points` are hundredths for the scale, provisional or not."""
    try:
        so_far = _running(rubric, content)
    except RuleViolation as refusal:
        return Progress(words(refusal))
    parts = _parts(so_far, content)
    try:
        judged = services.judged_so_far(line, content)
    except (Incomplete, IndicatorsMissing) as refusal:
        return _unfinished(rubric, so_far, len(refusal.missing), parts)
    except RuleViolation as refusal:
        return Progress(words(refusal), parts=parts)
    if judged is None:
        return Progress(_("都评完了；工作人员填写其余部分后定出等次。"), missing=0, parts=parts)
    text = figure_and_grade(judged.total, judged.grade.name)
    return Progress(text, text, judged.total, judged.grade.name, 0, judged.total, parts)


def _running(rubric: Rubric, content: dict[str, Any]) -> Running | None:
    if rubric.method == "indicator":
        return None
    written = read_content(content, rubric)
    return running(rubric, written.marks, written.bonus)


def _unfinished(rubric: Rubric, so_far: Running | None, missing: int, parts: dict[str, PartLine]) -> Progress:
    left = _("还差 %(count)s 项", count=missing)
    if so_far is None or so_far.total is None:
        return Progress(left, missing=missing, parts=parts)
    figure = _("暂计 %(figure)s", figure=figure_and_grade(so_far.total, grade_of(rubric, so_far.total).name))
    return Progress(left, figure, missing=missing, points=so_far.total, parts=parts)


def _parts(so_far: Running | None, content: Mapping[str, Any]) -> dict[str, PartLine]:
    lines = {part.code: _line(part) for part in (so_far.parts if so_far else ())}
    bonus, vetoes = sum(content.get("bonus", {}).values()), len(content.get("vetoes", {}))
    lines[BONUS] = PartLine(f"+{show_points(bonus)}" if bonus else "", "done")
    chosen = ngettext("%(num)s 项", "%(num)s 项", vetoes) if vetoes else _("均无")
    return {**lines, VETOES: PartLine(chosen, "done")}


def _line(part: Part) -> PartLine:
    if not part.of:
        return PartLine(_("不适用"), "na")
    earned = show_points(part.earned) if part.marked else "—"
    return PartLine(f"{earned} / {show_points(part.of)}", "open" if part.missing else "done")
