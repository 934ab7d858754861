"""Dates, instants and counts as pages show them: office time, digits that sort and align."""

from datetime import date, datetime, timedelta, timezone

OFFICE = timezone(timedelta(hours=8))


def day(value: date | datetime | None) -> str:
    """`2026-10-12`; an instant is the day on the office wall; empty for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(OFFICE)
    return f"{value:%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """`2026-10-12 09:30` in office time; empty for none."""
    return "" if value is None else f"{value.astimezone(OFFICE):%Y-%m-%d %H:%M}"


def number(value: int | None) -> str:
    """`24,618`; empty for none."""
    return "" if value is None else f"{value:,}"


def clock_time(value: datetime) -> str:
    """`14:03:22` in office time."""
    return f"{value.astimezone(OFFICE):%H:%M:%S}"
