"""Publishing a released round's figures once more: proposed by one manager, issued by another, the old version stays.

keep_first(round_, now=)         version 1, written by the release itself
propose(…), issue(…), drop(…)    a restatement of everything that reviews have changed since
"""

import json
from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import COMMAND_LINE, Actor, Permission, require
from qualityeval.core.digests import content_digest
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.restatement import Figures, published, version_text
from qualityeval.core.two_people import TwoPeople
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import CaseResult, ReleasedReview, Restatement, ResultsVersion, Round
from qualityeval.queries import released_reviews as queries
from qualityeval.queries import result_pages
from qualityeval.services import audit, kept_results, result_notices
from qualityeval.services.interests import refuse_conflicted_in
from qualityeval.services.seeds import lock

LONGEST = 2_000
BY_TWO = TwoPeople("restatement.said", msg("更正由您提出，请另一位管理员确认。"))


def keep_first(round_: Round, *, now: datetime) -> None:
    """The figures of the release as version 1; part of the release, whose audit row says so."""
    figures = _figures(round_)
    text = version_text(
        code=round_.code, number=1, issued_at=now.isoformat(), reason="", earlier="", cases=0, figures=figures
    )
    _add_version(round_, 1, text, now)


def keep_missing(round_: Round, *, now: datetime) -> None:
    """Version 1 for a round that was released before versions were kept."""
    if queries.last_version(round_) is None:
        keep_first(round_, now=round_.released_at or now)


def propose(*, actor: Actor, round_: Round, reason: str, now: datetime) -> Restatement:
    """The first manager's word, with what the public will read as the reason.

    Refused without an account, while a proposal waits, and where no review has changed anything.
    """
    _begin(actor, round_)
    ask = msg("请写明更正的理由，最多%(most)s个字。它会公布。")
    kept = written(reason, "reason", code="restatement.reason", longest=LONGEST, ask=ask)
    if queries.open_proposal(round_) is not None:
        raise WrongState("restatement.waits", msg("已有一份更正等另一位管理员确认。"), where="state")
    if not queries.to_restate(round_):
        raise WrongState("restatement.nothing", msg("没有改变了结果的复查，不需要更正。"), where="state")
    last = queries.last_version(round_)
    made = Restatement(
        round_id=round_.id, number=(last.number if last else 1) + 1, reason=kept,
        proposed_by_id=actor.account_id, proposed_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for review in queries.to_restate(round_):
        review.restatement_id = made.id
    db.session.flush()
    _log(actor, "restatement.proposed", made, round_, now)
    return made


def issue(*, actor: Actor, round_: Round, now: datetime) -> ResultsVersion:
    """The second manager's word: the reviewed results count from now on, and the figures are published as the next
    version, which names the digest of the one before and lists what changed. That one stays as it is.

    Refused to whoever proposed it, and where none is proposed.
    """
    _begin(actor, round_)
    proposal = _proposal(round_)
    BY_TWO.refuse_same(actor.account_id, proposal.proposed_by_id)
    keep_missing(round_, now=now)
    before = queries.last_version(round_)
    reviews = _included(proposal)
    for review in reviews:
        db.session.add(_result(review, now))
        review.state = "restated"
    db.session.flush()
    kept_results.keep(round_, now=now)
    figures = _figures(round_)
    earlier = json.loads(before.text) if before else {}
    text = version_text(
        code=round_.code, number=proposal.number, issued_at=now.isoformat(), reason=proposal.reason,
        earlier=before.digest if before else "", cases=len(reviews), figures=figures, before=earlier.get("figures"),
    )  # fmt: skip
    version = _add_version(round_, proposal.number, text, now)
    proposal.seconded_by_id, proposal.issued_at = actor.account_id, now
    db.session.flush()
    result_notices.results_restated(round_, proposal.number, now=now)
    _log(actor, "restatement.issued", proposal, round_, now, digest=version.digest, cases=len(reviews))
    return version


def drop(*, actor: Actor, round_: Round, now: datetime) -> None:
    """Take a proposal back before it is issued; the reviews wait for another."""
    _begin(actor, round_)
    proposal = _proposal(round_)
    for review in _included(proposal):
        review.restatement_id = None
    db.session.flush()
    _log(actor, "restatement.dropped", proposal, round_, now)
    db.session.delete(proposal)
    db.session.flush()


def _begin(actor: Actor, round_: Round) -> None:
    require(actor, Permission.ROUND_RELEASE, round_)
    BY_TWO.account(actor.account_id)
    refuse_conflicted_in(actor, round_)
    lock(round_)
    round_.state = round_after(round_.state, RoundAct.REVIEW)


def _proposal(round_: Round) -> Restatement:
    found = queries.open_proposal(round_)
    if found is None:
        raise WrongState("restatement.none", msg("没有等待确认的更正。"), where="state")
    return found


def _included(proposal: Restatement) -> list[ReleasedReview]:
    query = select(ReleasedReview).where(ReleasedReview.restatement_id == proposal.id)
    return list(db.session.execute(query.order_by(ReleasedReview.id)).scalars())


def _result(review: ReleasedReview, now: datetime) -> CaseResult:
    return CaseResult(
        round_id=review.round_id, sampled_case_id=review.sampled_case_id, step="restated", total=review.total,
        grade=review.grade, vetoes=list(review.vetoes), by=review.by, made_at=now,
    )  # fmt: skip


def _figures(round_: Round) -> Figures:
    """As everybody with a right to the whole of a released round reads them, without what is about experts."""
    found = result_pages.results_for(COMMAND_LINE, round_, by=tuple(result_pages.GROUPS))
    return dict(json.loads(json.dumps(published(found))))


def _add_version(round_: Round, number: int, text: str, now: datetime) -> ResultsVersion:
    version = ResultsVersion(
        round_id=round_.id, number=number, text=text, digest=content_digest(text.encode()), issued_at=now
    )
    db.session.add(version)
    db.session.flush()
    return version


def _log(actor: Actor, action: str, row: Restatement, round_: Round, now: datetime, **detail: object) -> None:
    audit.record(
        actor, action, now=now, object_type="restatement", object_id=row.public_id, round=round_.code,
        number=row.number, **detail,
    )  # fmt: skip
