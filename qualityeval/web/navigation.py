"""The menu: one list, from which each role sees what it may open."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Actor, Permission, may
from qualityeval.core.errors import msg


@dataclass(frozen=True)
class Item:
    """One line of the menu."""

    label: str
    href: str
    current: bool
    count: int | None = None
    endpoint: str = ""  # chooses the icon


@dataclass(frozen=True)
class Section:
    """A heading with its lines."""

    title: str
    items: tuple[Item, ...]


MENU = (
    (
        msg("工作"),
        (
            (msg("我的待办"), "todo.index", Permission.SIGNED_IN),
            (msg("我的派案"), "scoring.list", Permission.SHEET_WRITE),
            (msg("我的宽严度"), "results.own", Permission.SHEET_WRITE),
            (msg("案件台账"), "cases.list", Permission.REGISTER_READ),
            (msg("导入台账"), "cases.import_register", Permission.REGISTER_IMPORT),
            (msg("案卷材料"), "case_files.upload", Permission.PAPERS_KEEP),
            (msg("评估批次"), "rounds.list", Permission.ROUND_READ),
            (msg("评估结果"), "results.list", Permission.RESULTS_READ),
            (msg("交卷"), "call_in.own", Permission.FILE_HAND_IN),
            (msg("等次与异议"), "objections.index", Permission.OBJECTION_RAISE),
            (msg("庭审旁听"), "observations.list", Permission.OBSERVATION_READ),
            (msg("受援人回访"), "callbacks.desk", Permission.CALLBACK_CALL),
            (msg("受援人回访"), "callbacks.lists", Permission.CALLBACK_PLAN),
            (msg("办案机关意见"), "opinions.list", Permission.OPINION_ASK),
            (msg("投诉与补正"), "follow_ups.list", Permission.FOLLOW_UP_ANSWER),
            (msg("四渠道覆盖"), "coverage.index", Permission.CHANNELS_READ),
            (msg("五位一体指数"), "results.composite", Permission.INDEX_DECLARE),
            (msg("专家库"), "experts.list", Permission.EXPERTS_MANAGE),
            (msg("评分标准"), "rounds.rubrics", Permission.RUBRIC_READ),
            (msg("后台任务"), "jobs.list", Permission.SIGNED_IN),
        ),
    ),
    (
        msg("管理"),
        (
            (msg("账号管理"), "admin.accounts", Permission.ACCOUNTS_MANAGE),
            (msg("设置"), "admin.settings", Permission.SETTINGS_CHANGE),
            (msg("角色管理"), "admin.roles", Permission.ROLES_GRANT),
            (msg("审计日志"), "admin.audit_log", Permission.AUDIT_READ),
        ),
    ),
    (
        msg("其他"),
        (
            (msg("公开核验"), "verify.index", Permission.SIGNED_IN),
            (msg("帮助"), "help.index", Permission.SIGNED_IN),
        ),
    ),
)


UNDER = {
    "call_in.hand_in": "call_in.own",
    "call_in.own_handover": "call_in.own",
    **dict.fromkeys(
        (
            f"call_in.{name}"
            for name in ("of_round", "call", "overdue", "supplement", "file", "bring", "check")
        ),
        "rounds.list",
    ),
    "rounds.rubric": "rounds.rubrics",
    **dict.fromkeys(
        (
            f"rounds.{name}"
            for name in (
                "rubric_sheet",
                "rubric_against",
                "bring_rubric",
                "copy_rubric",
                "edit_rubric",
                "edit_rubric_part",
            )
        ),
        "rounds.rubrics",
    ),
    "objections.of_round": "results.list",
    "objections.decide": "results.list",
    "practitioners.of_round": "results.list",
    "practitioners.statement": "results.list",
    "results.weights": "results.composite",
}  # pages that stand under a line of another name


def menu_for(actor: Actor | None) -> list[Section]:
    """The sections that this actor may open."""
    sections = []
    for title, lines in MENU:
        items = tuple(
            Item(_(label), url_for(endpoint), current=_is_current(endpoint), endpoint=endpoint)
            for label, endpoint, permission in lines
            if endpoint in current_app.view_functions and may(actor, permission)
        )
        if items:
            sections.append(Section(_(title), items))
    return sections


def _is_current(endpoint: str) -> bool:
    here = request.endpoint or ""
    here = UNDER.get(here, here)
    if here == endpoint:
        return True
    blueprint = endpoint.partition(".")[0]
    return (
        endpoint.endswith((".list", ".index"))
        and here.partition(".")[0] == blueprint
        and not _has_own_line(here)
    )


def _has_own_line(endpoint: str) -> bool:
    return any(endpoint == line[1] for _title, lines in MENU for line in lines)
