"""The handover list to take away: to print and sign, as PDF, as a workbook; both sides have the same."""

from collections.abc import Sequence

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.adapters.workbook_out import Cell, Sheet
from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound
from qualityeval.models import Round
from qualityeval.queries import call_in, drawn_files
from qualityeval.queries.drawn_files import FileFilter, FileRow
from qualityeval.reports import handover
from qualityeval.web.attachments import attachment, workbook_file
from qualityeval.web.call_in import bp
from qualityeval.web.call_in.own import own_round
from qualityeval.web.call_in.rounds import asked, round_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.words import call_in as words


def _mine() -> Round:
    round_ = own_round(drawn_files.own_rounds(acting()), request.args.get("round", ""))
    if round_ is None:
        raise NotFound(where="round")
    return round_


def _rows(round_: Round, filters: FileFilter) -> list[FileRow]:
    return drawn_files.list_for(acting(), round_, filters, today=clock.office_today())


@bp.get("/rounds/<public_id>/call-in/handover")
@requires(Permission.CALL_IN_MANAGE)
def handover_list(public_id: str) -> str:
    """The list of one institution (or of all, a sheet each) on A4."""
    round_ = round_of(public_id)
    return _printed(round_, asked(), url_for("call_in.of_round", public_id=public_id))


@bp.get("/hand-in/handover")
@requires(Permission.FILE_HAND_IN)
def own_handover() -> str:
    """The own list on A4."""
    return _printed(_mine(), FileFilter(), url_for("call_in.own"))


def _printed(round_: Round, filters: FileFilter, back: str) -> str:
    return render_template(
        "call_in/handover.html", round=round_, groups=handover.by_institution(_rows(round_, filters)), back=back,
        terms=call_in.terms_of(round_), today=clock.office_today(), words=words, locale=choose_locale(),
    )  # fmt: skip


@bp.get("/rounds/<public_id>/call-in.pdf")
@requires(Permission.CALL_IN_MANAGE)
def pdf(public_id: str) -> Response:
    """The list as PDF, a page an institution."""
    return _pdf(round_of(public_id), asked())


@bp.get("/hand-in.pdf")
@requires(Permission.FILE_HAND_IN)
def own_pdf() -> Response:
    """The own list as PDF."""
    return _pdf(_mine(), FileFilter())


def _pdf(round_: Round, filters: FileFilter) -> Response:
    content = handover.handover_pdf(
        handover.HandoverPaper(
            title=round_.title, code=round_.code, owner=round_.institution.name,
            plan_digest=round_.plan_digest or "", deadline=call_in.terms_of(round_).deadline, made_at=now(),
            rows=_rows(round_, filters),
        )
    )  # fmt: skip
    return attachment(content, name=f"{round_.code}-handover.pdf", kind="application/pdf")


@bp.get("/rounds/<public_id>/call-in.xlsx")
@requires(Permission.CALL_IN_MANAGE)
def workbook(public_id: str) -> Response:
    """The rows of the list, and both weights of every drawn case."""
    round_ = round_of(public_id)
    weights = Sheet(
        _("权重"),
        (
            _("案件"), _("层"), _("抽签序号"), _("案卷状态"), _("有结果"), _("设计权重"), _("最终权重"),
        ),
        call_in.weight_lines(round_),
    )  # fmt: skip
    return workbook_file(f"{round_.code}-files.xlsx", [_sheet(_rows(round_, asked())), weights])


@bp.get("/hand-in.xlsx")
@requires(Permission.FILE_HAND_IN)
def own_workbook() -> Response:
    """The own list as a workbook."""
    round_ = _mine()
    return workbook_file(f"{round_.code}-files.xlsx", [_sheet(_rows(round_, FileFilter()))])


def _sheet(rows: Sequence[FileRow]) -> Sheet:
    header = (
        _("机构编码"), _("机构"), _("案号"), _("案由"), _("承办单位"), _("案卷状态"), _("逾期"), _("页数"), _("交卷日期"),
        _("摘要"), _("抽取后补入"), _("借出"), _("备注"),
    )  # fmt: skip
    return Sheet(_("移交清单"), header, (_line(row) for row in rows))


def _line(row: FileRow) -> list[Cell]:
    return [
        row.institution, row.institution_name, row.number, row.cause, row.provider,
        words.STATES[row.state].text(choose_locale()), _("是") if row.late else "", row.pages, row.handed_in_on,
        row.digest, row.after_draw or None, row.out_to, row.note,
    ]  # fmt: skip
