"""Replacing a file out of scope by the next reserve ticket, and supplements: never a free pick."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, WrongState, msg
from qualityeval.core.sampling import Ticket, first_tickets
from qualityeval.core.two_people import Agreement, TwoPeople
from qualityeval.core.workflow import FileAct, OutOfScope, RoundAct, file_after, round_after
from qualityeval.core.written import written
from qualityeval.database import db
from qualityeval.models import FrameCase, Round, RoundStratum, SampledCase, TicketOpening
from qualityeval.queries import rounds as round_queries
from qualityeval.queries.call_in import REPLACE
from qualityeval.services import audit, dealing
from qualityeval.services.call_in import tell_institutions
from qualityeval.services.file_events import add_event, hold, state_of
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.sayings import say
from qualityeval.services.seeds import lock
from qualityeval.services.taking_back import take_back

WAITING, MISMATCH, REPLACED, NO_RESERVE = "waiting", "mismatch", "replaced", "no_reserve"
LONGEST_REASON = 400
BY_TWO = TwoPeople("replace.said", msg("您已提出替换，请等另一位管理员。"))
HEARD = {Agreement.FIRST: ("replacement.said", WAITING), Agreement.DIFFER: ("replacement.mismatch", MISMATCH)}


@dataclass(frozen=True)
class ReplacementOutcome:
    """Waiting for the second manager, both sayings discarded, replaced, or out of scope with no reserve left."""

    state: str
    successor: SampledCase | None = None


def replace(*, actor: Actor, sampled: SampledCase, reason: str, now: datetime) -> ReplacementOutcome:
    """One manager's word that a drawn file is out of scope, for one of the fixed reasons.

    The second manager's same word replaces it by the next ticket of its stratum; another reason discards both.
    A file that wasn't handed in (未提交) is never replaced; a file that somebody reads is taken from them. Refused to
    a manager with an interest in the case.
    """
    round_ = hold(sampled, RoundAct.REPLACE)
    require(actor, Permission.CALL_IN_MANAGE, round_)
    refuse_conflicted(actor, sampled.id)
    if reason not in set(OutOfScope):
        raise InvalidInput(
            "replace.reason", msg("替换的理由只能是：%(reasons)s。"), where="reason",
            reasons=", ".join(OutOfScope),
        )  # fmt: skip
    file_after(state_of(sampled.id), FileAct.REPLACE)
    about = f"{REPLACE}{sampled.public_id}:"
    heard = say(actor=actor, round_=round_, about=about, text=reason, two=BY_TWO, now=now)
    if heard is Agreement.AGREED:
        return _replaced(actor, round_, sampled, reason, now)
    action, state = HEARD[heard]
    audit.record(actor, action, now=now, object_type="drawn_file", object_id=sampled.public_id, reason=reason)
    return ReplacementOutcome(state)


def supplement(
    *, actor: Actor, round_: Round, stratum: str, size: int, now: datetime, reason: str = ""
) -> list[SampledCase]:
    """Open the tickets of a stratum up to number `size` (n'); nothing opened before changes. What was added."""
    require(actor, Permission.CALL_IN_MANAGE, round_)
    lock(round_)
    round_after(round_.state, RoundAct.REPLACE)
    planned = _planned(round_, stratum)
    opened = _opened(round_, stratum)
    if not opened < size <= planned.frame_size:
        raise InvalidInput(
            "supplement.size",
            msg("“%(label)s”层已开 %(opened)s 个签、共 %(size)s 件，增补后的件数须在两者之间。"),
            where="size", label=stratum, opened=opened, size=planned.frame_size,
        )  # fmt: skip
    text = written(reason, "reason", code="supplement.reason", longest=LONGEST_REASON, needed=False)
    tickets = _tickets(round_, stratum, size)[opened:]
    for one in tickets:
        _open(actor, round_, planned, one, act="supplement", reason=text, now=now)
    added = [_draw(round_, planned, one) for one in tickets]
    audit.record(
        actor, "round.supplemented", now=now, object_type="round", object_id=round_.code, stratum=stratum,
        before=opened, n=size, reason=text,
    )  # fmt: skip
    cause = f"supplement:{round_.public_id}:{added[0].public_id}"
    tell_institutions(round_, cause=cause, only=[one.id for one in added], now=now)
    dealing.deal_late(actor=actor, round_=round_, now=now)
    return added


def _replaced(
    actor: Actor, round_: Round, sampled: SampledCase, reason: str, now: datetime
) -> ReplacementOutcome:
    taken = take_back(sampled, now=now)
    add_event(actor=actor, sampled=sampled, act=FileAct.REPLACE, reason=reason, now=now)
    planned = _planned(round_, sampled.stratum)
    place = _opened(round_, sampled.stratum) + 1
    successor = None
    if place <= planned.frame_size:
        ticket = _tickets(round_, sampled.stratum, place)[-1]
        _open(
            actor,
            round_,
            planned,
            ticket,
            act=FileAct.REPLACE,
            reason=reason,
            replaces_id=sampled.frame_case_id,
            now=now,
        )
        successor = _draw(round_, planned, ticket)
    audit.record(
        actor, "file.replaced", now=now, object_type="drawn_file", object_id=sampled.public_id, reason=reason,
        successor=successor.public_id if successor else None, taken_back=taken,
    )  # fmt: skip
    if successor is None:
        return ReplacementOutcome(NO_RESERVE)
    tell_institutions(round_, cause=f"replace:{successor.public_id}", only=[successor.id], now=now)
    dealing.deal_late(actor=actor, round_=round_, now=now)
    return ReplacementOutcome(REPLACED, successor)


def _planned(round_: Round, stratum: str) -> RoundStratum:
    query = select(RoundStratum).where(RoundStratum.round_id == round_.id, RoundStratum.label == stratum)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise InvalidInput(
            "draw.no_stratum", msg("抽样框里没有“%(label)s”这一层。"), where="stratum", label=stratum
        )
    return found


def _opened(round_: Round, stratum: str) -> int:
    query = select(func.count()).select_from(SampledCase)
    query = query.where(SampledCase.round_id == round_.id, SampledCase.stratum == stratum)
    return int(db.session.execute(query).scalar_one())


def _tickets(round_: Round, stratum: str, size: int) -> tuple[Ticket, ...]:
    """The tickets 1 … `size` of the stratum, reckoned anew; those opened before must be the first of them."""
    seed = round_queries.seed_of(round_)
    keys = db.session.execute(
        select(FrameCase.key).where(FrameCase.round_id == round_.id, FrameCase.stratum == stratum)
    ).scalars()
    tickets = first_tickets(keys, size, seed=seed.seed if seed else "")
    stored = db.session.execute(
        select(SampledCase.ticket)
        .where(SampledCase.round_id == round_.id, SampledCase.stratum == stratum)
        .order_by(SampledCase.place)
    ).scalars()
    opened = list(stored)
    if opened != [one.ticket for one in tickets[: len(opened)]]:
        raise WrongState(
            "frame.changed", msg("库里的抽样框与冻结时公布的摘要不符，请停下来核查审计日志。"), where="frame"
        )
    return tickets


def _open(
    actor: Actor, round_: Round, planned: RoundStratum, ticket: Ticket, *, act: str, reason: str,
    now: datetime, replaces_id: int | None = None,
) -> None:  # fmt: skip
    db.session.add(
        TicketOpening(
            round_id=round_.id, stratum=planned.label, place=ticket.place, act=act, replaces_id=replaces_id,
            reason=reason, account_id=actor.account_id, at=now,
        )
    )  # fmt: skip
    db.session.flush()


def _draw(round_: Round, planned: RoundStratum, ticket: Ticket) -> SampledCase:
    """The reserve case of this ticket joins the sample; it shares the design weight of its stratum."""
    framed = select(FrameCase.id).where(FrameCase.round_id == round_.id, FrameCase.key == ticket.key)
    row = SampledCase(
        round_id=round_.id, frame_case_id=db.session.execute(framed).scalar_one(), stratum=planned.label,
        place=ticket.place, ticket=ticket.ticket, weight_numerator=planned.frame_size,
        weight_denominator=planned.sample_size or ticket.place,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
