"""Results to take away: a workbook and a CSV file, of one round or of a period."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.queries import results as queries
from qualityeval.web.attachments import csv_file, workbook_file
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp, shown
from qualityeval.web.results.views import dimension, rounds_asked
from qualityeval.words import results as words

Line = Mapping[str, Any]


@bp.get("/results/export.csv")
@requires(Permission.ROUND_RESULTS)
def csv() -> Response:
    """The table of the page, with overall as its first row."""
    found = queries.results(acting(), *rounds_asked(), by=(dimension(),))
    header, rows = table_of(found, dimension())
    return csv_file(f"{found['code']}-results.csv", header, rows)


@bp.get("/results/export.xlsx")
@requires(Permission.ROUND_RESULTS)
def workbook() -> Response:
    """Every grouping on a sheet of its own, and what the figures rest on."""
    found = queries.results(acting(), *rounds_asked())
    sheets = [_about(found)]
    for name, label in words.DIMENSIONS.items():
        header, rows = table_of(found, name)
        sheets.append(Sheet(label.text(choose_locale()), header, rows))
    return workbook_file(f"{found['code']}-results.xlsx", sheets)


def table_of(found: Line, by: str) -> tuple[list[str], Iterator[Sequence[Cell]]]:
    """Headings and rows; shares are unrounded numbers between 0 and 1."""
    grades = list(found["overall"]["grades"] or ())
    named_grades = shown.grade_words(shown.grades_of(found))
    header = [
        _("代码"), words.DIMENSIONS[by].text(choose_locale()), "n", "N", *(named_grades[one] for one in grades),
        *(_("%(grade)s（加权占比）", grade=named_grades[grade]) for grade in grades), _("优良率"), _("95% 区间下限"), _("95% 区间上限"),
        _("区间方法"), "n_eff", _("仅抽样误差下限"), _("仅抽样误差上限"), _("仅抽样误差方法"), _("说明"),
    ]  # fmt: skip
    whole = {"code": "", "name": _("合计"), **found["overall"]}
    named = ({**line, "name": shown.name_of(by, line)} for line in found[queries.DIMENSIONS[by]])
    return header, (_row(line, grades) for line in (whole, *named))


def _row(line: Line, grades: Sequence[str]) -> list[Cell]:
    counts, weighted = line["grades"] or {}, line["weighted"] or {}
    low, high = line["interval"] or (None, None)
    from_, to = line["sampling_interval"] or (None, None)
    return [
        line["code"], line["name"], line["n"], line["N"], *(counts.get(name) for name in grades),
        *(weighted.get(name) for name in grades), line["good_rate"], low, high, _method(line["method"]),
        line["n_eff"], from_, to, _method(line["sampling_method"]), shown.reason_words(line["reason"]),
    ]  # fmt: skip


def _method(code: str | None) -> str:
    return words.METHODS[code].text(choose_locale()) if code else ""


def _about(found: Line) -> Sheet:
    lines: list[Sequence[Cell]] = [
        (_("批次"), found["code"]),
        (_("状态"), words.STATES[found["state"]].text(choose_locale())),
        *shown.method_words(found),
        (_("还没有结果"), found["pending"]),
        (_("未提交案卷"), found["missing"]),
    ]
    return Sheet(_("说明"), (_("项目"), _("内容")), lines)
