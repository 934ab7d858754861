"""What happened to one drawn file: its events, who had the paper, who asked for its replacement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from qualityeval.database import db
from qualityeval.models import Account, FileEvent, FileLoan, Round, SampledCase, TicketOpening
from qualityeval.queries import call_in


@dataclass(frozen=True)
class EventRow:
    """One thing done to a file, and by whom ("" for the command line)."""

    at: datetime
    who: str
    act: str
    reason: str
    note: str
    pages: int | None
    digest: str
    digest_of: str
    handed_in_on: date | None


def events_of(sampled: SampledCase) -> list[EventRow]:
    """What was done to the file, the latest first."""
    rows = db.session.execute(
        select(FileEvent, func.coalesce(Account.display_name, ""))
        .outerjoin(Account, FileEvent.account_id == Account.id)
        .where(FileEvent.sampled_case_id == sampled.id)
        .order_by(FileEvent.number.desc())
    )
    return [
        EventRow(
            one.at, who, one.act, one.reason, one.note, one.pages, one.digest, one.digest_of, one.handed_in_on
        )
        for one, who in rows
    ]


def loans_of(sampled: SampledCase) -> Sequence[FileLoan]:
    """Who had the paper file, the latest first."""
    query = select(FileLoan).where(FileLoan.sampled_case_id == sampled.id)
    return db.session.execute(query.order_by(FileLoan.id.desc())).scalars().all()


def said_of(round_: Round, sampled: SampledCase) -> Mapping[str, Any] | None:
    """The replacement of this file that one manager has asked for: reason, who, account; None otherwise."""
    found = call_in.replacements_said(round_).get(sampled.public_id)
    if found is None:
        return None
    account = db.session.get_one(Account, found[1])
    return {"reason": found[0], "who": account.display_name, "account_id": account.id}


def successor_of(sampled: SampledCase) -> str:
    """Public id of the case that took a replaced file's place; "" where none did."""
    opening = (
        select(TicketOpening)
        .where(TicketOpening.round_id == sampled.round_id, TicketOpening.replaces_id == sampled.frame_case_id)
        .subquery()
    )
    found = db.session.execute(
        select(SampledCase.public_id).join(
            opening,
            (SampledCase.round_id == opening.c.round_id)
            & (SampledCase.stratum == opening.c.stratum)
            & (SampledCase.place == opening.c.place),
        )
    ).scalar_one_or_none()
    return found or ""
