"""Papers that come with an objection, a review after the release or an answer to a ticket: checked like papers of a case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.account import Account
from qualityeval.models.job import StoredFile

_ONE = " + ".join(
    f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"
    for column in ("objection_id", "released_review_id", "follow_up_id")
)


class Proof(Row, Base):
    """One paper, added and never taken out; it belongs to exactly one matter."""

    __tablename__ = "proof"
    __table_args__ = (
        CheckConstraint(f"{_ONE} = 1", name="one_matter"),
        CheckConstraint("kind IN ('pdf', 'image')", name="kind"),
    )

    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"), index=True)
    released_review_id: Mapped[int | None] = mapped_column(ForeignKey("released_review.id"), index=True)
    follow_up_id: Mapped[int | None] = mapped_column(ForeignKey("follow_up.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(8))
    pages: Mapped[int] = mapped_column()
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    file: Mapped[StoredFile] = relationship()
    added_by: Mapped[Account | None] = relationship()
