"""Campaigns of callbacks: a frame, a rate and a seed, and which recipient was drawn from which stratum."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from qualityeval.database import Base, Row, UTCDateTime
from qualityeval.models.callback import Callback
from qualityeval.models.case import words
from qualityeval.models.institution import Institution


class Campaign(Row, Base):
    """One drawn list. `sizes` holds the strata with N and n, `quota` the answers wanted of each, None for all."""

    __tablename__ = "callback_campaign"
    __table_args__ = (CheckConstraint("closed_from <= closed_to", name="period"),)

    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institution.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    closed_from: Mapped[date] = mapped_column()
    closed_to: Mapped[date] = mapped_column()
    aid_form: Mapped[str] = words(20)
    strata: Mapped[list[str]] = mapped_column(JSON, default=list)
    rate: Mapped[str] = mapped_column(String(40))
    minimum: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int | None] = mapped_column()
    quota: Mapped[int | None] = mapped_column()
    sizes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    seed: Mapped[str] = mapped_column(String(64))
    opened_by: Mapped[str] = words(100)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_by: Mapped[str] = words(100)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    institution: Mapped[Institution | None] = relationship()


class CampaignTask(Base):
    """A recipient as drawn: by which campaign, from which stratum, with which ticket."""

    __tablename__ = "campaign_task"

    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("callback_campaign.id"), index=True)
    stratum: Mapped[str] = mapped_column(String(400))
    ticket: Mapped[str] = mapped_column(String(64))

    callback: Mapped[Callback] = relationship()
    campaign: Mapped[Campaign] = relationship()
