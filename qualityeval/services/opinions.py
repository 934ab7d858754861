"""Organs' opinions: a request with a one-time link, exchanged once for a short session, answered once."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from qualityeval.adapters.form_files import OPINION, shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.follow_up import FollowUpSource
from qualityeval.core.opinion import OpinionState, Via
from qualityeval.core.questionnaire import Questionnaire, read_answers
from qualityeval.database import db
from qualityeval.models import Case, OrganOpinion
from qualityeval.queries import opinions as queries
from qualityeval.services import audit, case_files, follow_ups, one_time
from qualityeval.services.case_files import NewPaper
from qualityeval.services.one_time import LINK_HOLDER, NOWHERE, Origin, keyed_token

PATH = "/o/"
PURPOSE = "organ_opinion"
PAPER = "organ-opinion"  # the line of the archive catalogue


def form_of(opinion: OrganOpinion) -> Questionnaire:
    """The form version with which the organ is asked."""
    return shipped_form(opinion.form)


def token_of(public_id: str) -> str:
    """The token of a request's link, made anew; useless once it was exchanged, revoked or is past its day."""
    return keyed_token(PURPOSE, public_id)


def ask(
    *, actor: Actor, case: Case, organ: str, officer: str, days: int, now: datetime
) -> tuple[OrganOpinion, str]:
    """A request and the token of its link, which is stored nowhere.

    Refuses a case that has an open or answered request, no organ, or a life beyond 60 days.
    """
    require(actor, Permission.OPINION_ASK, case)
    one_time.check_days(days)
    if not (organ.strip() or case.organ):
        raise InvalidInput("opinion.organ", msg("请写明办案机关。"), where="organ")
    for other in db.session.execute(select(OrganOpinion).filter_by(case_id=case.id)).scalars():
        if queries.state_of(other, now=now) in {OpinionState.ASKED, OpinionState.ANSWERED}:
            raise InvalidInput(
                "exists", msg("这件案件已经征询过。需要重发时请先撤回原来的链接。"), where="case_key"
            )
    row = OrganOpinion(
        case_id=case.id, form=OPINION, organ=(organ.strip() or case.organ)[:200],
        officer=(officer.strip() or case.officer)[:200], via=Via.LINK, asked_by=actor.name, asked_at=now,
        expires_at=now + timedelta(days=days), **one_time.fresh(PURPOSE),
    )  # fmt: skip
    db.session.add(row)
    _log(actor, "opinion.asked", row, now, case=case.public_id, days=days)
    return row, token_of(row.public_id)


def revoke(*, actor: Actor, opinion: OrganOpinion, now: datetime) -> None:
    """Take a request back: its link and a session that was opened with it are dead at once."""
    require(actor, Permission.OPINION_ASK, opinion)
    _require_unanswered(opinion)
    opinion.revoked_at = opinion.revoked_at or now
    one_time.kill(opinion)
    _log(actor, "opinion.revoked", opinion, now)


def exchange(*, token: str, now: datetime) -> str:
    """The link's token for a session of 60 minutes, once; returns the session's token. LinkDead otherwise."""
    opinion, session_token = one_time.exchange(OrganOpinion, token=token, now=now)
    _log(LINK_HOLDER, "opinion.opened", opinion, now)
    return session_token


def of_session(*, session_token: str, now: datetime, lock: bool = False) -> OrganOpinion:
    """The request that this session may answer, or has answered; LinkDead otherwise."""
    return one_time.of_session(OrganOpinion, session_token=session_token, now=now, lock=lock)


def answer(*, session_token: str, given: Mapping[str, str], now: datetime, origin: Origin = NOWHERE) -> bool:
    """Keep a complete answer, sealed from then on. False where one is there already: nothing is changed."""
    opinion = of_session(session_token=session_token, now=now, lock=True)
    if opinion.answered_at is not None:
        return False
    opinion.answers = read_answers(form_of(opinion), given)
    opinion.answered_at = now
    opinion.from_address, opinion.from_device = origin.digests
    _log(LINK_HOLDER, "opinion.answered", opinion, now, via=Via.LINK)
    _complain(LINK_HOLDER, opinion, now)
    return True


def enter_letter(
    *,
    actor: Actor,
    opinion: OrganOpinion,
    given: Mapping[str, str],
    now: datetime,
    letter: NewPaper | None = None,
) -> None:
    """Enter what came on paper; the link, if it was still open, is dead from then on.

    The scanned letter, where it is given, is filed among the case's papers under 征询办案机关意见函.
    """
    require(actor, Permission.OPINION_ASK, opinion)
    _require_unanswered(opinion)
    if opinion.revoked_at is not None:
        raise WrongState("opinion.revoked", msg("这次征询已经撤回。"), where="state")
    opinion.answers = read_answers(form_of(opinion), given)
    opinion.answered_at, opinion.via, opinion.entered_by = now, Via.LETTER, actor.name
    if letter is not None:
        filed = case_files.add_paper(actor=actor, case=opinion.case, paper=letter, now=now)
        opinion.letter_paper = filed.public_id
    one_time.kill(opinion)
    _log(actor, "opinion.answered", opinion, now, via=Via.LETTER)
    _complain(actor, opinion, now)


def _complain(actor: Actor, opinion: OrganOpinion, now: datetime) -> None:
    """A complaint where the organ tells of something grave, for the case's own institution."""
    follow_ups.open_complaint(
        actor=actor, source=FollowUpSource.OPINION, source_key=opinion.public_id, case=opinion.case,
        institution_id=opinion.case.institution_id, form=form_of(opinion), answers=opinion.answers, now=now,
    )  # fmt: skip


def _require_unanswered(opinion: OrganOpinion) -> None:
    if opinion.answered_at is not None:
        raise WrongState("opinion.answered", msg("这次征询已经收到答复，不能再改。"), where="state")


def _log(actor: Actor, action: str, row: OrganOpinion, now: datetime, **detail: object) -> None:
    db.session.flush()
    audit.record(actor, action, now=now, object_type="opinion", object_id=row.public_id, **detail)
