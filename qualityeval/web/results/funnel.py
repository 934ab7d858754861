"""The funnel plot of a results page: groups by size and rate between control limits, as coordinates for one SVG."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Any

from flask_babel import gettext as _

from qualityeval.core.funnel import ALARM, WARN, Funnel, FunnelPoint, Limits, funnel
from qualityeval.core.funnel_lines import limit_line
from qualityeval.queries.result_pages import GROUPS, PLACE
from qualityeval.queries.result_rows import CASE_TYPE
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import shown
from qualityeval.words import results as words
from qualityeval.words.moments import number

LEFT, TOP, RIGHT, BOTTOM = 48, 12, 674, 352
FEWEST = 3
OUTSIDE = ("very_low", "very_high")


def funnel_of(found: Mapping[str, Any], by: str) -> dict[str, Any] | None:
    """All that the template draws, or `reason` in words; None where groups of this kind aren't compared."""
    if by == CASE_TYPE:
        return None
    lines = [line for line in found[GROUPS[by]] if line["may_rank"] and line["good_rate"] is not None]
    target = found["overall"]["good_rate"]
    left_out = len(found[GROUPS[by]]) - len(lines)
    if target is None or not 0 < target < 1:
        return {"reason": _("全部案件同为优良或同不为优良，画不出控制限。") if target is not None else ""}
    if len(lines) < FEWEST:
        return {"reason": _("满 10 件的不到 %(fewest)s 家，不画漏斗图。", fewest=FEWEST)}
    plot = funnel([(line["code"], line["good_rate"], line["n_eff"]) for line in lines], target)
    frame = _Frame(lines, target)
    points = [_point(frame, line, point, by) for line, point in zip(lines, plot.points, strict=True)]
    return {
        "reason": "", "points": points, "labels": _labels(points), "lines": _lines(frame, plot), "target_y": frame.y(target),
        "target": words.percent(target), "phi": words.figure(plot.phi, 2), "left_out": left_out,
        "x_ticks": frame.x_ticks(), "y_ticks": frame.y_ticks(), "counts": Counter(p.standing for p in plot.points),
        "legend": [(code, label.text(choose_locale())) for code, label in words.STANDINGS.items()],
        "box": (LEFT, TOP, RIGHT, BOTTOM),
    }  # fmt: skip


class _Frame:
    """From effective n and rate to the coordinates of the picture."""

    def __init__(self, lines: Sequence[Mapping[str, Any]], target: float) -> None:
        rates = [target, *(line["good_rate"] for line in lines)]
        self.low = max(0.0, floor(min(rates) * 10 - 0.5) / 10)
        self.high = min(1.0, ceil(max(rates) * 10 + 0.5) / 10)
        self.most = _round_up(max(line["n_eff"] for line in lines) * 1.05)

    def x(self, n: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * n / self.most, 1)

    def y(self, rate: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (rate - self.low) / (self.high - self.low), 1)

    def x_ticks(self) -> list[tuple[float, str]]:
        return [(self.x(self.most * part / 4), words.figure(self.most * part / 4, 0)) for part in range(5)]

    def y_ticks(self) -> list[tuple[float, str]]:
        steps = round((self.high - self.low) * 10)
        return [
            (self.y(self.low + step / 10), words.percent(self.low + step / 10)[:-3] + "%")
            for step in range(steps + 1)
        ]

    def sizes(self) -> list[float]:
        return [self.most * (step / 60) ** 2 for step in range(4, 61)]


def _round_up(most: float) -> float:
    """The least number with four plain quarters: 1, 2, 2.5 or 5 times a power of ten each."""
    power = 1.0
    while True:
        for step in (1.0, 2.0, 2.5, 5.0):
            if 4 * step * power >= most and (step * power).is_integer():
                return 4 * step * power
        power *= 10


def _lines(frame: _Frame, plot: Funnel) -> list[dict[str, Any]]:
    """Each pair of limits as two paths and a filled band, the outer one first."""
    found = []
    for name, level, label in (("alarm", ALARM, _("99.8% 控制限")), ("warn", WARN, _("95% 控制限"))):
        limits = limit_line(plot.target, plot.phi, frame.sizes(), level)
        upper = [(frame.x(n), frame.y(one.hi)) for n, one in zip(frame.sizes(), limits, strict=True)]
        lower = [(frame.x(n), frame.y(one.lo)) for n, one in zip(frame.sizes(), limits, strict=True)]
        found.append({
            "name": name, "label": label, "upper": _path(upper), "lower": _path(lower),
            "band": _path([*upper, *reversed(lower)]) + "z", "label_y": _end(frame, limits[-1], name),
        })  # fmt: skip
    return found


def _path(dots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in dots)


def _end(frame: _Frame, limit: Limits, name: str) -> float | None:
    """Where the name of a limit stands: over the lower outer line, over the upper inner one; None off the picture."""
    y = frame.y(limit.lo if name == "alarm" else limit.hi) - 5
    return y if TOP + 10 < y < BOTTOM - 10 else None


def _point(frame: _Frame, line: Mapping[str, Any], point: FunnelPoint, by: str) -> dict[str, Any]:
    return {
        "name": shown.name_of(by, line), "x": frame.x(line["n_eff"]), "y": frame.y(line["good_rate"]), "standing": point.standing,
        "said": words.STANDINGS[point.standing].text(choose_locale()), "n": number(line["n"]),
        "n_eff": words.figure(line["n_eff"], 1), "rate": words.percent(line["good_rate"]), "z": words.figure(point.z, 2),
        "code": line["code"] if by in (PLACE, "institution") else "",
    }  # fmt: skip


def _labels(points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Names of those outside the outer limits, as many as find room."""
    placed: list[dict[str, Any]] = []
    for one in sorted((p for p in points if p["standing"] in OUTSIDE), key=lambda p: p["y"]):
        ends = one["x"] > RIGHT - 110
        label = {
            "name": one["name"],
            "x": one["x"] + (-9 if ends else 9),
            "y": one["y"] + 4,
            "anchor": "end" if ends else "start",
        }
        if all(abs(label["y"] - o["y"]) > 13 or abs(label["x"] - o["x"]) > 110 for o in placed):
            placed.append(label)
    return placed
