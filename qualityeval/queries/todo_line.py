"""One line of 我的待办."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from qualityeval.words.moments import OFFICE


@dataclass(frozen=True)
class TodoLine:
    """One thing to do: what, about what, how many, where, and until when."""

    kind: str
    title: str
    subject: str
    endpoint: str
    arguments: dict[str, str]
    count: int = 1
    due: datetime | None = None
    urgent: bool = False
    minutes: int = 0  # expected, where rounds count them


def day_end(day: date | None) -> datetime | None:
    """The last minute of an office day, until which something is due; None for none."""
    return datetime.combine(day, time(23, 59), tzinfo=OFFICE) if day else None


def of_rounds(
    rows: Iterable[tuple[str, str, str, int]], kind: str, title: str, endpoint: str, **more: str
) -> list[TodoLine]:
    """A line for each round: its public id, code and title, and how many things of it wait."""
    return [
        TodoLine(kind, title, f"{code} · {name}", endpoint, {"public_id": id_, **more}, count=count)
        for id_, code, name, count in rows
    ]
