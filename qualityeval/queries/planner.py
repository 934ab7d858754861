"""The register as counts of alike cases, and what the last round lets a plan expect: a few queries, whatever the size."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.allocation import StratumSize, allocate
from qualityeval.core.case_keys import case_key
from qualityeval.core.consensus import ConsensusRule
from qualityeval.core.errors import InvalidInput
from qualityeval.core.frame_choice import text_of
from qualityeval.core.planner import Basis, Combination, Counted, Forecast, Work, counted, forecast
from qualityeval.core.power import between_variance
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.rubric import resolve_rubric
from qualityeval.core.trigger_shares import TriggerShares, trigger_shares
from qualityeval.database import db
from qualityeval.models import (
    AuditEvent,
    Case,
    Expert,
    Institution,
    Practitioner,
    Provider,
    Round,
)
from qualityeval.queries import frames, last_round
from qualityeval.queries.last_round import LastRound

NAMED: Mapping[str, tuple[Any, Any]] = {  # fields of other tables: the case's number for it, and its words
    "institution": (Case.institution_id, select(Institution.id, Institution.code)),
    "institution_name": (Case.institution_id, select(Institution.id, Institution.name)),
    "provider": (Case.provider_id, select(Provider.id, Provider.name)),
    "practitioner": (Case.practitioner_id, select(Practitioner.id, Practitioner.name)),
    "practitioner_licence": (Case.practitioner_id, select(Practitioner.id, Practitioner.licence)),
    "second_practitioner": (Case.second_practitioner_id, select(Practitioner.id, Practitioner.name)),
    "second_licence": (Case.second_practitioner_id, select(Practitioner.id, Practitioner.licence)),
    "second_provider": (
        Case.second_practitioner_id,
        select(Practitioner.id, Provider.name).outerjoin(Provider, Practitioner.provider_id == Provider.id),
    ),
}
CHANGING = (  # also what tests and the demonstration write
    "case.created", "demo.created", "instance.restored", "institution.created", "register.imported", "round.frozen",
    "round.withdrawn",
)  # fmt: skip
MOST_KEPT = 16
_KEPT: dict[Any, list[Combination]] = {}
FEWEST = 20  # a stratum's own share of arbitrations counts from so many cases


@dataclass(frozen=True)
class Expected:
    """What the last round tells: the basis of a forecast, and the trigger's shares in all and by stratum."""

    last: LastRound | None
    basis: Basis
    triggers: TriggerShares


@dataclass(frozen=True)
class Plan:
    """A specification with the frame by counts, its sizes, and what they would cost and tell."""

    spec: RoundSpec
    found: Counted
    sizes: tuple[StratumSize, ...]
    expected: Expected
    work: Work
    forecast: Forecast

    @property
    def unresolved(self) -> dict[str, int]:
        """Cases without a rubric by kind, as `civil/arbitration/none`."""
        return dict(unresolved(self.spec, self.found))


def unresolved(spec: RoundSpec, found: Counted) -> Counter[str]:
    """Cases of the frame without a rubric by kind, as `civil/arbitration/none`."""
    return Counter(
        {"/".join(kind): count for kind, count in found.kinds.items() if not _has_rubric(spec, kind)}
    )


def _has_rubric(spec: RoundSpec, kind: tuple[str, str, str]) -> bool:
    try:
        return bool(resolve_rubric(spec.rubrics, case_type=kind[0], aid_form=kind[1], stage=kind[2]))
    except InvalidInput:
        return False


def combinations(actor: Actor, round_: Round, spec: RoundSpec) -> list[Combination]:
    """The population of the spec, cases that no rule can tell apart together; at most a handful of queries.

    With `one_per_series` the cases of a series come one by one. Refuses secret fields and a recheck's unknown round.
    What was counted is kept until the register or a frame changes, so that a turn of the rates counts nothing anew.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    names = list(dict.fromkeys((*frames.KIND, *(name for name in spec.fields if name != "series"))))
    frames.refuse_secret(names)
    stamp = "" if spec.rounds else _stamp()
    question = (stamp, round_.public_id, repr(spec.population), spec.series, tuple(names))
    if not stamp:
        return _counted(round_, spec, names)
    if question not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[question] = _counted(round_, spec, names)
    return _KEPT[question]


def _stamp() -> str:
    """The seal of the last event that changed the register or a frame: it names one history of one database."""
    last = (
        select(AuditEvent.hash)
        .where(AuditEvent.action.in_(CHANGING))
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )
    return str(db.session.execute(last).scalar_one_or_none() or "")


def _counted(round_: Round, spec: RoundSpec, names: list[str]) -> list[Combination]:
    """One pass over the cases alone: places and people by their numbers, named afterwards."""
    columns = [_column(name, spec.population.by).label(f"f{at}") for at, name in enumerate(names)]
    late, condition = frames.asked_of(round_, spec)
    inside = select(Institution.id).where(
        Institution.path.startswith(round_.institution.path, autoescape=True)
    )
    rows = select(
        Case.institution_id.label("place"),
        late.label("late"),
        frames.held_by_another(round_).label("held"),
        *columns,
    ).where(Case.institution_id.in_(inside), condition)
    one_by_one = spec.series == "one_per_series"
    alike = (rows.where(Case.series == "") if one_by_one else rows).subquery()
    read = _Reading(names)
    found = [
        read.combination(row[:-1], row[-1])
        for row in db.session.execute(select(*alike.c, func.count()).group_by(*alike.c))
    ]
    if one_by_one:
        alone = rows.add_columns(Case.series, Case.number).where(Case.series != "")
        found += [
            read.combination(row[:-2], 1, series=row[-2], number=row[-1]) for row in db.session.execute(alone)
        ]
    return found


class _Reading:
    """Rows of numbers and codes into combinations in words."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._places = dict(db.session.execute(select(Institution.id, Institution.code)).all())
        self._words = {
            name: dict(db.session.execute(NAMED[name][1]).all()) for name in names if name in NAMED
        }

    def combination(self, row: Any, count: int, *, series: str = "", number: str = "") -> Combination:
        place, late, held, *cells = row
        code = self._places[place]
        values = {
            name: text_of(self._words[name].get(cell) if name in self._words else cell)
            for name, cell in zip(self._names, cells, strict=True)
        }
        return Combination(
            values, code, count, late=bool(late), held=bool(held), series=f"{code}:{series}" if series else "",
            key=case_key(code, number) if series else "",
        )  # fmt: skip


def _column(name: str, by: str) -> ColumnElement[Any]:
    if name in NAMED:
        return NAMED[name][0]  # type: ignore[no-any-return]
    if not frames.known_field(name):
        return func.coalesce(Case.extra[name].as_string(), "")
    return frames.column_of(name, frames.DATE_OF[by])


def expected(actor: Actor, round_: Round, rule: ConsensusRule, *, share: float | None = None) -> Expected:
    """What the last round of the body and kind tells under this rule; `share` overrides its share of good grades."""
    require(actor, Permission.ROUND_PLAN, round_)
    last = last_round.of_body(round_)
    if last is None or not last.n:
        none = trigger_shares([], rule=rule)
        return Expected(None, Basis() if share is None else Basis(share=share), none)
    marks = last_round.marks_of(last)
    whole = trigger_shares([one for found in marks.values() for one in found], rule=rule)
    own = {
        label: shares.any
        for label, found in marks.items()
        if len(found) >= FEWEST and (shares := trigger_shares(found, rule=rule)).any is not None
    }
    basis = Basis(
        share=last.good / last.n if share is None else share,
        between=between_variance(last.institutions.values()),
        arbitrated=whole.any,
        by_stratum=own,
    )
    return Expected(last, basis, whole)


def plan(
    actor: Actor, round_: Round, spec: RoundSpec, *, minutes: int, fee: int, share: float | None = None
) -> Plan:
    """Sizes, precision, work and money of a specification on the register of this moment.

    `minutes` and `fee` (whole cents) are of one sheet. Refuses what a freeze would refuse of strata and sizes;
    kinds of cases without a rubric are counted in `unresolved`.
    """
    found = counted(spec, combinations(actor, round_, spec))
    spread = last_round.spread_of(round_, spec.sizes)
    sizes = allocate(found.strata, fields=spec.strata_fields, rules=spec.sizes, spread=spread)
    told = expected(actor, round_, spec.consensus, share=share)
    work = Work(spec.reviewers, minutes, fee, _experts())
    return Plan(spec, found, sizes, told, work, forecast(found, sizes, basis=told.basis, work=work))


def shown(plan: Plan) -> dict[str, Any]:
    """The forecast as the command line prints it; floats unrounded, null where nothing is known."""
    told, total, last = plan.forecast, plan.forecast.total, plan.expected.last
    return {
        "n": total.n, "N": total.N, "half_width": total.half_width, "sheets": total.sheets, "hours": total.hours,
        "cost": total.cost / 100, "load": told.load, "told_apart": told.told_apart,
        "institutions": told.institutions, "last_round": last.code if last else None, "share": plan.expected.basis.share,
        "triggers": dict(plan.expected.triggers.by_trigger), "left_out": plan.found.left_out(),
        "unresolved": plan.unresolved,
        "strata": [
            {
                "key": one.label, "N": one.N, "n": one.n, "rule": one.rule, "half_width": one.half_width,
                "arbitrated": one.arbitrated, "hours": one.hours,
            }
            for one in told.lines
        ],
    }  # fmt: skip


def _experts() -> int:
    return int(db.session.execute(select(func.count()).select_from(Expert).where(Expert.active)).scalar_one())
