"""Call lists: what a caller has next, and the figures for the manager."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from qualityeval.adapters.form_files import CALLBACK, shipped_form
from qualityeval.authz import Actor, Permission, channel_scope, scope
from qualityeval.core.callback import Called, State, Tally, masked_name, tally
from qualityeval.core.codes import Role
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Account, CallAttempt, Callback, Case, Institution
from qualityeval.queries import contact_choices

FIRST_CALLS = Callback.form == CALLBACK  # second calls have a form and figures of their own


@dataclass(frozen=True)
class QueueRow:
    """One of the next recipients, without number and with a masked name."""

    name: str
    case_type: str
    attempts: int
    last_outcome: str
    not_before: datetime | None


@dataclass(frozen=True)
class CallerRow:
    """What one caller has done of the list."""

    caller: str
    tally: Tally


def _waiting(now: datetime) -> ColumnElement[bool]:
    return (Callback.state == State.OPEN) & or_(Callback.not_before.is_(None), Callback.not_before <= now)


def _order() -> tuple[Any, ...]:
    """Whose number is shown first, then agreed times, then the order of the list."""
    return (Callback.dialled_at.is_(None), Callback.not_before.is_(None), Callback.place, Callback.id)


def current_for(actor: Actor, *, now: datetime) -> Callback | None:
    """The one recipient that the caller has before them: dialled already, else the next who is due."""
    query = (
        select(Callback)
        .where(channel_scope.own_calls(actor), _waiting(now) | Callback.dialled_at.is_not(None))
        .options(joinedload(Callback.case).joinedload(Case.institution), selectinload(Callback.attempts))
        .order_by(*_order())
        .limit(1)
    )
    return db.session.execute(query).scalars().first()


def get_for(actor: Actor, public_id: str, *, lock: bool = False) -> Callback:
    """A recipient dealt to this caller; another's isn't there."""
    query = (
        select(Callback)
        .where(channel_scope.own_calls(actor), Callback.public_id == public_id)
        .options(joinedload(Callback.case), selectinload(Callback.attempts))
    )
    if lock:
        query = query.with_for_update(of=Callback).execution_options(populate_existing=True)
    found = db.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(where="callback")
    return found


def queue_for(actor: Actor, *, now: datetime, limit: int = 8) -> list[QueueRow]:
    """Who comes next, in the order in which they will be shown; later appointments behind."""
    last = (
        select(CallAttempt.outcome)
        .where(CallAttempt.callback_id == Callback.id)
        .order_by(CallAttempt.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    made = select(func.count()).where(CallAttempt.callback_id == Callback.id).scalar_subquery()
    query = (
        select(Case.recipient_name, Case.case_type, made, last, Callback.not_before)
        .join(Case, Callback.case_id == Case.id)
        .where(channel_scope.own_calls(actor), Callback.state == State.OPEN)
        .order_by(~_waiting(now), *_order())
        .limit(limit)
    )
    rows = db.session.execute(query)
    return [
        QueueRow(masked_name(name), kind, count, out or "", later) for name, kind, count, out, later in rows
    ]


def waiting_for(actor: Actor, *, now: datetime) -> int:
    """How many recipients the caller can ring now."""
    query = select(func.count()).where(channel_scope.own_calls(actor), _waiting(now)).select_from(Callback)
    return int(db.session.execute(query).scalar_one())


def own_tally(actor: Actor) -> Tally:
    """The caller's own figures."""
    return _tally(channel_scope.own_calls(actor) & FIRST_CALLS).get("", tally((), shipped_form(CALLBACK)))


def tally_for(actor: Actor) -> Tally:
    """All callbacks of the manager's subtree."""
    return _tally(channel_scope.callbacks(actor) & FIRST_CALLS).get("", tally((), shipped_form(CALLBACK)))


def by_caller_for(actor: Actor) -> list[CallerRow]:
    """The same, a caller at a time; recipients without a caller (from elsewhere, or held by a quota) under an empty name."""
    made = _tally(channel_scope.callbacks(actor) & FIRST_CALLS, each=True)
    return [CallerRow(name, one) for name, one in sorted(made.items())]


def _tally(condition: ColumnElement[bool], *, each: bool = False) -> Mapping[str, Tally]:
    outcomes: dict[int, list[str]] = {}
    calls = (
        select(CallAttempt.callback_id, CallAttempt.outcome)
        .join(Callback, CallAttempt.callback_id == Callback.id)
        .where(condition)
        .order_by(CallAttempt.callback_id, CallAttempt.number)
    )
    for callback_id, outcome in db.session.execute(calls):
        outcomes.setdefault(callback_id, []).append(outcome)
    tasks: dict[str, list[Called]] = {}
    listed = (
        select(Callback.id, Callback.state, Callback.answers, Callback.caller_id, Account.display_name)
        .outerjoin(Account, Callback.caller_id == Account.id)
        .where(condition)
    )
    for callback_id, state, answers, caller, name in db.session.execute(listed):
        made = tuple(outcomes.get(callback_id, ()))
        held = state == State.OPEN and caller is None and not made
        called = Called(made, answers if state == State.DONE else None, held=held)
        tasks.setdefault((name or "") if each else "", []).append(called)
    form = shipped_form(CALLBACK)
    return {name: tally(part, form) for name, part in tasks.items()}


def callers_for(actor: Actor) -> list[Account]:
    """Who can be given recipients to call, by name."""
    condition = channel_scope.accounts(actor, Permission.CALLBACK_PLAN, Role.CALLER)
    return list(db.session.execute(select(Account).where(condition).order_by(Account.display_name)).scalars())


@dataclass(frozen=True)
class Candidate:
    """A case whose recipient might be called: its key, its stratum, and why not where it can't be."""

    case_id: int
    stratum: tuple[str, ...]
    key: str
    left_out: str


def candidates_for(
    actor: Actor, *, closed_from: date, closed_to: date, aid_form: str = "", strata: Sequence[str] = ()
) -> list[Candidate]:
    """Cases of the subtree closed in the period that are on no list yet, with what keeps them from being called.

    The institution and the fields named are the strata; `aid_form` narrows (duty lawyers' help is `duty`).
    """
    no_cases, no_persons = contact_choices.opted_out()
    query = (
        select(
            Case.id, Institution.code, Case.number, Case.sealed, Case.recipient_phone_index,
            *(getattr(Case, field) for field in strata),
        )
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Callback, (Callback.case_id == Case.id) & FIRST_CALLS)
        .where(
            scope.cases(actor, Permission.CALLBACK_PLAN),
            Case.closed_on.between(closed_from, closed_to),
            Callback.id.is_(None),
        )
    )  # fmt: skip
    if aid_form:
        query = query.where(Case.aid_form == aid_form)
    found = []
    for case_id, code, number, sealed, phone, *fields in db.session.execute(query):
        why = "" if phone else "no_phone"
        if case_id in no_cases or phone in no_persons:
            why = "opted_out"
        stratum = (code, *(str(one or "") for one in fields))
        found.append(Candidate(case_id, stratum, f"{code}:{number}", "sealed" if sealed else why))
    return found
