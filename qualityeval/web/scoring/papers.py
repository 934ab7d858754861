"""The file on the desk: its pages as pictures with the reader's mark, and a search in its text."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound
from qualityeval.database import db, transaction
from qualityeval.queries import desk_papers, masking, sheets
from qualityeval.queries.desk_papers import DeskPapers, Leaf
from qualityeval.services.masked_papers import veil_over
from qualityeval.services.masking import note_reading
from qualityeval.services.paper_pages import Kept, texts_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.page_pictures import picture
from qualityeval.web.scoring import bp
from qualityeval.words.moments import moment

NOTED_AGAIN = timedelta(minutes=10)
MOST_HITS, AROUND, LONGEST_WORD = 200, 24, 80


@dataclass(frozen=True)
class Hit:
    """A page that holds the words, with what stands around them."""

    page: int
    before: str
    found: str
    after: str


@bp.get("/<public_id>/page")
@requires(Permission.SHEET_WRITE)
def page(public_id: str) -> Response:
    """One page of the run (`n`), drawn; `sharp` for a closer look."""
    number = _number(request.args.get("n", "1"))
    papers = desk_papers.papers_for(acting(), public_id)
    leaf = papers.at(number)
    place, veil = number - leaf.first + 1, veil_over(papers)
    if not veil.is_ready(leaf, place):
        raise NotFound(where="page")
    shown = picture(
        kept(leaf), place, sharp=bool(request.args.get("sharp")), mark=f"{acting().expert_code} {moment(now())}",
        masks=veil.masks(leaf, place),
    )  # fmt: skip
    _note(papers.assignment_id, leaf.paper_id, place)
    return shown


def _note(assignment_id: int, paper_id: int, place: int) -> None:
    """The read log, in a transaction of its own after the page's reads; once in a while for the same page.

    Anchors (read under no assignment) are for every expert to read: nothing of them is noted.
    """
    if not assignment_id or masking.is_noted(assignment_id, paper_id, place, since=now() - NOTED_AGAIN):
        return
    db.session.rollback()
    with transaction():
        note_reading(actor=acting(), assignment_id=assignment_id, paper_id=paper_id, page=place, now=now())


@bp.post("/<public_id>/find")
@requires(Permission.SHEET_WRITE)
def find(public_id: str) -> Any:
    """Pages on which words stand. Posted, so that what is looked for stays out of addresses and logs."""
    papers = desk_papers.papers_for(acting(), public_id)
    words = " ".join(request.form.get("words", "").split())[:LONGEST_WORD]
    return render_template(
        "scoring/find.html", row=sheets.row_for(acting(), public_id), words=words,
        hits=hits_in(papers, words) if words else [], most=MOST_HITS, leaf_title=leaf_title, papers=papers,
    )  # fmt: skip


def kept(leaf: Leaf) -> Kept:
    """The paper of a leaf as the store knows it."""
    return Kept(leaf.sha256, leaf.stored, leaf.pages)


def leaf_title(leaf: Leaf) -> str:
    """The catalogue line, numbered where it holds several papers: 会见笔录（2）."""
    title = leaf.title.en if choose_locale() == "en" else leaf.title.zh
    return title if leaf.of == 1 else _("%(title)s（%(number)s）", title=title, number=leaf.number)


def hits_in(papers: DeskPapers, words: str) -> list[Hit]:
    """Where the words stand, case and spaces apart, one hit a page."""
    wanted, found = _folded(words), []
    veil = veil_over(papers)
    for leaf in papers.leaves:
        for index, text in enumerate(texts_of(kept(leaf)) if leaf.has_text else ()):
            flat = _folded(veil.text(leaf, index + 1, text))
            at = flat.find(wanted)
            if at >= 0:
                end = at + len(wanted)
                found.append(
                    Hit(
                        leaf.first + index,
                        flat[max(0, at - AROUND) : at],
                        flat[at:end],
                        flat[end : end + AROUND],
                    )
                )
            if len(found) == MOST_HITS:
                return found
    return found


def _folded(text: str) -> str:
    return "".join(text.split()).casefold() if _is_chinese(text) else " ".join(text.split()).casefold()


def _is_chinese(text: str) -> bool:
    return any(0x3400 <= ord(one) <= 0x9FFF for one in text)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
