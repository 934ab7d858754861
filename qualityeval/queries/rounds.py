"""Reading rounds: lists, one round, its strata, its sample, its status."""

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db
from qualityeval.models import (
    Case,
    Draw,
    FrameCase,
    Institution,
    Round,
    RoundSeed,
    RoundStratum,
    SampledCase,
    Saying,
    SeedTyping,
)
from qualityeval.queries import assignment_counts, assignments, call_in, staff_parts, workload


@dataclass(frozen=True)
class RoundRow:
    """A round as lists show it."""

    public_id: str
    code: str
    title: str
    kind: str
    state: str
    institution: str
    frame_size: int | None
    sample_size: int | None
    created_at: datetime


@dataclass(frozen=True)
class StratumRow:
    """A stratum of the frozen plan: N cases in the frame, n to draw."""

    label: str
    frame_size: int
    sample_size: int


@dataclass(frozen=True)
class SampleRow:
    """A drawn case: its key in the frame file, its ticket and place in the stratum."""

    case_public_id: str
    key: str
    stratum: str
    place: int
    ticket: str
    cause: str
    recipient_name: str
    closed_on: date | None


def _filtered(actor: Actor, state: str, text: str, states: Collection[str]) -> Select[Any]:
    query = select(Round).join(Institution, Round.institution_id == Institution.id).where(scope.rounds(actor))
    if state or states:
        query = query.where(Round.state.in_([state] if state else states))
    if text:
        query = query.where(
            Round.code.icontains(text, autoescape=True) | Round.title.icontains(text, autoescape=True)
        )
    return query


def list_for(
    actor: Actor,
    *,
    state: str = "",
    text: str = "",
    states: Collection[str] = (),
    limit: int = 50,
    offset: int = 0,
) -> list[RoundRow]:
    """The rounds of the actor's body, the latest first; `states` narrows to several."""
    size = (
        select(func.sum(RoundStratum.sample_size)).where(RoundStratum.round_id == Round.id).scalar_subquery()
    )
    # columns, not rows: a list must not open the sealed secrets of fifty rounds, nor read their plans
    shown = (Round.public_id, Round.code, Round.title, Round.kind, Round.state)
    query = _filtered(actor, state, text, states).with_only_columns(
        *shown, Institution.name, Round.frame_size, size, Round.created_at
    )
    rows = db.session.execute(
        query.order_by(Round.created_at.desc(), Round.id.desc()).limit(limit).offset(offset)
    )
    return [RoundRow(*row) for row in rows]


def count_for(actor: Actor, *, state: str = "", text: str = "", states: Collection[str] = ()) -> int:
    """How many rounds `list_for` would give without a limit."""
    query = _filtered(actor, state, text, states).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def get_for(actor: Actor, public_id: str) -> Round:
    """The round of this public id; NotFound where the actor may not know of it."""
    return _one(actor, Round.public_id == public_id)


def by_code_for(actor: Actor, code: str) -> Round:
    """The round of this code; NotFound where the actor may not know of it."""
    return _one(actor, Round.code == code)


def _one(actor: Actor, condition: Any) -> Round:
    found = db.session.execute(
        select(Round).options(joinedload(Round.institution)).where(scope.rounds(actor), condition)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(where="round")
    return found


def strata_of(round_: Round) -> list[StratumRow]:
    """The strata of a frozen round, by the bytes of their label; empty before the freeze."""
    rows = db.session.execute(select(RoundStratum).where(RoundStratum.round_id == round_.id)).scalars()
    strata = [StratumRow(row.label, row.frame_size, row.sample_size) for row in rows]
    return sorted(strata, key=lambda row: row.label.encode())


def draw_of(round_: Round) -> Draw | None:
    """The round's draw, once there is one."""
    return db.session.execute(select(Draw).where(Draw.round_id == round_.id)).scalar_one_or_none()


def certificate_text(round_: Round) -> str:
    """The certificate as published; NotFound before the draw."""
    draw = draw_of(round_)
    if draw is None:
        raise NotFound("certificate.none", where="round")
    return draw.certificate


def seed_of(round_: Round) -> RoundSeed | None:
    """The fixed seed, once two typings agreed or the machine threw."""
    return db.session.get(RoundSeed, round_.id)


def open_typings(round_: Round) -> list[SeedTyping]:
    """Typings of the public value that still stand, in the order typed."""
    return list(
        db.session.execute(
            select(SeedTyping)
            .where(SeedTyping.round_id == round_.id, SeedTyping.discarded_at.is_(None))
            .order_by(SeedTyping.id)
        ).scalars()
    )


def frame_of(round_: Round) -> Iterator[tuple[str, str]]:
    """(key, stratum) of every case of the frozen frame, by the bytes of the key."""
    rows = db.session.execute(select(FrameCase.key, FrameCase.stratum).where(FrameCase.round_id == round_.id))
    yield from sorted(((key, stratum) for key, stratum in rows), key=lambda row: row[0].encode())


def sample_of(
    actor: Actor, round_: Round, *, limit: int = 50, offset: int = 0, stratum: str = ""
) -> list[SampleRow]:
    """The drawn cases by stratum and place."""
    require(actor, Permission.ROUND_READ, round_)
    query = (
        select(SampledCase, FrameCase.key, Case)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .join(Case, FrameCase.case_id == Case.id)
        .where(SampledCase.round_id == round_.id)
    )
    if stratum:
        query = query.where(SampledCase.stratum == stratum)
    rows = db.session.execute(
        query.order_by(SampledCase.stratum, SampledCase.place).limit(limit).offset(offset)
    )
    return [
        SampleRow(
            case_public_id=case.public_id, key=key, stratum=sampled.stratum, place=sampled.place,
            ticket=sampled.ticket, cause=case.cause, recipient_name=case.recipient_name, closed_on=case.closed_on,
        )
        for sampled, key, case in rows
    ]  # fmt: skip


def sample_size(round_: Round) -> int:
    """How many cases were drawn."""
    query = select(func.count()).select_from(SampledCase).where(SampledCase.round_id == round_.id)
    return int(db.session.execute(query).scalar_one())


def status(round_: Round) -> dict[str, Any]:
    """`round status` as the command line prints it; keys of later steps stay null until they exist."""
    strata = strata_of(round_)
    typed = len(open_typings(round_))
    frozen = round_.plan_digest is not None
    return {
        "code": round_.code,
        "state": round_.state,
        "frame": {"n": round_.frame_size, "digest": round_.frame_digest},
        "plan_digest": round_.plan_digest,
        "left_out": round_.left_out or {},
        "sample": {
            "n": sum(row.sample_size for row in strata) if frozen else None,
            "strata": [{"key": row.label, "N": row.frame_size, "n": row.sample_size} for row in strata],
        },
        "seed": seed_status(round_),
        "pending": _pending(round_, typed),
        "call_in": call_in.status(round_),
        **_review(round_),
    }


def seed_status(round_: Round) -> dict[str, Any]:
    """The `seed` part of `round status`: where it comes from, typings that wait, whether it is fixed."""
    typed = len(open_typings(round_))
    return {"source": _seed_source(round_), "typed": typed, "fixed": seed_of(round_) is not None}


def _review(round_: Round) -> dict[str, Any]:
    """Dealing and scoring; null before the deal."""
    if not assignments.readers_of(round_):
        return {"assignment": None, "sheets": None, "staff": None, "arbitration": None}
    plan = json.loads(str(round_.plan))
    dealt = assignment_counts.status(
        round_, reviewers=plan["reviewers"], specialty=plan.get("specialty", "ignore"), **plan["recusal"]
    )
    return {
        "assignment": dealt | workload.status(round_),
        "sheets": assignment_counts.sheet_counts(round_),
        "staff": {"open": staff_parts.open_count(round_), "waiting": staff_parts.waiting_count(round_)},
        "arbitration": assignment_counts.arbitration_counts(round_),
    }


def _pending(round_: Round, typed: int) -> dict[str, int]:
    said = db.session.execute(select(Saying.act).where(Saying.round_id == round_.id)).scalars()
    pending = dict(Counter(act for act in said if not act.startswith(call_in.REPLACE)))
    if waiting := call_in.replacements_said(round_):
        pending["replace"] = len(waiting)
    if seed_of(round_) is None and typed:
        pending["seed"] = typed
    return pending


def _seed_source(round_: Round) -> str | None:
    if round_.plan is None:
        return None
    source = json.loads(round_.plan).get("seed_source", {})
    return str(source.get("kind")) if source else None
