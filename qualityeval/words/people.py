"""Words of accounts, roles and institutions."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

ROLES: Mapping[str, Label] = {
    "manager": Label("质量管理员", "Quality manager"),
    "expert": Label("评估专家", "Expert"),
    "observer": Label("旁听员", "Observer"),
    "caller": Label("回访员", "Caller"),
    "liaison": Label("机构联络员", "Liaison"),
    "viewer": Label("查看者", "Viewer"),
    "system": Label("系统管理员", "System administrator"),
    "security": Label("安全管理员", "Security administrator"),
    "audit": Label("审计管理员", "Audit administrator"),
}
NO_ROLE = Label("尚未分配角色", "No role yet")
ACCOUNT_STATES: Mapping[str, Label] = {
    "active": Label("可登录", "Active"),
    "waiting": Label("待分配角色", "Waiting for a role"),
    "disabled": Label("已停用", "Disabled"),
}
SETTINGS: Mapping[str, Label] = {
    "organisation": Label("单位名称", "Organisation"),
    "session_idle_minutes": Label("无操作多少分钟后退出", "Signed out after so many idle minutes"),
    "session_hours": Label("一次登录最长多少小时", "Longest session in hours"),
    "lockout_failures": Label("连续失败多少次后锁定", "Failures before an account is locked"),
    "lockout_minutes": Label("锁定多少分钟", "Minutes that it stays locked"),
    "sheet_pay": Label("每份评分表的评审费", "Fee for a submitted sheet"),
    "hearing_percent": Label("一年旁听开庭案件的比例", "Share of a year's heard cases to observe"),
}


def role_text(role: str | None, locale: str) -> str:
    """The word for a role, also for an account that waits for one."""
    return (ROLES[role] if role else NO_ROLE).text(locale)


def account_state(*, active: bool, role: str | None) -> str:
    """The code of ACCOUNT_STATES in which an account is."""
    return "disabled" if not active else "active" if role else "waiting"
