"""Hiding identities in a case's papers: names by rule and by hand, and pages that a person has to look at."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField, StringField

from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, RuleViolation
from qualityeval.core.masking_recall import PAPERS, recall
from qualityeval.core.pseudonyms import KINDS
from qualityeval.database import transaction
from qualityeval.models import Case, CaseFile
from qualityeval.queries import case_files as queries
from qualityeval.queries import masking as rows
from qualityeval.services import masking as services
from qualityeval.services.masked_papers import masks_of_page, names_in, pages_to_look_at
from qualityeval.services.paper_pages import Kept
from qualityeval.web.case_files import bp
from qualityeval.web.case_files.views import line_title
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place
from qualityeval.web.messages import words as sentence
from qualityeval.web.page_pictures import picture
from qualityeval.words import case_files as words
from qualityeval.words.moments import moment

FIELDS = ("left", "top", "width", "height")
EMPTY_LINES, MOST_LINES = 2, 80


class NameForm(Form):
    """A name to hide, or to stop hiding."""

    text = StringField(_l("名称"), description=_l("照材料上的写法；字间有没有空格都能找到。"))
    kind = SelectField(_l("这是谁"))


@bp.route("/case/<public_id>/masking", methods=["GET", "POST"])
@requires(Permission.PAPERS_KEEP)
def masking(public_id: str) -> Any:
    """What is hidden in the case, what still has to be looked at, and how well the rules do on made-up papers."""
    case = queries.case_for(acting(), public_id)
    form = NameForm()
    form.kind.choices = [SelectChoice(kind, words.MASKED[kind].text(choose_locale())) for kind in KINDS]
    if not form.validate_on_submit():
        return _masking(case, form), 422 if form.errors else 200
    try:
        with transaction():
            case = queries.case_for(acting(), public_id)
            services.add_name(
                actor=acting(), case=case, kind=form.kind.data, text=form.text.data or "", now=now()
            )
    except RuleViolation as refusal:
        place(form, refusal)
        return _masking(queries.case_for(acting(), public_id), form), 422
    flash(_("已记下，专家看到的页面随即改变。"), "success")
    return redirect(url_for("case_files.masking", public_id=public_id))


@bp.route("/<public_id>/masks", methods=["GET", "POST"])
@requires(Permission.PAPERS_KEEP)
def masks(public_id: str) -> Any:
    """One page: the areas to paint over, and the word of a person who looked at it."""
    paper, number = queries.paper_for(acting(), public_id), _page()
    if request.method == "GET":
        return _page_shown(paper, number)
    try:
        with transaction():
            paper = queries.paper_for(acting(), public_id)
            services.look_at_page(
                actor=acting(), paper=paper, page=number, areas=_areas(), seen_version=_seen(), now=now()
            )
    except RuleViolation as refusal:
        return _page_shown(queries.paper_for(acting(), public_id), number, refusal=sentence(refusal)), 422
    if request.form.get("do") == "stay":
        return redirect(url_for("case_files.masks", public_id=public_id, n=number))
    flash(_("第 %(page)s 页已看过。", page=number), "success")
    following = next((page for page in pages_to_look_at(paper) if page > number), None)
    if following is None:
        return redirect(url_for("case_files.masking", public_id=paper.case.public_id))
    return redirect(url_for("case_files.masks", public_id=public_id, n=following))


@bp.get("/<public_id>/masked")
@requires(Permission.PAPERS_KEEP)
def masked(public_id: str) -> Response:
    """The page as an expert of a blind round sees it; `full` for the stronger level."""
    paper = queries.paper_for(acting(), public_id)
    return picture(
        Kept(paper.sha256, paper.file.public_id, paper.pages), _page(), mark=f"{acting().name} {moment(now())}",
        masks=masks_of_page(paper, _page(), full=bool(request.args.get("full"))),
    )  # fmt: skip


def _page() -> int:
    text = request.values.get("n", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _seen() -> int:
    text = request.form.get("version", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _areas() -> list[tuple[int, int, int, int]]:
    """The lines of the form in per cent of the page, as thousandths; empty lines are none."""
    columns = [request.form.getlist(name)[:MOST_LINES] for name in FIELDS]
    found = []
    for line in zip(*columns, strict=False):
        if not any(text.strip() for text in line):
            continue
        try:
            left, top, width, height = (round(float(text) * 10) for text in line)
        except (ValueError, OverflowError):
            raise InvalidInput("masking.area", services.OUTSIDE, where="areas") from None
        found.append((left, top, width, height))
    return found


def _masking(case: Case, form: NameForm) -> str:
    papers = queries.current(case)
    book = queries.catalogue_of(case)
    lines = {line.code: line_title(line) for line in book.lines}
    waiting = {paper.public_id: pages_to_look_at(paper) for paper in papers}
    return render_template(
        "case_files/masking.html", case=case, form=form, papers=papers, lines=lines, waiting=waiting,
        names=names_in(case.id), added={row.text for row in rows.added_names(case.id)},
        recall=recall(), recall_papers=PAPERS, words=words, locale=choose_locale(),
    )  # fmt: skip


def _page_shown(paper: CaseFile, number: int, *, refusal: str = "") -> str:
    masks_of_page(paper, number, full=False)  # a page that isn't there is refused
    row = rows.page_row(paper, number)
    line = queries.catalogue_of(paper.case).line(paper.code)
    given = [[f"{value / 10:g}" for value in area] for area in (row.areas if row else [])]
    return render_template(
        "case_files/masks.html", row=paper, title=line_title(line) if line else paper.code, number=number,
        areas=[*given, *[[""] * 4] * EMPTY_LINES], version=row.version if row else 0, looked=row,
        refusal=refusal, waiting=pages_to_look_at(paper),
    )  # fmt: skip
