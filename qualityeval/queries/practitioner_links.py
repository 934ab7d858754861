"""Practitioners' links: whose hash is it, whom to write to, the letters, what was stated and waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    Case,
    CaseResult,
    FrameCase,
    Institution,
    Practitioner,
    PractitionerLink,
    Provider,
    Round,
    SampledCase,
)
from qualityeval.queries.notified import RELEASED
from qualityeval.queries.practitioner_feedback import results

WAITING, ANSWERED, SILENT = "waiting", "answered", "silent"


@dataclass(frozen=True)
class LinkRow:
    """One link of a round's list; `state` is one of this module's, and "revoked", "expired" or "sent"."""

    public_id: str
    practitioner: str
    provider: str
    number: str
    grade: str
    state: str
    sent_at: datetime
    expires_at: datetime
    stated_at: datetime | None


@dataclass(frozen=True)
class Sendable:
    """A drawn case with a result, and why its practitioner gets no link where none goes out."""

    sampled_id: int
    left_out: str


@dataclass(frozen=True)
class LetterRow:
    """What a letter to a practitioner says."""

    link: PractitionerLink
    practitioner: str
    provider: str
    institution: str
    number: str
    round_title: str
    is_preliminary: bool


def sendable_in(round_: Round) -> list[Sendable]:
    """Each drawn case of the round that has a result, by key. A link made before the release tells nobody of it."""
    standing = select(PractitionerLink.sampled_case_id).where(PractitionerLink.revoked_at.is_(None))
    if round_.released_at is not None:
        standing = standing.where(PractitionerLink.sent_at >= round_.released_at)
    rows = db.session.execute(
        results()
        .where(SampledCase.round_id == round_.id)
        .order_by(FrameCase.key)
        .with_only_columns(SampledCase.id, Case.practitioner_id, Case.sealed, SampledCase.id.in_(standing))
    )
    return [
        Sendable(
            id_,
            "no_practitioner" if practitioner is None else "sent" if sent else "sealed" if sealed else "",
        )
        for id_, practitioner, sealed, sent in rows
    ]


def waiting_letters(round_: Round, *, now: datetime) -> list[str]:
    """Public ids of the round's links that are still good and unopened, by provider, practitioner and case."""
    query = _letters().where(
        SampledCase.round_id == round_.id, PractitionerLink.token_hash.is_not(None),
        PractitionerLink.revoked_at.is_(None), PractitionerLink.expires_at > now,
    )  # fmt: skip
    return list(db.session.execute(query.with_only_columns(PractitionerLink.public_id)).scalars())


def letters_of(round_: Round, ids: Sequence[str]) -> list[LetterRow]:
    """What the letters of these links (of `waiting_letters`, a part at most) say, in the same order."""
    rows = db.session.execute(
        _letters()
        .where(SampledCase.round_id == round_.id, PractitionerLink.public_id.in_(ids))
        .with_only_columns(
            PractitionerLink, Practitioner.name, Provider.name, Institution.name, Case.number, Round.title,
            Round.state.not_in(RELEASED),
        )
    )  # fmt: skip
    return [
        LetterRow(link, name, provider or "", place, number, title, preliminary)
        for link, name, provider, place, number, title, preliminary in rows
    ]


def _letters() -> Select[Any]:
    return (
        select(PractitionerLink)
        .join(SampledCase, PractitionerLink.sampled_case_id == SampledCase.id)
        .join(Round, SampledCase.round_id == Round.id)
        .join(Institution, Round.institution_id == Institution.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .order_by(Provider.name, Practitioner.name, Case.number, PractitionerLink.id)
    )


def count_of(round_: Round) -> int:
    """How many links the round has."""
    query = select(func.count()).select_from(PractitionerLink).join(SampledCase)
    return int(db.session.execute(query.where(SampledCase.round_id == round_.id)).scalar_one())


def list_of(round_: Round, *, now: datetime, limit: int = 50, offset: int = 0) -> list[LinkRow]:
    """The round's links: statements that wait for an answer first, then the latest."""
    rows = db.session.execute(
        results()
        .join(PractitionerLink, PractitionerLink.sampled_case_id == SampledCase.id)
        .join(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(SampledCase.round_id == round_.id)
        .order_by(
            PractitionerLink.stated_at.is_(None) | PractitionerLink.replied_at.is_not(None),
            PractitionerLink.stated_at.desc(), PractitionerLink.id,
        )
        .with_only_columns(PractitionerLink, Practitioner.name, Provider.name, Case.number, CaseResult.grade)
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    return [
        LinkRow(
            link.public_id, name, provider or "", number, grade, state_of(link, now=now), link.sent_at, link.expires_at,
            link.stated_at,
        )
        for link, name, provider, number, grade in rows
    ]  # fmt: skip


def state_of(link: PractitionerLink, *, now: datetime) -> str:
    """Where a link stands."""
    if link.stated_at is not None:
        return ANSWERED if link.replied_at else WAITING
    if link.revoked_at is not None:
        return "revoked"
    if link.expires_at <= now and link.opened_at is None:
        return "expired"
    return "opened" if link.opened_at else "sent"


def get_for(actor: Actor, public_id: str, *, lock: bool = False) -> tuple[Round, PractitionerLink]:
    """A link about a case of an own round; others aren't there."""
    query = (
        select(Round, PractitionerLink)
        .join(SampledCase, SampledCase.round_id == Round.id)
        .join(PractitionerLink, PractitionerLink.sampled_case_id == SampledCase.id)
        .where(scope.rounds(actor, Permission.OBJECTION_DECIDE), PractitionerLink.public_id == public_id)
    )
    if lock:
        query = query.with_for_update(of=PractitionerLink).execution_options(populate_existing=True)
    found = db.session.execute(query).one_or_none()
    if found is None:
        raise NotFound(where="link")
    return found[0], found[1]


def waiting_for(actor: Actor) -> Sequence[Any]:
    """Own rounds with statements that nobody has answered: public id, code, title, how many."""
    return db.session.execute(
        select(Round.public_id, Round.code, Round.title, func.count())
        .join(SampledCase, SampledCase.round_id == Round.id)
        .join(PractitionerLink, PractitionerLink.sampled_case_id == SampledCase.id)
        .where(
            scope.rounds(actor, Permission.OBJECTION_DECIDE), PractitionerLink.stated_at.is_not(None),
            PractitionerLink.replied_at.is_(None),
        )
        .group_by(Round.id, Round.public_id, Round.code, Round.title)
    ).all()  # fmt: skip
