"""The circular of a round or of a period: what it says now, and the file of it."""

from collections.abc import Sequence

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import rounds
from qualityeval.services import circulars as services
from qualityeval.web.attachments import XLSX, attachment
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.results import bp
from qualityeval.web.results.views import rounds_asked

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf", "xlsx": XLSX,
}  # fmt: skip
PATH = "<any(docx, pdf, xlsx):kind>"


@bp.get("/rounds/<public_id>/circular")
@requires(Permission.ROUND_RESULTS)
def circular(public_id: str) -> str:
    """The seven parts as a page."""
    round_ = rounds.get_for(acting(), public_id)
    above = [(round_.title, url_for("results.detail", public_id=public_id))]
    files = {kind: url_for("results.circular_file", public_id=public_id, kind=kind) for kind in KINDS}
    return _page([round_], above, files)


@bp.get(f"/rounds/<public_id>/circular/{PATH}")
@requires(Permission.ROUND_RESULTS)
def circular_file(public_id: str, kind: str) -> Response:
    """The file; the log notes that it was made."""
    with transaction():
        return _file([rounds.get_for(acting(), public_id)], kind)


@bp.get("/results/circular")
@requires(Permission.ROUND_RESULTS)
def period_circular() -> str:
    """The circular of several rounds, whose codes the address holds."""
    asked = rounds_asked()
    codes = ",".join(one.code for one in asked)
    above = [(_("%(count)s 个批次合并", count=len(asked)), url_for("results.period", codes=codes))]
    files = {kind: url_for("results.period_circular_file", kind=kind, codes=codes) for kind in KINDS}
    return _page(asked, above, files)


@bp.get(f"/results/circular/{PATH}")
@requires(Permission.ROUND_RESULTS)
def period_circular_file(kind: str) -> Response:
    """The period's file."""
    with transaction():
        return _file(rounds_asked(), kind)


def _page(asked: Sequence[Round], above: list[tuple[str, str]], files: dict[str, str]) -> str:
    made = services.read_circular(actor=acting(), rounds=asked, now=now())
    crumbs = [(_("评估结果"), url_for("results.list")), *above]
    return render_template("results/circular.html", made=made, files=files, crumbs=crumbs, title=_("通报"))


def _file(asked: Sequence[Round], kind: str) -> Response:
    content = services.make_circular(actor=acting(), rounds=asked, kind=kind, now=now())
    name = f"{'-'.join(one.code for one in asked)[:80]}-{_('通报')}.{kind}"
    return attachment(content, name=name, kind=KINDS[kind])
