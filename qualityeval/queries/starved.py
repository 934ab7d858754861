"""Slots that nobody fills: which case, how many are missing, and which rule keeps the experts from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core import recusal
from qualityeval.core.appointments import HELD_BACK
from qualityeval.core.errors import msg
from qualityeval.core.specialties import fits
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, FrameCase, Round, SampledCase
from qualityeval.queries import assignments, availability, call_in, meetings

READING, SPECIALTY, SAME_FIRM, FULL, FREE = "reading", "specialty", "same_firm", "full", "free"
GAVE_UP, MEETINGS = "gave_up", "meetings"
REASONS: Mapping[str, str] = {
    **recusal.REASONS,
    **HELD_BACK,
    READING: msg("已在评这件案件"),
    GAVE_UP: msg("已谢绝或被换下这件案件"),
    SPECIALTY: msg("专长与案件不符"),
    SAME_FIRM: msg("同单位的专家已在评这件案件"),
    FULL: msg("件数已到上限"),
    MEETINGS: msg("今年评同一承办人或同一机构的件数已到上限"),
    FREE: msg("没有障碍，再派一次即可"),
}


@dataclass(frozen=True)
class Starved:
    """A case with open slots. `reasons`: (code, experts kept out by it), the largest first; they sum to the pool."""

    case: str
    missing: int
    reasons: tuple[tuple[str, int], ...]

    @property
    def rule(self) -> str:
        """The rule that starves it: the one that keeps out most of those who aren't reading it already."""
        if any(code == FREE for code, _count in self.reasons):
            return FREE
        return next((code for code, _count in self.reasons if code != READING), "")


def starved(
    actor: Actor,
    round_: Round,
    *,
    short: Sequence[tuple[int, int]],
    rules: recusal.RecusalRules,
    today: date,
    specialty: str = "ignore",
) -> list[Starved]:
    """Some of the round's open slots (`open_slots`), each with its causes.

    Every active expert is counted once, under the gravest rule that keeps them out. As many queries for many open
    slots as for one; none where there is none.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    if not short:
        return []
    at = assignments.places()
    pool, loads = assignments.judges(at), assignments.loads_of(round_)
    providers, away = assignments.providers_of(round_), availability.unavailable(round_, today)
    missing, met = dict(short), meetings.met(round_, today)
    readers = assignments.readers_of(round_, only=list(missing))
    found = []
    for file in assignments.drawn_files(round_, at, only=list(missing)):
        there = {expert for _slot, expert in readers[file.sampled_id]}
        firms = {providers.get(expert, "") for expert in there} - {""}
        counts = Counter(
            _kept_out(
                one,
                ((away[one.id],) if one.id in away else ())
                or recusal.reasons(judge, file.matter, rules)
                or unfit(one, file.specialties, specialty),
                there,
                firms,
                loads,
                is_met=met.is_full(one.id, file.matter),
            )
            for one, judge in pool
        )
        found.append(Starved(file.key, missing[file.sampled_id], tuple(counts.most_common())))
    return found


def unfit(one: Expert, asked: frozenset[str], specialty: str) -> tuple[str, ...]:
    """The reason of an expert who doesn't know this kind of case, where the plan requires it."""
    return () if specialty != "required" or fits(one.specialties, asked) else (SPECIALTY,)


def _kept_out(
    one: Expert,
    reasons: Sequence[str],
    there: set[int],
    firms: set[str],
    loads: Mapping[int, int],
    *,
    is_met: bool,
) -> str:
    if one.id in there:
        return READING
    if reasons:
        return reasons[0]
    if one.provider in firms:
        return SAME_FIRM
    if is_met:
        return MEETINGS
    return FULL if one.cap is not None and loads.get(one.id, 0) >= one.cap else FREE


def open_slots(round_: Round, reviewers: int) -> list[tuple[int, int]]:
    """(drawn case, first-round readers that it lacks) by case key."""
    readers = (
        select(func.count())
        .where(Assignment.sampled_case_id == SampledCase.id, Assignment.slot.in_(assignments.FIRST_ROUND))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(SampledCase.id, FrameCase.key, readers)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id, call_in.there(round_), readers < reviewers)
    ).all()
    return [(id_, reviewers - count) for id_, _key, count in sorted(rows, key=lambda row: row[1].encode())]
