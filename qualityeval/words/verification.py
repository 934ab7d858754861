"""Words of the checks of a certificate."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

CHECKS: Mapping[str, Label] = {
    "certificate": Label("证书", "Certificate"),
    "plan_digest": Label("方案摘要", "Plan digest"),
    "plan": Label("方案", "Plan"),
    "frame": Label("抽样框", "Frame"),
    "frame_digest": Label("抽样框摘要", "Frame digest"),
    "secret": Label("密钥", "Secret"),
    "seed": Label("种子", "Seed"),
    "sizes": Label("各层件数", "Sizes"),
    "tickets": Label("抽签号", "Tickets"),
    "earlier_rounds": Label("以往批次", "Earlier rounds"),
}
# the office's own page asks two questions more, about what is stored
STORED_CHECKS: Mapping[str, Label] = {
    "record": Label("库里的批次", "Stored round"),
    "sample": Label("库里的样本", "Stored sample"),
}
# the public page asks one question more, in its place: do the sizes follow from the plan's own rates?
_ORDER = (
    "certificate", "plan_digest", "plan", "rates", "frame", "frame_digest", "secret", "seed", "sizes", "tickets",
    "earlier_rounds",
)  # fmt: skip
PAGE_CHECKS: Mapping[str, Label] = {
    name: {**CHECKS, "rates": Label("抽取率", "Rates")}[name] for name in _ORDER
}
