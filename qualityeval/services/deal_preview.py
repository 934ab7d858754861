"""What a dealing would give, before it is done: dealt in earnest, looked at by the same checker, taken back whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import select

from qualityeval.authz import Permission, require
from qualityeval.clock import office_date
from qualityeval.core.judging_graph import components
from qualityeval.core.workload import spread_of
from qualityeval.database import db, undoable
from qualityeval.models import FrameCase, SampledCase
from qualityeval.queries import assignments, availability, starved
from qualityeval.services import dealing
from qualityeval.services.deal_basis import rules_of, scorers
from qualityeval.services.rounds import read_spec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from qualityeval.authz import Actor
    from qualityeval.core.deal_cut import Shortage
    from qualityeval.core.dealing import Deal
    from qualityeval.core.round_spec import RoundSpec
    from qualityeval.core.workload import Spread
    from qualityeval.models import Round

MOST_CAUSES = 20


@dataclass(frozen=True)
class Cause:
    """A shortage with the codes of its experts, and (rule, experts) for the rest of the pool, told by its first case."""

    cut: Shortage
    full: tuple[str, ...]
    met: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Preview:
    """The round as it would stand: slots, who carries how much, how the judges hang together, what stays open and why.

    `new`: slots that this dealing fills; `together`: how often the most frequent pair reads one file; `digest` is what
    `assign` compares; `unfilled`: (case, missing).
    """

    new: int
    slots: int
    filled: int
    load_min: int
    load_max: int
    components: int
    together: int
    digest: str
    unfilled: tuple[tuple[str, int], ...]
    causes: tuple[Cause, ...]
    minutes: tuple[Spread, ...] = ()  # by files alone, and as evened; empty where files count


def preview(*, actor: Actor, round_: Round, now: datetime) -> Preview:
    """Deal as `assign` would, with its rules, its refusals and its second checker, and take everything back.

    The same seed, registers and pool give the same deal when it is done; `digest` tells whether they still do.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    with undoable() as take_back:
        dealt = dealing.assign(actor=actor, round_=round_, now=now)
        found = _seen(actor, round_, dealt, now)
        take_back()
    return found


def _seen(actor: Actor, round_: Round, dealt: Deal, now: datetime) -> Preview:
    spec, away = read_spec(round_.spec), availability.unavailable(round_, office_date(now))
    pool = [one for one, _judge in scorers(assignments.judges(without=away), round_)]
    codes = [one.code for one in pool]
    readers = [
        [expert for slot, expert in pairs if slot in assignments.FIRST_ROUND]
        for pairs in assignments.readers_of(round_).values()
    ]
    loads = Counter(one for got in readers for one in got)
    pairs = Counter(pair for got in readers for pair in combinations(sorted(got), 2))
    each = [loads[one.id] for one in pool]
    filled, lacking = sum(loads.values()), sum(one.missing for one in dealt.unfilled)
    return Preview(
        new=sum(map(len, dealt.readers)), slots=filled + lacking, filled=filled, load_min=min(each, default=0),
        load_max=max(loads.values(), default=0), components=components(readers), together=max(pairs.values(), default=0),
        digest=dealing.digest_of(round_), unfilled=tuple((one.key, one.missing) for one in dealt.unfilled),
        causes=_causes(actor, round_, dealt, codes, spec=spec, today=office_date(now)) if dealt.shortages else (),
        minutes=tuple(found for loads in dealt.minutes if (found := spread_of(loads))),
    )  # fmt: skip


def _causes(
    actor: Actor, round_: Round, dealt: Deal, codes: Sequence[str], *, spec: RoundSpec, today: date
) -> tuple[Cause, ...]:
    """Each shortage with what keeps the rest of the pool out, asked of its first case that lacks a reader."""
    missing = {one.key: one.missing for one in dealt.unfilled}
    cuts = dealt.shortages[:MOST_CAUSES]
    first = [next(key for key in one.keys if key in missing) for one in cuts]
    ids = db.session.execute(
        select(SampledCase.id, FrameCase.key)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, FrameCase.key.in_(first))
    ).all()
    told = {
        one.case: one.reasons
        for one in starved.starved(
            actor, round_, short=[(id_, missing[key]) for id_, key in ids], rules=rules_of(spec), today=today,
            specialty=spec.specialty,
        )
    }  # fmt: skip
    return tuple(
        Cause(cut, tuple(codes[one] for one in cut.full), tuple(codes[one] for one in cut.met), told[key])
        for cut, key in zip(cuts, first, strict=True)
    )
