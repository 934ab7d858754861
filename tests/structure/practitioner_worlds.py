"""Practitioners told in the objection window of the paired worlds' past, and what one of them gets to see."""

from collections.abc import Mapping

from flask import Flask
from sqlalchemy import select, update

from qualityeval.authz import COMMAND_LINE
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, Expert, Objection, PractitionerLink, SampledCase
from qualityeval.services import objections, practitioner_links, releases
from tests.structure import paired_worlds as past
from tests.structure.crawler import CSRF


def told_early(code: str, points: Mapping[str, int]) -> None:
    """The round's open sheets (public id: points) handed in, the grades notified, the practitioners told."""
    for public_id, mark in points.items():
        past.submit(public_id, mark)
    with transaction():
        releases.notify(actor=past.actor("manager"), round_=past.current(code), now=past.LATER)
    with transaction():
        practitioner_links.send(
            actor=past.actor("manager"), round_=past.current(code), days=15, now=past.LATER
        )


def rescored(drawn: str, points: int) -> None:
    """An objection to the case taken up, and the re-scorer's sheet in."""
    past.object_to(drawn, by=COMMAND_LINE, now=past.LATER)
    with transaction():
        raised = db.session.execute(select(Objection).order_by(Objection.id.desc())).scalars().first()
        objections.accept(actor=past.actor("manager"), objection=raised, answer="复核", now=past.LATER)
    line = db.session.execute(select(Assignment).order_by(Assignment.id.desc())).scalars().first()
    past.submit(line.public_id, points)


def read_by_another(line: str) -> None:
    """The sheet was written by somebody else."""
    case = select(Assignment.sampled_case_id).where(Assignment.public_id == line).scalar_subquery()
    readers = select(Assignment.expert_id).where(Assignment.sampled_case_id == case)
    other = db.session.execute(select(Expert.id).where(Expert.id.not_in(readers))).scalars().first()
    past.change(update(Assignment).where(Assignment.public_id == line).values(expert_id=other))


def feedback_page(app: Flask, drawn: str) -> bytes:
    """What the holder of the link about this drawn case sees once it is opened."""
    link = db.session.execute(
        select(PractitionerLink).join(SampledCase).where(SampledCase.public_id == drawn)
    ).scalar_one()
    holder = app.test_client()
    token = practitioner_links.token_of(link.public_id)
    assert holder.post("/p/", data={"token": token}).status_code == 303
    return CSRF.sub(b"token", holder.get("/p/form").data)
