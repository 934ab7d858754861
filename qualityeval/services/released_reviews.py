"""A released case read anew: opened by the owning body with its reason, scored by a drawn expert.

Nothing published changes by it: what it came to waits for a restatement.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.objection import ReviewBasis
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import Assignment, ReleasedReview, Round, SampledCase
from qualityeval.queries import released_reviews as queries
from qualityeval.services import audit
from qualityeval.services.bench import REVIEW, Bench
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.proofs import NewProof, add_proofs
from qualityeval.services.seeds import lock

LONGEST = 2_000
PAST_ALL_CAPS = msg("没有可以复查的专家：都要回避、已评过这件或件数已满。请补充专家或提高上限。")


def open_review(
    *, actor: Actor, sampled: SampledCase, basis: str, reason: str, now: datetime,
    papers: Sequence[NewProof] = (),
) -> ReleasedReview:  # fmt: skip
    """Have a released case read anew by an expert drawn from those who haven't read it, recusal respected.

    Refused before the release, for a case without a result, a second time for one case, to a manager with an
    interest in it, and while no eligible expert is free.
    """
    round_ = db.session.get_one(Round, sampled.round_id)
    require(actor, Permission.OBJECTION_DECIDE, round_)
    refuse_conflicted(actor, sampled.id)
    lock(round_)
    round_.state = round_after(round_.state, RoundAct.REVIEW)
    if basis not in set(ReviewBasis):
        raise InvalidInput("review.basis", msg("请选择复查的缘由。"), where="basis")
    ask = msg("请写明复查的理由，最多%(most)s个字。")
    kept = written(reason, "reason", code="review.reason", longest=LONGEST, ask=ask)
    if queries.published(sampled.id) is None:
        raise WrongState("review.no_result", msg("这件案件没有发布过结果，不能复查。"), where="case")
    if queries.of_case(sampled.id) is not None:
        raise WrongState("review.twice", msg("这件案件已经复查过，每件只能复查一次。"), where="case")
    expert = Bench(round_, now=now, purpose=REVIEW).draw(sampled.id)
    if expert is None:
        raise WrongState("review.nobody", PAST_ALL_CAPS, where="case")
    review = ReleasedReview(
        round_id=round_.id, sampled_case_id=sampled.id, basis=basis, reason=kept, opened_by_id=actor.account_id,
        opened_at=now,
    )  # fmt: skip
    line = Assignment(
        round_id=round_.id,
        sampled_case_id=sampled.id,
        expert_id=expert.id,
        slot=REVIEW,
        dealt_at=now,
    )
    db.session.add_all((review, line))
    db.session.flush()
    add_proofs(actor=actor, matter=review, papers=papers, now=now)
    audit.record(
        actor, "review.opened", now=now, object_type="released_review", object_id=review.public_id, basis=basis,
        expert=expert.code,
    )  # fmt: skip
    return review


def waiting(round_: Round) -> int:
    """How many reviews still wait for their sheet."""
    query = select(func.count()).select_from(ReleasedReview)
    return int(
        db.session.execute(
            query.where(ReleasedReview.round_id == round_.id, ReleasedReview.state == "open")
        ).scalar_one()
    )
