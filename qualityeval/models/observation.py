"""Hearing observations: one row a case and observer, planned first, handed in, mended by new versions."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case import Case, words
from qualityeval.models.job import StoredFile


class Observation(Row, Base):
    """A hearing that an observer attends. `score` is in hundredths, None with `score_reason`."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("case_id", "observer_id", "hearing_on"),
        CheckConstraint("state IN ('planned', 'submitted', 'closed_hearing')", name="state"),
        CheckConstraint("mode IN ('on_site', 'live', 'recording')", name="mode"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 10000)", name="score"),
        CheckConstraint("(state = 'planned') = (submitted_at IS NULL)", name="submitted"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    observer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    form: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default="planned")
    hearing_on: Mapped[date] = mapped_column()
    court: Mapped[str] = words()
    why: Mapped[str] = mapped_column(String(12), default="chosen", server_default="chosen")
    mode: Mapped[str] = mapped_column(String(12), default="on_site")
    closed_reason: Mapped[str] = words(20)
    arrived_at: Mapped[time | None] = mapped_column()
    left_at: Mapped[time | None] = mapped_column()
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    score: Mapped[int | None] = mapped_column()
    score_reason: Mapped[str] = words(20)
    planned_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()
    observer: Mapped[Account] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class ObservationVersion(Base):
    """A record as it was handed in, or as it was mended later with a reason; the latest is the record's own text."""

    __tablename__ = "observation_version"
    __table_args__ = (UniqueConstraint("observation_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"))
    number: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by: Mapped[str] = words(100)
    reason: Mapped[str] = words(400)
    record: Mapped[dict[str, Any]] = mapped_column(JSON)


class ObservationPhoto(Row, Base):
    """A picture that the observer took: the courtroom's door, the notice of the hearing."""

    __tablename__ = "observation_photo"
    __table_args__ = (UniqueConstraint("observation_id", "sha256"),)

    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    observation: Mapped[Observation] = relationship()
    file: Mapped[StoredFile] = relationship()


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


event.listen(ObservationVersion, "before_update", _refuse)
event.listen(ObservationVersion, "before_delete", _refuse)
