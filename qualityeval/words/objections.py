"""Words of objections: states, and the steps of a result."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

STATES: Mapping[str, Label] = {
    "open": Label("待决定", "Waiting for a decision"),
    "accepted": Label("已受理，复核中", "Accepted, being read anew"),
    "rejected": Label("不受理", "Rejected"),
    "settled": Label("复核完成", "Read anew"),
}
RESULT_STEPS: Mapping[str, Label] = {
    "first": Label("首轮", "First round"),
    "arbitrated": Label("复评后", "After arbitration"),
    "objected": Label("异议复核后", "After objections"),
    "restated": Label("更正后", "Restated"),
}
