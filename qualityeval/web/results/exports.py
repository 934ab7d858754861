"""Results to take away, of one round or of a period, narrowed to a place as the page is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import Response, request
from flask_babel import gettext as _

from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.models import Round
from qualityeval.queries import call_in
from qualityeval.queries import result_pages as queries
from qualityeval.queries import result_rows as rows
from qualityeval.queries.result_changes import changes_for
from qualityeval.web.attachments import csv_file, workbook_file
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp, shown
from qualityeval.web.results.beside import against_asked, beside_sheet, change_sheet
from qualityeval.web.results.views import dimension, place_asked, rounds_asked
from qualityeval.words import results as words

Line = Mapping[str, Any]


@bp.get("/results/export.csv")
@requires(Permission.RESULTS_READ)
def csv() -> Response:
    """The table of the page, with overall as its first row; `table=steps` asks for the grades step by step."""
    found = queries.results_for(acting(), *rounds_asked(), by=(dimension(),), place=place_asked())
    if request.args.get("table") == "steps":
        return csv_file(f"{_name(found)}-steps.csv", *steps_of(found))
    return csv_file(f"{_name(found)}-results.csv", *table_of(found, dimension()))


@bp.get("/results/export.xlsx")
@requires(Permission.RESULTS_READ)
def workbook() -> Response:
    """Every grouping on a sheet of its own, the grades step by step, and what the figures rest on."""
    found = queries.results_for(acting(), *rounds_asked(), by=tuple(queries.GROUPS), place=place_asked())
    groups = [
        Sheet(label.text(choose_locale()), *table_of(found, name)) for name, label in words.DIMENSIONS.items()
    ]
    sheets = [
        _about(found),
        *groups,
        Sheet(_("复评和异议前后"), *steps_of(found)),
        beside_sheet(found, rows.INSTITUTION),
        *_compared(rounds_asked()),
        _files(found, rounds_asked()),
    ]
    return workbook_file(f"{_name(found)}-results.xlsx", sheets)


def _compared(rounds: Sequence[Round]) -> list[Sheet]:
    """The change since the round that `against` names; nothing where none is named."""
    earlier = against_asked()
    if not earlier:
        return []
    changes = changes_for(acting(), rounds, earlier, by=(rows.INSTITUTION,), place=place_asked())
    return [change_sheet(changes, rows.INSTITUTION)]


def _name(found: Line) -> str:
    """How the file is called: the rounds, and the place where it isn't all of them."""
    return "-".join(part for part in (found["code"], place_asked()) if part)


def table_of(found: Line, by: str) -> tuple[list[str], Iterator[Sequence[Cell]]]:
    """Headings and rows; shares are unrounded numbers between 0 and 1."""
    grades = list(found["overall"]["grades"] or ())
    named_grades = shown.grade_words(shown.grades_of(found))
    header = [
        _("代码"), words.DIMENSIONS[by].text(choose_locale()), "n", "N", *(named_grades[one] for one in grades),
        *(_("%(grade)s（加权占比）", grade=named_grades[grade]) for grade in grades), _("优良率"), _("95% 区间下限"), _("95% 区间上限"),
        _("区间方法"), "n_eff", _("仅抽样误差下限"), _("仅抽样误差上限"), _("仅抽样误差方法"), _("分段"), _("未提交案卷"),
        _("优良率下限（未提交的全不优良）"), _("优良率上限（未提交的全部优良）"), _("说明"),
    ]  # fmt: skip
    whole = {"code": "", "name": _("合计"), **found["overall"]}
    named = ({**line, "name": shown.name_of(by, line)} for line in found[queries.GROUPS[by]])
    return header, (_row(line, grades) for line in (whole, *named))


def steps_of(found: Line) -> tuple[list[str], list[list[Cell]]]:
    """The same cases after each step of the review: how many in each grade, how many changed."""
    grades = shown.grades_of(found)
    lines = shown.step_lines(found, grades)
    header = [head["label"] for head in shown.step_heads(grades)]
    return header, [
        [line["step"], *(count for _name, count in line["counts"]), line["changed"]] for line in lines
    ]


def _files(found: Line, rounds: Sequence[Round]) -> Sheet:
    """Missing and replaced files of the institutions that the figures show, as shares of the opened tickets."""
    names = {line["code"]: line["name"] for line in found["institutions"]}
    header = (
        _("批次"), _("代码"), _("机构"), _("已开的签"), _("未提交案卷"), _("未提交占比"), _("已替换"), _("替换占比"),
    )  # fmt: skip
    lines: list[Sequence[Cell]] = [
        (
            round_.code, one.code, names[one.code], one.opened, one.missing, one.missing / one.opened, one.replaced,
            one.replaced / one.opened,
        )
        for round_ in rounds
        for one in call_in.shares_of(round_)
        if one.code in names
    ]  # fmt: skip
    return Sheet(_("未提交和替换"), header, lines)


def _row(line: Line, grades: Sequence[str]) -> list[Cell]:
    counts, weighted = line["grades"] or {}, line["weighted"] or {}
    low, high = line["interval"] or (None, None)
    from_, to = line["sampling_interval"] or (None, None)
    worst, best = line.get("bounds") or (None, None)
    return [
        line["code"], line["name"], line["n"], line["N"], *(counts.get(name) for name in grades),
        *(weighted.get(name) for name in grades), line["good_rate"], low, high, _method(line["method"]),
        line["n_eff"], from_, to, _method(line["sampling_method"]), _band(line),
        line.get("missing"), worst, best,
        shown.reason_words(line["reason"]),
    ]  # fmt: skip


def _band(line: Line) -> str:
    return words.BANDS[line["band"]].text(choose_locale()) if line.get("band") else ""


def _method(code: str | None) -> str:
    return words.METHODS[code].text(choose_locale()) if code else ""


def _about(found: Line) -> Sheet:
    lines: list[Sequence[Cell]] = [
        (_("批次"), found["code"]),
        (_("地区"), found["place"]["name"]),
        (_("状态"), words.STATES[found["state"]].text(choose_locale())),
        *shown.method_words(found),
        (_("还没有结果"), found["pending"]),
        (_("未提交案卷"), found["missing"]),
    ]
    return Sheet(_("说明"), (_("项目"), _("内容")), lines)
