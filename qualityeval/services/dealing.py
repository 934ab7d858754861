"""Dealing the drawn files to experts: one plan, checked by a second reading, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table

from qualityeval.adapters.bulk_rows import add_rows
from qualityeval.authz import Actor, Permission, require
from qualityeval.clock import office_date
from qualityeval.core import dealing as core
from qualityeval.core import disposition, recusal
from qualityeval.core.deal_meetings import Meetings
from qualityeval.core.deal_minutes import Costs
from qualityeval.core.digests import digest
from qualityeval.core.errors import RuleViolation, WrongState, msg
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.workflow import RoundAct, RoundState, round_after
from qualityeval.database import db, new_public_ids
from qualityeval.models import Assignment, Expert, Round
from qualityeval.queries import assignments as queries
from qualityeval.queries import (
    availability,
    call_in,
    file_answers,
    meetings,
    rechecks,
    second_check,
    workload,
)
from qualityeval.queries.assignments import DrawnFile
from qualityeval.services import arbitration, audit, targeted, tracks
from qualityeval.services.collection import collection_paused
from qualityeval.services.deal_basis import Specialists, deal_seed_of, rules_of, scorers
from qualityeval.services.rounds import read_spec
from qualityeval.services.seeds import lock

NOTHING: Mapping[int, int] = {}
MARKING = (RoundState.ASSIGNED, RoundState.SCORING, RoundState.ARBITRATION)
ASSIGNMENTS = cast("Table", Assignment.__table__)  # no object a row: a province deals 54,000


class DealRefused(RuleViolation):
    """The second checker found what the rules forbid: nothing is stored."""

    code = "deal.violations"
    text = msg("派案方案有%(count)s处违反回避规则（例如%(first)s），没有保存。请把这条信息告诉系统管理员。")


class Changed(WrongState):
    """Registers, pool or deal have changed since the preview: nothing is stored."""

    code = "deal.changed"
    text = msg("试算以后，台账、专家库或派案有了变化，派出的会与试算不同，所以没有保存。请重新试算。")


def digest_of(round_: Round) -> str:
    """A digest of who reads what, for comparing a deal with its preview."""
    return digest(*(f"{one.case} {one.expert} {one.slot}" for one in queries.rows_of(round_)))


@collection_paused()
def assign(*, actor: Actor, round_: Round, now: datetime, seen: str = "") -> core.Deal:
    """Deal every open slot of the round's drawn files, and every arbitration that found nobody.

    Files that have readers keep them; what they already carry counts against an expert's cap. Slots that
    can't be filled stay open and are named in `round status`. The plan is checked by a second reading of
    the raw rules before it counts. Where files are called in, the first dealing waits until each is handed in or
    disposed of, or the deadline has passed; only what is there is dealt. `seen` is the digest of a preview: refused
    where the deal would be another one by now.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    lock(round_)
    state = round_after(round_.state, RoundAct.ASSIGN)
    if round_.state == RoundState.CALLED_IN:
        disposition.refuse_dealing(
            due=call_in.counts(round_).due, deadline=call_in.terms_of(round_).deadline, today=office_date(now)
        )
    at = queries.places()
    pool = queries.judges(at, without=availability.unavailable(round_, office_date(now)))
    if not pool:
        raise WrongState("deal.no_experts", msg("专家库里没有可用的专家。请先导入专家。"), where="experts")
    dealt = _deal_open(actor, round_, at, pool, now=now)
    if seen and digest_of(round_) != seen:
        raise Changed(where="assignment")
    round_.state = state
    track = targeted.open_track(round_, now=now)
    if track is not None:  # after the sample, whose deal is what it would be without
        _deal_open(
            actor, track, at, pool, now=now, carried=queries.loads_of(round_), minutes=workload.carried(round_),
        )  # fmt: skip
        tracks.follow(round_)
    return dealt


def deal_late(*, actor: Actor, round_: Round, now: datetime) -> core.Deal | None:
    """Deal what came after the dealing (a late file, a replacement, a supplement) by itself; None before it.

    Whoever brought the file needs no right to deal; slots that nobody can take stay open, as in `assign`.
    """
    if round_.state not in MARKING:
        return None
    at = queries.places()
    pool = queries.judges(at, without=availability.unavailable(round_, office_date(now)))
    return _deal_open(actor, round_, at, pool, now=now) if pool else None


def _deal_open(
    actor: Actor,
    round_: Round,
    at: dict[int, dict[str, str]],
    pool: Sequence[tuple[Expert, recusal.Judge]],
    *,
    now: datetime,
    carried: Mapping[int, int] = NOTHING,
    minutes: Mapping[int, int] = NOTHING,
) -> core.Deal:
    spec = read_spec(round_.spec)
    pool = scorers(pool, round_)
    taken = queries.readers_of(round_)
    files = queries.drawn_files(round_, at)
    met = meetings.met(round_, office_date(now))
    costs = _costs(round_, spec, files, pool, Counter(minutes))
    dealt = _deal(round_, spec, files, pool=pool, taken=taken, carried=carried, met=met, costs=costs)
    _store(round_, files, dealt, pool=[one for one, _ in pool], taken=taken, now=now)
    arbitrators = arbitration.fill_open_needs(round_, now=now)
    broken = second_check.broken_rules(
        round_, region=spec.recusal.region, provider=spec.recusal.provider, specialty=spec.specialty
    )
    if broken:
        raise DealRefused(where="assignment", count=len(broken), first=str(broken[0]))
    audit.record(
        actor, "round.assigned", now=now, object_type="round", object_id=round_.code,
        filled=sum(map(len, dealt.readers)), unfilled=len(dealt.unfilled), level=dealt.level, even=dealt.even,
        arbitrators=arbitrators,
    )  # fmt: skip
    return dealt


def _deal(
    round_: Round,
    spec: RoundSpec,
    files: Sequence[DrawnFile],
    *,
    pool: Sequence[tuple[Expert, recusal.Judge]],
    taken: dict[int, list[tuple[str, int]]],
    carried: Mapping[int, int],
    met: meetings.Met,
    costs: Costs | None = None,
) -> core.Deal:
    loads = Counter(expert for pairs in taken.values() for _slot, expert in pairs)
    loads.update(carried)
    experts = [_expert(one, loads[one.id]) for one, _ in pool]
    may_read = recusal.Eligibility([judge for _, judge in pool], rules_of(spec))
    specialists = Specialists([one for one, _ in pool], spec.specialty)
    providers = queries.providers_of(round_)
    before = rechecks.earlier_readers(round_, spec.rounds)
    gave_up = file_answers.gave_up(round_)
    wanted = []
    for file in files:
        present = taken.get(file.sampled_id, ())
        demand = spec.reviewers - sum(slot in queries.FIRST_ROUND for slot, _ in present)
        may: Sequence[int] = may_read.of(file.matter)
        if file.key in before:
            may = tuple(index for index in may if pool[index][0].code not in before[file.key])
        if file.sampled_id in gave_up:
            may = tuple(index for index in may if pool[index][0].id not in gave_up[file.sampled_id])
        if present:
            there = {expert for _slot, expert in present}
            firms = {providers.get(expert, "") for expert in there} - {""}
            may = tuple(
                index
                for index in may
                if pool[index][0].id not in there and experts[index].provider not in firms
            )
        may, first = specialists.of(file.specialties, may)
        wanted.append(core.File(file.key, max(0, demand), may, first))
    return core.deal(
        wanted, experts, deal_seed=deal_seed_of(round_), meetings=_limited(met, files, pool), costs=costs
    )


def _costs(
    round_: Round,
    spec: RoundSpec,
    files: Sequence[DrawnFile],
    pool: Sequence[tuple[Expert, recusal.Judge]],
    carried: Counter[int],
) -> Costs | None:
    """The minutes of each file and what each of the pool carries; None where the round counts files alone."""
    if not spec.workload.in_minutes:
        return None
    minutes = workload.minutes_of(round_, spec.workload)
    carried.update(workload.carried(round_, minutes))
    return Costs(
        [minutes[one.sampled_id] for one in files],
        {index: carried[one.id] for index, (one, _judge) in enumerate(pool)},
    )


def _limited(
    met: meetings.Met, files: Sequence[DrawnFile], pool: Sequence[tuple[Expert, recusal.Judge]]
) -> Meetings | None:
    """The limits of meeting as dealing counts them: by place in the pool."""
    if not met.limits:
        return None
    place = {one.id: index for index, (one, _judge) in enumerate(pool)}
    had = {(place[one], group): count for (one, group), count in met.counts.items() if one in place}
    return Meetings(met.limits, [met.groups(file.matter) for file in files], had)


def _expert(one: Expert, load: int) -> core.Expert:
    """What is carried already is taken off cap and quota."""
    cap = None if one.cap is None else max(0, one.cap - load)
    quota = None if one.quota is None else max(0, one.quota - load)
    return core.Expert(one.code, one.provider, cap, quota)


def _store(
    round_: Round,
    files: Sequence[DrawnFile],
    dealt: core.Deal,
    *,
    pool: Sequence[Expert],
    taken: dict[int, list[tuple[str, int]]],
    now: datetime,
) -> None:
    ids = [one.id for one in pool]
    sampled, experts, slots = [], [], []
    for file, readers in zip(files, dealt.readers, strict=True):
        present = taken.get(file.sampled_id)
        used = {slot for slot, _ in present} if present else ()
        for reader, slot in zip(
            readers, (slot for slot in queries.FIRST_ROUND if slot not in used), strict=False
        ):
            sampled.append(file.sampled_id)
            experts.append(ids[reader])
            slots.append(slot)
    columns: dict[str, list[Any]] = {
        "public_id": new_public_ids(len(slots)), "sampled_case_id": sampled, "expert_id": experts, "slot": slots,
    }  # fmt: skip
    same = {"round_id": round_.id, "state": "dealt", "dealt_at": now}
    add_rows(db.session.connection(), ASSIGNMENTS, columns, same=same)
