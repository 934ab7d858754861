"""The to-do page in words: lines with their address and date, figures, running rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import format_date, gettext, ngettext
from flask_babel import gettext as _

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.errors import msg
from qualityeval.core.workflow import RoundState
from qualityeval.queries import overview, result_pages
from qualityeval.queries import rounds as rounds_queries
from qualityeval.queries.todo_line import TodoLine
from qualityeval.web.durations import time_words
from qualityeval.web.locale import choose_locale
from qualityeval.words.figures import share_text
from qualityeval.words.moments import OFFICE, number
from qualityeval.words.rounds import STATES, STEPS
from qualityeval.words.todo import KINDS

SHOWN_ROUNDS = 3
LOOKED_AT = 50
SOON = timedelta(days=3)
NEXT_STEPS = (
    (Permission.SHEET_WRITE, msg("派来新的案卷时会列在这里。已交的评分表可以随时查看。"), msg("我的派案"), "scoring.list"),
    (Permission.CALLBACK_CALL, msg("名单上的人都回访过了。新名单会列在这里。"), msg("受援人回访"), "callbacks.desk"),
    (Permission.OBSERVATION_WRITE, msg("安排了新的庭审时会列在这里，当天的排在最前。"), msg("庭审旁听"), "observations.list"),
    (Permission.ROUND_READ, msg("可以新建批次，或者查看已有的批次。"), msg("评估批次"), "rounds.list"),
    (Permission.OBJECTION_RAISE, msg("初评等次通知以后，可以在期限内提出异议。"), msg("等次与异议"), "objections.index"),
    (Permission.RESULTS_READ, msg("查看者没有要办的事。批次发布以后，结果可以随时查看。"), msg("评估结果"), "results.list"),
    (Permission.ACCOUNTS_MANAGE, msg("可以新建账号、停用账号、重置登录信息。角色由安全管理员分配。"), msg("账号管理"), "admin.accounts"),
    (Permission.ROLES_GRANT, msg("有新账号等待角色时会列在这里。"), msg("角色管理"), "admin.roles"),
    (Permission.AUDIT_READ, msg("可以查看审计日志，并核验它没有被改动过。"), msg("审计日志"), "admin.audit_log"),
)  # fmt: skip


@dataclass(frozen=True)
class ShownLine:
    """One line of the list."""

    kind: str
    tone: str
    title: str
    subject: str
    href: str
    count: int
    due: str
    due_tone: str
    pressing: bool


@dataclass(frozen=True)
class ShownRound:
    """A running round beside the list."""

    title: str
    href: str
    state: str
    step: int | None  # None draws no bar
    steps: int
    facts: str


def shown_lines(lines: list[TodoLine], *, now: datetime) -> list[ShownLine]:
    """The lines whose page exists, in their order."""
    return [_line(line, now) for line in lines if line.endpoint in current_app.view_functions]


def _line(line: TodoLine, now: datetime) -> ShownLine:
    label = KINDS.get(line.kind)
    text, tone, pressing = _due(line.due, now)
    return ShownLine(
        kind=label.text(choose_locale()) if label else line.kind,
        tone="danger" if line.urgent else "",
        title=gettext(line.title),
        subject=_("预计共要 %(time)s", time=time_words(line.minutes)) if line.minutes else line.subject, href=url_for(line.endpoint, **line.arguments),
        count=line.count, due=text, due_tone=tone, pressing=pressing or line.urgent,
    )  # fmt: skip


def _due(due: datetime | None, now: datetime) -> tuple[str, str, bool]:
    """Words, tone, and whether it presses: past or today."""
    if due is None:
        return "", "", False
    days = (due.astimezone(OFFICE).date() - now.astimezone(OFFICE).date()).days
    if days < 0:
        return ngettext("逾期%(num)s天", "逾期%(num)s天", -days), "now", True
    if days == 0:
        return _("今天 %(time)s", time=f"{due.astimezone(OFFICE):%H:%M}"), "now", True
    return format_date(due.astimezone(OFFICE).date(), "medium"), "soon" if days <= SOON.days else "", False


def facts(count: int, *, now: datetime) -> str:
    """The line under the title: the office date and how much waits."""
    day = format_date(now.astimezone(OFFICE).date(), "full")
    waiting = ngettext("%(num)s项待处理", "%(num)s项待处理", count) if count else _("没有待处理的事项")
    return f"{day} · {waiting}"


def tiles(actor: Actor, *, now: datetime) -> list[dict[str, Any]]:
    """The figures that this actor's work turns on."""
    return [
        *_register(overview.register_for(actor)),
        *_accounts(overview.accounts_for(actor, now=now)),
        *_audit(overview.audit_for(actor, now=now)),
    ]


def _register(found: overview.RegisterFigures | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return [
        {"label": _("台账案件"), "value": number(found.cases), "note": _("已结案 %(closed)s 件", closed=number(found.closed_cases))},
        {"label": _("进行中的批次"), "value": number(found.running)},
        {"label": _("已抽案件"), "value": number(found.drawn), "note": _("抽样框 %(frame)s 件，占 %(share)s", frame=number(found.frame), share=share_text(found.drawn, found.frame))},
        *([{"label": _("评分进度"), "value": share_text(found.submitted, found.sheets), "note": _("已交 %(submitted)s / %(sheets)s 份评分表", submitted=number(found.submitted), sheets=number(found.sheets))}] if found.sheets else []),
    ]  # fmt: skip


def _accounts(found: overview.AccountFigures | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return [
        {"label": _("全部账号"), "value": number(found.accounts), "note": _("停用 %(disabled)s 个", disabled=number(found.disabled))},
        {"label": _("待分配角色"), "value": number(found.waiting)},
        {"label": _("正在登录"), "value": number(found.signed_in)},
    ]  # fmt: skip


def _audit(found: overview.AuditFigures | None) -> list[dict[str, Any]]:
    if found is None:
        return []
    return [
        {"label": _("审计记录"), "value": number(found.events)},
        {"label": _("最近24小时"), "value": number(found.recent)},
    ]


def running_rounds(actor: Actor) -> list[ShownRound]:
    """The latest rounds of the own body that are under way."""
    if not may(actor, Permission.ROUND_READ):
        return []
    steps = tuple(STEPS)
    rows = [
        row
        for row in rounds_queries.list_for(actor, limit=LOOKED_AT)
        if row.state not in {RoundState.CLOSED, RoundState.WITHDRAWN}
    ]
    return [
        ShownRound(
            title=row.title, href=url_for("rounds.detail", public_id=row.public_id),
            state=STATES[row.state].text(choose_locale()), step=steps.index(row.state), steps=len(steps),
            facts=_sizes(row),
        )
        for row in rows[:SHOWN_ROUNDS]
    ]  # fmt: skip


def released_rounds(actor: Actor) -> list[ShownRound]:
    """For who reads results but plans nothing: the latest released rounds."""
    if may(actor, Permission.ROUND_READ) or not may(actor, Permission.RESULTS_READ):
        return []
    return [
        ShownRound(
            title=row.title, href=url_for("results.detail", public_id=row.public_id),
            state=STATES[row.state].text(choose_locale()), step=None, steps=len(STEPS), facts=_sizes(row),
        )
        for row in result_pages.list_for(actor, limit=SHOWN_ROUNDS)
    ]  # fmt: skip


def next_step(actor: Actor) -> tuple[str, str, str] | None:
    """Where there is nothing to do: a sentence, and the page that the role is about with its label."""
    for permission, sentence, label, endpoint in NEXT_STEPS:
        if may(actor, permission):
            return gettext(sentence), gettext(label), url_for(endpoint)
    return None


def _sizes(row: rounds_queries.RoundRow) -> str:
    if row.frame_size is None:
        return _("尚未冻结抽样框")
    return _(
        "抽样框 %(frame)s 件，样本 %(sample)s 件",
        frame=number(row.frame_size),
        sample=number(row.sample_size),
    )
