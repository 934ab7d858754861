"""Words of the kinds of work on the to-do page."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

KINDS: Mapping[str, Label] = {
    "round": Label("批次", "Round"),
    "sheet": Label("评分", "Scoring"),
    "file": Label("案卷", "Files"),
    "objection": Label("异议", "Objection"),
    "observation": Label("旁听", "Hearing"),
    "callback": Label("回访", "Callback"),
    "follow_up": Label("督办", "Follow-up"),
    "pool": Label("专家库", "Experts"),
    "job": Label("任务", "Job"),
    "account": Label("账号", "Accounts"),
}
