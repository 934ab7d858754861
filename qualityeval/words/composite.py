"""Words of the index of five parts."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

PARTS: Mapping[str, Label] = {
    "process": Label("过程监督", "Process"),
    "hearing": Label("旁听与办案机关", "Hearings and organs"),
    "satisfaction": Label("满意与回访", "Satisfaction"),
    "archive": Label("归档与结案", "Archive and closing"),
    "peer": Label("同行评估", "Peer evaluation"),
}
REASONS: Mapping[str, Label] = {
    "covered_too_little": Label("覆盖不足 70%", "Under 70% covered"),
    "nothing_applies": Label("没有适用的部分", "No part applies"),
}
PROPOSALS: Mapping[str, Label] = {
    "commend": Label("建议表扬", "Commend"),
    "warn": Label("建议提醒", "Warn"),
    "withdraw": Label("建议整顿退出", "Withdraw"),
}
