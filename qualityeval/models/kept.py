"""What takes seconds to count and doesn't change any more: kept beside what it was counted from."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from qualityeval.database import Base, UTCDateTime


class KeptResult(Base):
    """The figures of a released round as JSON, and the rows that a part of them is counted from.

    Good as long as `stamp` says what the round's results, files and draw still say; otherwise it is as if there
    were none.
    """

    __tablename__ = "kept_result"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(120))
    figures: Mapped[str] = mapped_column(Text)
    rows: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
