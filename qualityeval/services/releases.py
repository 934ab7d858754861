"""From scored cases to published results: notifying, releasing by two, closing."""

from datetime import date, datetime

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.two_people import Agreement, TwoPeople
from qualityeval.core.workflow import FileState, RoundAct, round_after
from qualityeval.database import db
from qualityeval.models import Round
from qualityeval.queries import call_in as call_in_queries
from qualityeval.queries import objections as objection_queries
from qualityeval.queries import staff_parts
from qualityeval.services import (
    arbitration,
    audit,
    kept_results,
    objections,
    released_reviews,
    restatements,
    result_notices,
    tracks,
)
from qualityeval.services.interests import refuse_conflicted_in
from qualityeval.services.sayings import say
from qualityeval.services.seeds import lock

RELEASE = "release"
BY_TWO = TwoPeople("release.said", msg("您已同意发布，请等另一位管理员。"))


def notify(*, actor: Actor, round_: Round, now: datetime) -> None:
    """Open the objection window: preliminary grades may be seen. Refused while anything is open."""
    require(actor, Permission.ROUND_RELEASE, round_)
    lock(round_)
    state = round_after(round_.state, RoundAct.NOTIFY)
    both = (round_, *tracks.of(round_))
    if open_parts := staff_parts.open_count(round_):
        raise WrongState(
            "notify.staff_open",
            msg("还有%(count)s件案件由工作人员填写的部分没有填写，不能通知。"),
            where="state",
            count=open_parts,
        )
    open_sheets, open_needs = (
        sum(map(count, both)) for count in (arbitration.open_sheets, arbitration.open_needs)
    )
    if open_sheets or open_needs:
        raise WrongState(
            "notify.open", msg("还有%(sheets)s份评分表、%(needs)s件复评没有完成，不能通知。"), where="state",
            sheets=open_sheets, needs=open_needs,
        )  # fmt: skip
    _refuse_pending(round_)
    round_.state, round_.notified_at = state, now
    tracks.follow(round_)
    result_notices.grades_notified(round_, now=now)
    audit.record(actor, "round.notified", now=now, object_type="round", object_id=round_.code)


def release(*, actor: Actor, round_: Round, now: datetime) -> bool:
    """One account's word for the release; True once two managers have said it and the results are out.

    Refused before the objection window is over, while a case is pending or an objection open, by the same account
    twice, and to a manager with an interest in a case of the round.
    """
    require(actor, Permission.ROUND_RELEASE, round_)
    lock(round_)
    refuse_conflicted_in(actor, round_)
    state = round_after(round_.state, RoundAct.RELEASE)
    if office_date(now) < (until := objections_until(round_)):
        raise WrongState(
            "release.window", msg("异议期到%(day)s为止，之前不能发布。"), where="state", day=until
        )
    _refuse_pending(round_)
    objections.refuse_open(round_)
    if say(actor=actor, round_=round_, about=RELEASE, two=BY_TWO, now=now) is Agreement.FIRST:
        audit.record(actor, "release.said", now=now, object_type="round", object_id=round_.code)
        return False
    round_.state, round_.released_at = state, now
    tracks.follow(round_)
    db.session.flush()
    kept_results.keep(round_, now=now)
    restatements.keep_first(round_, now=now)
    result_notices.results_released(round_, now=now)
    audit.record(actor, "round.released", now=now, object_type="round", object_id=round_.code)
    return True


def close(*, actor: Actor, round_: Round, now: datetime) -> None:
    """Nothing more will happen in this round."""
    require(actor, Permission.ROUND_RELEASE, round_)
    lock(round_)
    state = round_after(round_.state, RoundAct.CLOSE)
    if count := released_reviews.waiting(round_):
        raise WrongState(
            "close.reviews", msg("还有%(count)s件复查没有完成，不能办结。"), where="state", count=count
        )
    round_.state = state
    tracks.follow(round_)
    audit.record(actor, "round.closed", now=now, object_type="round", object_id=round_.code)


def objections_until(round_: Round) -> date:
    """The first day on which the objection window is over."""
    until = objection_queries.window_end(round_)
    if until is None:
        raise WrongState("release.not_notified", msg("还没有通知初评等次。"), where="state")
    return until


def pending_cases(round_: Round) -> int:
    """Drawn cases without a result whose files are there or may still come: not missing, not replaced."""
    settled = (FileState.MISSING, FileState.REPLACED)
    return sum(
        not one.has_result and one.state not in settled for one in call_in_queries.dispositions(round_)
    )


def _refuse_pending(round_: Round) -> None:
    if due := call_in_queries.counts(round_).due:
        raise WrongState(
            "release.files_due",
            msg("还有%(count)s件案卷没有交来。请收卷，或者记为未提交、替换。"),
            where="state",
            count=due,
        )
    if pending := pending_cases(round_):
        raise WrongState(
            "release.pending",
            msg("还有%(count)s件案件没有结果。请补派专家并完成评分。"),
            where="state",
            count=pending,
        )
