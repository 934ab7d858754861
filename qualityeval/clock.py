"""The only reader of the wall clock. Everything below the door takes `now` as an argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def office_today() -> date:
    """The date on the office wall (Asia/Shanghai)."""
    return office_date(now())


def office_date(instant: datetime) -> date:
    """The date on the office wall at this instant."""
    return instant.astimezone(OFFICE).date()
