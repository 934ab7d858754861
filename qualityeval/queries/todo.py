"""What waits for a person: one line per kind of work, built from what they may see."""

from datetime import datetime

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.codes import JobState
from qualityeval.core.errors import msg
from qualityeval.core.workflow import FileState, RoundAct, round_acts
from qualityeval.database import db
from qualityeval.models import Account, Job
from qualityeval.queries import (
    calibration,
    call_in,
    callbacks,
    drawn_files,
    follow_ups,
    observations,
    people,
    sheets,
    todo_rounds,
    workload,
)
from qualityeval.queries.todo_line import TodoLine, day_end
from qualityeval.words.moments import OFFICE


def lines_for(actor: Actor, *, now: datetime) -> list[TodoLine]:
    """The actor's lines, the most pressing first."""
    return [
        *_anchors(actor),
        *_sheets(actor),
        *_files_due(actor, now),
        *_hearings(actor, now),
        *_calls(actor, now),
        *_follow_ups(actor, now),
        *todo_rounds.lines_for(actor),
        *_pool(actor),
        *_jobs(actor),
        *_accounts(actor),
    ]


def _files_due(actor: Actor, now: datetime) -> list[TodoLine]:
    """Rounds that wait for files of the own institution, with their deadline."""
    if not may(actor, Permission.FILE_HAND_IN):
        return []
    lines = []
    rounds = [one for one in drawn_files.own_rounds(actor) if RoundAct.HAND_IN in round_acts(one.state)]
    due = drawn_files.FileFilter(state=FileState.DUE)
    counts = drawn_files.counts_for(actor, rounds, due, today=now.astimezone(OFFICE).date())
    for round_, count in zip(rounds, counts, strict=True):
        deadline = call_in.terms_of(round_).deadline
        if count:
            lines.append(
                TodoLine("file", msg("交抽中的案卷"), round_.title, "call_in.own", {"round": round_.public_id},
                         count=count, due=day_end(deadline))
            )  # fmt: skip
    return lines


def _anchors(actor: Actor) -> list[TodoLine]:
    """Anchors come before the own files, whether the round insists on it or not."""
    waiting = sum(one.state != calibration.SUBMITTED for one in calibration.own_anchors(actor))
    return [TodoLine("sheet", msg("先评定标卷"), "", "scoring.anchors", {}, count=waiting)] if waiting else []


def _sheets(actor: Actor) -> list[TodoLine]:
    waiting = sheets.count_for(actor, state="open")
    if not waiting:
        return []
    days = [one.due for one in sheets.list_for(actor, state="open", limit=waiting) if one.due]
    return [
        TodoLine(
            "sheet",
            msg("给派来的案卷评分"),
            "",
            "scoring.list",
            {"state": "open"},
            count=waiting,
            due=day_end(min(days, default=None)),
            minutes=workload.minutes_left(actor),
        )
    ]


def _hearings(actor: Actor, now: datetime) -> list[TodoLine]:
    if not may(actor, Permission.OBSERVATION_WRITE):
        return []
    waiting = observations.count_for(actor, state="planned")
    due = observations.count_for(actor, state="planned", up_to=now.astimezone(OFFICE).date())
    title = msg("旁听安排的庭审")
    line = TodoLine(
        "observation", title, "", "observations.list", {"state": "planned"}, count=waiting, urgent=bool(due)
    )
    return [line] if waiting else []


def _calls(actor: Actor, now: datetime) -> list[TodoLine]:
    if not may(actor, Permission.CALLBACK_CALL):
        return []
    waiting = callbacks.waiting_for(actor, now=now)
    return (
        [TodoLine("callback", msg("回访受援人"), "", "callbacks.desk", {}, count=waiting)] if waiting else []
    )


def _follow_ups(actor: Actor, now: datetime) -> list[TodoLine]:
    """Complaints and missing papers to answer, by the nearest day; answers that wait for a second person."""
    if actor.is_command_line or not may(actor, Permission.FOLLOW_UP_ANSWER):
        return []
    lines = []
    first = follow_ups.list_for(actor, state="open", now=now, limit=1)
    if first:
        due, state = day_end(first[0].due_on), {"state": "open"}
        lines.append(
            TodoLine("follow_up", msg("答复投诉线索和补正通知"), "", "follow_ups.list", state, due=due,
                     count=follow_ups.count_for(actor, state="open", now=now))
        )  # fmt: skip
    waiting = follow_ups.to_close_for(actor)
    if waiting:
        lines.append(
            TodoLine("follow_up", msg("核对并办结别人答复的督办件"), "", "follow_ups.list", {"state": "answered"},
                     count=waiting)
        )  # fmt: skip
    return lines


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


def _pool(actor: Actor) -> list[TodoLine]:
    if actor.is_command_line or not may(actor, Permission.EXPERTS_MANAGE):
        return []
    applications, pairs, proposals = people.waiting(actor)
    steps: tuple[tuple[int, str, str, dict[str, str]], ...] = (
        (applications, msg("审核专家申请"), "experts.applications", {"state": "sent"}),
        (pairs, msg("判定是否同一专家"), "experts.identity", {}),
        (proposals, msg("决定准入与退出的提议"), "experts.watched", {}),
    )
    return [TodoLine("pool", step, "", there, with_, count=n) for n, step, there, with_ in steps if n]


def _accounts(actor: Actor) -> list[TodoLine]:
    if actor.is_command_line or not may(actor, Permission.ROLES_GRANT):
        return []
    waiting = db.session.execute(
        select(func.count()).select_from(Account).where(Account.role.is_(None), Account.active)
    ).scalar_one()
    if not waiting:
        return []
    return [TodoLine("account", msg("给新账号分配角色"), "", "admin.roles", {"role": "none"}, count=waiting)]
