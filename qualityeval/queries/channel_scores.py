"""What hearings, organs and recipients said, as scores of 0…100 for each case, by institution."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import ColumnElement, func, select

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.core.composite_parts import TOP
from qualityeval.database import db
from qualityeval.models import Callback, Case, Observation, OrganOpinion

POINT = 100  # hundredths


def hearings_of(within: ColumnElement[bool]) -> dict[int, list[float]]:
    """The score of each case that was heard by an observer; the lowest where there are several."""
    query = (
        select(Case.institution_id, func.min(Observation.score))
        .join(Observation, Observation.case_id == Case.id)
        .where(within, Observation.state == "submitted", Observation.score.is_not(None))
        .group_by(Case.id, Case.institution_id)
    )
    return _by_place(
        (place, score / POINT) for place, score in db.session.execute(query) if score is not None
    )


def opinions_of(within: ColumnElement[bool]) -> dict[int, list[float]]:
    """Of each answer of an organ the part of the judged questions that are good."""
    query = (
        select(Case.institution_id, OrganOpinion.form, OrganOpinion.answers)
        .join(OrganOpinion, OrganOpinion.case_id == Case.id)
        .where(within, OrganOpinion.answered_at.is_not(None))
    )
    found = []
    for place, key, answers in db.session.execute(query):
        form, given = shipped_form(key), answers or {}
        chosen = [question.option(given.get(question.code, "")) for question in form.asked(given)]
        judged = [one.good for one in chosen if one is not None and one.good is not None]
        if judged:
            found.append((place, TOP * sum(judged) / len(judged)))
    return _by_place(found)


def answers_of(within: ColumnElement[bool]) -> dict[int, list[float]]:
    """100 for each recipient who was content, 0 for each who wasn't, by the callback's overall question."""
    query = (
        select(Case.institution_id, Callback.form, Callback.answers)
        .join(Callback, Callback.case_id == Case.id)
        .where(within, Callback.form == CALLBACK, Callback.state == "done")
    )
    found = []
    for place, key, answers in db.session.execute(query):
        form = shipped_form(key)
        chosen = form.by_code[form.overall].option((answers or {}).get(form.overall, ""))
        if chosen is not None and chosen.good is not None:
            found.append((place, TOP * chosen.good))
    return _by_place(found)


def _by_place(scores: Iterable[tuple[int, float]]) -> dict[int, list[float]]:
    found = defaultdict[int, list[float]](list)
    for place, score in scores:
        found[place].append(score)
    return found
