"""What ties experts and managers to cases: as the rules of recusal read it, and as pages show it."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from qualityeval.authz import Actor
from qualityeval.core.recusal import (
    CASE,
    COURT_CASE,
    HEAD,
    INSTITUTION,
    PRACTITIONER,
    PROVIDER,
    SAME_CASE,
    STATION,
    Tie,
)
from qualityeval.database import db
from qualityeval.models import (
    Appointment,
    Case,
    Expert,
    FrameCase,
    Institution,
    Interest,
    InterestSaying,
    Practitioner,
    Provider,
    SampledCase,
)


@dataclass(frozen=True)
class InterestRow:
    """An interest as its page shows it; `said` counts the words for lifting it, `mine` says that one is the actor's."""

    public_id: str
    kind: str
    source: str
    about: str
    name: str
    since: date | None
    until: date | None
    reason: str
    recorded_by: str
    recorded_at: datetime
    lifted_at: datetime | None
    said: int
    mine: bool


def ties(only: Collection[int] | None = None) -> dict[int, tuple[Tie, ...]]:
    """By expert (or these) what keeps them from cases beside the rules of a round: recorded, and told by the register."""
    found: dict[int, list[Tie]] = defaultdict(list)
    for expert, tie in (*_recorded(only), *_appointed(only), *_registered(only)):
        found[expert].append(tie)
    return {expert: tuple(them) for expert, them in found.items()}


def _recorded(only: Collection[int] | None) -> Iterator[tuple[int, Tie]]:
    query = select(
        Interest.expert_id, Interest.kind, Interest.case_id, Interest.provider, Interest.institution_id,
        Interest.practitioner_id,
    ).where(Interest.expert_id.is_not(None), Interest.lifted_at.is_(None)).order_by(Interest.id)  # fmt: skip
    if only is not None:
        query = query.where(Interest.expert_id.in_(only))
    for expert, kind, *whom in db.session.execute(query):
        about, key = next(pair for pair in zip(ABOUT, whom, strict=True) if pair[1])
        if expert is not None:
            yield expert, Tie(kind, about, str(key))


ABOUT = (CASE, PROVIDER, INSTITUTION, PRACTITIONER)


def _appointed(only: Collection[int] | None) -> Iterator[tuple[int, Tie]]:
    """Whoever leads an institution, or sits there, stays away from it and from all below it."""
    query = select(Appointment.expert_id, Appointment.head_of_id, Appointment.station_id)
    if only is not None:
        query = query.where(Appointment.expert_id.in_(only))
    for expert, led, seat in db.session.execute(query):
        yield from (
            (expert, Tie(kind, INSTITUTION, str(key))) for kind, key in ((HEAD, led), (STATION, seat)) if key
        )


def _registered(only: Collection[int] | None) -> Iterator[tuple[int, Tie]]:
    """Whoever handled a case stays away from every other case of the same matter before the court."""
    query = (
        select(Expert.id, Case.court_number)
        .join(Practitioner, Practitioner.licence == Expert.licence)
        .join(
            Case,
            (Case.practitioner_id == Practitioner.id) | (Case.second_practitioner_id == Practitioner.id),
        )
        .where(Expert.licence != "", Case.court_number != "")
        .distinct()
    )
    if only is not None:
        query = query.where(Expert.id.in_(only))
    for expert, court in db.session.execute(query):
        yield expert, Tie(SAME_CASE, COURT_CASE, court)


def past_providers() -> dict[str, str]:
    """By expert code the former places of practice in force, as the column `provider_history` of an import."""
    rows = db.session.execute(
        select(Expert.code, Interest.provider, Interest.since, Interest.until)
        .join(Expert, Interest.expert_id == Expert.id)
        .where(Interest.kind == "past_provider", Interest.provider != "", Interest.lifted_at.is_(None))
        .order_by(Interest.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, provider, since, until in rows:
        days = f"@{since or ''}..{until or ''}" if since or until else ""
        found[code].append(f"{provider}{days}")
    return {code: ";".join(them) for code, them in found.items()}


def of_expert(actor: Actor, expert: Expert) -> list[InterestRow]:
    """All interests of an expert, those in force first, the latest first."""
    rows = db.session.execute(
        select(Interest, Case.number, Institution.name, Practitioner.name)
        .outerjoin(Case, Interest.case_id == Case.id)
        .outerjoin(Institution, Interest.institution_id == Institution.id)
        .outerjoin(Practitioner, Interest.practitioner_id == Practitioner.id)
        .where(Interest.expert_id == expert.id)
        .order_by(Interest.lifted_at.is_not(None), Interest.id.desc())
    ).all()
    said = _said([one.id for one, *_ in rows])
    found = []
    for one, number, place, person in rows:
        about, name = next(
            pair for pair in zip(ABOUT, (number, one.provider, place, person), strict=True) if pair[1]
        )
        found.append(
            InterestRow(
                one.public_id,
                one.kind,
                one.source,
                about,
                name,
                one.since,
                one.until,
                one.reason,
                one.recorded_by,
                one.recorded_at,
                one.lifted_at,
                len(said[one.id]),
                actor.account_id in said[one.id],
            )
        )
    return found


def _said(ids: Collection[int]) -> dict[int, set[int]]:
    query = select(InterestSaying.interest_id, InterestSaying.account_id)
    found: dict[int, set[int]] = defaultdict(set)
    for interest, account in db.session.execute(query.where(InterestSaying.interest_id.in_(ids))):
        found[interest].add(account)
    return found


def is_conflicted(actor: Actor, sampled_id: int) -> bool:
    """Whether the account itself has an interest in a drawn case: it can't act on it, nor on who stands in."""
    return conflicts_in(actor, SampledCase.id == sampled_id) > 0


def conflicts_in(actor: Actor, drawn: ColumnElement[bool]) -> int:
    """In how many of these drawn cases the account itself has an interest."""
    if actor.account_id is None:
        return 0
    above, second, firm = aliased(Institution), aliased(Practitioner), aliased(Provider)
    query = (
        select(func.count(SampledCase.id.distinct()))
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .join(Interest, (Interest.account_id == actor.account_id) & Interest.lifted_at.is_(None))
        .outerjoin(above, Interest.institution_id == above.id)
        .where(
            drawn,
            (Interest.case_id == Case.id)
            | Interest.practitioner_id.in_([Case.practitioner_id, Case.second_practitioner_id])
            | ((Interest.provider != "") & Interest.provider.in_([Provider.name, firm.name]))
            | (func.substr(Institution.path, 1, func.length(above.path)) == above.path),
        )
    )
    return int(db.session.execute(query).scalar_one())
