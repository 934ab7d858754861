"""A case's papers as a check list, one paper, its pages."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from qualityeval.authz import Permission
from qualityeval.core.catalogue import VOLUMES, Line
from qualityeval.core.errors import RuleViolation
from qualityeval.database import transaction
from qualityeval.models import Case, CaseFile
from qualityeval.queries import case_files as queries
from qualityeval.services import case_files as services
from qualityeval.services.case_files import NewPaper
from qualityeval.services.paper_pages import Kept
from qualityeval.web.case_files import bp
from qualityeval.web.case_files.forms import PaperForm, RemoveForm, ReplaceForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.page_pictures import picture
from qualityeval.words import case_files as words
from qualityeval.words.moments import moment


@bp.route("/case/<public_id>", methods=["GET", "POST"])
@requires(Permission.PAPERS_KEEP)
def detail(public_id: str) -> Any:
    """The check list of both volumes, and one more paper."""
    case = queries.case_for(acting(), public_id)
    form = PaperForm()
    form.code.choices = [
        SelectChoice(line.code, line_title(line)) for line in queries.catalogue_of(case).lines
    ]
    if not form.validate_on_submit():
        return _check_list(case, form), 422 if form.errors else 200
    upload = form.file.data
    paper = NewPaper(upload.filename or "paper", upload.read(), form.code.data, form.title.data or "")
    try:
        with transaction():
            case = queries.case_for(acting(), public_id)
            services.add_paper(actor=acting(), case=case, paper=paper, now=now())
    except RuleViolation as refusal:
        place(form, _on_file(refusal))
        return _check_list(queries.case_for(acting(), public_id), form), 422
    flash(_("已收入。"), "success")
    return redirect(url_for("case_files.detail", public_id=public_id))


@bp.route("/<public_id>", methods=["GET", "POST"])
@requires(Permission.PAPERS_KEEP)
def paper(public_id: str) -> Any:
    """One paper: what it is, its pages, a new version in its place, or out with it."""
    row = queries.paper_for(acting(), public_id)
    replacing, removing = ReplaceForm(prefix="new"), RemoveForm(prefix="out")
    if request.method == "GET":
        return _paper(row, replacing, removing)
    form = removing if request.form.get("do") == "remove" else replacing
    if not form.validate():
        return _paper(row, replacing, removing), 422
    try:
        with transaction():
            row = queries.paper_for(acting(), public_id)
            _change(row, form)
    except RuleViolation as refusal:
        place(form, _on_file(refusal))
        return _paper(queries.paper_for(acting(), public_id), replacing, removing), 422
    flash(_("已撤出。") if form is removing else _("已更换。"), "success")
    return redirect(
        url_for("case_files.detail", public_id=queries.paper_for(acting(), public_id).case.public_id)
    )


@bp.get("/<public_id>/page")
@requires(Permission.PAPERS_KEEP)
def page(public_id: str) -> Response:
    """One page, drawn, with the reader's name over it; replaced papers can still be read."""
    row = queries.paper_for(acting(), public_id)
    asked = request.args.get("n", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    paper = Kept(row.sha256, row.file.public_id, row.pages)
    return picture(paper, number, mark=f"{acting().name} {moment(now())}")


def line_title(line: Line) -> str:
    """A catalogue line in the reader's language."""
    return line.title.en if choose_locale() == "en" else line.title.zh


def missing_words(missing: Sequence[tuple[Line, ...]]) -> list[str]:
    """What is missing, a sentence a volume: 承办卷：会见笔录、判决书."""
    said = []
    for volume in VOLUMES:
        named = [
            _("或").join(line_title(line) for line in lines) for lines in missing if lines[0].volume == volume
        ]
        if named:
            label = words.VOLUMES[volume].text(choose_locale())
            said.append(_("%(volume)s：%(papers)s", volume=label, papers=_("、").join(named)))
    return said


def _change(row: CaseFile, form: Any) -> None:
    if isinstance(form, RemoveForm):
        services.remove_paper(actor=acting(), paper=row, reason=form.reason.data or "", now=now())
        return
    upload = form.file.data
    services.replace_paper(
        actor=acting(), earlier=row, paper=NewPaper(upload.filename or "paper", upload.read(), row.code, row.title),
        reason=form.reason.data or "", now=now(),
    )  # fmt: skip


def _on_file(refusal: RuleViolation) -> RuleViolation:
    """What is wrong with a paper stands at the file; a reason at the reason."""
    if refusal.where not in ("reason", "code"):
        refusal.where = "file"
    return refusal


def _check_list(case: Case, form: PaperForm) -> str:
    papers = queries.papers_of(case)
    book = queries.catalogue_of(case)
    missing = book.missing({paper.code for paper in papers})
    return render_template(
        "case_files/detail.html", case=case, form=form, papers=papers, pages_by_line=_pages_by_line(papers), removed=queries.removed_from(case),
        volumes=[(volume, [line for line in book.lines if line.volume == volume]) for volume in VOLUMES],
        missing=missing_words(missing), missing_count=len(missing),
        digested=queries.papers_digest(case), line_title=line_title, book=book, words=words, locale=choose_locale(),
    )  # fmt: skip


def _paper(row: CaseFile, replacing: ReplaceForm, removing: RemoveForm) -> str:
    line = queries.catalogue_of(row.case).line(row.code)
    return render_template(
        "case_files/paper.html", row=row, title=line_title(line) if line else row.code, replacing=replacing,
        removing=removing, words=words, locale=choose_locale(),
    )  # fmt: skip


def _pages_by_line(papers: Iterable[Any]) -> dict[str, int]:
    """Pages filed on each line of the catalogue that has any."""
    pages: Counter[str] = Counter()
    for paper in papers:
        pages[paper.code] += paper.pages
    return dict(pages)
