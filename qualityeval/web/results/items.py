"""Which items lose points: the most often cut, and by institution; the page and its two files."""

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.models import Round
from qualityeval.queries import result_pages
from qualityeval.queries.indicator_counts import counts_for, keys_of
from qualityeval.queries.result_items import ItemsFound, items_for
from qualityeval.queries.result_places import view_of
from qualityeval.web.attachments import workbook_file
from qualityeval.web.grades import grade_name
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp
from qualityeval.web.results.views import place_asked, places_of, rounds_asked
from qualityeval.words.moments import number
from qualityeval.words.results import figure, percent

MOST_BARS, MOST_COLUMNS = 12, 10
STEPS = (0.05, 0.1, 0.2, 0.35)  # of the points lost: where a darker shade begins


@bp.get("/rounds/<public_id>/results/items")
@requires(Permission.RESULTS_READ)
def items(public_id: str) -> str:
    """Items of one round, narrowed to a place as the address says."""
    round_ = result_pages.round_for(acting(), public_id=public_id)
    found = items_for(acting(), round_, place=place_asked())
    return render_template(
        "results/items.html", round=round_, found=found, places=places_of(view_of(acting(), [round_], place_asked())),
        bars=_bars(found), lines=_lines(found), heads=[_title(found, one.item) for one in found.items[:MOST_COLUMNS]],
        heat=_heat(found), **_graded(found, round_),
    )  # fmt: skip


@bp.get("/results/items.xlsx")
@requires(Permission.RESULTS_READ)
def items_workbook() -> Response:
    """Both tables of the page, every item in them."""
    rounds = rounds_asked()
    found = items_for(acting(), *rounds, place=place_asked())
    titles = [_title(found, one.item) for one in found.items]
    losses: list[Sequence[Cell]] = [
        (title, one.cut, one.read, one.mean, one.share, one.running)
        for title, one in zip(titles, found.items, strict=True)
    ]
    heat: list[Sequence[Cell]] = [
        (one.code, one.name, one.cases, *(one.parts[item.item] for item in found.items))
        for one in found.institutions
    ]
    sheets = [
        Sheet(_("扣分最多的评分项"), [label for label, _num in loss_heads()], losses),
        Sheet(_("评分项与机构"), [_("代码"), _("机构"), "n", *titles], heat),
    ]
    name = "-".join([*(one.code for one in rounds), *filter(None, [place_asked()])])
    return workbook_file(f"{name}-items.xlsx", sheets)


def _graded(found: ItemsFound, round_: Round) -> dict[str, Any]:
    """The table of grades by indicator, where the round's rubrics grade them; then there are no deductions."""
    lines, grades = counts_for(acting(), found, round_, place=place_asked())
    locale = choose_locale()
    return {
        "by_grades": bool(keys_of([round_])), "grades": [grade_name(one.name) for one in grades],
        "indicators": [
            {
                "title": one.title.en if locale == "en" and one.title.en else one.title.zh, "core": one.core,
                "counts": [number(one.counts[grade.name]) for grade in grades], "na": number(one.na),
            }
            for one in lines
        ],
    }  # fmt: skip


def loss_heads() -> list[tuple[str, bool]]:
    """The columns of the table of items; whether each holds numbers."""
    return [
        (_("评分项"), False), (_("扣分份数"), True), (_("评过份数"), True), (_("平均扣分"), True), (_("占比"), True),
        (_("累计"), True),
    ]  # fmt: skip


def _title(found: ItemsFound, item: str) -> str:
    title = found.titles[item]
    return title.en if choose_locale() == "en" and title.en else title.zh


def _bars(found: ItemsFound) -> list[dict[str, Any]]:
    return [
        {
            "label": _title(found, one.item),
            "value": one.cut,
            "text": number(one.cut),
            "dim": one.running > 0.8,
        }
        for one in found.items[:MOST_BARS]
    ]


def _lines(found: ItemsFound) -> list[dict[str, str]]:
    return [
        {
            "title": _title(found, one.item), "cut": number(one.cut), "read": number(one.read),
            "mean": figure(one.mean, 2), "share": percent(one.share), "running": percent(one.running),
        }
        for one in found.items
    ]  # fmt: skip


def _heat(found: ItemsFound) -> list[dict[str, Any]]:
    """One row an institution; a cell's shade is the step that its part has passed."""
    return [
        {
            "name": one.name, "code": one.code, "n": number(one.cases),
            "cells": [_cell(one.parts[item.item]) for item in found.items[:MOST_COLUMNS]],
        }
        for one in found.institutions
    ]  # fmt: skip


def _cell(part: float | None) -> tuple[int, str]:
    return (0, "") if part is None else (1 + sum(part >= step for step in STEPS), percent(part))
