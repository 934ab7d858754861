"""What waits for a person: one line per kind of work, built from what they may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.codes import JobState
from qualityeval.core.errors import msg
from qualityeval.database import db
from qualityeval.models import Account, Job, Round, SeedTyping
from qualityeval.queries import sheets


@dataclass(frozen=True)
class TodoLine:
    """One thing to do: what, about what, how many, where, and until when."""

    kind: str
    title: str
    subject: str
    endpoint: str
    arguments: dict[str, str]
    count: int = 1
    due: datetime | None = None
    urgent: bool = False


ROUND_STEPS = {
    "draft": msg("核对方案并冻结抽样框"),
    "frozen": msg("录入公开种子"),
    "drawn": msg("核对抽样结果并调卷"),
}


def lines_for(actor: Actor, *, now: datetime) -> list[TodoLine]:
    """The actor's lines, the most pressing first."""
    del now
    return [*_sheets(actor), *_rounds(actor), *_jobs(actor), *_accounts(actor)]


def _rounds(actor: Actor) -> list[TodoLine]:
    if not may(actor, Permission.ROUND_PLAN):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title, Round.state, SeedTyping.actor)
        .outerjoin(SeedTyping, (SeedTyping.round_id == Round.id) & SeedTyping.discarded_at.is_(None))
        .where(scope.rounds(actor), Round.state.in_(ROUND_STEPS))
        .order_by(Round.created_at.desc(), SeedTyping.typed_at)
    ).all()
    typed: dict[str, set[str]] = {}
    for row in rows:
        typed.setdefault(row.public_id, set()).update({row.actor} - {None})
    lines = []
    for public_id, code, title, state in dict.fromkeys((r.public_id, r.code, r.title, r.state) for r in rows):
        if state == "frozen" and actor.name in typed[public_id] and len(typed[public_id]) < 2:
            continue  # the other manager's turn
        step = msg("抽取样本") if state == "frozen" and len(typed[public_id]) >= 2 else ROUND_STEPS[state]
        lines.append(TodoLine("round", step, f"{code} · {title}", "rounds.detail", {"public_id": public_id}))
    return lines


def _sheets(actor: Actor) -> list[TodoLine]:
    waiting = sheets.count_for(actor, state="open")
    if not waiting:
        return []
    return [TodoLine("sheet", msg("给派来的案卷评分"), "", "scoring.list", {"state": "open"}, count=waiting)]


def _jobs(actor: Actor) -> list[TodoLine]:
    if actor.account_id is None:
        return []
    rows = db.session.execute(
        select(Job.public_id, Job.title)
        .where(scope.jobs(actor), Job.state == JobState.FAILED)
        .order_by(Job.created_at.desc())
        .limit(5)
    ).all()
    return [
        TodoLine(
            "job",
            msg("后台任务没有办成，请查看原因"),
            title,
            "jobs.detail",
            {"public_id": public_id},
            urgent=True,
        )
        for public_id, title in rows
    ]


def _accounts(actor: Actor) -> list[TodoLine]:
    if actor.is_command_line or not may(actor, Permission.ROLES_GRANT):
        return []
    waiting = db.session.execute(
        select(func.count()).select_from(Account).where(Account.role.is_(None), Account.active)
    ).scalar_one()
    if not waiting:
        return []
    return [TodoLine("account", msg("给新账号分配角色"), "", "admin.roles", {"role": "none"}, count=waiting)]
