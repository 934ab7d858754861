"""Words of what happened to a round, for its page."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

ROUND_EVENTS: Mapping[str, Label] = {
    "round.created": Label("建立批次", "Round created"),
    "round.changed": Label("修改方案", "Specification changed"),
    "round.frozen": Label("冻结方案，公布摘要", "Plan frozen, digests published"),
    "round.withdrawn": Label("撤回批次", "Round withdrawn"),
    "seed.typed": Label("录入公开值（第一遍）", "Public value typed (first)"),
    "seed.mismatch": Label("两次录入不一致，均作废", "Typings differ, both discarded"),
    "seed.fixed": Label("种子确定", "Seed fixed"),
    "draw.made": Label("抽取样本", "Sample drawn"),
    "round.called_in": Label("调卷，通知各机构", "Files called in, institutions told"),
    "files.imported": Label("批量交卷", "Files handed in by table"),
    "round.supplemented": Label("增补样本", "Sample supplemented"),
    "targeted.marked": Label("标记专项案件", "Targeted cases marked"),
    "targeted.unmarked": Label("取消专项标记", "Targeted mark taken back"),
    "round.urged": Label("催办", "Experts urged"),
    "round.deadline_told": Label("提醒评分期限", "Deadline notices left"),
    "round.assigned": Label("派案", "Files dealt"),
    "anchor.chosen": Label("选定定标卷", "Anchor file chosen"),
    "anchor.dropped": Label("取消定标卷", "Anchor file dropped"),
    "reference.set": Label("确定参考答案", "Reference answer set"),
    "repeats.set": Label("设定隐性复评比例", "Rate of hidden repeats set"),
    "repeats.dealt": Label("派出隐性复评", "Hidden repeats dealt"),
    "sheets.imported": Label("代录评分表", "Sheets entered by proxy"),
    "round.notified": Label("通知初评等次", "Preliminary grades notified"),
    "release.said": Label("一位管理员同意发布", "One manager agreed to the release"),
    "round.released": Label("发布结果", "Results released"),
    "round.closed": Label("办结", "Closed"),
}
