"""What waits for the managers of a round, step by step; nothing where it is the other manager's turn."""

from typing import Any

from sqlalchemy import func, literal, select

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.errors import msg
from qualityeval.core.workflow import RoundAct, round_acts
from qualityeval.database import db
from qualityeval.models import (
    ArbitrationNeed,
    Assignment,
    Objection,
    Restatement,
    Round,
    Saying,
    SeedTyping,
)
from qualityeval.queries import call_in, discussions, practitioner_links, staff_parts
from qualityeval.queries.todo_line import TodoLine, of_rounds

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


def lines_for(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body in the order of their life."""
    return [
        *_rounds(actor),
        *_reviews(actor),
        *_staff_parts(actor),
        *of_rounds(
            discussions.open_for(actor),
            "sheet",
            msg("组织专家商议，录入结果"),
            "assignments.list",
            state=discussions.DISCUSS,
        ),
        *_replacements(actor),
        *_objections(actor),
        *_restatements(actor),
        *_statements(actor),
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
    rows = ((one.public_id, one.code, one.title, count) for one, count in staff_parts.open_for(actor))
    return of_rounds(rows, "sheet", msg("填写评分表的工作人员部分"), "assignments.staff")


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
    """Rounds of the own body with objections that nobody has decided on, or whose outcome nobody has explained."""
    if not may(actor, Permission.OBJECTION_DECIDE):
        return []
    undecided = _with_objections(actor, Round.state == "objection", Objection.state == "open")
    unruled = _with_objections(
        actor, Round.state.in_(("objection", "released")), Objection.state == "settled",
        Objection.ruled_at.is_(None),
    )  # fmt: skip
    there = "objections.of_round"
    return [
        *of_rounds(undecided, "objection", msg("决定机构提出的异议"), there, state="open"),
        *of_rounds(unruled, "objection", msg("答复异议的复核结果"), there, state="settled"),
    ]


def _with_objections(actor: Actor, *conditions: Any) -> list[Any]:
    query = select(Round.public_id, Round.code, Round.title, func.count()).join(Objection)
    query = query.where(scope.rounds(actor, Permission.OBJECTION_DECIDE), *conditions)
    return list(db.session.execute(query.group_by(Round.id, Round.public_id, Round.code, Round.title)).all())


def _restatements(actor: Actor) -> list[TodoLine]:
    """Restatements of the own body's rounds that another manager has proposed."""
    if not may(actor, Permission.ROUND_RELEASE):
        return []
    rows = db.session.execute(
        select(Round.public_id, Round.code, Round.title, literal(1))
        .join(Restatement, Restatement.round_id == Round.id)
        .where(
            scope.rounds(actor, Permission.ROUND_RELEASE), Restatement.issued_at.is_(None),
            Restatement.proposed_by_id != actor.account_id,
        )
    )  # fmt: skip
    return of_rounds(rows.all(), "round", msg("确认对已发布结果的更正"), "results.restatement")


def _statements(actor: Actor) -> list[TodoLine]:
    """Rounds of the own body in which a practitioner's statement waits for an answer."""
    if not may(actor, Permission.OBJECTION_DECIDE):
        return []
    rows = practitioner_links.waiting_for(actor)
    return of_rounds(rows, "objection", msg("答复承办人的陈述申辩"), "practitioners.of_round")


def _count(of_round: Any, condition: Any) -> Any:
    """How many rows of a round meet the condition, inside the query of the rounds."""
    return select(func.count()).where(of_round == Round.id, condition).correlate(Round).scalar_subquery()
