"""Fields of a case that no column holds: month and year of the date that counts, a practitioner's first case."""

from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, or_
from sqlalchemy import case as when
from sqlalchemy.orm import aliased

from qualityeval.models import Case

MONTH, YEAR, FIRST_CASE = "month", "year", "first_case"


def part_of_day(day: Any, name: str) -> ColumnElement[str]:
    """`2026-03` or `2026` of a date, written alike on both databases."""
    return func.substr(cast(day, String), 1, 7 if name == MONTH else 4)


def first_case(day: Any) -> ColumnElement[str]:
    """`yes` for the practitioner's first case in the register by this date, `no` for later ones.

    Of one day's cases the one registered first; empty where the case names no practitioner.
    """
    earlier = aliased(Case)
    its_day = getattr(earlier, day.key)
    before = or_(its_day < day, and_(its_day == day, earlier.id < Case.id))
    found = exists().where(earlier.practitioner_id == Case.practitioner_id, before).correlate(Case)
    return when((Case.practitioner_id.is_(None), ""), (found, "no"), else_="yes")
