"""一卷一表: a sheet on A4, blank or as it is written, with a code that says which assignment and version it is."""

import base64

from flask import render_template, request

from qualityeval.adapters.qr_codes import qr_svg
from qualityeval.authz import Permission
from qualityeval.core.rubric_parts import show_points
from qualityeval.queries import sheets as queries
from qualityeval.services import scoring as services
from qualityeval.web.guards import acting, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.scoring import bp, posted
from qualityeval.web.scoring.views import case_words


@bp.get("/<public_id>/paper")
@requires(Permission.SHEET_WRITE)
def paper(public_id: str) -> str:
    """The sheet to print; `?blank=1` leaves every mark to the pen. No case number, as in the list."""
    assignment = queries.get_for(acting(), public_id)
    rubric = services.rubric_of(assignment)
    content, version = ({}, 0) if request.args.get("blank") else queries.written(assignment)
    last = queries.last_sheet(assignment) if content and assignment.state == services.SUBMITTED else None
    if last:  # with what staff answered
        rubric, content = services.whole_rubric_of(assignment), last.content or {}
    code = code_of(public_id, rubric.key, version=version, revision=last.revision if last else 0)
    picture = base64.b64encode(qr_svg(code).encode()).decode()
    return render_template(
        "scoring/paper.html", row=queries.row_for(acting(), public_id), rubric=rubric, content=content, last=last,
        values=posted.read_back(rubric, content), cuts=posted.cut_lines(content), show_points=show_points, code=code,
        case_words=case_words, qr_src=f"data:image/svg+xml;base64,{picture}", locale=choose_locale(),
    )  # fmt: skip


def code_of(public_id: str, rubric: str, *, version: int, revision: int) -> str:
    """What the printed code says: the assignment, the rubric's version, the draft's or the submission's.

    >>> code_of("a1b2", "civil@1", version=3, revision=0)
    'QE-SHEET a1b2 civil@1 draft 3'
    """
    state = f"sheet {revision}" if revision else f"draft {version}"
    return f"QE-SHEET {public_id} {rubric} {state}"
