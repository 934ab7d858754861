"""What is done about a released result that was wrong: it is read anew, and the figures are published once more.

The figures published before stay as they were, word for word.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.round import SampledCase


class ReleasedReview(Row, Base):
    """A released case read anew, once at most. `open` waits for the drawn expert's sheet; what it came to is
    kept here until a restatement publishes it (`restated`), or nothing changed (`upheld`).
    """

    __tablename__ = "released_review"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'read', 'upheld', 'restated')", name="state"),
        CheckConstraint("basis IN ('complaint', 'error', 'late', 'judgment', 'other')", name="basis"),
        CheckConstraint("(state = 'open') = (read_at IS NULL)", name="read"),
        CheckConstraint("(state = 'open') = (grade IS NULL)", name="outcome"),
        CheckConstraint("state <> 'restated' OR restatement_id IS NOT NULL", name="restated"),
        Index("ix_released_review_round_id_state", "round_id", "state"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    basis: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    total: Mapped[int | None] = mapped_column()
    grade: Mapped[str | None] = mapped_column(String(40))
    vetoes: Mapped[list[str]] = mapped_column(JSON, default=list)
    by: Mapped[str] = mapped_column(String(20), default="", server_default="")
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    restatement_id: Mapped[int | None] = mapped_column(ForeignKey("restatement.id"), index=True)

    sampled_case: Mapped[SampledCase] = relationship()
    opened_by: Mapped[Account | None] = relationship()


class Restatement(Row, Base):
    """Version `number` of a round's published figures (the release is number 1): proposed by one manager, issued by
    another.
    """

    __tablename__ = "restatement"
    __table_args__ = (
        UniqueConstraint("round_id", "number"),
        CheckConstraint("number > 1", name="number"),
        CheckConstraint("(issued_at IS NULL) = (seconded_by_id IS NULL)", name="issued"),
        CheckConstraint("seconded_by_id IS NULL OR seconded_by_id <> proposed_by_id", name="second_person"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seconded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    issued_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    proposed_by: Mapped[Account] = relationship(foreign_keys=proposed_by_id)
    seconded_by: Mapped[Account | None] = relationship(foreign_keys=seconded_by_id)


class ResultsVersion(Row, Base):
    """The published figures as one exact text, and its digest. Added, never changed."""

    __tablename__ = "results_version"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime] = mapped_column(UTCDateTime)


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


event.listen(ResultsVersion, "before_update", _refuse)
event.listen(ResultsVersion, "before_delete", _refuse)
