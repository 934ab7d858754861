"""The dashboard of a round: a place with its cards, the places below as tiles to step down into, and the trend."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from flask import render_template, url_for

from qualityeval.authz import Permission
from qualityeval.queries import result_pages, trends
from qualityeval.queries.result_places import view_of
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.results import bp, shown
from qualityeval.web.results.views import place_asked, places_of
from qualityeval.words import results as words
from qualityeval.words.moments import day, number

SHADES = (0.2, 0.4, 0.6, 0.8)  # of the good-or-better rate: where a darker tile begins
HEIGHT, TOP, FOOT = (
    240,
    24,
    32,
)  # of the trend, in pixels; across it everything is in per cent, so that letters keep their size
LEFT, RIGHT = 12, 97
FEW = 4  # labels that find room on a phone


@bp.get("/rounds/<public_id>/results/dashboard")
@requires(Permission.RESULTS_READ)
def dashboard(public_id: str) -> str:
    """Province, city, county, institution: one place at a time."""
    round_ = result_pages.round_for(acting(), public_id=public_id)
    view = view_of(acting(), [round_], place_asked())
    found = result_pages.results_for(acting(), round_, by=(result_pages.PLACE,), place=view.here.code)
    points = trends.trend_for(acting(), round_, place=place_asked())
    return render_template(
        "results/dashboard.html", round=round_, found=found, tiles=shown.tiles(found), places=places_of(view),
        crumbs=[(place.name, _address(public_id, place.code)) for place in view.crumbs[:-1]],
        regions=[_region(public_id, line, view.here.code) for line in found["places"]], steps=_steps(found),
        step_heads=shown.step_heads(shown.grades_of(found)), trend=_trend(points), state=words.STATES[found["state"]].text(choose_locale()),
    )  # fmt: skip


def _address(public_id: str, code: str) -> str:
    return url_for("results.dashboard", public_id=public_id, place=code)


def _steps(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    return shown.step_lines(found, shown.grades_of(found))


def _region(public_id: str, line: Mapping[str, Any], here: str) -> dict[str, Any]:
    """A tile: the rate with what it is made of, or why there is none."""
    rate = line["good_rate"]
    return {
        "name": line["name"], "code": line["code"], "n": number(line["n"]), "N": number(line["N"]),
        "href": "" if line["code"] == here else _address(public_id, line["code"]),
        "rate": words.percent(rate), "good": number(line["good"]) if line["good"] is not None else "",
        "interval": words.between(line["interval"], choose_locale()),
        "shade": 0 if rate is None else 1 + sum(rate >= step for step in SHADES),
        "reason": shown.reason_words(line["reason"]) if rate is None else "",
    }  # fmt: skip


def _trend(points: Sequence[trends.TrendPoint]) -> dict[str, Any]:
    """Points with their places in the drawing, the lines between neighbours (none over a gap), the rows of the table."""
    span = max(len(points) - 1, 1)
    lines: list[dict[str, Any]] = []
    for place, one in enumerate(points):
        overall = one.overall or {}
        rate, interval = overall.get("good_rate"), overall.get("interval")
        lines.append({
            "code": one.code, "title": one.title, "released": day(one.released_at) if one.released_at else "",
            "x": round(LEFT + (RIGHT - LEFT) * place / span, 1), "mid": 0 < place < len(points) - 1 and len(points) > FEW,
            "y": None if rate is None else _height(rate),
            "low": _height(interval[0]) if interval else None, "high": _height(interval[1]) if interval else None,
            "rate": words.percent(rate), "interval": words.between(interval, choose_locale()),
            "good": number(overall["good"]) if overall.get("good") is not None else "",
            "n": number(overall["n"]) if overall.get("n") is not None else "", "N": number(overall["N"]) if overall.get("N") is not None else "",
            "reason": shown.reason_words("rubric_sets_differ" if one.apart else overall.get("reason")) if rate is None else "",
        })  # fmt: skip
    joined = [
        (one, next_) for one, next_ in pairwise(lines) if one["y"] is not None and next_["y"] is not None
    ]
    return {
        "lines": lines, "drawn": [line for line in lines if line["y"] is not None], "joined": joined,
        "height": HEIGHT, "marks": [(step, _height(step / 100)) for step in (0, 25, 50, 75, 100)],
    }  # fmt: skip


def _height(share: float) -> float:
    return round(TOP + (HEIGHT - TOP - FOOT) * (1 - share), 1)
