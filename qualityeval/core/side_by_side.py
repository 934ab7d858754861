"""Sheets of one case beside each other, the items in which they differ most first."""

from collections.abc import Sequence
from dataclasses import dataclass

from qualityeval.core.rubric_parts import Item, Rubric
from qualityeval.core.scoring import lost_points
from qualityeval.core.sheet import Content


@dataclass(frozen=True, slots=True)
class ItemBeside:
    """An item: what each sheet gives it in hundredths of face points (None for N/A), why, and how far they are apart.

    Under an indicator rubric `grades` holds what each gives it ("" for N/A), there are no points, and `apart` counts grades.
    """

    item: Item
    points: tuple[int | None, ...]
    why: tuple[str, ...]
    apart: int
    grades: tuple[str, ...] = ()


def side_by_side(rubric: Rubric, sheets: Sequence[Content]) -> tuple[ItemBeside, ...]:
    """Every item, by falling difference, equal ones in the order of the rubric.

    N/A against a mark counts as the item's full points, N/A against a grade as all the grades. Only complete
    sheets are compared.
    """
    beside = _grades_beside if rubric.method == "indicator" else _beside
    rows = [beside(item, rubric, sheets) for item in rubric.by_item.values()]
    return tuple(sorted(rows, key=lambda row: -row.apart))


def _beside(item: Item, rubric: Rubric, sheets: Sequence[Content]) -> ItemBeside:
    five = rubric.method == "five_mark"
    given = [sheet.marks[item.code] for sheet in sheets]
    points = tuple(None if mark.na else item.points - lost_points(item, mark, five=five) for mark in given)
    told = [one for one in points if one is not None]
    mixed = 0 < len(told) < len(points)
    apart = item.points if mixed else max(told, default=0) - min(told, default=0)
    return ItemBeside(item, points, _why(item, sheets), apart)


def _grades_beside(item: Item, rubric: Rubric, sheets: Sequence[Content]) -> ItemBeside:
    given = tuple(sheet.marks[item.code].grade for sheet in sheets)
    orders = [rubric.grade_named(grade).order for grade in given if grade]
    mixed = 0 < len(orders) < len(given)
    apart = len(rubric.grades) if mixed else max(orders, default=0) - min(orders, default=0)
    return ItemBeside(item, (None,) * len(given), _why(item, sheets), apart, given)


def _why(item: Item, sheets: Sequence[Content]) -> tuple[str, ...]:
    return tuple(
        "；".join(
            filter(
                None, (sheet.marks[item.code].reason, *(cut.text for cut in sheet.cuts.get(item.code, ())))
            )
        )
        for sheet in sheets
    )
