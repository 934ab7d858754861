"""Rounds with results, one round in figures, several as a period; a place in the address narrows them."""

from collections.abc import Collection, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission, may
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.workflow import RoundAct, round_acts
from qualityeval.models import Round
from qualityeval.queries import feedback as feedback_queries
from qualityeval.queries import result_pages as queries
from qualityeval.queries import result_rows
from qualityeval.queries.result_periods import periods_for
from qualityeval.queries.result_places import View, has_levels, view_of
from qualityeval.queries.results import MOST_ROUNDS, RELEASED
from qualityeval.services.circulars import SPOKEN
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.results import bp, shown
from qualityeval.web.results.funnel import funnel_of
from qualityeval.words import results as words
from qualityeval.words import rounds as round_words

PER_PAGE = 20


def dimension() -> str:
    """By what the address asks the figures to be grouped."""
    asked = request.args.get("by", "")
    return asked if asked in queries.GROUPS else result_rows.INSTITUTION


def place_asked() -> str:
    """The code of the place that the address narrows the figures to; empty for all that may be seen."""
    return request.args.get("place", "").strip()


@bp.get("/results", endpoint="list")
@requires(Permission.RESULTS_READ)
def index() -> Any:
    """Rounds of whose results something may be read, the latest first."""
    total = queries.count_for(acting())
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "results/list.html", rows=rows, total=total, page=page, pages=pages, per_page=PER_PAGE, words=round_words,
        example=",".join(row.code for row in rows[:2]), locale=choose_locale(), periods=periods_for(acting()),
        tells=may(acting(), Permission.ROUND_RESULTS),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/results")
@requires(Permission.RESULTS_READ)
def detail(public_id: str) -> str:
    """One round in figures."""
    round_ = queries.round_for(acting(), public_id=public_id)
    acts = round_acts(round_.state) if may(acting(), Permission.ROUND_RELEASE, round_) else ()
    owns = may(acting(), Permission.ROUND_ASSIGN, round_)
    return _page(
        [round_], title=round_.title, round=round_, moves=moves_of(acts), names=[], owns=owns,
        feedback=_feedback(round_, owns=owns), publishes=owns and round_.state in RELEASED,
    )  # fmt: skip


def _feedback(round_: Round, *, owns: bool) -> str:
    """Where the reader finds the feedback on a released round; empty where there is none for them."""
    if round_.state not in RELEASED or not may(acting(), Permission.OBJECTION_RAISE):
        return ""
    if owns:
        return url_for("results.feedback_list", public_id=round_.public_id)
    own = feedback_queries.own_code(acting(), round_)
    return url_for("results.feedback", public_id=round_.public_id, code=own) if own else ""


def moves_of(acts: Collection[RoundAct]) -> dict[str, bool]:
    """Which steps towards release have a button."""
    return {act.value: act in acts for act in (RoundAct.NOTIFY, RoundAct.RELEASE, RoundAct.CLOSE)}


@bp.get("/results/period")
@requires(Permission.RESULTS_READ)
def period() -> Any:
    """Several rounds as strata of one period; their codes stand in the address."""
    rounds = rounds_asked()
    if len(rounds) == 1:
        return redirect(
            url_for(
                "results.detail", public_id=rounds[0].public_id, by=dimension(), place=place_asked() or None
            )
        )
    return _page(
        rounds, title=_("%(count)s 个批次合并", count=len(rounds)), round=None, owns=False, moves=moves_of(()),
        publishes=False, feedback="", tells=all(one.state in SPOKEN and may(acting(), Permission.ROUND_RESULTS, one) for one in rounds),
        names=[(one.title, url_for("results.detail", public_id=one.public_id)) for one in rounds],
    )  # fmt: skip


def rounds_asked() -> list[Round]:
    """The rounds whose codes the address holds, as `code=A&code=B` or `codes=A,B`."""
    listed = [*request.args.getlist("code"), *request.args.get("codes", "").split(",")]
    codes = list(dict.fromkeys(code.strip() for code in listed if code.strip()))
    if not 0 < len(codes) <= MOST_ROUNDS:
        raise InvalidInput(
            "results.rounds", msg("请写1至%(most)s个不同的批次。"), where="code", most=MOST_ROUNDS
        )
    return [queries.round_for(acting(), code=code) for code in codes]


def _page(rounds: Sequence[Round], *, title: str, **more: Any) -> str:
    by = dimension()
    view = view_of(acting(), rounds, place_asked())
    stacked = queries.PLACE if by == result_rows.INSTITUTION and has_levels(view) else by
    found = queries.results_for(acting(), *rounds, by=tuple({by, stacked}), place=view.here.code)
    grades = shown.grades_of(found)
    lines = shown.group_lines(found, by)
    funnel = funnel_of(found, by)
    locale = choose_locale()
    return render_template(
        "results/detail.html", title=title, found=found, by=by, tiles=shown.tiles(found, funnel), lines=lines,
        bands=shown.by_band(lines), funnel=funnel,
        withheld=shown.withheld_lines(found, by), stacks=shown.stacks(shown.group_lines(found, stacked), grades), stack_word=words.DIMENSIONS[stacked].text(locale), legend=shown.legend_of(grades),
        methods=shown.method_words(found), codes=found["code"], places=places_of(view), mean=found["overall"]["good_rate"],
        steps=shown.step_lines(found, grades), step_heads=shown.step_heads(grades),
        state=words.STATES[found["state"]].text(locale),
        dimensions=[(code, label.text(locale)) for code, label in words.DIMENSIONS.items()],
        group_word=words.DIMENSIONS[by].text(locale), percent=words.percent, apart=_apart(found), **more,
    )  # fmt: skip


def _apart(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Rounds of different rubric sets, side by side."""
    return [
        {**one, "reason": shown.reason_words(one["overall"]["reason"])}
        for one in found["rounds"] if "overall" in one
    ]  # fmt: skip


def places_of(view: View) -> dict[str, Any]:
    """Where the reader stands in the tree, and where the choice leads."""
    lower = [(place.code, place.name) for place in view.below() if place != view.here]
    return {
        "here": view.here.code if view.here != view.top else "", "name": view.here.name,
        "codes": {code for code, _name in lower},
        "choices": [
            ("" if place == view.top else place.code, "　" * depth + place.name)
            for depth, place in enumerate(view.crumbs)
        ] + [(code, "　" * len(view.crumbs) + name) for code, name in lower],
    }  # fmt: skip
