"""Evaluation rounds, the frame they froze, and what was drawn from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from qualityeval.database import Base, Encrypted, Row, UTCDateTime
from qualityeval.models.institution import Institution

STATES = (
    "'draft', 'frozen', 'drawn', 'called_in', 'assigned', 'scoring', 'arbitration', 'objection', "
    "'released', 'closed', 'withdrawn'"
)


class Round(Row, Base):
    """One evaluation. Until the freeze only `spec` counts; from then on plan and digests are fixed."""

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("kind IN ('peer', 'self', 'recheck')", name="kind"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="draft")
    spec: Mapped[str] = mapped_column(Text)
    plan: Mapped[str | None] = mapped_column(Text)
    plan_digest: Mapped[str | None] = mapped_column(String(64))
    frame_digest: Mapped[str | None] = mapped_column(String(64))
    frame_size: Mapped[int | None] = mapped_column()
    left_out: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    secret: Mapped[str | None] = mapped_column(Encrypted("round.secret"))
    deal_secret: Mapped[str | None] = mapped_column(Encrypted("round.deal_secret"))
    salt: Mapped[str | None] = mapped_column(Encrypted("round.salt"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    notified_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_because: Mapped[str] = mapped_column(String(400), default="", server_default="")
    version: Mapped[int] = mapped_column()

    institution: Mapped[Institution] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class RoundStratum(Base):
    """One stratum of a frozen plan: its label, cases in the frame (N) and cases to draw (n)."""

    __tablename__ = "round_stratum"
    __table_args__ = (UniqueConstraint("round_id", "label"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    label: Mapped[str] = mapped_column(String(400))
    frame_size: Mapped[int] = mapped_column()
    sample_size: Mapped[int] = mapped_column()


class RubricVersion(Row, Base):
    """A rubric as it stood when first used; its text never changes."""

    __tablename__ = "rubric_version"
    __table_args__ = (UniqueConstraint("code", "version"),)

    code: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    stored_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FrameCase(Base):
    """A case in a frozen frame. `key` is as in the frame file: masked where the case is sealed."""

    __tablename__ = "frame_case"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        UniqueConstraint("round_id", "case_id"),
        Index("ix_frame_case_case_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))
    key: Mapped[str] = mapped_column(String(300))
    stratum: Mapped[str] = mapped_column(String(400))
    rubric: Mapped[str] = mapped_column(String(80))
    late: Mapped[bool] = mapped_column(default=False)


class LiveFrameCase(Base):
    """Holds a case for one live round of a kind and an owning body; a withdrawal lets it go."""

    __tablename__ = "live_frame_case"
    __table_args__ = (UniqueConstraint("institution_id", "kind", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    kind: Mapped[str] = mapped_column(String(12))
    case_id: Mapped[int] = mapped_column(ForeignKey("legal_case.id"))


class SeedTyping(Base):
    """What one account typed as the public value. Two that agree make the seed; others are set aside."""

    __tablename__ = "seed_typing"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    actor: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Encrypted("seed_typing.value"))
    typed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    discarded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RoundSeed(Base):
    """The seed of a round: one row, never two."""

    __tablename__ = "round_seed"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    public: Mapped[str] = mapped_column(Text)
    seed: Mapped[str] = mapped_column(String(64))
    fixed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Draw(Row, Base):
    """The one draw of a round; the unique key makes a second impossible. Holds the certificate's text."""

    __tablename__ = "draw"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    certificate: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column()
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    drawn_at: Mapped[datetime] = mapped_column(UTCDateTime)


class SampledCase(Row, Base):
    """A drawn case with its ticket and place in the stratum's order; the design weight is N/n, exact."""

    __tablename__ = "sampled_case"
    __table_args__ = (
        UniqueConstraint("round_id", "frame_case_id"),
        UniqueConstraint("round_id", "stratum", "place"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    frame_case_id: Mapped[int] = mapped_column(ForeignKey("frame_case.id"))
    stratum: Mapped[str] = mapped_column(String(400))
    place: Mapped[int] = mapped_column()
    ticket: Mapped[str] = mapped_column(String(64))
    weight_numerator: Mapped[int] = mapped_column()
    weight_denominator: Mapped[int] = mapped_column()

    frame_case: Mapped[FrameCase] = relationship()


class Saying(Base):
    """One account's word for an act that needs two; counts once per account and act."""

    __tablename__ = "saying"
    __table_args__ = (UniqueConstraint("round_id", "act", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    act: Mapped[str] = mapped_column(String(60))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    said_at: Mapped[datetime] = mapped_column(UTCDateTime)


def _refuse(mapper: Mapper[Any], connection: object, target: object) -> None:
    del mapper, connection
    raise RuntimeError(f"{type(target).__name__} is evidence: it is added, never changed or deleted")


for _evidence in (FrameCase, RoundStratum, RubricVersion, RoundSeed, Draw, SampledCase):
    event.listen(_evidence, "before_update", _refuse)
    event.listen(_evidence, "before_delete", _refuse)
del _evidence
