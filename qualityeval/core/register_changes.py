"""What a second import of a case changes; nothing here touches the store.

    as_new(record) -> dict of field → value         for a case that isn't stored yet
    compare(stored, record, update=, blank=, stored_extra=, stored_defaulted=) -> Comparison

Rules: an empty cell never blanks a stored value unless `blank`; a stored empty value is filled; a value that
differs is only taken with `update`, otherwise the row is refused as `exists`. A mapping's default stands for
an empty cell: it fills, it never overwrites, and a real value replaces it like an empty one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from qualityeval.core.case_fields import BY_NAME, Kind
from qualityeval.core.errors import msg
from qualityeval.core.register import CaseRecord, RowProblem, Value

EXISTS = msg(
    "这件案件已经登记，下列内容不同：%(fields)s。要用表里的内容替换，请选“更新已有案件”（--update）。"
)
_REQUIRED = frozenset({"case_type", "aid_form"})


class Outcome(StrEnum):
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    EXISTS = "exists"  # differs and may not be updated: the row is rejected


@dataclass(frozen=True, slots=True)
class Change:
    """One field's (or extra column's) old and new value."""

    name: str
    old: Value
    new: Value
    is_extra: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What importing `record` over the stored case means. `changes` are what would be written."""

    outcome: Outcome
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Change, ...] = ()  # the changes that need `update`
    defaulted: tuple[str, ...] = ()  # the case's defaulted fields afterwards

    def problem(self, record: CaseRecord) -> RowProblem:
        """The reason for rejecting an `exists` row; secrets are named, not shown."""
        names = "、".join(_shown(change) for change in self.conflicts[:8])
        return RowProblem(record.row, "", "number", "exists", EXISTS, {"fields": names})


def as_new(record: CaseRecord) -> dict[str, Value]:
    """The mapped fields of a new case; an empty stage is `none` and an empty `sealed` is no."""
    values = dict(record.values)
    if values.get("stage") == "":
        values["stage"] = "none"
    if "sealed" in values and values["sealed"] is None:
        values["sealed"] = False
    return values


def compare(
    stored: Mapping[str, Value],
    record: CaseRecord,
    *,
    update: bool = False,
    blank: bool = False,
    stored_extra: Mapping[str, str] | None = None,
    stored_defaulted: Collection[str] = (),
) -> Comparison:
    """Compare by field; `stored` holds every mapped field by name (provider and practitioner as their names)."""
    changes, conflicts = [], []
    defaulted = set(stored_defaulted)
    for name, new in record.values.items():
        old = stored.get(name)
        kind = _kind(name, old, new, record.defaulted, stored_defaulted, blank=blank)
        if kind is None:
            continue
        changes.append(Change(name, old, new))
        if kind == "conflict":
            conflicts.append(changes[-1])
        (defaulted.add if name in record.defaulted else defaulted.discard)(name)
    for name, text in record.extra.items():
        old_text = (stored_extra or {}).get(name, "")
        if text == old_text or (not text and not blank):
            continue
        changes.append(Change(name, old_text, text, is_extra=True))
        if old_text:
            conflicts.append(changes[-1])
    return _comparison(changes, conflicts, defaulted, update=update)


def _comparison(
    changes: list[Change], conflicts: list[Change], defaulted: set[str], *, update: bool
) -> Comparison:
    outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
    if conflicts and not update:
        outcome = Outcome.EXISTS
    return Comparison(outcome, tuple(changes), tuple(conflicts), tuple(sorted(defaulted)))


def _kind(
    name: str,
    old: Value,
    new: Value,
    new_defaulted: Collection[str],
    old_defaulted: Collection[str],
    *,
    blank: bool,
) -> str | None:
    """None: nothing to write; `fill`: allowed at any time; `conflict`: only with `update`."""
    had = not _is_empty(name, old) and name not in old_defaulted
    if name in new_defaulted:
        # another default than last time replaces the old one; a real value is kept
        return None if had or new == old else "fill"
    if _is_empty(name, new):
        return "conflict" if blank and had and name not in _REQUIRED else None
    if new == old:
        return "fill" if name in old_defaulted else None
    return "conflict" if had else "fill"


def _is_empty(name: str, value: Value) -> bool:
    return (
        value is None
        or value == ""
        or (name == "stage" and value == "none")
        or (name == "sealed" and value is False)
    )


def _shown(change: Change) -> str:
    if change.is_extra:
        return f"{change.name}（{change.old} → {change.new}）"
    field = BY_NAME[change.name]
    if field.kind is Kind.SECRET:
        return field.label
    return f"{field.label}（{_text(change.old)} → {_text(change.new)}）"


def _text(value: Value) -> str:
    if value is None or value == "":
        return "空"
    return str(value)[:40]
