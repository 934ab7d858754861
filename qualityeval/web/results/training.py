"""The training list of a released round: page and file."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell
from qualityeval.authz import Permission
from qualityeval.core.training import Rate, TrainingLine
from qualityeval.queries import result_pages
from qualityeval.queries.result_changes import earlier_rounds
from qualityeval.queries.result_places import view_of
from qualityeval.queries.training import TrainingList, training_for
from qualityeval.web.attachments import csv_file
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp
from qualityeval.web.results.beside import against_asked
from qualityeval.web.results.views import place_asked, places_of
from qualityeval.words import results as words


@bp.get("/rounds/<public_id>/results/training")
@requires(Permission.RESULTS_READ)
def training(public_id: str) -> str:
    """What to train for; with `against`, before and after."""
    round_, earlier = result_pages.round_for(acting(), public_id=public_id), against_asked()
    found = training_for(acting(), round_, earlier, place=place_asked())
    return render_template(
        "results/training.html", round=round_, found=found, lines=[_shown(found, line) for line in found.lines],
        places=places_of(view_of(acting(), [round_], place_asked())), against=",".join(one.code for one in earlier),
        choices=[("", _("不比较")), *earlier_rounds(acting(), round_)],
    )  # fmt: skip


@bp.get("/rounds/<public_id>/results/training.csv")
@requires(Permission.RESULTS_READ)
def training_csv(public_id: str) -> Response:
    """The rows of the page, unrounded."""
    round_, earlier = result_pages.round_for(acting(), public_id=public_id), against_asked()
    found = training_for(acting(), round_, earlier, place=place_asked())
    header = [
        _("评分项"), _("上期扣分率"), _("上期区间下限"), _("上期区间上限"), _("上期件数"), _("本期扣分率"),
        _("本期区间下限"), _("本期区间上限"), _("本期件数"), _("变化"), _("变化区间下限"), _("变化区间上限"), _("说明"),
    ]  # fmt: skip
    rows: list[Sequence[Cell]] = [
        (_title(found, line), *_cells(line.before), *_cells(line.after), line.change, *(line.interval or (None, None)), reason(line))
        for line in found.lines
    ]  # fmt: skip
    name = "-".join(filter(None, [round_.code, place_asked()]))
    return csv_file(f"{name}-training.csv", header, rows)


def reason(line: TrainingLine) -> str:
    """Why there is no change to tell."""
    return {
        "": "", "no_earlier": _("没有选上期"), "too_few": _("有一期评过这一项的不足 5 件"),
    }[line.reason]  # fmt: skip


def _title(found: TrainingList, line: TrainingLine) -> str:
    title = found.titles[line.item]
    return title.en if choose_locale() == "en" and title.en else title.zh


def _cells(rate: Rate | None) -> tuple[float | None, float | None, float | None, float | None]:
    return (rate.value, rate.interval.lo, rate.interval.hi, rate.n) if rate else (None, None, None, None)


def _shown(found: TrainingList, line: TrainingLine) -> dict[str, Any]:
    tone, said = "", words.CHANGES["open"]
    if line.clear and line.change is not None:
        better = line.change < 0
        tone, said = ("ok", words.LESS) if better else ("danger", words.MORE)
    return {
        "title": _title(found, line), "before": _rate(line.before), "after": _rate(line.after),
        "change": words.points(line.change) if line.change is not None else "",
        "span": "" if line.interval is None else f"{words.points(line.interval[0])} … {words.points(line.interval[1])}",
        "tone": tone, "said": said.text(choose_locale()) if line.change is not None else "", "reason": reason(line),
    }  # fmt: skip


def _rate(rate: Rate | None) -> dict[str, str] | None:
    if rate is None:
        return None
    span = (rate.interval.lo, rate.interval.hi)
    return {
        "rate": words.percent(rate.value), "interval": words.between(span, choose_locale()), "n": words.figure(rate.n, 0)
    }  # fmt: skip
