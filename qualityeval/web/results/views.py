"""Rounds with results, one round in figures, several as a period."""

from collections.abc import Collection
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.workflow import RoundAct, round_acts
from qualityeval.models import Round
from qualityeval.queries import results as queries
from qualityeval.queries import rounds as round_queries
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.results import bp, shown
from qualityeval.words import results as words
from qualityeval.words import rounds as round_words

PER_PAGE = 20


def dimension() -> str:
    """By what the address asks the figures to be grouped."""
    asked = request.args.get("by", "")
    return asked if asked in queries.DIMENSIONS else next(iter(queries.DIMENSIONS))


@bp.get("/results", endpoint="list")
@requires(Permission.ROUND_RESULTS)
def index() -> Any:
    """Rounds that have a sample, the latest first."""
    total = round_queries.count_for(acting(), states=queries.DRAWN)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = round_queries.list_for(
        acting(), states=queries.DRAWN, limit=PER_PAGE, offset=(page - 1) * PER_PAGE
    )
    return render_template(
        "results/list.html", rows=rows, total=total, page=page, pages=pages, per_page=PER_PAGE, words=round_words,
        example=",".join(row.code for row in rows[:2]), locale=choose_locale(),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/results")
@requires(Permission.ROUND_RESULTS)
def detail(public_id: str) -> str:
    """One round in figures."""
    round_ = round_queries.get_for(acting(), public_id)
    found = queries.results(acting(), round_, by=(dimension(),))
    moves = moves_of(round_acts(round_.state))
    return _page(found, title=round_.title, round=round_, moves=moves, codes=round_.code, names=[])


def moves_of(acts: Collection[RoundAct]) -> dict[str, bool]:
    """Which steps towards release have a button."""
    return {act.value: act in acts for act in (RoundAct.NOTIFY, RoundAct.RELEASE, RoundAct.CLOSE)}


@bp.get("/results/period")
@requires(Permission.ROUND_RESULTS)
def period() -> Any:
    """Several rounds as strata of one period; their codes stand in the address."""
    rounds = rounds_asked()
    if len(rounds) == 1:
        return redirect(url_for("results.detail", public_id=rounds[0].public_id, by=dimension()))
    found = queries.results(acting(), *rounds, by=(dimension(),))
    return _page(
        found, title=_("%(count)s 个批次合并", count=len(rounds)), round=None, moves=moves_of(()), codes=found["code"],
        names=[(one.title, url_for("results.detail", public_id=one.public_id)) for one in rounds],
    )  # fmt: skip


def rounds_asked() -> list[Round]:
    """The rounds whose codes the address holds, as `code=A&code=B` or `codes=A,B`."""
    listed = [*request.args.getlist("code"), *request.args.get("codes", "").split(",")]
    codes = list(dict.fromkeys(code.strip() for code in listed if code.strip()))
    if not 0 < len(codes) <= queries.MOST_ROUNDS:
        raise InvalidInput(
            "results.rounds", msg("请写1至%(most)s个不同的批次。"), where="code", most=queries.MOST_ROUNDS
        )
    return [round_queries.by_code_for(acting(), code) for code in codes]


def _page(found: dict[str, Any], *, title: str, **more: Any) -> str:
    by = dimension()
    grades = shown.grades_of(found)
    lines = shown.group_lines(found, by)
    locale = choose_locale()
    return render_template(
        "results/detail.html", title=title, found=found, by=by, tiles=shown.tiles(found), lines=lines,
        withheld=shown.withheld_lines(found, by), stacks=shown.stacks(lines, grades), legend=shown.legend_of(grades),
        methods=shown.method_words(found),
        steps=shown.step_lines(found, grades), step_heads=shown.step_heads(grades), mean=found["overall"]["good_rate"], state=words.STATES[found["state"]].text(locale),
        dimensions=[(code, label.text(locale)) for code, label in words.DIMENSIONS.items()],
        group_word=words.DIMENSIONS[by].text(locale), percent=words.percent,
        apart=[
            {**one, "overall": one["overall"], "reason": shown.reason_words(one["overall"]["reason"])}
            for one in found["rounds"] if "overall" in one
        ],
        **more,
    )  # fmt: skip
