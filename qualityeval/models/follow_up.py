"""Leads that somebody has to look into: complaints, and papers that a file lacks."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.case import Case
from qualityeval.models.institution import Institution


class FollowUp(Row, Base):
    """One lead about a case. `institution` is the body that has to see to it; `source_key` the record it came from.

    A ticket from a review names the item that lost points, the earlier ticket that it repeats, and the body that
    re-checks the answer: the owner of the round.
    """

    __tablename__ = "follow_up"
    __table_args__ = (
        UniqueConstraint("source", "source_key"),
        CheckConstraint("kind IN ('complaint', 'papers', 'conduct')", name="kind"),
        CheckConstraint(
            "source IN ('callback', 'opinion', 'observation', 'archive', 'review')", name="source"
        ),
        CheckConstraint("state IN ('open', 'answered', 'closed')", name="state"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'open') = (answered_at IS NULL)", name="answered"),
        CheckConstraint("closed_by_id IS NULL OR closed_by_id <> answered_by_id", name="second_person"),
        Index("ix_follow_up_institution_id_state", "institution_id", "state"),
        CheckConstraint("(source = 'review') = (sampled_case_id IS NOT NULL)", name="from_review"),
        Index("ix_follow_up_case_id", "case_id"),
        Index("ix_follow_up_institution_id_item", "institution_id", "item"),
    )

    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    source_key: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    form: Mapped[str] = mapped_column(String(80), default="", server_default="")
    facts: Mapped[list[str]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_on: Mapped[date] = mapped_column()
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")
    proof: Mapped[str] = mapped_column(Text, default="", server_default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    item: Mapped[str] = mapped_column(String(200), default="", server_default="")
    lost: Mapped[int | None] = mapped_column()
    sampled_case_id: Mapped[int | None] = mapped_column(ForeignKey("sampled_case.id"), index=True)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("follow_up.id"))
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    sent_back: Mapped[str] = mapped_column(Text, default="", server_default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    case: Mapped[Case] = relationship()
    institution: Mapped[Institution] = relationship(foreign_keys=institution_id)
    repeats: Mapped["FollowUp | None"] = relationship(foreign_keys=repeats_id, remote_side="FollowUp.id")
    answered_by: Mapped[Account | None] = relationship(foreign_keys=answered_by_id)
    closed_by: Mapped[Account | None] = relationship(foreign_keys=closed_by_id)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling
