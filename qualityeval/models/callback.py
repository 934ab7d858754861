"""Callbacks: who is to be called, every call that was made, what was said."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case import Case, words

OUTCOMES = (
    "'reached', 'no_answer', 'dead', 'suspended', 'refused', 'rescheduled', 'wrong_number', 'third_party'"
)


class Callback(Row, Base):
    """One recipient on a call list. `dialled_at` is set from showing the number until the outcome is stored."""

    __tablename__ = "callback"
    __table_args__ = (
        UniqueConstraint("case_id", "form"),
        CheckConstraint("state IN ('open', 'done', 'refused', 'unreached')", name="state"),
        CheckConstraint("means IN ('phone', 'visit', 'letter', 'online')", name="means"),
        CheckConstraint("(state = 'done') = (answered_at IS NOT NULL)", name="answered"),
        Index("ix_callback_caller_id_state", "caller_id", "state"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    form: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(12), default="open")
    means: Mapped[str] = mapped_column(String(12), default="phone")
    place: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dialled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    alarms: Mapped[list[str]] = mapped_column(JSON, default=list)
    listed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()
    caller: Mapped[Account | None] = relationship()
    attempts: Mapped[list["CallAttempt"]] = relationship(
        back_populates="callback", order_by="CallAttempt.number"
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class CallAttempt(Row, Base):
    """One call (拨打记录), as it was: added, never changed."""

    __tablename__ = "call_attempt"
    __table_args__ = (
        UniqueConstraint("callback_id", "number"),
        CheckConstraint(f"outcome IN ({OUTCOMES})", name="outcome"),
    )

    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"))
    number: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = words(400)
    caller: Mapped[str] = words(100)
    imported: Mapped[bool] = mapped_column(default=False)

    callback: Mapped[Callback] = relationship(back_populates="attempts")


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


event.listen(CallAttempt, "before_update", _refuse)
event.listen(CallAttempt, "before_delete", _refuse)
