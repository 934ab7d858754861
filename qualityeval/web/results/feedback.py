"""Feedback on a released round: which institutions it is for, one of them as a page and a file, all of them in a ZIP."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import WrongState, msg
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import feedback as queries
from qualityeval.queries import result_pages
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.results import RELEASED
from qualityeval.services import feedback as services
from qualityeval.web.attachments import attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.results import bp
from qualityeval.web.results.circular import KINDS, PATH


@bp.get("/rounds/<public_id>/feedback")
@requires(Permission.ROUND_RELEASE)
def feedback_list(public_id: str) -> str:
    """The institutions with evaluated cases, each with its document."""
    round_ = round_queries.get_for(acting(), public_id)
    if round_.state not in RELEASED:
        raise WrongState(
            "feedback.early", msg("发布之后才能生成反馈意见。"), where="round", state=round_.state
        )
    return render_template(
        "results/feedback.html", round=round_, rows=queries.institutions_of(round_), kinds=KINDS
    )


@bp.get(f"/rounds/<public_id>/feedback/{PATH}")
@requires(Permission.ROUND_RELEASE)
def feedback_all(public_id: str, kind: str) -> Response:
    """All of them, one file an institution."""
    with transaction():
        round_ = round_queries.get_for(acting(), public_id)
        content = services.make_all(actor=acting(), round_=round_, kind=kind, now=now())
        return attachment(content, name=f"{round_.code}-{_('反馈意见')}.zip", kind="application/zip")


@bp.get("/rounds/<public_id>/feedback/of/<code>")
@requires(Permission.OBJECTION_RAISE)
def feedback(public_id: str, code: str) -> str:
    """One institution's feedback as a page, for the round's body and for that institution."""
    round_ = _round(public_id)
    made = services.read_feedback(actor=acting(), round_=round_, code=code, now=now())
    files = {
        kind: url_for("results.feedback_file", public_id=public_id, code=code, kind=kind) for kind in KINDS
    }
    crumbs = [
        (_("评估结果"), url_for("results.list")),
        (round_.title, url_for("results.detail", public_id=public_id)),
    ]
    return render_template(
        "results/circular.html", made=made, files=files, crumbs=crumbs, title=_("反馈意见")
    )


@bp.get(f"/rounds/<public_id>/feedback/of/<code>/{PATH}")
@requires(Permission.OBJECTION_RAISE)
def feedback_file(public_id: str, code: str, kind: str) -> Response:
    """One institution's file; the log notes that it was made."""
    with transaction():
        round_ = _round(public_id)
        content = services.make_feedback(actor=acting(), round_=round_, code=code, kind=kind, now=now())
        return attachment(content, name=f"{round_.code}-{code}-{_('反馈意见')}.{kind}", kind=KINDS[kind])


def _round(public_id: str) -> Round:
    """Whoever may read something of the round's results may ask; whether it is their institution the service says."""
    return result_pages.round_for(acting(), public_id=public_id)
