"""What reading a released case anew came to: kept beside the published result until a restatement publishes it."""

from datetime import datetime

from qualityeval.core.consensus import Outcome
from qualityeval.core.errors import WrongState, msg
from qualityeval.database import db
from qualityeval.queries import released_reviews as queries


def read_anew(sampled_id: int, found: Outcome, *, now: datetime) -> str:
    """Keep the outcome; the grade. `upheld` where it is what was published anyway: there is nothing to restate."""
    review = queries.of_case(sampled_id)
    if review is None or found.grade is None:
        raise WrongState("case.unsettled", msg("这件案件的评分表还合不出结果。"), where="case")
    is_same = queries.published(sampled_id) == (found.total, found.grade.name)
    review.state = "upheld" if is_same else "read"
    review.total, review.grade, review.by = found.total, found.grade.name, found.by
    review.vetoes, review.read_at = sorted(found.vetoes), now
    db.session.flush()
    return found.grade.name
