"""Reading the pool of experts: the list, one expert, what each carries in the actor's own rounds."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, Institution, Round
from qualityeval.queries import staff_parts

STATES = ("active", "paused")


@dataclass(frozen=True)
class ExpertFilter:
    """What the list is narrowed to; empty narrows nothing."""

    text: str = ""
    region: str = ""
    specialty: str = ""
    state: str = ""


@dataclass(frozen=True)
class ExpertRow:
    """An expert as lists show them; `load` counts the files of the actor's rounds that aren't over."""

    public_id: str
    code: str
    name: str
    provider: str
    region: str
    region_code: str
    specialties: tuple[str, ...]
    practice_years: int | None
    cap: int | None
    quota: int | None
    active: bool
    load: int


@dataclass(frozen=True)
class RoundLoad:
    """What an expert carries in one round."""

    public_id: str
    code: str
    title: str
    state: str
    dealt: int
    submitted: int
    returned: int
    arbitrations: int
    waiting: int  # handed in, their totals wait for staff


LIVE = ("assigned", "scoring", "arbitration", "objection")


def _filtered(actor: Actor, asked: ExpertFilter) -> Select[Any]:
    query = (
        select(Expert)
        .outerjoin(Institution, Expert.institution_id == Institution.id)
        .where(scope.experts(actor))
    )
    if asked.text:
        like = (
            column.icontains(asked.text, autoescape=True)
            for column in (Expert.code, Expert.name, Expert.provider)
        )
        code, name, provider = like
        query = query.where(code | name | provider)
    if asked.region:
        below = select(Institution.path).where(Institution.code == asked.region).scalar_subquery()
        query = query.where(Institution.path.startswith(below))
    if asked.state:
        query = query.where(Expert.active if asked.state == "active" else ~Expert.active)
    return query


def list_for(
    actor: Actor, asked: ExpertFilter, *, limit: int | None = None, offset: int = 0
) -> list[ExpertRow]:
    """The pool by code. A specialty is looked for in the stored list, whatever the database."""
    load = (
        select(func.count())
        .select_from(Assignment)
        .join(Round, Assignment.round_id == Round.id)
        .where(Assignment.expert_id == Expert.id, Round.state.in_(LIVE), scope.rounds(actor))
        .scalar_subquery()
    )
    query = _filtered(actor, asked).with_only_columns(
        Expert.public_id, Expert.code, Expert.name, Expert.provider, func.coalesce(Institution.name, ""),
        func.coalesce(Institution.code, ""), Expert.specialties, Expert.practice_years, Expert.cap, Expert.quota,
        Expert.active, load,
    )  # fmt: skip
    rows = [
        ExpertRow(*row[:6], tuple(row[6] or ()), *row[7:])  # type: ignore[call-arg]
        for row in db.session.execute(query.order_by(Expert.code, Expert.id))
        if not asked.specialty or asked.specialty in (row[6] or ())
    ]
    return rows[offset:] if limit is None else rows[offset : offset + limit]


def count_for(actor: Actor, asked: ExpertFilter) -> int:
    """How many experts `list_for` would give without a limit."""
    query = _filtered(actor, asked)
    if asked.specialty:
        lists = db.session.execute(query.with_only_columns(Expert.specialties)).scalars()
        return sum(asked.specialty in (one or ()) for one in lists)
    counted = query.with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(counted).scalar_one())


def specialties_for(actor: Actor) -> list[str]:
    """Every specialty in the pool, for the filter."""
    lists = db.session.execute(select(Expert.specialties).where(scope.experts(actor))).scalars()
    return sorted({one for listed in lists for one in listed or ()})


def regions_for(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of every institution that an expert of the pool works for."""
    rows = db.session.execute(
        select(Institution.code, Institution.name)
        .join(Expert, Expert.institution_id == Institution.id)
        .where(scope.experts(actor))
        .distinct()
        .order_by(Institution.code)
    )
    return [(code, name) for code, name in rows]


def get_for(actor: Actor, public_id: str) -> Expert:
    """The expert of this public id; NotFound outside the pool that the actor may see."""
    found = db.session.execute(
        select(Expert)
        .options(joinedload(Expert.institution))
        .where(scope.experts(actor), Expert.public_id == public_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="expert")
    return found


def by_code_for(actor: Actor, code: str) -> Expert:
    """The expert of this code; NotFound outside the pool that the actor may see."""
    found = db.session.execute(
        select(Expert).where(scope.experts(actor), Expert.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="expert")
    return found


def may_change(actor: Actor, expert: Expert) -> bool:
    """Whether the expert works in the actor's own subtree, or for no institution."""
    if actor.is_command_line:
        return True
    place = expert.institution
    return may(actor, Permission.EXPERTS_MANAGE) and (
        place is None or place.path.startswith(actor.institution_path or "?")
    )


def loads_for(actor: Actor, expert: Expert) -> list[RoundLoad]:
    """The expert's files by round, the latest first: rounds of the actor's own body only."""
    done, back = Assignment.state == "submitted", Assignment.state == "returned"
    rows = db.session.execute(
        select(
            Round.public_id, Round.code, Round.title, Round.state, func.count(),
            func.count().filter(done), func.count().filter(back),
            func.count().filter(Assignment.slot == "arbitration"), func.count().filter(staff_parts.is_waiting()),
        )
        .join(Round, Assignment.round_id == Round.id)
        .where(Assignment.expert_id == expert.id, scope.rounds(actor))
        .group_by(Round.id, Round.public_id, Round.code, Round.title, Round.state)
        .order_by(Round.id.desc())
    )  # fmt: skip
    return [RoundLoad(*row) for row in rows]
