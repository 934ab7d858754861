"""What every one-time link keeps: digests of its token and of its session, its days, and where the answer came from."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from qualityeval.database import UTCDateTime


class OneTimeLink:
    """Columns of a link that is opened once. Of the token and of the session it is exchanged for only hashes are stored.

    The token itself is made anew from the public id and the instance's key when a message leaves or a letter is
    printed: a dump of the database opens nothing.
    """

    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    session_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    session_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    from_address: Mapped[str | None] = mapped_column(String(64))
    from_device: Mapped[str | None] = mapped_column(String(64))
