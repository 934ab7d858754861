"""Words of the audit log: every action and every kind of object that services record."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

ACTIONS: Mapping[str, Label] = {
    "account.created": Label("建立账号", "Account created"),
    "account.changed": Label("修改账号", "Account changed"),
    "account.role_granted": Label("改变角色", "Role changed"),
    "account.disabled": Label("停用账号", "Account disabled"),
    "account.enabled": Label("启用账号", "Account enabled"),
    "account.locked": Label("账号被锁定", "Account locked"),
    "account.unlocked": Label("解锁账号", "Account unlocked"),
    "account.access_reset": Label("重置登录信息", "Access reset"),
    "account.sessions_ended": Label("退出账号的全部登录", "All sessions of an account ended"),
    "account.password_changed": Label("修改密码", "Password changed"),
    "account.notices_chosen": Label("选择通知方式", "Way of being notified chosen"),
    "account.display_chosen": Label("选择语言或字号", "Language or print size chosen"),
    "account.exported": Label("导出账号清单", "Accounts exported"),
    "password.rehashed": Label("更新密码的加密方式", "Password hash renewed"),
    "session.opened": Label("登录", "Signed in"),
    "session.ended": Label("退出登录", "Session ended"),
    "setting.changed": Label("修改设置", "Setting changed"),
    "audit.exported": Label("导出审计日志", "Audit log exported"),
    "audit.verified": Label("核验审计日志", "Audit log verified"),
    "institution.created": Label("建立机构", "Institution created"),
    "register.imported": Label("导入台账", "Register imported"),
    "mapping.saved": Label("保存列对应", "Mapping saved"),
    "case.revealed": Label("查看证件或电话号码", "Number revealed"),
    "paper.added": Label("收入案卷材料", "Paper filed"),
    "paper.replaced": Label("更换案卷材料", "Paper replaced"),
    "paper.removed": Label("撤出案卷材料", "Paper taken out"),
    "paper.added": Label("收入案卷材料", "Paper filed"),
    "paper.replaced": Label("更换案卷材料", "Paper replaced"),
    "paper.removed": Label("撤出案卷材料", "Paper taken out"),
    "case.settled": Label("确定案件结果", "Case settled"),
    "experts.imported": Label("导入专家", "Experts imported"),
    "expert.changed": Label("修改专家资料", "Expert changed"),
    "file.stored": Label("存入文件", "File stored"),
    "round.created": Label("建立批次", "Round created"),
    "round.changed": Label("修改方案", "Specification changed"),
    "round.frozen": Label("冻结方案", "Plan frozen"),
    "round.withdrawn": Label("撤回批次", "Round withdrawn"),
    "round.assigned": Label("派案", "Files dealt"),
    "round.notified": Label("告知初步等次", "Preliminary grades notified"),
    "release.said": Label("同意发布", "Release said"),
    "objection.raised": Label("提出异议", "Objection raised"),
    "objection.accepted": Label("受理异议，抽取复核专家", "Objection accepted, expert drawn"),
    "objection.rejected": Label("不受理异议", "Objection rejected"),
    "round.released": Label("发布结果", "Round released"),
    "round.closed": Label("办结批次", "Round closed"),
    "seed.typed": Label("录入公开值", "Public value typed"),
    "seed.mismatch": Label("两次录入不一致", "Typings differ"),
    "seed.fixed": Label("种子确定", "Seed fixed"),
    "draw.made": Label("抽取样本", "Sample drawn"),
    "sheet.saved": Label("保存评分表", "Sheet saved"),
    "sheet.submitted": Label("提交评分表", "Sheet submitted"),
    "sheet.returned": Label("退回评分表", "Sheet returned"),
    "sheets.imported": Label("导入评分表", "Sheets imported"),
    "job.queued": Label("提交后台任务", "Job queued"),
    "job.done": Label("后台任务完成", "Job done"),
    "job.failed": Label("后台任务没有办成", "Job failed"),
    "job.cancel_asked": Label("要求取消后台任务", "Cancelling a job asked for"),
    "job.cancelled": Label("后台任务已取消", "Job cancelled"),
    "job.given_back": Label("后台任务重新排队", "Job given back"),
    "instance.backed_up": Label("备份", "Backed up"),
    "instance.restored": Label("恢复备份", "Restored from a backup"),
    "instance.tidied": Label("日常清理", "Housekeeping"),
    "observation.planned": Label("安排旁听", "Hearing observation planned"),
    "observation.saved": Label("保存旁听记录", "Observation saved"),
    "observation.submitted": Label("提交旁听记录", "Observation handed in"),
    "observation.closed_hearing": Label("记为不公开审理", "Hearing noted as closed"),
    "callbacks.listed": Label("建立回访名单", "Call list made"),
    "callback.dialled": Label("拨打并显示号码", "Number shown for a call"),
    "callback.called": Label("记录拨打结果", "Outcome of a call written down"),
    "callbacks.imported": Label("导入拨打记录", "Calls imported"),
    "answers.imported": Label("导入问卷答案", "Answers imported"),
    "opinion.asked": Label("征询办案机关意见", "Organ asked for its opinion"),
    "opinion.revoked": Label("撤回征询链接", "Link taken back"),
    "opinion.opened": Label("打开征询链接", "Link opened"),
    "opinion.answered": Label("收到办案机关意见", "Organ's opinion received"),
    "demo.created": Label("建立演示数据", "Demonstration made"),
}
OBJECTS: Mapping[str, Label] = {
    "account": Label("账号", "Account"),
    "setting": Label("设置项", "Setting"),
    "audit": Label("审计日志", "Audit log"),
    "institution": Label("机构", "Institution"),
    "objection": Label("异议", "Objection"),
    "register": Label("台账", "Register"),
    "case": Label("案件", "Case"),
    "expert": Label("专家", "Expert"),
    "file": Label("文件", "File"),
    "round": Label("批次", "Round"),
    "assignment": Label("派案记录", "Assignment"),
    "job": Label("后台任务", "Job"),
    "instance": Label("系统", "Instance"),
    "observation": Label("旁听记录", "Observation"),
    "callback": Label("回访", "Callback"),
    "opinion": Label("办案机关意见", "Organ's opinion"),
}
ENDINGS: Mapping[str, Label] = {
    "signed out": Label("本人退出", "Signed out"),
    "ended by owner": Label("本人在别处退出", "Ended by its owner"),
    "administrator": Label("管理员退出", "Ended by an administrator"),
    "disabled": Label("账号停用", "Account disabled"),
    "role": Label("角色改变", "Role changed"),
    "place": Label("机构或专家编号改变", "Institution or expert code changed"),
    "reset": Label("登录信息重置", "Access reset"),
    "password": Label("密码修改", "Password changed"),
}


def action_text(action: str, locale: str) -> str:
    """The words for an action; its code where a later version wrote it."""
    label = ACTIONS.get(action)
    return label.text(locale) if label else action


def object_text(kind: str, locale: str) -> str:
    """The word for a kind of object."""
    label = OBJECTS.get(kind)
    return label.text(locale) if label else kind
