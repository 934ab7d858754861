"""A page of a paper as an answer, whoever reads it."""

from flask import Response

from qualityeval.adapters.pdf_pages import Masks
from qualityeval.core.errors import WrongState
from qualityeval.services.paper_pages import Kept, page_of, said_as_page
from qualityeval.web.messages import words


def picture(
    paper: Kept, number: int, *, sharp: bool = False, mark: str, masks: Masks | None = None
) -> Response:
    """The page with its mark; where the stored bytes were changed, a picture that says so, with 409."""
    try:
        return Response(page_of(paper, number, sharp=sharp, mark=mark, masks=masks), mimetype="image/jpeg")
    except WrongState as refusal:
        return Response(said_as_page(words(refusal)), 409, mimetype="image/jpeg")
