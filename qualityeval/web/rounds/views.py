"""The list of rounds and one round."""

from flask import render_template, request
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.round_spec import RoundSpec
from qualityeval.models import Round
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.services import framing
from qualityeval.services import rounds as services
from qualityeval.web import round_pages as pages
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.rounds import bp
from qualityeval.words import rounds as words

PER_PAGE = 20
LONGEST_TEXT = 100
QUICK = 200_000  # cases whose strata are counted at once: a province's; the country's when somebody asks
ASKED = "check"


@bp.get("/rounds", endpoint="list")
@requires(Permission.ROUND_READ)
def index() -> str:
    """The rounds of the own body."""
    state, text = request.args.get("state", ""), request.args.get("text", "").strip()[:LONGEST_TEXT]
    asked = {"state": state if state in words.STATES else "", "text": text}
    total = queries.count_for(acting(), **asked)
    pages_ = pages_of(total, PER_PAGE)
    page = page_asked(pages_)
    rows = queries.list_for(acting(), **asked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "rounds/list.html", rows=rows, asked=asked, total=total, page=page, pages=pages_, per_page=PER_PAGE,
        words=words, locale=choose_locale(), state_choices=state_choices(),
    )  # fmt: skip


def state_choices() -> list[tuple[str, str]]:
    """The states to filter by."""
    locale = choose_locale()
    return [("", _("全部")), *((code, label.text(locale)) for code, label in words.STATES.items())]


@bp.get("/rounds/<public_id>")
@requires(Permission.ROUND_READ)
def detail(public_id: str) -> str:
    """One round: where it stands, its strata, its digests, what can be done, what happened."""
    round_ = queries.get_for(acting(), public_id)
    spec, preview, refusal = _preview(round_)
    rows = queries.strata_of(round_)
    plan = pages.plan_of(round_)
    return render_template(
        "rounds/detail.html",
        round=round_,
        acts=pages.acts_of(round_),
        steps=pages.steps_of(round_),
        about=pages.about(spec) if spec else [],
        preview=preview,
        refusal=refusal,
        strata=pages.stratum_lines(rows, plan.get("strata_fields", [])),
        total=pages.total_line(rows),
        left_out=pages.left_out(round_.left_out or {}),
        digests=pages.digests_of(round_),
        status={"seed": queries.seed_status(round_)},
        seed=queries.seed_of(round_),
        drawn=queries.draw_of(round_),
        typists=round_trail.typists_of(acting(), round_),
        what_happened_rows=pages.happened(round_trail.trail_of(acting(), round_)),
        words=words,
    )


def _is_quick() -> bool:
    """Whether strata can be counted while the page is waited for; else the reader asks for it."""
    return round_trail.register_size(acting()) <= QUICK


def _preview(round_: Round) -> tuple[RoundSpec | None, dict[str, object] | None, str]:
    """The specification, and for a draft what a freeze would fix now or why it would be refused."""
    try:
        spec = services.read_spec(round_.spec)
    except RuleViolation as refusal:
        return None, None, message(refusal)
    if round_.state != "draft" or not (ASKED in request.args or _is_quick()):
        return spec, None, ""
    try:
        planned = framing.foreseen(actor=acting(), round_=round_)
    except RuleViolation as refusal:
        return spec, None, message(refusal)
    return spec, pages.preview(planned), ""
