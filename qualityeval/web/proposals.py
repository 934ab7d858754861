"""What the process checks propose, as the sheet shows it beside an item, and taking it over without a script."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from qualityeval.core.catalogue import UNDERTAKER, Catalogue
from qualityeval.core.process_checks import Check
from qualityeval.core.proposals import Proposal, adopted, proposals
from qualityeval.core.rubric_parts import Rubric, show_points
from qualityeval.web.process_checks import line_of


@dataclass(frozen=True)
class ProposalLine:
    """A proposal in words: the mark and the deductions as the form's fields take them, and from which dates.

    Without `marks` the check says something of the item and nothing can be taken over.
    """

    said: str
    why: str
    points: str
    cuts: list[tuple[str, str]]
    marks: bool


def lines_of(
    rubric: Rubric, found: Iterable[Check], book: Catalogue, *, blind: bool
) -> dict[str, ProposalLine]:
    """By item code."""
    return {
        code: _line(rubric, one, book, blind=blind)
        for code, one in proposals(rubric, found, _papers(book)).items()
    }


def taken_over(
    rubric: Rubric, found: Iterable[Check], book: Catalogue, content: dict[str, Any], form: MultiDict[str, str], *,
    blind: bool,
) -> dict[str, Any]:  # fmt: skip
    """The content with the proposals in it that were ticked on a page without a script."""
    said = proposals(rubric, found, _papers(book))
    marks = {
        code: adopted(rubric, content["marks"].get(code, {}), one, _why(one, book, blind=blind))
        for code, one in said.items()
        if one.marks and form.get(f"adopt-{code}")
    }
    both = {**content["marks"], **marks}
    return {**content, "marks": {code: both[code] for code in rubric.by_item if code in both}}


def _papers(book: Catalogue) -> dict[str, str]:
    """Titles of the practitioner's papers, in the language of the record."""
    return {line.code: line.title.zh for line in book.lines if line.volume == UNDERTAKER}


def _why(one: Proposal, book: Catalogue, *, blind: bool) -> str:
    """From what: the check with its dates. Missing papers stand in the deductions already."""
    check = line_of(one.check, book, blind=blind)
    if one.check.step == "catalogue" or not check.detail:
        return check.title
    return _("%(check)s：%(from)s", **{"check": check.title, "from": check.detail})


def _line(rubric: Rubric, one: Proposal, book: Catalogue, *, blind: bool) -> ProposalLine:
    cuts = [(show_points(points), text) for points, text in one.cuts]
    full = "5" if rubric.method == "five_mark" else show_points(rubric.by_item[one.item].points)
    if one.full:
        said = _("满分 %(points)s", points=full)
    elif cuts:
        said = "；".join(f"−{points} {text}" for points, text in cuts)
    else:
        said = line_of(one.check, book, blind=blind).outcome
    left = rubric.by_item[one.item].points - sum(points for points, _text in one.cuts)
    return ProposalLine(
        said, _why(one, book, blind=blind), full if one.full else show_points(left), cuts,
        one.marks,
    )  # fmt: skip
