"""Where the drawn files of a round stand, and the weights that follow from it.

terms_of(round_) -> Terms                   what the frozen plan says about calling in
there(round_) -> condition on SampledCase   files that may be dealt and read
in_scope() -> condition on SampledCase      everything but replaced files
counts(round_) -> FileCounts
dispositions(round_) -> list[Disposition]   one plain row a drawn case, by stratum and place
weights_of(round_) -> dict[sampled id, CaseWeight]
strata_weights(round_) -> dict[label, StratumWeights]
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from qualityeval.core.disposition import is_there
from qualityeval.core.weights import MissingFile, Opened, StratumWeights, stratum_weights
from qualityeval.core.workflow import FileAct, FileState
from qualityeval.database import db
from qualityeval.models import CaseResult, FileEvent, FrameCase, Round, RoundStratum, SampledCase, Saying

REPLACE = "replace:"
WEIGHT_COLUMNS = ("case", "stratum", "place", "state", "result", "design_weight", "final_weight")


@dataclass(frozen=True, slots=True)
class Terms:
    """What the plan fixed: whether files are called in, until when, and what a missing one means."""

    call_in: str
    deadline: date | None
    missing_file: MissingFile


@dataclass(frozen=True, slots=True)
class FileCounts:
    """Opened tickets by where their files stand."""

    opened: int
    due: int
    handed_in: int
    missing: int
    replaced: int


@dataclass(frozen=True, slots=True)
class Disposition:
    """A drawn case: its ticket, and what became of its file; `has_result` once it was combined."""

    sampled_id: int
    key: str
    stratum: str
    place: int
    state: FileState
    has_result: bool


@dataclass(frozen=True, slots=True)
class InstitutionShares:
    """Of an institution's opened tickets, how many files are missing and how many were out of scope."""

    code: str
    opened: int
    missing: int
    replaced: int


@dataclass(frozen=True, slots=True)
class CaseWeight:
    """A drawn case's state with its weights: design N/n, final N̂/respondents, base N̂/e (core.weights)."""

    state: FileState
    design: Fraction
    final: Fraction | None
    base: Fraction | None

    @property
    def counts_as(self) -> float:
        """The weight of a result now: the final one, before anybody responded the base."""
        return float(self.final or self.base or self.design)


def terms_of(round_: Round) -> Terms:
    """What the frozen plan says; a round without a plan calls nothing in."""
    plan: Mapping[str, Any] = json.loads(round_.plan) if round_.plan else {"call_in": "none"}
    day = (plan.get("deadlines") or {}).get("hand_in")
    return Terms(
        str(plan.get("call_in", "required")), date.fromisoformat(day) if day else None,
        plan.get("missing_file", "fail"),
    )  # fmt: skip


def latest(round_: Round) -> Select[Any]:
    """Ids of the last event of every file of the round."""
    ids = select(func.max(FileEvent.id)).where(FileEvent.round_id == round_.id)
    return ids.group_by(FileEvent.sampled_case_id)


def _standing(round_: Round, *states: FileState) -> Select[Any]:
    last = latest(round_)
    return select(FileEvent.sampled_case_id).where(FileEvent.id.in_(last), FileEvent.state.in_(states))


def in_scope() -> ColumnElement[bool]:
    """Drawn cases that weren't found out of scope; a replacement is final, so the event says it."""
    return SampledCase.id.not_in(replaced_ids())


def replaced_ids() -> Select[Any]:
    """Ids of the drawn cases that were found out of scope."""
    return select(FileEvent.sampled_case_id).where(FileEvent.act == FileAct.REPLACE)


def there(round_: Round) -> ColumnElement[bool]:
    """Drawn cases of the round whose files may be dealt and read."""
    if terms_of(round_).call_in == "none":
        return SampledCase.id.not_in(_standing(round_, FileState.MISSING, FileState.REPLACED))
    return SampledCase.id.in_(_standing(round_, FileState.HANDED_IN))


def states_of(round_: Round) -> dict[int, FileState]:
    """Where the files stand of which something was said; all others are due."""
    rows = db.session.execute(
        select(FileEvent.sampled_case_id, FileEvent.state).where(FileEvent.id.in_(latest(round_)))
    )
    return {sampled: FileState(state) for sampled, state in rows}


def counts(round_: Round) -> FileCounts:
    """How many files stand where; with `call_in: none` those that nothing was said of are there already."""
    opened = db.session.execute(
        select(func.count()).select_from(SampledCase).where(SampledCase.round_id == round_.id)
    ).scalar_one()
    found = Counter(states_of(round_).values())
    due = opened - found.total() + found[FileState.DUE]
    if is_there(FileState.DUE, call_in=terms_of(round_).call_in):
        found[FileState.HANDED_IN] += due
        due = 0
    return FileCounts(
        opened, due, found[FileState.HANDED_IN], found[FileState.MISSING], found[FileState.REPLACED]
    )


def status(round_: Round) -> dict[str, Any] | None:
    """The `call_in` part of `round status`; None before the draw."""
    found = counts(round_)
    if not found.opened:
        return None
    terms = terms_of(round_)
    return {
        "required": terms.call_in == "required", "deadline": terms.deadline, "opened": found.opened,
        "due": found.due, "handed_in": found.handed_in, "missing": found.missing, "replaced": found.replaced,
    }  # fmt: skip


def replacements_said(round_: Round) -> dict[str, tuple[str, int]]:
    """By the drawn file's public id, (reason, account) of a replacement that waits for the second manager."""
    rows = db.session.execute(
        select(Saying.act, Saying.account_id).where(
            Saying.round_id == round_.id, Saying.act.startswith(REPLACE)
        )
    ).all()
    said = Counter(act.split(":")[1] for act, _account in rows)
    return {
        act.split(":")[1]: (act.split(":")[2], account)
        for act, account in rows
        if said[act.split(":")[1]] == 1
    }


def dispositions(round_: Round) -> list[Disposition]:
    """Every drawn case of the round, by the bytes of the stratum's label and by place."""
    states = states_of(round_)
    settled = set(
        db.session.execute(
            select(CaseResult.sampled_case_id).where(CaseResult.round_id == round_.id)
        ).scalars()
    )
    rows = db.session.execute(
        select(SampledCase.id, FrameCase.key, SampledCase.stratum, SampledCase.place)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
    )
    found = [
        Disposition(id_, key, stratum, place, states.get(id_, FileState.DUE), id_ in settled)
        for id_, key, stratum, place in rows
    ]
    return sorted(found, key=lambda one: (one.stratum.encode(), one.place))


def shares_of(round_: Round) -> list[InstitutionShares]:
    """Missing and replaced files of every institution with a drawn case, by code."""
    states: dict[str, Counter[FileState]] = defaultdict(Counter)
    for one in dispositions(round_):
        states[one.key.partition(":")[0]][one.state] += 1
    return [
        InstitutionShares(code, found.total(), found[FileState.MISSING], found[FileState.REPLACED])
        for code, found in sorted(states.items(), key=lambda pair: pair[0].encode())
    ]


def strata_weights(round_: Round, found: list[Disposition] | None = None) -> dict[str, StratumWeights]:
    """The counts and weights of every stratum of the round that has an opened ticket or could have one."""
    tickets: dict[str, list[Opened]] = defaultdict(list)
    for one in dispositions(round_) if found is None else found:
        tickets[one.stratum].append(Opened(one.state, has_result=one.has_result))
    strata = db.session.execute(
        select(RoundStratum.label, RoundStratum.frame_size, RoundStratum.sample_size).where(
            RoundStratum.round_id == round_.id
        )
    )
    rule = terms_of(round_).missing_file
    return {
        label: stratum_weights(size=size, planned=planned, tickets=tickets[label], missing_file=rule)
        for label, size, planned in strata
    }


def weights_of(round_: Round) -> dict[int, CaseWeight]:
    """Both weights of every drawn case, replaced ones too (a replaced one stands for nothing)."""
    found = dispositions(round_)
    strata = strata_weights(round_, found)
    weights = {}
    for one in found:
        of = strata[one.stratum]
        # a stratum of which nothing was drawn at first has no design weight: its supplement's stands in
        design = of.design or Fraction(of.size, of.opened)
        is_out = one.state is FileState.REPLACED
        weights[one.sampled_id] = CaseWeight(
            one.state, design, None if is_out else of.final, None if is_out else of.base
        )
    return weights


def weight_lines(round_: Round) -> Iterator[tuple[str, ...]]:
    """The lines of `round weights` under WEIGHT_COLUMNS; fractions are exact, empty where there is no weight."""
    weights = weights_of(round_)
    for one in dispositions(round_):
        of = weights[one.sampled_id]
        yield (
            one.key, one.stratum, str(one.place), one.state.value, "yes" if one.has_result else "",
            str(of.design), str(of.final or ""),
        )  # fmt: skip
