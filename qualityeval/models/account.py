"""Accounts, their sessions, and the attempts to sign in that the lockout counts."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Encrypted, Row, UTCDateTime
from qualityeval.models.institution import Institution

ROLES = "'manager', 'expert', 'observer', 'caller', 'liaison', 'viewer', 'system', 'security', 'audit'"


class Account(Row, Base):
    """One person's way in, with one role. `totp_last_step` stops a code from being used twice."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(f"role IN ({ROLES})", name="role"),)

    name: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str | None] = mapped_column(String(12))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    expert_code: Mapped[str | None] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    totp_secret: Mapped[str | None] = mapped_column(Encrypted("account.totp"))
    totp_last_step: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    unlocked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locale: Mapped[str] = mapped_column(String(5), default="zh")
    large_print: Mapped[bool] = mapped_column(default=False)
    email: Mapped[str] = mapped_column(String(254), default="", server_default="")
    mobile: Mapped[str | None] = mapped_column(Encrypted("account.mobile"))
    mail_notices: Mapped[bool] = mapped_column(default=True, server_default=true())
    sms_notices: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column()

    institution: Mapped[Institution | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy's own spelling


class AccountSession(Row, Base):
    """A signed-in browser. Only the hash of its token is stored; revoking it ends it at once."""

    __tablename__ = "account_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_because: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(64), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")

    account: Mapped[Account] = relationship()


class SignInAttempt(Base):
    """One try, stored and committed before the password is looked at; SQL counts them."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_name_at", "name", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    succeeded: Mapped[bool] = mapped_column(default=False)
