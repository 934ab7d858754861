"""What ties an expert, or a manager, to cases; what experts answer to a file; what both promise."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.case import Case
from qualityeval.models.expert import Expert
from qualityeval.models.institution import Institution, Practitioner

INTERESTS = (
    "'past_provider', 'same_case', 'opposite', 'co_counsel', 'kinship', 'declared', 'objected', 'conflict'"
)


class Interest(Row, Base):
    """A reason of its own to stay away: an expert's (or an account's, for a manager) and what it is about.

    Exactly one of case, provider, institution (with all below it) and practitioner. `since` and `until` say when
    the tie held; it counts until it is lifted.
    """

    __tablename__ = "interest"
    __table_args__ = (
        CheckConstraint(f"kind IN ({INTERESTS})", name="kind"),
        CheckConstraint("source IN ('own', 'manager', 'institution', 'import')", name="source"),
        CheckConstraint("(expert_id IS NULL) <> (account_id IS NULL)", name="subject"),
        CheckConstraint(
            "(CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN provider = '' THEN 0 ELSE 1 END) + "
            "(CASE WHEN institution_id IS NULL THEN 0 ELSE 1 END) + "
            "(CASE WHEN practitioner_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="about",
        ),
        Index("ix_interest_expert_id", "expert_id"),
        Index("ix_interest_account_id", "account_id"),
    )

    expert_id: Mapped[int | None] = mapped_column(ForeignKey("expert.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("legal_case.id"))
    provider: Mapped[str] = mapped_column(String(200), default="", server_default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"))
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    since: Mapped[date | None] = mapped_column()
    until: Mapped[date | None] = mapped_column()
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    expert: Mapped[Expert | None] = relationship()
    case: Mapped[Case | None] = relationship()
    institution: Mapped[Institution | None] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()


class InterestSaying(Base):
    """One account's word, with its reason, that an interest may be lifted; two lift it."""

    __tablename__ = "interest_saying"
    __table_args__ = (UniqueConstraint("interest_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interest_id: Mapped[int] = mapped_column(ForeignKey("interest.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(400))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FileAnswer(Base):
    """What an expert said to a dealt file, or why it was taken from them; whoever gave one up never gets it again."""

    __tablename__ = "file_answer"
    __table_args__ = (
        UniqueConstraint("sampled_case_id", "expert_id"),
        CheckConstraint("answer IN ('accepted', 'declined', 'interest', 'recused', 'idle')", name="answer"),
        Index("ix_file_answer_round_id", "round_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    sampled_case_id: Mapped[int] = mapped_column(ForeignKey("sampled_case.id"))
    expert_id: Mapped[int] = mapped_column(ForeignKey("expert.id"), index=True)
    slot: Mapped[str] = mapped_column(String(12))
    answer: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    actor: Mapped[str] = mapped_column(String(64))
    answered_at: Mapped[datetime] = mapped_column(UTCDateTime)
