"""The to-do page in words: lines with their address and date, figures, running rounds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import format_date, gettext, ngettext
from flask_babel import gettext as _

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.workflow import RoundState
from qualityeval.queries import overview
from qualityeval.queries import rounds as rounds_queries
from qualityeval.queries.todo import TodoLine
from qualityeval.web.locale import choose_locale
from qualityeval.words.figures import share_text
from qualityeval.words.moments import OFFICE, number
from qualityeval.words.rounds import STATES, STEPS
from qualityeval.words.todo import KINDS

SHOWN_ROUNDS = 3
LOOKED_AT = 50
SOON = timedelta(days=3)


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
    step: int
    steps: int
    facts: str


def shown_lines(lines: list[TodoLine], *, now: datetime) -> list[ShownLine]:
    """The lines whose page exists, in their order."""
    return [_line(line, now) for line in lines if line.endpoint in current_app.view_functions]


def _line(line: TodoLine, now: datetime) -> ShownLine:
    label = KINDS.get(line.kind)
    text, tone, pressing = _due(line.due, now)
    return ShownLine(
        kind=label.text(choose_locale()) if label else line.kind, tone="danger" if line.urgent else "",
        title=gettext(line.title), subject=line.subject, href=url_for(line.endpoint, **line.arguments),
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


def _sizes(row: rounds_queries.RoundRow) -> str:
    if row.frame_size is None:
        return _("尚未冻结抽样框")
    return _(
        "抽样框 %(frame)s 件，样本 %(sample)s 件",
        frame=number(row.frame_size),
        sample=number(row.sample_size),
    )
