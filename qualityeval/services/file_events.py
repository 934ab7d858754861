"""What every act on a drawn file shares: the round is held, the file's last event is read, the next is added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.workflow import FileAct, FileState, RoundAct, file_after, round_after
from qualityeval.database import db
from qualityeval.models import Case, FileEvent, FrameCase, Round, SampledCase
from qualityeval.services.seeds import lock


def hold(sampled: SampledCase, act: RoundAct) -> Round:
    """The file's round, locked until the commit; WrongState where its state doesn't allow the act."""
    round_ = db.session.get_one(Round, sampled.round_id)
    lock(round_)
    round_after(round_.state, act)
    return round_


def case_of(sampled: SampledCase) -> Case:
    """The case that was drawn."""
    query = select(Case).join(FrameCase, FrameCase.case_id == Case.id)
    return db.session.execute(query.where(FrameCase.id == sampled.frame_case_id)).scalar_one()


def last_event(sampled_id: int) -> FileEvent | None:
    """What was done to the file last; None while nothing was."""
    query = select(FileEvent).where(FileEvent.sampled_case_id == sampled_id)
    return db.session.execute(query.order_by(FileEvent.number.desc()).limit(1)).scalar_one_or_none()


def state_of(sampled_id: int) -> FileState:
    """Where the file stands."""
    last = last_event(sampled_id)
    return FileState(last.state) if last else FileState.DUE


def add_event(
    *, actor: Actor, sampled: SampledCase, act: FileAct, now: datetime, pages: int | None = None,
    handed_in_on: date | None = None, **more: Any,
) -> FileEvent:  # fmt: skip
    """The next event of the file; WrongState where its state doesn't allow the act. The caller holds the round."""
    last = last_event(sampled.id)
    state = file_after(last.state if last else FileState.DUE, act)
    made = FileEvent(
        round_id=sampled.round_id, sampled_case_id=sampled.id, number=last.number + 1 if last else 1,
        act=act.value, state=state.value, pages=pages, handed_in_on=handed_in_on, account_id=actor.account_id,
        at=now, **more,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made
