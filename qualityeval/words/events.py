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
}
