"""The draw as a ceremony: the public value, the draw, what was drawn."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission, require
from qualityeval.core.ceremony import SeedKind, is_weak
from qualityeval.core.digests import digest
from qualityeval.core.errors import RuleViolation, WrongState, msg
from qualityeval.core.plan import read_plan
from qualityeval.core.two_people import SamePerson
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.services import sampling as services
from qualityeval.services import seeds
from qualityeval.web import round_pages as pages
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place
from qualityeval.web.messages import words as message
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.web.sampling import bp, paper
from qualityeval.web.sampling.forms import PressForm, SeedForm
from qualityeval.words.verification import CHECKS, STORED_CHECKS

PER_PAGE = 50
DICE = re.compile(r"[1-6][1-6 ]*")
MOST_DICE = 60


@dataclass(frozen=True)
class Stage:
    """One of the four stages at the top of the ceremony."""

    number: int
    label: str
    state: str


def stages(now_at: int) -> list[Stage]:
    """The four stages, of which the present one is `now_at`; 5 when all are done."""
    labels = (_("公布摘要"), _("录入公开值"), _("计算抽签号"), _("公布结果"))
    return [
        Stage(number, label, "done" if number < now_at else "now" if number == now_at else "")
        for number, label in enumerate(labels, 1)
    ]


@bp.route("/rounds/<public_id>/seed", methods=["GET", "POST"])
@requires(Permission.ROUND_SEED)
def seed(public_id: str) -> Any:
    """The public value: typed by two accounts, or thrown by the machine."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_SEED, round_)
    form = SeedForm()
    if request.method == "GET":
        round_after(round_.state, RoundAct.TYPE_SEED)
        return _seed_page(round_, form)
    return _typed(round_, form)


def _typed(round_: Round, form: SeedForm) -> Any:
    if not form.validate():
        return _seed_page(round_, form), 422
    public = None if request.form.get("by") == SeedKind.MACHINE else form.public.data or ""
    try:
        with transaction():
            fresh = queries.get_for(acting(), round_.public_id)
            outcome = seeds.type_seed(
                actor=acting(), round_=fresh, public=public, now=now(), today=clock.office_date(now())
            )
    except RuleViolation as refusal:
        if isinstance(refusal, WrongState) and not isinstance(refusal, SamePerson):
            raise
        place(form, refusal)
        return _seed_page(queries.get_for(acting(), round_.public_id), form), 422
    said = {
        seeds.WAITING: ("info", _("已收下。请另一位管理员在自己的账号里再录入一遍。")),
        seeds.MISMATCH: ("warning", _("两次录入不一致，都已作废。请两位重新录入。")),
        seeds.FIXED: ("success", _("种子已经确定，不能再改。")),
    }
    category, text = said[outcome.state]
    flash(text, category)
    return redirect(url_for("sampling.seed", public_id=round_.public_id))


def _seed_page(round_: Round, form: SeedForm) -> str:
    fixed = queries.seed_of(round_)
    source = seeds.source_of(round_) if round_.plan else None
    typists = round_trail.typists_of(acting(), round_)
    return render_template(
        "sampling/seed.html",
        round=round_,
        form=form,
        press=PressForm(formdata=None),
        source=source,
        fixed=fixed,
        weak=bool(fixed and source and is_weak(source, fixed.public)),
        dice=dice_of(fixed.public) if fixed and source and source.kind is SeedKind.DICE else [],
        seed_lines=pages.digest_lines(fixed.seed) if fixed else [],
        typists=typists,
        typed_by=round_trail.typed_by(acting(), round_) if fixed else [],
        mine=any(one.name == acting().name for one in typists),
        early=bool(source and source.day and clock.office_date(now()) < source.day),
        digests=pages.digests_of(round_)[:3],
        sizes=sizes_of(round_),
        stages=stages(3 if fixed else 2),
    )


def sizes_of(round_: Round) -> dict[str, int]:
    """Cases in the frame, strata and cases to draw."""
    rows = queries.strata_of(round_)
    return {
        "frame": round_.frame_size or 0,
        "strata": len(rows),
        "sample": sum(row.sample_size for row in rows),
    }


def dice_of(public: str) -> list[int]:
    """The faces, where the value is nothing but a reasonable number of dice."""
    faces = [int(character) for character in public if character != " "] if DICE.fullmatch(public) else []
    return faces if len(faces) <= MOST_DICE else []


@bp.route("/rounds/<public_id>/draw/confirm", methods=["GET", "POST"])
@requires(Permission.ROUND_DRAW)
def draw(public_id: str) -> Any:
    """The one draw."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_DRAW, round_)
    if queries.draw_of(round_) is not None:
        return redirect(url_for("sampling.detail", public_id=public_id))
    if request.method == "GET" or not PressForm().validate():
        return _draw_page(round_)
    with transaction():
        services.draw_sample(actor=acting(), round_=queries.get_for(acting(), public_id), now=now())
    return redirect(url_for("sampling.detail", public_id=public_id))


def _draw_page(round_: Round) -> str:
    round_after(round_.state, RoundAct.DRAW)
    fixed = queries.seed_of(round_)
    if fixed is None:
        raise WrongState(
            "draw.no_seed", msg("种子还没有确定，不能抽取。请先录入公开的数值。"), where="public"
        )
    return render_template(
        "sampling/draw.html", round=round_, press=PressForm(formdata=None), sizes=sizes_of(round_),
        digests=pages.digests_of(round_)[:3], seed_lines=pages.digest_lines(fixed.seed), stages=stages(3),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/draw")
@requires(Permission.ROUND_READ)
def detail(public_id: str) -> str:
    """What was drawn: strata, certificate, how to check, and the cases."""
    round_ = queries.get_for(acting(), public_id)
    drawn = queries.draw_of(round_)
    if drawn is None:
        raise WrongState("draw.not_yet", msg("这个批次还没有抽取。"), where="round")
    rows = queries.strata_of(round_)
    plan = read_plan(str(round_.plan)).content
    stratum = request.args.get("stratum", "")
    chosen = next((row for row in rows if row.label == stratum), None)
    total = chosen.sample_size if chosen else drawn.size
    pages_ = pages_of(total, PER_PAGE)
    page = page_asked(pages_)
    sample = queries.sample_of(
        acting(), round_, limit=PER_PAGE, offset=(page - 1) * PER_PAGE, stratum=chosen.label if chosen else ""
    )
    lines = pages.stratum_lines(rows, plan.get("strata_fields", []))
    return render_template(
        "sampling/detail.html",
        round=round_,
        drawn=drawn,
        certificate=paper.facts(round_, drawn),
        strata=lines,
        total_line=pages.total_line(rows),
        dots=dots(round_, drawn.size),
        sample=sample,
        key_words=key_words,
        stratum_words={line.key: line.label for line in lines},
        chosen=chosen.label if chosen else "",
        total=total,
        page=page,
        pages=pages_,
        per_page=PER_PAGE,
        stages=stages(5),
        case_href=case_href,
        qr_src=svg_address(paper.qr_of(round_, drawn)),
    )


def key_words(key: str) -> str:
    """A case's key; that of a sealed case is shortened, since it is a digest."""
    place, _colon, number = key.partition(":")
    return f"{place}:{number[:9]}…" if number.startswith("~") else key


def case_href(public_id: str) -> str:
    """The case's page."""
    return (
        url_for("cases.detail", public_id=public_id) if "cases.detail" in current_app.view_functions else ""
    )


def svg_address(svg: str) -> str:
    """An SVG as the address of an image: nothing in it can run."""
    return "data:image/svg+xml;charset=utf-8," + quote(svg)


def dots(round_: Round, drawn: int, *, count: int = 184) -> dict[str, Any]:
    """A strip of dots in the proportion of the draw; which ones are bright follows from the seed."""
    fixed = queries.seed_of(round_)
    size = round_.frame_size or 1
    shown = min(count, size)
    bright = max(1, round(shown * drawn / size)) if drawn else 0
    seed = fixed.seed if fixed else ""
    order = sorted(range(shown), key=lambda dot: digest(seed, "dot", str(dot)))
    chosen = frozenset(order[:bright])
    return {
        "each": round(size / shown, 1) if size > shown else 1,
        "dots": [
            {"x": 12 * (dot % 46) + 6, "y": 12 * (dot // 46) + 6, "on": dot in chosen} for dot in range(shown)
        ],
    }


@bp.post("/rounds/<public_id>/draw/check")
@requires(Permission.ROUND_READ)
def check(public_id: str) -> str:
    """Repeat the draw from certificate and frame file and say what was compared."""
    round_ = queries.get_for(acting(), public_id)
    if queries.draw_of(round_) is None:
        raise WrongState("draw.not_yet", msg("这个批次还没有抽取。"), where="round")
    verdict = services.check_again(actor=acting(), round_=round_)
    return render_template(
        "sampling/check.html",
        round=round_,
        ok=verdict.ok,
        checks=[
            ({**CHECKS, **STORED_CHECKS}[one.name], one.ok, message(_refusal(one))) for one in verdict.checks
        ],
    )


def _refusal(check_: Any) -> RuleViolation:
    return RuleViolation("verify", check_.text, **check_.params)
