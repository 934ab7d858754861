"""Reading on site: who took a paper file, where to, when, and when it came back."""

from datetime import datetime

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.workflow import FileState, RoundState
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import FileLoan, Round, SampledCase
from qualityeval.services import audit
from qualityeval.services.file_events import state_of
from qualityeval.services.seeds import lock

LONGEST = 100
OVER = frozenset({RoundState.CLOSED, RoundState.WITHDRAWN})


def check_out(
    *, actor: Actor, sampled: SampledCase, taken_by: str, now: datetime, place: str = ""
) -> FileLoan:
    """Somebody takes the paper file; refused while it is out, or missing or replaced."""
    round_ = _held(actor, sampled)
    if round_.state in OVER:
        raise WrongState("loan.over", msg("这个批次已经结束，案卷不再借出。"), where="state")
    if state_of(sampled.id) in (FileState.MISSING, FileState.REPLACED):
        raise WrongState("loan.not_there", msg("这件案卷没有交来或已被替换，不能借出。"), where="file")
    who, where = _written(taken_by, "taken_by"), _written(place, "place", needed=False)
    out = _out(sampled)
    if out is not None:
        raise WrongState(
            "loan.out", msg("这件案卷已由%(who)s借出，还没有归还。"), where="file", who=out.taken_by
        )
    made = FileLoan(
        round_id=sampled.round_id, sampled_case_id=sampled.id, out_id=sampled.id, taken_by=who, place=where,
        taken_at=now, given_by_id=actor.account_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        actor, "file.lent", now=now, object_type="drawn_file", object_id=sampled.public_id, taken_by=who
    )
    return made


def check_in(*, actor: Actor, sampled: SampledCase, now: datetime) -> None:
    """The paper file is back; refused where it isn't out."""
    _held(actor, sampled)
    out = _out(sampled)
    if out is None:
        raise WrongState("loan.not_out", msg("这件案卷没有借出。"), where="file")
    out.returned_at, out.received_by_id, out.out_id = now, actor.account_id, None
    db.session.flush()
    audit.record(
        actor, "file.came_back", now=now, object_type="drawn_file", object_id=sampled.public_id,
        taken_by=out.taken_by,
    )  # fmt: skip


def _held(actor: Actor, sampled: SampledCase) -> Round:
    round_ = db.session.get_one(Round, sampled.round_id)
    require(actor, Permission.CALL_IN_MANAGE, round_)
    lock(round_)
    return round_


def _out(sampled: SampledCase) -> FileLoan | None:
    return db.session.execute(select(FileLoan).where(FileLoan.out_id == sampled.id)).scalar_one_or_none()


def _written(text: str, where: str, *, needed: bool = True) -> str:
    ask = msg("请写明借走案卷的人。")
    return written(text, where, code="loan.taken_by", longest=LONGEST, ask=ask, needed=needed)
