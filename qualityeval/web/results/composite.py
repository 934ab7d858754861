"""The index of five parts: a page with its table and file, and the declaring of weights."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from qualityeval.adapters.workbook_out import Cell
from qualityeval.authz import Permission
from qualityeval.core.composite import PARTS, Composite
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Institution
from qualityeval.queries import composite as queries
from qualityeval.services import composite as services
from qualityeval.web.attachments import csv_file
from qualityeval.web.forms import Form, required_text
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.messages import words as said
from qualityeval.web.period import asked_period
from qualityeval.web.results import bp
from qualityeval.words import composite as words
from qualityeval.words.moments import number
from qualityeval.words.results import figure


class WeightsForm(Form):
    """A version of weights; the field of a part is `part_` and its name."""

    version = required_text(_l("版本"), longest=services.LONGEST_VERSION)
    since = DateField(
        _l("从哪天起用"),
        [DataRequired(_l("请填写这一项。"))],
        description=_l("一个季度的第一天；第二版起要在今天以后。"),
    )
    reason = TextAreaField(
        _l("依据"), [DataRequired(_l("请填写这一项。")), Length(max=services.LONGEST_REASON)],
        description=_l("哪份文件、为什么这样定。会和指数一起列出。"),
    )  # fmt: skip


for _part in PARTS:
    setattr(
        WeightsForm, f"part_{_part}",
        IntegerField(
            words.PARTS[_part].zh, [InputRequired(_l("请填写这一项。")), NumberRange(0, 100, _l("0 到 100 的整数。"))]
        ),
    )  # fmt: skip


@bp.get("/five-parts")
@requires(Permission.INDEX_DECLARE)
def composite() -> Any:
    """The index of each institution under the weights in force, and under those before."""
    period, locale = asked_period(), choose_locale()
    try:
        found, refusal = queries.index_for(acting(), own_body(), period), ""
    except InvalidInput as fault:
        found, refusal = queries.IndexFound(None, None, (), ()), said(fault)
    return render_template(
        "results/composite.html", found=found, period=period, refusal=refusal, rows=[_shown(row) for row in found.rows],
        parts=[(name, words.PARTS[name].text(locale)) for name in PARTS],
    ), 422 if refusal else 200  # fmt: skip


@bp.get("/five-parts/export.csv")
@requires(Permission.INDEX_DECLARE)
def composite_file() -> Response:
    """The table of the page, unrounded."""
    period, locale = asked_period(), choose_locale()
    found = queries.index_for(acting(), own_body(), period)
    header = [
        _("代码"),
        _("机构"),
        _("指数"),
        _("95% 区间下限"),
        _("95% 区间上限"),
        _("已覆盖权重"),
        _("按上一版权重"),
        _("建议"),
        _("说明"),
    ]
    for name in PARTS:
        label = words.PARTS[name].text(locale)
        header += [label, _("%(part)s 标准误", part=label), _("%(part)s 件数", part=label)]
    return csv_file(
        f"{period.first}-{period.last}-five-parts.csv", header, [_cells(row) for row in found.rows]
    )


def _cells(row: queries.IndexRow) -> list[Cell]:
    cells: list[Cell] = [
        row.code, row.name, row.index.value, row.index.lo, row.index.hi, row.index.covered,
        row.before.value if row.before else None, _proposal(row), _reason(row.index),
    ]  # fmt: skip
    for name in PARTS:
        part = row.parts[name]
        cells += [part.score, part.se if part.score is not None else None, row.counts[name]]
    return cells


def _shown(row: queries.IndexRow) -> dict[str, Any]:
    index = row.index
    return {
        "name": row.name, "code": row.code, "value": figure(index.value, 1) if index.value is not None else "",
        "span": f"{figure(index.lo, 1)}—{figure(index.hi, 1)}" if index.lo is not None else "", "reason": _reason(index),
        "lo": None if index.lo is None else index.lo / 100, "hi": None if index.hi is None else index.hi / 100,
        "point": None if index.value is None else index.value / 100,
        "before": figure(row.before.value, 1) if row.before else "", "proposal": _proposal(row), "tone": _TONES.get(row.proposal or "", ""),
        "parts": [
            (name, figure(row.parts[name].score, 1), number(row.counts[name]), name in row.weak) for name in PARTS
        ],
    }  # fmt: skip


_TONES = {"commend": "ok", "warn": "warn", "withdraw": "danger"}


def _proposal(row: queries.IndexRow) -> str:
    return words.PROPOSALS[row.proposal].text(choose_locale()) if row.proposal else ""


def _reason(index: Composite) -> str:
    return words.REASONS[index.reason].text(choose_locale()) if index.reason else ""


@bp.route("/five-parts/weights", methods=["GET", "POST"])
@requires(Permission.INDEX_DECLARE)
def weights() -> Any:
    """Every declared version, and a new one."""
    form = WeightsForm()
    if not form.validate_on_submit():
        return _weights_page(form), 422 if form.errors else 200
    try:
        with transaction():
            services.declare_weights(
                actor=acting(), body=own_body(), version=form.version.data or "", since=form.since.data, reason=form.reason.data or "",
                by_part={name: form[f"part_{name}"].data for name in PARTS}, now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        place(form, refusal)
        return _weights_page(form), 422
    flash(_("权重已宣布，从起用日起计。"), "success")
    return redirect(url_for("results.weights"), 303)


def _weights_page(form: WeightsForm) -> str:
    locale = choose_locale()
    for name in PARTS:
        form[f"part_{name}"].label.text = words.PARTS[name].text(locale)
    return render_template(
        "results/weights.html", form=form, declared=queries.declared_by(own_body()),
        parts=[(name, words.PARTS[name].text(locale)) for name in PARTS],
    )  # fmt: skip


def own_body() -> Institution:
    """The actor's own institution; NotFound for one without."""
    found = db.session.get(Institution, acting().institution_id or 0)
    if found is None:
        raise NotFound(where="institution")
    return found
