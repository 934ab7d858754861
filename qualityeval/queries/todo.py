"""What waits for a person: one line per kind of work, built from what they may see."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.codes import JobState
from qualityeval.core.errors import msg
from qualityeval.core.workflow import FileState, RoundAct, round_acts
from qualityeval.database import db
from qualityeval.models import (
    Account,
    ArbitrationNeed,
    Assignment,
    Job,
    Objection,
    Restatement,
    Round,
    Saying,
    SeedTyping,
)
from qualityeval.queries import (
    calibration,
    call_in,
    callbacks,
    drawn_files,
    follow_ups,
    observations,
    people,
    practitioner_links,
    sheets,
    staff_parts,
    workload,
)
from qualityeval.words.moments import OFFICE


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
    minutes: int = 0  # expected, where rounds count them


ROUND_STEPS = {
    "draft": msg("核对方案并冻结抽样框"),
    "frozen": msg("录入公开种子"),
    "drawn": msg("核对抽样结果并调卷"),
}
REVIEW_STEPS = {
    "called_in": (msg("给抽中的案件派案"), "assignments.list"),
    "assigned": (msg("跟进评分进度"), "assignments.list"),
    "scoring": (msg("跟进评分进度"), "assignments.list"),
    "arbitration": (msg("跟进复评进度"), "assignments.list"),
    "objection": (msg("同意发布结果"), "results.release"),
}
NOTIFY = (msg("评分已完成，通知初评等次"), "results.notify")


def lines_for(actor: Actor, *, now: datetime) -> list[TodoLine]:
    """The actor's lines, the most pressing first."""
    return [
        *_anchors(actor),
        *_sheets(actor),
        *_files_due(actor, now),
        *_hearings(actor, now),
        *_calls(actor, now),
        *_follow_ups(actor, now),
        *_rounds(actor),
        *_reviews(actor),
        *_staff_parts(actor),
        *_replacements(actor),
        *_objections(actor),
        *_rulings(actor),
        *_restatements(actor),
        *_statements(actor),
        *_pool(actor),
        *_jobs(actor),
        *_accounts(actor),
    ]


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


def _reviews(actor: Actor) -> list[TodoLine]:
    """Rounds after the draw: what the owning body does next; nothing where it is the other manager's turn."""
    if not may(actor, Permission.ROUND_ASSIGN):
        return []
    mine = select(Saying.id).where(
        Saying.round_id == Round.id, Saying.act == "release", Saying.account_id == actor.account_id
    )
    rows = db.session.execute(
        select(
            Round.public_id, Round.code, Round.title, Round.state, mine.exists(),
            _count(Assignment.round_id, Assignment.state != "submitted"),
            _count(Assignment.round_id, staff_parts.is_waiting()),
            _count(ArbitrationNeed.round_id, ArbitrationNeed.settled_at.is_(None)),
        )
        .where(scope.rounds(actor), Round.state.in_(REVIEW_STEPS))
        .order_by(Round.created_at.desc())
    ).all()  # fmt: skip
    lines = []
    for public_id, code, title, state, said, sheets_open, handed_in, needs_open in rows:
        waits, owed = sheets_open or needs_open, sheets_open - handed_in
        if (state == "objection" and said) or (handed_in and not owed and not needs_open):
            continue  # the other manager's turn, or that of the staff part, which has a line of its own
        is_done = state in {"scoring", "arbitration"} and not waits
        step, endpoint = NOTIFY if is_done else REVIEW_STEPS[state]
        count = int(owed if state in {"assigned", "scoring"} else needs_open if waits else 1) or 1
        lines.append(
            TodoLine("round", step, f"{code} · {title}", endpoint, {"public_id": public_id}, count=count)
        )
    return lines


def _staff_parts(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body with cases whose staff part nobody has filled in."""
    title = msg("填写评分表的工作人员部分")
    return [
        TodoLine("sheet", title, f"{one.code} · {one.title}", "assignments.staff", {"public_id": one.public_id},
                 count=count)
        for one, count in staff_parts.open_for(actor)
    ]  # fmt: skip


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
            until = datetime.combine(deadline, time(23, 59), tzinfo=OFFICE) if deadline else None
            lines.append(
                TodoLine("file", msg("交抽中的案卷"), round_.title, "call_in.own", {"round": round_.public_id},
                         count=count, due=until)
            )  # fmt: skip
    return lines


def _replacements(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body in which another manager has asked for a replacement."""
    if not may(actor, Permission.CALL_IN_MANAGE):
        return []
    asked = select(Saying.round_id).where(Saying.act.startswith(call_in.REPLACE))
    rounds = db.session.execute(
        select(Round).where(scope.rounds(actor, Permission.CALL_IN_MANAGE), Round.id.in_(asked))
    ).scalars()
    lines = []
    for round_ in rounds:
        said = (
            call_in.replacements_said(round_).values() if RoundAct.REPLACE in round_acts(round_.state) else ()
        )
        count = sum(account != actor.account_id for _reason, account in said)
        if count:
            lines.append(
                TodoLine("file", msg("核对另一位管理员提出的替换"), round_.title, "call_in.of_round",
                         {"public_id": round_.public_id}, count=count)
            )  # fmt: skip
    return lines


def _objections(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body with objections that nobody has decided on."""
    if not may(actor, Permission.OBJECTION_DECIDE):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title, func.count())
        .join(Objection, Objection.round_id == Round.id)
        .where(
            scope.rounds(actor, Permission.OBJECTION_DECIDE), Round.state == "objection", Objection.state == "open"
        )
        .group_by(Round.id, Round.public_id, Round.code, Round.title)
    ).all()  # fmt: skip
    title, state = msg("决定机构提出的异议"), {"state": "open"}
    return [
        TodoLine(
            "objection", title, f"{code} · {name}", "objections.of_round", {"public_id": id_, **state}, count=count
        )
        for id_, code, name, count in rows
    ]  # fmt: skip


def _rulings(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body with objections that were read anew and whose outcome nobody has explained yet."""
    if not may(actor, Permission.OBJECTION_DECIDE):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title, func.count())
        .join(Objection, Objection.round_id == Round.id)
        .where(
            scope.rounds(actor, Permission.OBJECTION_DECIDE), Round.state.in_(("objection", "released")),
            Objection.state == "settled", Objection.ruled_at.is_(None),
        )
        .group_by(Round.id, Round.public_id, Round.code, Round.title)
    ).all()  # fmt: skip
    return [
        TodoLine(
            "objection", msg("答复异议的复核结果"), f"{code} · {name}", "objections.of_round",
            {"public_id": id_, "state": "settled"}, count=count,
        )
        for id_, code, name, count in rows
    ]  # fmt: skip


def _restatements(actor: Actor) -> list[TodoLine]:
    """Restatements of the own body's rounds that another manager has proposed."""
    if not may(actor, Permission.ROUND_RELEASE):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title)
        .join(Restatement, Restatement.round_id == Round.id)
        .where(
            scope.rounds(actor, Permission.ROUND_RELEASE), Restatement.issued_at.is_(None),
            Restatement.proposed_by_id != actor.account_id,
        )
    ).all()  # fmt: skip
    return [
        TodoLine("round", msg("确认对已发布结果的更正"), f"{code} · {name}", "results.restatement", {"public_id": id_})
        for id_, code, name in rows
    ]  # fmt: skip


def _statements(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body in which a practitioner's statement waits for an answer."""
    if not may(actor, Permission.OBJECTION_DECIDE):
        return []
    title = msg("答复承办人的陈述申辩")
    return [
        TodoLine(
            "objection", title, f"{code} · {name}", "practitioners.of_round", {"public_id": id_}, count=count
        )
        for id_, code, name, count in practitioner_links.waiting_for(actor)
    ]


def _count(of_round: Any, condition: Any) -> Any:
    """How many rows of a round meet the condition, inside the query of the rounds."""
    return select(func.count()).where(of_round == Round.id, condition).correlate(Round).scalar_subquery()


def _anchors(actor: Actor) -> list[TodoLine]:
    """Anchors come before the own files, whether the round insists on it or not."""
    waiting = sum(one.state != calibration.SUBMITTED for one in calibration.own_anchors(actor))
    return [TodoLine("sheet", msg("先评定标卷"), "", "scoring.anchors", {}, count=waiting)] if waiting else []


def _sheets(actor: Actor) -> list[TodoLine]:
    waiting = sheets.count_for(actor, state="open")
    if not waiting:
        return []
    days = [one.due for one in sheets.list_for(actor, state="open", limit=waiting) if one.due]
    due = datetime.combine(min(days), time(23, 59), tzinfo=OFFICE) if days else None
    return [
        TodoLine(
            "sheet",
            msg("给派来的案卷评分"),
            "",
            "scoring.list",
            {"state": "open"},
            count=waiting,
            due=due,
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
        due, state = datetime.combine(first[0].due_on, time(23, 59), tzinfo=OFFICE), {"state": "open"}
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
