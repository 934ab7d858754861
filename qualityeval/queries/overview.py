"""The few figures above a person's to-do list, each of what they may see."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.workflow import RoundState
from qualityeval.database import db
from qualityeval.models import Account, AccountSession, Assignment, AuditEvent, Case, Round, RoundStratum
from qualityeval.queries.accounts import live

SCORED = ("assigned", "scoring", "arbitration")
ENDED = (RoundState.CLOSED, RoundState.WITHDRAWN)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class RegisterFigures:
    """The own subtree's register and the own body's rounds."""

    cases: int
    closed_cases: int
    running: int
    drawn: int
    frame: int
    sheets: int  # of rounds being scored, arbitrators' too
    submitted: int


@dataclass(frozen=True)
class AccountFigures:
    """Accounts for the administrators who keep them."""

    accounts: int
    disabled: int
    waiting: int
    signed_in: int


@dataclass(frozen=True)
class AuditFigures:
    """The log: all events, and those of the last 24 hours."""

    events: int
    recent: int


def register_for(actor: Actor) -> RegisterFigures | None:
    """Figures for a manager; None for everybody else."""
    if not may(actor, Permission.ROUND_READ):
        return None
    live = (scope.rounds(actor), Round.state.not_in(ENDED))
    sizes = (
        select(
            func.coalesce(func.sum(RoundStratum.sample_size), 0),
            func.coalesce(func.sum(RoundStratum.frame_size), 0),
        )
        .select_from(RoundStratum)
        .join(Round, RoundStratum.round_id == Round.id)
    )
    drawn, frame = db.session.execute(sizes.where(*live, Round.state.not_in(("draft", "frozen")))).one()
    sheets = (
        select(func.count(), func.count().filter(Assignment.state == "submitted"))
        .select_from(Assignment)
        .join(Round, Assignment.round_id == Round.id)
        .where(scope.rounds(actor), Round.state.in_(SCORED))
    )
    expected, submitted = db.session.execute(sheets).one()
    return RegisterFigures(
        cases=_count(Case.id, scope.cases(actor)),
        closed_cases=_count(Case.id, scope.cases(actor), Case.closed_on.is_not(None)),
        running=_count(Round.id, *live),
        drawn=int(drawn),
        frame=int(frame),
        sheets=expected,
        submitted=submitted,
    )


def accounts_for(actor: Actor, *, now: datetime) -> AccountFigures | None:
    """Figures for the system and the security administrator; None for everybody else."""
    if not (may(actor, Permission.ACCOUNTS_MANAGE) or may(actor, Permission.ROLES_GRANT)):
        return None
    return AccountFigures(
        accounts=_count(Account.id),
        disabled=_count(Account.id, Account.active.is_(False)),
        waiting=_count(Account.id, Account.active.is_(True), Account.role.is_(None)),
        signed_in=_count(AccountSession.account_id.distinct(), *live(now)),
    )


def audit_for(actor: Actor, *, now: datetime) -> AuditFigures | None:
    """Figures for the audit administrator; None for everybody else."""
    if not may(actor, Permission.AUDIT_READ):
        return None
    return AuditFigures(
        events=_count(AuditEvent.seq), recent=_count(AuditEvent.seq, AuditEvent.at > now - DAY)
    )


def _count(what: object, *conditions: ColumnElement[bool]) -> int:
    return int(db.session.execute(select(func.count(what)).where(*conditions)).scalar_one())  # type: ignore[arg-type]
