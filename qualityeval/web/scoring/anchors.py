"""The expert's anchors: what has to be scored first, and how far the own sheets are from the reference."""

from typing import Any

from flask import redirect, render_template, request, url_for

from qualityeval.authz import Permission
from qualityeval.core.calibration import deviation as core_deviation
from qualityeval.core.calibration import leaning
from qualityeval.core.errors import RuleViolation
from qualityeval.core.rubric_parts import show_points
from qualityeval.core.sheet import read_content
from qualityeval.database import transaction
from qualityeval.queries import calibration as queries
from qualityeval.queries import sheets
from qualityeval.services import calibration as services
from qualityeval.services.scoring import frozen_rubric
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words as message
from qualityeval.web.scoring import bp
from qualityeval.words.calibration import LEANINGS, SOURCES
from qualityeval.words.figures import points, signed_points
from qualityeval.words.rounds import AID_FORMS, CASE_TYPES, STAGES


@bp.route("/anchors", methods=["GET", "POST"])
@requires(Permission.SHEET_WRITE)
def anchors() -> Any:
    """My anchors; POST begins one and goes on to its sheet."""
    if request.method == "GET":
        return _page()
    try:
        with transaction():
            sheet = services.open_anchor(
                actor=acting(), public_id=request.form.get("anchor", ""), now=now()
            ).public_id
    except RuleViolation as refusal:
        return _page(message(refusal)), 422
    return redirect(url_for("scoring.sheet", public_id=sheet), 303)


def _page(refusal: str = "") -> str:
    rows, locale = queries.own_anchors(acting()), choose_locale()
    found = leaning([one.apart for one in rows if one.apart is not None])
    return render_template(
        "scoring/anchors.html", rows=rows, refusal=refusal, found=found, show_points=show_points, signed=signed_points,
        points=points, word=LEANINGS[found.word].text(locale) if found else "", kinds=_kinds,
    )  # fmt: skip


def _kinds(row: queries.OwnAnchor) -> str:
    """What kind of case it is, never a name."""
    cause, case_type, aid_form, stage = row.kinds
    locale = choose_locale()
    parts = [cause, CASE_TYPES[case_type].text(locale), AID_FORMS[aid_form].text(locale)]
    return " · ".join(filter(None, (*parts, "" if stage == "none" else STAGES[stage].text(locale))))


@bp.get("/anchors/<public_id>")
@requires(Permission.SHEET_WRITE)
def deviation(public_id: str) -> str:
    """My sheet of an anchor beside the reference answer, item by item."""
    sheet = queries.submitted_for(acting(), public_id)
    rubric, anchor, locale = frozen_rubric(sheet.rubric), sheet.anchor, choose_locale()
    found = None
    if anchor is not None and anchor.reference:
        found = core_deviation(
            rubric,
            read_content(sheet.content or {}, rubric),
            read_content(anchor.reference["content"], rubric),
        )
    return render_template(
        "scoring/deviation.html", row=sheets.row_for(acting(), public_id), found=found, locale=locale,
        leaning=leaning([found.total]) if found else None, leanings={code: label.text(locale) for code, label in LEANINGS.items()},
        source=SOURCES[anchor.source].text(locale) if anchor is not None and anchor.source else "",
        reason=anchor.reason if anchor is not None else "", show_points=show_points, signed=signed_points, points=points,
    )  # fmt: skip
