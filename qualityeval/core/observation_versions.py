"""What a new version of a hearing's record changed.

changed(before, after) -> tuple[str, ...]     codes of questions, and "court", "mode", "arrived_at", "left_at"
"""

from collections.abc import Mapping
from typing import Any

PLAIN = ("court", "mode", "arrived_at", "left_at")


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields that differ, and questions whose answer or note differs, in the later one's order.

    >>> changed({"answers": {"dress": "good"}, "notes": {}}, {"answers": {"dress": "fair"}, "notes": {}})
    ('dress',)
    """
    plain = [name for name in PLAIN if before.get(name) != after.get(name)]
    asked: list[str] = []
    for part in ("answers", "notes"):
        old, new = before.get(part) or {}, after.get(part) or {}
        asked += [code for code in (*new, *old) if old.get(code) != new.get(code)]
    return (*plain, *dict.fromkeys(asked))
