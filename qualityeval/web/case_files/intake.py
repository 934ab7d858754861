"""Papers of many cases at once: chosen, looked through, then filed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.database import transaction
from qualityeval.models import StoredFile
from qualityeval.queries import case_files as queries
from qualityeval.services import files
from qualityeval.services.paper_intake import PURPOSE, look_through, take_in
from qualityeval.web.case_files import bp
from qualityeval.web.case_files.forms import IntakeForm
from qualityeval.web.case_files.views import line_title
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import place, words

MOST_FILES = 500
LONGEST_NUMBER = 120


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.PAPERS_KEEP)
def upload() -> Any:
    """Choose files, or open one case by its number. What was chosen is looked through before it is filed."""
    form = IntakeForm()
    number = request.args.get("number", "").strip()[:LONGEST_NUMBER]
    found = queries.cases_numbered(acting(), number) if number else []
    if request.method == "GET" or not form.validate():
        return render_template("case_files/upload.html", form=form, number=number, found=found)
    chosen = [one for one in form.files.data or () if getattr(one, "filename", "")][:MOST_FILES]
    if not chosen:
        form.files.errors = [_("请选择文件。")]
        return render_template("case_files/upload.html", form=form, number="", found=[]), 422
    try:
        with transaction():
            waiting = [
                files.store(
                    actor=acting(), name=one.filename, media_type="application/octet-stream", purpose=PURPOSE,
                    content=one.stream, now=now(),
                )
                for one in chosen
            ]  # fmt: skip
            names = [row.public_id for row in waiting]
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("case_files/upload.html", form=form, number="", found=[]), 422
    offered = look_through(actor=acting(), waiting=[files.get_for(acting(), name) for name in names])
    return render_template(
        "case_files/offered.html", offered=offered, line_title=line_title, said=words,
        good=[one.public_id for one in offered if one.refusal is None],
    )  # fmt: skip


@bp.post("/store")
@requires(Permission.PAPERS_KEEP)
def store() -> Any:
    """File what was looked through; what can't be filed any more is said."""
    with transaction():
        waiting = [_waiting(name) for name in request.form.getlist("file")[:MOST_FILES]]
        offered = take_in(actor=acting(), waiting=waiting, now=now())
    filed = sum(one.refusal is None for one in offered)
    flash(ngettext("已收入 %(num)s 份。", "已收入 %(num)s 份。", filed), "success")
    refused = [one for one in offered if one.refusal is not None and not one.is_same]
    if refused:
        return render_template(
            "case_files/offered.html", offered=refused, line_title=line_title, said=words, good=[]
        )
    return redirect(url_for("case_files.upload"))


def _waiting(public_id: str) -> StoredFile:
    row = files.get_for(acting(), public_id)
    if row.purpose != PURPOSE:
        raise NotFound
    return row
