"""An expert's appointment and leave, as pages and exports show them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from qualityeval.database import db
from qualityeval.models import Appointment, Expert, Institution, Leave, Round


@dataclass(frozen=True)
class Shown:
    """An appointment in plain values; institutions by code."""

    kind: str = "own"
    since: date | None = None
    until: date | None = None
    station: str = ""
    head_of: str = ""
    languages: tuple[str, ...] = ()
    contract: str = ""
    only_round: str = ""


def of_expert(expert: Expert) -> Shown:
    """The expert's terms; those of an own expert without limits where none are stored."""
    row = db.session.get(Appointment, expert.id)
    if row is None:
        return Shown()
    return Shown(
        row.kind, row.since, row.until, row.station.code if row.station else "",
        row.head_of.code if row.head_of else "", tuple(row.languages or ()), row.contract,
        row.round.code if row.round else "",
    )  # fmt: skip


def leaves_of(expert: Expert) -> list[tuple[date, date, str]]:
    """First day, last day and reason, the latest first."""
    rows = db.session.execute(
        select(Leave.since, Leave.until, Leave.reason)
        .where(Leave.expert_id == expert.id)
        .order_by(Leave.since.desc(), Leave.id.desc())
    )
    return [(since, until, reason) for since, until, reason in rows]


def columns() -> dict[str, tuple[str, ...]]:
    """By expert code the columns of an import from `kind` to `only_round`; those without terms are left out."""
    leaves: dict[str, list[str]] = defaultdict(list)
    away = select(Expert.code, Leave.since, Leave.until).join(Expert, Leave.expert_id == Expert.id)
    for code, since, until in db.session.execute(away.order_by(Leave.since, Leave.id)):
        leaves[code].append(f"{since}..{until}")
    seat, led = aliased(Institution), aliased(Institution)
    rows = db.session.execute(
        select(Expert.code, Appointment, seat.code, led.code, Round.code)
        .join(Expert, Appointment.expert_id == Expert.id)
        .outerjoin(seat, Appointment.station_id == seat.id)
        .outerjoin(led, Appointment.head_of_id == led.id)
        .outerjoin(Round, Appointment.round_id == Round.id)
    )
    found: dict[str, tuple[str, ...]] = {
        code: (
            it.kind, str(it.since or ""), str(it.until or ""), ";".join(leaves.pop(code, ())), station or "", head or "",
            ";".join(it.languages or ()), it.contract, round_code or "",
        )
        for code, it, station, head, round_code in rows
    }  # fmt: skip
    return found | {code: ("", "", "", ";".join(them), "", "", "", "", "") for code, them in leaves.items()}
