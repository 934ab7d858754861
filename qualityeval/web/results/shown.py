"""Figures as pages and files show them: plain words and widths, built once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from qualityeval.core.rubric_parts import Grade
from qualityeval.queries import result_rows, rubric_texts
from qualityeval.queries.result_pages import GROUPS, PLACE
from qualityeval.web.locale import choose_locale
from qualityeval.words import result_lines
from qualityeval.words import results as words
from qualityeval.words.moments import number
from qualityeval.words.objections import RESULT_STEPS

WITH_CODES = (PLACE, result_rows.INSTITUTION)


def grades_of(found: Mapping[str, Any]) -> Sequence[Grade]:
    """The grades of the rubrics that the figures rest on."""
    keys = [key for key in found["rubric_set"].split(", ") if key]
    return rubric_texts.grades_of(keys)


def grade_words(grades: Sequence[Grade]) -> dict[str, str]:
    """The grades' names for people, and what stands for a file that was never handed in."""
    return result_lines.grade_words(grades, choose_locale())


def name_of(dimension: str, line: Mapping[str, Any]) -> str:
    """A group's name for people."""
    return result_lines.group_name(dimension, line, choose_locale())


def reason_words(code: str | None) -> str:
    """Why a figure isn't there."""
    return result_lines.reason_words(code, choose_locale())


def tiles(found: Mapping[str, Any], funnel: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The four figures at the top; the last is what still lacks a result, then how many groups stand out."""
    overall, agreement, marks = found["overall"], found["agreement"], found["marks"] or {}
    locale = choose_locale()
    return [
        {
            "label": _("优良率（加权）"), "value": words.percent(overall["good_rate"]),
            "reason": reason_words(overall["reason"]) if overall["good_rate"] is None else "",
            "note": _joined(interval_note(overall), _good(overall)),
        },
        {
            "label": _("两份评分等次相同"), "value": words.percent(agreement["raw"]),
            "reason": reason_words(agreement["reason"]) if agreement["raw"] is None else "",
            "note": _of(_("首轮评分表"), _same(agreement), agreement["pairs"], _("对")),
        },
        {
            "label": _("得分中位数"), "value": words.figure(marks.get("median"), 1),
            "reason": "" if marks.get("median") is not None else reason_words("no_points" if _by_grades(found) else "no_results"),
            "note": _joined(
                _("四分位 %(low)s—%(high)s · 两人平均差 %(gap)s", low=words.figure(marks.get("lower"), 1),
                  high=words.figure(marks.get("upper"), 1), gap=words.figure(marks.get("mean_gap"), 1)),
                f"n {number(marks.get('n', 0))}" if marks.get("median") is not None else "",
            ),
        },
        _outside(funnel) if funnel and "counts" in funnel and not found["pending"] else {
            "label": _("还没有结果"), "value": _number(found["pending"]), "unit": _("件"),
            "note": _("抽取 %(drawn)s 件 · 未提交案卷 %(missing)s 件 · %(state)s", drawn=_number(_drawn(found)),
                      missing=_number(found["missing"]), state=words.STATES[found["state"]].text(locale)),
        },
    ]  # fmt: skip


def _by_grades(found: Mapping[str, Any]) -> bool:
    """Whether the sheets gave grades and no marks."""
    return (found.get("variance") or {}).get("reason") == "no_points"


def _outside(funnel: Mapping[str, Any]) -> dict[str, Any]:
    """How many groups lie outside the outer limits, of how many compared."""
    high, low = funnel["counts"]["very_high"], funnel["counts"]["very_low"]
    return {
        "label": _("超出 99.8% 控制限"), "value": number(high + low), "unit": _("家"),
        "note": _("高于 %(high)s 家，低于 %(low)s 家，共 %(of)s 家", high=high, low=low, of=len(funnel["points"])),
    }  # fmt: skip


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _of(what: str, part: int | None, whole: int | None, unit: str = "") -> str:
    """`样本中优良 126 / 150`: what a share was made of."""
    return f"{what} {number(part)} / {number(whole)} {unit}".strip() if part is not None and whole else ""


def _good(overall: Mapping[str, Any]) -> str:
    good = overall.get("good")
    return "" if good is None else _("样本中优良 %(good)s 件", good=number(good))


def _same(agreement: Mapping[str, Any]) -> int | None:
    """How many pairs say the same grade."""
    return None if agreement["raw"] is None else round(agreement["raw"] * agreement["pairs"])


def _number(count: int | None) -> str:
    return "—" if count is None else number(count)


def _drawn(found: Mapping[str, Any]) -> int | None:
    counted = found["overall"]["n"]
    return None if counted is None or found["pending"] is None else counted + found["pending"]


def interval_note(line: Mapping[str, Any]) -> str:
    """The interval with n and N."""
    sizes = f"n {number(line['n'])} / N {number(line['N'])}" if line["n"] is not None else ""
    if not line["interval"]:
        return sizes
    span = words.between(line["interval"], choose_locale())
    return _("95%% 区间 %(span)s%% · %(sizes)s", span=span, sizes=sizes)


def group_lines(found: Mapping[str, Any], dimension: str) -> list[dict[str, Any]]:
    """Groups whose figures may be shown, in the order of the code."""
    locale = choose_locale()
    return [
        {
            "name": name_of(dimension, line), "code": line["code"] if dimension in WITH_CODES else "",
            "n": line["n"], "N": line["N"], "good": line["good"], "rate": words.percent(line["good_rate"]),
            "reason": reason_words(line["reason"]), "interval": words.between(line["interval"], locale),
            "sampling": words.between(line["sampling_interval"], locale),
            "sampling_method": _label(words.METHODS, line["sampling_method"]),
            "span": line["interval"], "point": line["good_rate"], "grades": line["grades"],
            "band": line["band"], "band_reason": line["band_reason"],
        }
        for line in found[GROUPS[dimension]] if not line["suppressed"]
    ]  # fmt: skip


def by_band(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    """The lines under the words of their bands, the better first; those without one under the reason."""
    if not any(line["band"] for line in lines):
        return [("", lines)]
    locale, kept = choose_locale(), list(words.BANDS)
    found: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for line in lines:
        label = words.BANDS[line["band"]].text(locale) if line["band"] else reason_words(line["band_reason"])
        place = kept.index(line["band"]) if line["band"] else len(kept)
        found.setdefault((place, label), []).append(line)
    return [(label, found[place, label]) for place, label in sorted(found)]


def withheld_lines(found: Mapping[str, Any], dimension: str) -> list[dict[str, Any]]:
    """Groups that show nothing but n and N, with the reason."""
    return [
        {
            "name": name_of(dimension, line),
            "n": line["n"],
            "N": line["N"],
            "reason": reason_words(line["reason"]),
        }
        for line in found[GROUPS[dimension]]
        if line["suppressed"]
    ]


def stacks(lines: Sequence[Mapping[str, Any]], grades: Sequence[Grade]) -> list[dict[str, Any]]:
    """A stacked bar for each group: parts in percent of the width, and the interval at the good edge."""
    orders = {grade.name: min(place, 4) for place, grade in enumerate(grades, 1)}
    names = grade_words(grades)
    return [
        {
            "label": line["name"],
            "n": line["n"],
            "parts": _parts(line, orders, names),
            "span": _edge(line["span"]),
        }
        for line in lines
    ]


def _parts(
    line: Mapping[str, Any], orders: Mapping[str, int], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    parts, left = [], 0.0
    for name, count in line["grades"].items():
        width = 100 * count / line["n"] if line["n"] else 0.0
        parts.append(
            {
                "name": names[name], "order": orders.get(name, 4), "count": count, "x": round(left, 2), "width": round(width, 2),
                "middle": round(left + width / 2, 2), "text": words.figure(width, 0) if width >= 8 else "",
            }
        )  # fmt: skip
        left += width
    return parts


def _edge(span: Sequence[float] | None) -> dict[str, float] | None:
    if span is None:
        return None
    return {"x": round(100 * span[0], 2), "width": round(100 * (span[1] - span[0]), 2)}


def legend_of(grades: Sequence[Grade]) -> list[tuple[str, int]]:
    """Names with the number of their shape and colour."""
    names = grade_words(grades)
    return [(names[grade.name], min(place, 4)) for place, grade in enumerate(grades, 1)]


def step_lines(found: Mapping[str, Any], grades: Sequence[Grade]) -> list[dict[str, Any]]:
    """Grades after each step of the review, by name and count."""
    names, locale = grade_words(grades), choose_locale()
    return [
        {
            "step": RESULT_STEPS[line["step"]].text(locale),
            "counts": [(names[name], count) for name, count in line["grades"].items()],
            "changed": line["changed"],
        }
        for line in found["steps"]
    ]


def step_heads(grades: Sequence[Grade]) -> list[dict[str, Any]]:
    """The columns of `step_lines`."""
    names = [grade_words(grades)[grade.name] for grade in grades]
    return [{"label": _("步骤")}, *({"label": name, "num": True} for name in (*names, _("等次改变")))]


def method_words(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """On what the figures rest."""
    overall = found["overall"]
    rho = words.figure(found["rho"], 3) if found["rho"] is not None else reason_words(found["rho_reason"])
    return [
        (_("评分标准"), found["rubric_set"]),
        (_("未提交案卷"), _number(found["missing"])),
        (_("区间"), _("%(method)s，不作有限总体校正，已计专家共同影响", method=_label(words.METHODS, overall.get("method")) or "—")),
        (_("有效样本量 n_eff"), words.figure(found["n_eff"], 1)),
        (_("专家共同影响 ρ"), rho),
        (_("仅抽样误差的区间"), _span(overall)),
    ]  # fmt: skip


def _span(overall: Mapping[str, Any]) -> str:
    span = words.between(overall.get("sampling_interval"), choose_locale())
    method = _label(words.METHODS, overall.get("sampling_method"))
    return _("%(span)s%%（%(method)s）", span=span, method=method) if span else "—"


def _label(labels: Mapping[str, Any], code: str | None) -> str:
    return labels[code].text(choose_locale()) if code else ""
