"""On what terms an expert serves: term, seat, guests and third parties; leave; what was signed for a round."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.expert import Expert
from qualityeval.models.institution import Institution
from qualityeval.models.round import Round


class Appointment(Base):
    """An expert's terms; one without a row serves without limits. Both days are included.

    `station` is the institution where the expert sits 驻点, `head_of` the one that they lead: all below it is
    recused. A third-party assessor has a contract, dates and one round; a guest comes from outside the tree.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("kind IN ('own', 'guest', 'third_party')", name="kind"),
        CheckConstraint("since IS NULL OR until IS NULL OR since <= until", name="term"),
        CheckConstraint(
            "kind <> 'third_party' OR (since IS NOT NULL AND until IS NOT NULL AND round_id IS NOT NULL "
            "AND contract <> '')",
            name="third_party",
        ),
    )

    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default="own", server_default="own")
    since: Mapped[date | None] = mapped_column()
    until: Mapped[date | None] = mapped_column()
    station_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    head_of_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    contract: Mapped[str] = mapped_column(String(200), default="", server_default="")
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))

    expert: Mapped[Expert] = relationship()
    station: Mapped[Institution | None] = relationship(foreign_keys=[station_id])
    head_of: Mapped[Institution | None] = relationship(foreign_keys=[head_of_id])
    round: Mapped[Round | None] = relationship()


class Leave(Row, Base):
    """Days on which nothing is dealt to the expert, both included."""

    __tablename__ = "expert_leave"
    __table_args__ = (
        CheckConstraint("since <= until", name="dates"),
        Index("ix_expert_leave_expert_id", "expert_id"),
    )

    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"))
    since: Mapped[date] = mapped_column()
    until: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(String(200), default="", server_default="")
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Clearance(Base):
    """What a round asks of an expert before a file opens, and who saw to it; `detail` is what was signed."""

    __tablename__ = "clearance"
    __table_args__ = (
        UniqueConstraint("round_id", "expert_id", "kind"),
        CheckConstraint("kind IN ('undertaking', 'training')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(400), default="", server_default="")
    actor: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)
