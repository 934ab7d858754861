"""Seeing a sealed number: with a reason, and in the audit log before it is shown."""

from datetime import datetime, time

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.errors import InvalidInput, NotFound, WrongState, msg
from qualityeval.database import db
from qualityeval.models import AuditEvent, Case
from qualityeval.services import audit
from qualityeval.words.moments import OFFICE

SHORTEST, LONGEST = 4, 200
MOST_A_DAY = 50  # our proposal: a day's honest work needs a handful
REVEALED = "case.revealed"
NO_REASON = msg("请写明查看原因，至少 4 个字；原因会记入审计日志。")
LONG_REASON = msg("查看原因最多 200 个字。")


def reveal_number(*, actor: Actor, case: Case, field: str, reason: str, now: datetime) -> str:
    """The ID or phone number of a case's recipient as registered.

    Refuses without a reason of at least four characters, and after 50 numbers on one day of the office. The event
    names field and reason, never the number.
    """
    require(actor, Permission.CASE_REVEAL, case)
    if field not in BY_NAME or BY_NAME[field].kind is not Kind.SECRET:
        raise NotFound
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST:
        raise InvalidInput("case.no_reason", NO_REASON, where="reason")
    if len(reason) > LONGEST:
        raise InvalidInput("case.long_reason", LONG_REASON, where="reason")
    _refuse_beyond(actor, now)
    number: str | None = getattr(case, field)
    if not number:
        raise NotFound("case.no_number", msg("这件案件没有登记这个号码。"))
    audit.record(
        actor, REVEALED, now=now, object_type="case", object_id=case.public_id, field=field, reason=reason,
    )  # fmt: skip
    return number


def _refuse_beyond(actor: Actor, now: datetime) -> None:
    midnight = datetime.combine(now.astimezone(OFFICE).date(), time(0), OFFICE)
    seen = select(func.count()).where(
        AuditEvent.actor == actor.name, AuditEvent.action == REVEALED, AuditEvent.at >= midnight
    )
    if db.session.execute(seen).scalar_one() >= MOST_A_DAY:
        raise WrongState(
            "case.most_a_day",
            msg("今天查看的号码已满 %(most)s 个，请明天再看；确有需要请另一位管理员查看。"),
            where="reason",
            most=MOST_A_DAY,
        )
