"""How experts read: all of a round for its owners, the own figures for an expert."""

from collections.abc import Mapping
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.queries import result_pages, rounds
from qualityeval.queries.own_severity import own_severity
from qualityeval.web.attachments import csv_file
from qualityeval.web.guards import acting, requires
from qualityeval.web.results import bp, shown
from qualityeval.words import results as words
from qualityeval.words.moments import number

Line = Mapping[str, Any]


@bp.get("/rounds/<public_id>/results/experts")
@requires(Permission.ROUND_ASSIGN)
def experts(public_id: str) -> str:
    """Severity of every expert, raw and adjusted, with flags; for the round's owners alone."""
    round_ = rounds.get_for(acting(), public_id)
    found = result_pages.results_for(acting(), round_, by=())
    lines = sorted(found["severity"], key=lambda line: (not line["flagged"], line["expert"].encode()))
    return render_template(
        "results/experts.html", round=round_, tiles=_tiles(found), lines=[_shown(line) for line in lines],
        flagged=sum(line["flagged"] for line in lines),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/results/experts.csv")
@requires(Permission.ROUND_ASSIGN)
def experts_csv(public_id: str) -> Response:
    """The same, unrounded."""
    round_ = rounds.get_for(acting(), public_id)
    found = result_pages.results_for(acting(), round_, by=())
    header = (
        _("专家"), _("首轮评分表"), _("原始宽严度"), _("校正宽严度"), _("标准误"), _("可比组"), "z", _("校正后 p"), _("标记"), _("说明"),
    )  # fmt: skip
    names = ("expert", "n", "raw", "adjusted", "se", "component", "z", "p")
    cells = (
        [*(line[name] for name in names), _("请查看") if line["flagged"] else "", shown.reason_words(line["reason"])]
        for line in found["severity"]
    )  # fmt: skip
    return csv_file(f"{round_.code}-experts.csv", header, cells)


@bp.get("/my-figures")
@requires(Permission.SHEET_WRITE)
def own() -> str:
    """An expert's own figures in each released round, nobody else's."""
    lines = [
        {**_shown(line), "title": line["title"], "code": line["code"]} for line in own_severity(acting())
    ]
    return render_template("results/own.html", lines=lines)


def _shown(line: Line) -> dict[str, Any]:
    return {
        "expert": line["expert"], "n": number(line["n"]), "raw": words.marks(line["raw"]), "adjusted": words.marks(line["adjusted"]),
        "se": words.figure(line["se"], 2), "z": words.figure(line["z"], 2), "p": words.figure(line["p"], 3),
        "flagged": line["flagged"], "component": line["component"] + 1, "reason": shown.reason_words(line["reason"]),
    }  # fmt: skip


def _tiles(found: Line) -> list[dict[str, Any]]:
    """What the crossed model says of the round."""
    variance, agreement = found["variance"] or {}, found["agreement"]
    reason = shown.reason_words(variance.get("reason")) if variance.get("case") is None else ""
    parts = (
        (_("案件之间（标准差）"), variance.get("case")), (_("专家之间（标准差）"), variance.get("expert")),
        (_("其余误差（标准差）"), variance.get("error")),
    )  # fmt: skip
    note = _(
        "首轮评分表 %(sheets)s 份 · 案件 %(cases)s 件",
        sheets=number(variance.get("sheets", 0)),
        cases=number(variance.get("cases", 0)),
    )
    return [
        *(
            {"label": label, "value": words.figure(None if value is None else value**0.5, 2), "unit": _("分"), "reason": reason, "note": note}
            for label, value in parts
        ),
        {
            "label": _("单份评分的信度 ICC"), "value": words.figure(agreement["icc"], 3), "reason": reason if agreement["icc"] is None else "",
            "note": _("可比组 %(count)s 个", count=variance.get("components", 0)),
        },
    ]  # fmt: skip
