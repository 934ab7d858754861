"""Tickets from a released round's deductions: 补正 for papers, 整改 for conduct, to the institution of each case.

Answered, sent back and closed as every other follow-up; the body that owns the round re-checks.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.follow_up import (
    FROM_REVIEW,
    LONGEST,
    FollowUpKind,
    FollowUpSource,
    due_on,
    may_be_due,
    repeats_since,
)
from qualityeval.core.workflow import PUBLISHED
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import FollowUp, Round
from qualityeval.queries import tickets as queries
from qualityeval.services import audit, follow_ups
from qualityeval.services.seeds import lock

MOST = 200  # in one go


def open_tickets(
    *, actor: Actor, round_: Round, chosen: Collection[tuple[str, str]], kind: str, note: str, now: datetime,
    due: date | None = None,
) -> list[FollowUp]:  # fmt: skip
    """One ticket for each (public id of a drawn case, code of an item that lost points), answered by the same day.

    `due` is left out for the usual working days. A ticket repeats the last one of the same item and institution
    within a year. Refused before the release, for an item that lost nothing, and for one that has its ticket.
    """
    require(actor, Permission.ROUND_RELEASE, round_)
    if round_.state not in PUBLISHED:
        raise WrongState("tickets.early", msg("发布之后才能按扣分发整改或补正。"), where="state")
    today = office_date(now)
    _refuse_unfit(chosen, kind, due, note, today)
    lock(round_)
    last_day = due or due_on(FollowUpKind(kind), today)
    deductions = {
        (one.sampled_public_id, one.item): one
        for one in queries.deductions_of(round_, {public_id for public_id, _item in chosen})
    }
    made = []
    for pair in sorted(chosen):
        found = deductions.get(pair)
        if found is None:
            raise InvalidInput("tickets.nothing", msg("选中的一项没有扣分，请刷新后再选。"), where="chosen")
        if found.ticket:
            raise WrongState("exists", msg("“%(item)s”已经发过通知。"), where="chosen", item=found.title)
        made.append(_ticket(found, FollowUpKind(kind), note.strip(), last_day, round_, now))
    audit.record(
        actor, "tickets.opened", now=now, object_type="round", object_id=round_.code, kind=kind, count=len(made),
        due_on=str(last_day), tickets=[row.public_id for row in made],
    )  # fmt: skip
    for row in made:
        follow_ups.tell(row, now=now)
    return made


def _refuse_unfit(
    chosen: Collection[tuple[str, str]], kind: str, due: date | None, note: str, today: date
) -> None:
    if not 0 < len(chosen) <= MOST:
        raise InvalidInput("tickets.count", msg("请选择1至%(most)s项扣分。"), where="chosen", most=MOST)
    if kind not in FROM_REVIEW:
        raise InvalidInput("tickets.kind", msg("请选择补正或整改。"), where="kind")
    if due is not None and not may_be_due(due, today):
        raise InvalidInput("tickets.due", msg("期限要晚于今天，且在一年以内。"), where="due")
    written(note, "note", code="follow_up.note", longest=LONGEST, needed=False)


def _ticket(
    found: queries.Deduction, kind: FollowUpKind, note: str, last_day: date, round_: Round, now: datetime
) -> FollowUp:
    row = FollowUp(
        kind=kind, source=FollowUpSource.REVIEW, source_key=found.source_key, case_id=found.case_id,
        institution_id=found.institution_id, facts=[], note="\n".join(filter(None, (found.reasons, note))),
        opened_at=now, due_on=last_day, item=found.title, lost=found.lost, sampled_case_id=found.sampled_id,
        repeats_id=_repeated(found, now), keeper_id=round_.institution_id,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


def _repeated(found: queries.Deduction, now: datetime) -> int | None:
    """The last ticket of the same item and institution within a year, but for those of the same round."""
    since = datetime.combine(repeats_since(office_date(now)), time(), tzinfo=UTC)
    earlier = select(FollowUp.id).where(
        FollowUp.source == FollowUpSource.REVIEW, FollowUp.institution_id == found.institution_id,
        FollowUp.item == found.title, FollowUp.opened_at >= since,
        FollowUp.sampled_case_id.not_in(queries.drawn_in(found.round_id)),
    )  # fmt: skip
    return db.session.execute(earlier.order_by(FollowUp.id.desc()).limit(1)).scalar_one_or_none()
