"""Drawn files on their way: what was done to each, which reserve tickets were opened, who holds a paper file."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from qualityeval.database import Base, Row, UTCDateTime


class FileEvent(Base):
    """One thing done to a drawn file; `number` counts from 1 and the last one's `state` holds. None yet is due.

    `reason` is of a replacement (core.workflow.OutOfScope). `digest` is over the papers that were stored, or as
    declared; `digest_of` says which.
    """

    __tablename__ = "file_event"
    __table_args__ = (
        UniqueConstraint("sampled_case_id", "number"),
        CheckConstraint("act IN ('hand_in', 'return', 'declare_missing', 'replace')", name="act"),
        CheckConstraint("state IN ('due', 'handed_in', 'missing', 'replaced')", name="state"),
        CheckConstraint("(act = 'hand_in') = (pages IS NOT NULL)", name="pages"),
        CheckConstraint("(act = 'replace') = (reason <> '')", name="reason"),
        CheckConstraint("digest_of IN ('', 'declared', 'papers')", name="digest_of"),
        Index("ix_file_event_round_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    number: Mapped[int] = mapped_column()
    act: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(20), default="", server_default="")
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
    pages: Mapped[int | None] = mapped_column()
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    digest_of: Mapped[str] = mapped_column(String(12), default="", server_default="")
    handed_in_on: Mapped[date | None] = mapped_column()
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class TicketOpening(Base):
    """Why a reserve ticket was opened: for a file out of scope (`replaces_id`), or as part of a supplement.

    Written before its drawn case, which the database lets in for no other reason.
    """

    __tablename__ = "ticket_opening"
    __table_args__ = (
        UniqueConstraint("round_id", "stratum", "place"),
        UniqueConstraint("round_id", "replaces_id"),
        CheckConstraint("act IN ('replace', 'supplement')", name="act"),
        CheckConstraint("(act = 'replace') = (replaces_id IS NOT NULL)", name="replaces"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    stratum: Mapped[str] = mapped_column(String(400))
    place: Mapped[int] = mapped_column()
    act: Mapped[str] = mapped_column(String(12))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("frame_case.id"))
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class FileLoan(Row, Base):
    """A paper file taken out on site, and its coming back; `out_id` is its file while out, so once at a time."""

    __tablename__ = "file_loan"
    __table_args__ = (
        CheckConstraint("(out_id IS NULL) = (returned_at IS NOT NULL)", name="out"),
        Index("ix_file_loan_round_id", "round_id"),
        Index("ix_file_loan_sampled_case_id", "sampled_case_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    out_id: Mapped[int | None] = mapped_column(unique=True)
    taken_by: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(100), default="", server_default="")
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    returned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


for _evidence in (FileEvent, TicketOpening):
    event.listen(_evidence, "before_update", _refuse)
    event.listen(_evidence, "before_delete", _refuse)
del _evidence
