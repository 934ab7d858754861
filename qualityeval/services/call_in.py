"""Calling the drawn files in: the notice to every institution, and what is said of files that don't come."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core import disposition
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.workflow import FileAct, FileState, RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Assignment,
    Case,
    FrameCase,
    Round,
    SampledCase,
    Sheet,
)
from qualityeval.queries import call_in as queries
from qualityeval.services import audit, notices
from qualityeval.services.file_events import add_event, hold
from qualityeval.services.seeds import lock
from qualityeval.services.taking_back import take_back

DATED = msg("批次%(round)s调阅贵单位案卷%(count)s件，请于%(day)s前交卷。")
UNDATED = msg("批次%(round)s调阅贵单位案卷%(count)s件，请尽快交卷。")
PAGE = "/hand-in"


def call_in(*, actor: Actor, round_: Round, now: datetime) -> int:
    """Call the drawn files in, once: every institution with a drawn case is told; how many institutions.

    The notice holds the round's code, the number of files, the deadline and a link, nothing about a case.
    """
    require(actor, Permission.CALL_IN_MANAGE, round_)
    lock(round_)
    round_.state = round_after(round_.state, RoundAct.CALL_IN)
    told = tell_institutions(round_, cause=f"call_in:{round_.public_id}", now=now)
    audit.record(
        actor, "round.called_in", now=now, object_type="round", object_id=round_.code, institutions=told
    )
    return told


def tell_institutions(round_: Round, *, cause: str, now: datetime, only: Collection[int] = ()) -> int:
    """Leave a notice for the liaisons of every institution with a drawn case (or with one of these)."""
    query = (
        select(Case.institution_id, func.count())
        .join(FrameCase, FrameCase.case_id == Case.id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
        .group_by(Case.institution_id)
    )
    if only:
        query = query.where(SampledCase.id.in_(only))
    files = dict(db.session.execute(query).all())
    deadline = queries.terms_of(round_).deadline
    liaisons: dict[int, list[Account]] = {}
    found = db.session.execute(
        select(Account).where(Account.role == "liaison", Account.active, Account.institution_id.in_(files))
    )
    for account in found.scalars():
        liaisons.setdefault(int(account.institution_id or 0), []).append(account)
    for place, count in files.items():
        told = {"round": round_.code, "count": count, "day": deadline}
        text = (DATED if deadline else UNDATED) % told
        notices.tell(
            accounts=liaisons.get(place, ()), cause=f"{cause}:{place}", text=text, path=PAGE, now=now
        )
    return len(files)


def return_file(*, actor: Actor, sampled: SampledCase, reason: str, now: datetime) -> None:
    """Give an incomplete file back to its institution, with the reason; it is due again.

    Refused once the file was dealt: then a missing paper is added, the file stays.
    """
    round_ = _managed(actor, sampled)
    text = reason.strip()
    if not text:
        raise InvalidInput("file.return_reason", msg("请写明退回的理由，机构会看到。"), where="note")
    if len(text) > disposition.LONGEST_NOTE:
        raise InvalidInput(
            "file.note", msg("备注最多%(most)s个字。"), where="note", most=disposition.LONGEST_NOTE
        )
    if _is_dealt(sampled):
        raise WrongState(
            "file.dealt", msg("这件案卷已经派给专家，不能退回。缺的材料请机构补交。"), where="file"
        )
    add_event(actor=actor, sampled=sampled, act=FileAct.RETURN, note=text, now=now)
    tell_institutions(
        round_, cause=f"return:{sampled.public_id}:{now:%Y%m%d%H%M%S}", only=[sampled.id], now=now
    )
    audit.record(
        actor, "file.returned", now=now, object_type="drawn_file", object_id=sampled.public_id, reason=text
    )


def declare_missing(*, actor: Actor, sampled: SampledCase, now: datetime, note: str = "") -> None:
    """A file that didn't come is 未提交案卷 from now on and is never replaced; it may still come later.

    Refused before the deadline, and for a file that somebody has scored.
    """
    round_ = _managed(actor, sampled)
    terms = queries.terms_of(round_)
    disposition.refuse_missing(call_in=terms.call_in, deadline=terms.deadline, today=office_date(now))
    if db.session.execute(
        select(Sheet.id).join(Assignment).where(Assignment.sampled_case_id == sampled.id).limit(1)
    ).first():
        raise WrongState("file.scored", msg("这件案卷已经有人评过，不能记为未提交。"), where="file")
    take_back(sampled, now=now)
    written = note.strip()[: disposition.LONGEST_NOTE]
    add_event(actor=actor, sampled=sampled, act=FileAct.DECLARE_MISSING, note=written, now=now)
    audit.record(actor, "file.missing", now=now, object_type="drawn_file", object_id=sampled.public_id)


def declare_overdue_missing(*, actor: Actor, round_: Round, now: datetime) -> int:
    """Declare every file missing that is still due after the deadline; how many."""
    require(actor, Permission.CALL_IN_MANAGE, round_)
    lock(round_)
    round_after(round_.state, RoundAct.HAND_IN)
    terms = queries.terms_of(round_)
    if terms.call_in == "none":
        raise WrongState("call_in.none", msg("这个批次不调卷，请逐件记为未提交。"), where="round")
    disposition.refuse_missing(call_in=terms.call_in, deadline=terms.deadline, today=office_date(now))
    due = [one.sampled_id for one in queries.dispositions(round_) if one.state is FileState.DUE]
    for sampled_id in due:
        declare_missing(actor=actor, sampled=db.session.get_one(SampledCase, sampled_id), now=now)
    return len(due)


def _managed(actor: Actor, sampled: SampledCase) -> Round:
    round_ = hold(sampled, RoundAct.HAND_IN)
    require(actor, Permission.CALL_IN_MANAGE, round_)
    return round_


def _is_dealt(sampled: SampledCase) -> bool:
    query = select(Assignment.id).where(Assignment.sampled_case_id == sampled.id).limit(1)
    return db.session.execute(query).first() is not None
