"""Experts are told before, on and after the day their sheets are due; a manager may urge them once a day."""

from datetime import UTC, datetime, time

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.errors import WrongState, msg
from qualityeval.core.scoring_deadline import NOTICES, OVERDUE, SOON, TODAY, stage
from qualityeval.models import Round
from qualityeval.queries import scoring_deadlines as queries
from qualityeval.services import audit, notices
from qualityeval.services.seeds import lock
from qualityeval.words.moments import OFFICE

DESK = "/scoring/"
TEXTS = {
    SOON: msg("批次 %(round)s 的评分表 %(day)s 到期，您还有没交的。"),
    TODAY: msg("批次 %(round)s 的评分表今天到期，您还有没交的。"),
    OVERDUE: msg("批次 %(round)s 的评分期限 %(day)s 已过，您还有没交的评分表。"),
}
URGING = msg("批次 %(round)s 催办：您还有没交的评分表，请尽快提交。")


def tell_due(*, actor: Actor, now: datetime) -> int:
    """Whoever owes a sheet is told once before the day, once on it, once after the grace; how many notices were left."""
    require(actor, Permission.SETTINGS_CHANGE)
    left = 0
    for round_ in queries.marking():
        due = queries.due_of(round_)
        where = stage(office_date(now), due.day, grace=due.grace)
        if where not in NOTICES:
            continue
        told = notices.tell(
            accounts=queries.owing(round_), cause=f"score-{where}:{round_.public_id}",
            text=TEXTS[where] % {"round": round_.code, "day": due.day}, path=DESK, now=now,
        )  # fmt: skip
        if told:
            audit.record(
                actor, "round.deadline_told", now=now, object_type="round", object_id=round_.code, stage=where,
                notices=told,
            )  # fmt: skip
        left += told
    return left


def urge(*, actor: Actor, round_: Round, now: datetime) -> int:
    """催办: tell everybody who owes a sheet; how many experts that are. Refused a second time on the same day."""
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    if round_.state not in queries.MARKING:
        raise WrongState("round.not_marking", msg("这个批次现在没有要交的评分表。"), where="round")
    if queries.is_urged(round_, since=_midnight(now)):
        raise WrongState("round.urged", msg("今天已经催办过，明天才能再催。"), where="round")
    accounts = queries.owing(round_)
    notices.tell(
        accounts=accounts, cause=f"urge-{office_date(now)}:{round_.public_id}",
        text=URGING % {"round": round_.code}, path=DESK, now=now,
    )  # fmt: skip
    audit.record(
        actor, queries.URGED, now=now, object_type="round", object_id=round_.code, experts=len(accounts)
    )
    return len(accounts)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(office_date(now), time(), tzinfo=OFFICE).astimezone(UTC)
