"""The planner: what a draft would draw, tell and cost, anew at every turn of a knob; saved when it is right."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.authz import Permission, require
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rates import parse_rate
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.spec_reading import parse_round_spec
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import planner
from qualityeval.queries import rounds as queries
from qualityeval.services import rounds as services
from qualityeval.web import planner_page as pages
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words
from qualityeval.web.rounds import bp, knobs
from qualityeval.web.rounds.knobs import Knobs

LONGEST_MINUTES, LARGEST_FEE = 600, 100_000


@bp.route("/rounds/<public_id>/plan", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def plan(public_id: str) -> Any:
    """Strata, precision, hours and money under the address's knobs; POST writes them into the draft."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_PLAN, round_)
    round_after(round_.state, RoundAct.EDIT)
    try:
        mapping, spec = load_text(round_.spec), services.read_spec(round_.spec)
    except RuleViolation:  # a draft that can't be read is mended in its own page, which says why
        return redirect(url_for("rounds.edit", public_id=public_id))
    asked = knobs.of_address(request.args, knobs.of_spec(spec, mapping))
    if request.method == "POST":
        return _saved(round_, mapping, spec, asked)
    return _page(round_, mapping, spec, asked)


def _page(round_: Round, mapping: dict[str, Any], spec: RoundSpec, asked: Knobs, refusal: str = "") -> Any:
    planned = None
    try:
        planned = _planned(round_, parse_round_spec(knobs.turned(mapping, asked, spec.strata_fields)), asked)
    except RuleViolation as fault:
        refusal = refusal or words(fault)
    shown = pages.shown(planned, asked.rates) if planned else None
    page = render_template(
        "rounds/planner.html", round=round_, knobs=asked, plan=shown, refusal=refusal,
        save_href=url_for("rounds.plan", public_id=round_.public_id, **asked.query()),
    )  # fmt: skip
    return (page, 422) if refusal else page


def _planned(round_: Round, spec: RoundSpec, asked: Knobs) -> planner.Plan:
    return planner.plan(
        acting(), round_, spec,
        minutes=_whole(asked.minutes, "minutes", most=LONGEST_MINUTES, least=1),
        fee=100 * _whole(asked.fee or "0", "fee", most=LARGEST_FEE),
        share=float(parse_rate(knobs.percent(asked.share), where="share")) if asked.share else None,
    )  # fmt: skip


def _whole(text: str, name: str, *, most: int, least: int = 0) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise InvalidInput(
            "spec.whole", msg("“%(key)s”应是 %(low)s 到 %(high)s 之间的整数。"), where=name,
            key={"minutes": _("每份评分表用时")}.get(name, _("每份评分表报酬")), low=least, high=most,
        )  # fmt: skip
    return int(text)


def _saved(round_: Round, mapping: dict[str, Any], spec: RoundSpec, asked: Knobs) -> Any:
    version = request.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else -1
    try:
        text = dump_text(knobs.turned(mapping, asked, spec.strata_fields))
        with transaction():
            fresh = queries.get_for(acting(), round_.public_id)
            services.update_spec(actor=acting(), round_=fresh, spec_text=text, seen_version=seen, now=now())
    except RuleViolation as fault:
        return _page(queries.get_for(acting(), round_.public_id), mapping, spec, asked, words(fault))
    flash(_("方案已保存。"), "success")
    return redirect(url_for("rounds.detail", public_id=round_.public_id))
