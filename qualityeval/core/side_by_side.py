"""Sheets of one case beside each other, the items in which they differ most first."""

from collections.abc import Sequence
from dataclasses import dataclass

from qualityeval.core.rubric_parts import Item, Rubric
from qualityeval.core.scoring import lost_points
from qualityeval.core.sheet import Content


@dataclass(frozen=True, slots=True)
class ItemBeside:
    """An item: what each sheet gives it in hundredths of face points (None for N/A), why, and how far they are apart."""

    item: Item
    points: tuple[int | None, ...]
    why: tuple[str, ...]
    apart: int


def side_by_side(rubric: Rubric, sheets: Sequence[Content]) -> tuple[ItemBeside, ...]:
    """Every item, by falling difference, equal ones in the order of the rubric.

    N/A against a mark counts as the item's full points. Only complete sheets are compared.
    """
    rows = [_beside(item, rubric, sheets) for item in rubric.by_item.values()]
    return tuple(sorted(rows, key=lambda row: -row.apart))


def _beside(item: Item, rubric: Rubric, sheets: Sequence[Content]) -> ItemBeside:
    five = rubric.method == "five_mark"
    given = [sheet.marks[item.code] for sheet in sheets]
    points = tuple(None if mark.na else item.points - lost_points(item, mark, five=five) for mark in given)
    told = [one for one in points if one is not None]
    mixed = 0 < len(told) < len(points)
    apart = item.points if mixed else max(told, default=0) - min(told, default=0)
    why = tuple(
        "；".join(filter(None, (mark.reason, *(cut.text for cut in sheet.cuts.get(item.code, ())))))
        for mark, sheet in zip(given, sheets, strict=True)
    )
    return ItemBeside(item, points, why, apart)
