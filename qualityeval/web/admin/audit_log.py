"""The audit administrator's log: look, take along, verify."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.audit_chain import Link, Verdict, stamp
from qualityeval.database import transaction
from qualityeval.queries import audit as queries
from qualityeval.queries.audit import AuditFilter
from qualityeval.services import audit as services
from qualityeval.web.admin import bp
from qualityeval.web.admin.exports import list_file, wanted_kind
from qualityeval.web.admin.forms import VerifyForm
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words.audit import action_text, object_text
from qualityeval.words.audit_fields import lines_of
from qualityeval.words.moments import OFFICE, moment, number

PER_PAGE = 50
LONGEST = 120
FOLDED = 48  # characters of a value that show unfolded


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=OFFICE)


def asked_filter() -> AuditFilter:
    """The filter in the address; days are office days, the last one counts whole."""
    first, last = _day("at_from"), _day("at_to")
    return AuditFilter(
        actor=request.args.get("actor", "").strip()[:LONGEST], action=request.args.get("action", "")[:LONGEST],
        object=request.args.get("object", "").strip()[:LONGEST], since=_midnight(first) if first else None,
        until=_midnight(min(last, date.max - timedelta(days=1)) + timedelta(days=1)) if last else None,
    )  # fmt: skip


def _set(asked: AuditFilter) -> dict[str, str]:
    last = asked.until - timedelta(days=1) if asked.until else None
    found = {
        "actor": asked.actor, "action": asked.action, "object": asked.object,
        "at_from": f"{asked.since:%Y-%m-%d}" if asked.since else "", "at_to": f"{last:%Y-%m-%d}" if last else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _chips(asked: AuditFilter, locale: str) -> list[tuple[str, str]]:
    words = {**_set(asked), **({"action": action_text(asked.action, locale)} if asked.action else {})}
    without = {
        "actor": replace(asked, actor=""), "action": replace(asked, action=""), "object": replace(asked, object=""),
        "at_from": replace(asked, since=None), "at_to": replace(asked, until=None),
    }  # fmt: skip
    signs = {"at_from": "≥ ", "at_to": "≤ "}
    return [
        (signs.get(name, "") + text, url_for("admin.audit_log", **_set(without[name])))
        for name, text in words.items()
    ]


@bp.get("/audit")
@requires(Permission.AUDIT_READ)
def audit_log() -> str:
    """The events, the newest first, filtered by the address."""
    asked, locale = asked_filter(), choose_locale()
    total = queries.count_for(acting(), asked)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    actions = [
        ("", _("全部")),
        *((code, action_text(code, locale)) for code in queries.actions_for(acting())),
    ]
    return render_template(
        "admin/audit_log.html", asked=_set(asked), chips=_chips(asked, locale), page=page, pages=pages, total=total,
        per_page=PER_PAGE, actions=actions, head=queries.head_for(acting()), form=VerifyForm(formdata=None),
        rows=queries.list_for(acting(), asked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        action_text=lambda code: action_text(code, locale), object_text=lambda kind: object_text(kind, locale),
        lines_of=lambda event: lines_of(event.action, event.detail, locale), longest=FOLDED,
    )  # fmt: skip


@bp.post("/audit/verify")
@requires(Permission.AUDIT_READ)
def verify_audit() -> Response:
    """Re-compute the chain, against a head noted elsewhere where one is given; the act is an event too."""
    noted = "".join((VerifyForm().head.data or "").lower().split())[:LONGEST]
    verdict = services.verify(expected_head=noted or None)
    with transaction():
        services.record(
            acting(), "audit.verified", now=now(), object_type="audit", ok=verdict.ok, events=verdict.events,
            first_bad=verdict.first_bad, against=noted,
        )  # fmt: skip
    flash(_said(verdict), "ok" if verdict.ok else "danger")
    return make_response(redirect(url_for("admin.audit_log", **_set(asked_filter())), 303))


def _said(verdict: Verdict) -> str:
    """The verdict in words: what was found, and what to do where something is wrong."""
    if verdict.ok:
        return _("链条完整：重算了 %(events)s 条记录，没有改动、缺失或多余。", events=number(verdict.events))
    if verdict.first_bad:
        return _("链条不对：从第 %(number)s 条起不符。请立即保全数据库并报告。", number=verdict.first_bad)
    return _("和记下的链尾对不上：链条本身连得上，但不含您填的链尾。末尾可能被截掉，或者整本被重写。")


@bp.post("/export/audit")
@requires(Permission.AUDIT_READ)
def export_audit() -> Response:
    """Exactly the filtered events with their hashes; taking them is itself an event, after them."""
    asked, kind, locale = asked_filter(), wanted_kind(), choose_locale()
    header = (
        _("序号"), _("时间"), _("时间（UTC）"), _("操作人"), _("操作"), _("操作代码"), _("对象类别"), _("对象"), _("内容"),
        _("上一条摘要"), _("摘要"),
    )  # fmt: skip
    rows = [_cells(row, locale) for row in queries.all_for(acting(), asked)]
    with transaction():
        services.record(
            acting(), "audit.exported", now=now(), object_type="audit", rows=len(rows), filters=_set(asked)
        )
    return list_file(kind, name=_("审计日志"), header=header, rows=rows)


def _cells(row: Link, locale: str) -> tuple[str | int, ...]:
    return (
        row.seq, moment(row.at), stamp(row.at), row.actor, action_text(row.action, locale), row.action,
        row.object_type, row.object_id, row.detail, row.previous, row.hash,
    )  # fmt: skip
