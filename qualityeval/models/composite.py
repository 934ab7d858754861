"""The declared weights of the index of five parts."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from qualityeval.core.composite import PARTS, Weights
from qualityeval.core.composite_versions import Declared
from qualityeval.database import Base, Row, UTCDateTime


class CompositeWeights(Row, Base):
    """A version that a body declared for itself; only ever added to. Whole per cent."""

    __tablename__ = "composite_weights"
    __table_args__ = (
        UniqueConstraint("institution_id", "version"),
        UniqueConstraint("institution_id", "since"),
        CheckConstraint("process + hearing + satisfaction + archive + peer = 100", name="whole"),
        CheckConstraint(
            "process >= 0 AND hearing >= 0 AND satisfaction >= 0 AND archive >= 0 AND peer >= 0",
            name="positive",
        ),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    version: Mapped[str] = mapped_column(String(40))
    since: Mapped[date] = mapped_column()
    process: Mapped[int] = mapped_column()
    hearing: Mapped[int] = mapped_column()
    satisfaction: Mapped[int] = mapped_column()
    archive: Mapped[int] = mapped_column()
    peer: Mapped[int] = mapped_column()
    reason: Mapped[str] = mapped_column(String(400))
    declared_by: Mapped[str] = mapped_column(String(100))
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)

    def as_core(self) -> Declared:
        """As the rules know it."""
        return Declared(self.since, Weights(self.version, {name: getattr(self, name) for name in PARTS}))
