"""Labels of anchors, reference answers and deviations."""

from collections.abc import Mapping

from qualityeval.words.labels import Label

LEANINGS: Mapping[str, Label] = {
    "harsher": Label("较严", "Harsher"),
    "milder": Label("较宽", "Milder"),
    "agreed": Label("一致", "In agreement"),
}
SOURCES: Mapping[str, Label] = {
    "panel": Label("专家组会商", "Agreed by a panel"),
    "manager": Label("质量管理员确定", "Set by the manager"),
}
