"""The hearing calendar: what stands on it, what is still needed by institution, who may go where."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from qualityeval.authz import Actor, Permission, scope
from qualityeval.core import hearings as rules
from qualityeval.core.coverage import Rate, total
from qualityeval.core.hearings import Hearing, Why, obligatory
from qualityeval.core.observation import ObservationState
from qualityeval.core.recusal import Judge, Matter, RecusalRules, Tie, reasons
from qualityeval.database import db
from qualityeval.models import (
    Account,
    Case,
    Expert,
    Institution,
    Interest,
    Observation,
    Practitioner,
    Provider,
)
from qualityeval.queries import interests, settings
from qualityeval.queries.assignments import beside
from qualityeval.queries.coverage import Period, coverage_for

# where an observer works is no reason: institutions watch the lawyers whom they assign
RULES = RecusalRules(region="", provider=True)


@dataclass(frozen=True)
class NeededRow:
    """One institution's year to the end of the quarter (or all together); `must` counts hearings by rule."""

    code: str
    name: str
    observed: Rate
    observed_open: Rate
    planned: int
    must: Mapping[Why, int]
    calendar: int
    missing: int


@dataclass(frozen=True)
class Listed:
    """A hearing on the calendar with what its planning needs."""

    case_id: int
    court: str
    hearing: Hearing
    matter: Matter


def target() -> Fraction:
    """The share of a year's heard cases that this instance observes; 5 % unless it is set otherwise."""
    return Fraction(settings.current().hearing_percent, 100)


def needed_for(actor: Actor, today: date) -> tuple[list[NeededRow], NeededRow, list[Listed]]:
    """By institution, most missing first, what is observed, planned and missing; together; the calendar from today.

    Heard are the cases with a hearing this year up to the end of the quarter, those still to come among them.
    """
    period = Period(*rules.year_to_quarter(today))
    channels, _all = coverage_for(actor, period)
    wanted = target()
    planned, calendar = _planned(actor, period), calendar_of(actor, today)
    coming: dict[str, list[Hearing]] = defaultdict(list)
    for one in calendar:
        coming[one.matter.institution].append(one.hearing)
    rows = [
        NeededRow(
            one.code, one.name, one.observed, one.observed_open, planned[one.code], _must(coming[one.code]),
            len(coming[one.code]), rules.missing(one.observed, planned=planned[one.code], target=wanted),
        )
        for one in channels if one.observed.eligible or planned[one.code]
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row.missing, row.code))
    return rows, _together(rows), calendar


def _must(hearings: Iterable[Hearing]) -> Mapping[Why, int]:
    return Counter(why for one in hearings if (why := obligatory(one)))


def _together(rows: Sequence[NeededRow]) -> NeededRow:
    must: Counter[Why] = Counter()
    for row in rows:
        must.update(row.must)
    return NeededRow(
        "", "", total(row.observed for row in rows), total(row.observed_open for row in rows),
        sum(row.planned for row in rows), must, sum(row.calendar for row in rows), sum(row.missing for row in rows),
    )  # fmt: skip


def _planned(actor: Actor, period: Period) -> Counter[str]:
    """Cases by institution that somebody is sent to and that nobody has observed yet."""
    seen = aliased(Observation)
    query = (
        select(Institution.code, func.count(Case.id.distinct()))
        .join(Case, Case.institution_id == Institution.id)
        .join(Observation, Observation.case_id == Case.id)
        .where(
            scope.cases(actor, Permission.OBSERVATION_PLAN),
            Observation.state == ObservationState.PLANNED,
            Observation.hearing_on.between(period.first, period.last),
            ~exists().where(seen.case_id == Case.id, seen.state != ObservationState.PLANNED),
        )
        .group_by(Institution.code)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})


def calendar_of(actor: Actor, today: date) -> list[Listed]:
    """Hearings of the subtree from today to the end of the quarter to which nobody is sent yet.

    Sealed cases aren't on it: their hearings are closed by law.
    """
    second, firm = aliased(Practitioner), aliased(Provider)
    query = (
        select(
            Case.id, Case.number, Case.institution_id, Case.hearing_on, Case.organ, Case.series, Case.risk,
            Case.court_number, Institution.code, Institution.path, Practitioner.id.label("practitioner"),
            Practitioner.licence, Provider.name.label("provider"), _first().label("first"),
            second.id.label("second"), second.licence.label("second_licence"), firm.name.label("second_firm"),
        )
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Practitioner, Case.practitioner_id == Practitioner.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .outerjoin(second, Case.second_practitioner_id == second.id)
        .outerjoin(firm, second.provider_id == firm.id)
        .where(
            scope.cases(actor, Permission.OBSERVATION_PLAN),
            Case.hearing_on.between(today, rules.quarter(today)[1]),
            or_(Case.hearing_held.is_(None), Case.hearing_held.is_(True)), Case.sealed.is_(False),
            ~exists().where(Observation.case_id == Case.id),
        )
        .order_by(Case.hearing_on, Case.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    sizes = _series({row.series for row in rows if row.series})
    return [_listed(row, sizes[row.institution_id, row.series]) for row in rows]


def _first() -> ColumnElement[bool]:
    """No other case of the practitioner was assigned before; one without a date may have been."""
    other = aliased(Case)

    def assigned(one: Any) -> ColumnElement[date]:
        return func.coalesce(one.assigned_on, one.accepted_on, literal(date.min))

    before = or_(
        assigned(other) < assigned(Case), and_(assigned(other) == assigned(Case), other.id < Case.id)
    )
    return and_(
        Case.practitioner_id.is_not(None),
        ~exists().where(other.practitioner_id == Case.practitioner_id, other.id != Case.id, before),
    )


def _series(names: Collection[str]) -> Counter[tuple[int, str]]:
    query = (
        select(Case.institution_id, Case.series, func.count())
        .where(Case.series.in_(names))
        .group_by(Case.institution_id, Case.series)
    )
    return Counter({(place, name): count for place, name, count in db.session.execute(query)})


def _listed(row: Any, series: int) -> Listed:
    key = f"{row.code}:{row.number}"
    return Listed(
        row.id, row.organ, Hearing(key, row.institution_id, row.hearing_on, row.first, series, row.risk),
        Matter(
            key, row.code, row.provider or "", row.licence or "", case=str(row.id),
            practitioner=str(row.practitioner or ""), path=row.path, court_case=row.court_number,
            beside=beside(row.second, row.second_licence, row.second_firm),
        ),
    )  # fmt: skip


def matter_of(case: Case) -> Matter:
    """A case as the rules of recusal see it."""
    second = case.second_practitioner
    return Matter(
        case.number, case.institution.code, case.provider.name if case.provider else "",
        case.practitioner.licence if case.practitioner else "", case=str(case.id),
        practitioner=str(case.practitioner_id or ""), path=case.institution.path, court_case=case.court_number,
        beside=beside(second.id, second.licence, second.provider.name if second.provider else "") if second else (),
    )  # fmt: skip


def judges(observers: Sequence[Account]) -> dict[int, Judge]:
    """Observers by account as the rules of recusal see them: with the ties of the account, and of the expert it is."""
    codes = {one.expert_code for one in observers if one.expert_code}
    experts = {
        one.code: one for one in db.session.execute(select(Expert).where(Expert.code.in_(codes))).scalars()
    }
    of_experts = interests.ties({one.id for one in experts.values()})
    own = _own_ties({one.id for one in observers})
    found = {}
    for one in observers:
        expert = experts.get(one.expert_code or "")
        ties = own[one.id] + (of_experts.get(expert.id, ()) if expert else ())
        found[one.id] = Judge(
            one.name, expert.provider if expert else "", expert.licence if expert else "", ties=ties
        )
    return found


def _own_ties(accounts: Collection[int]) -> Mapping[int, tuple[Tie, ...]]:
    found: dict[int, tuple[Tie, ...]] = dict.fromkeys(accounts, ())
    query = select(Interest).where(Interest.account_id.in_(accounts), Interest.lifted_at.is_(None))
    for one in db.session.execute(query.order_by(Interest.id)).scalars():
        whom = (one.case_id, one.provider, one.institution_id, one.practitioner_id)
        about, key = next(pair for pair in zip(interests.ABOUT, whom, strict=True) if pair[1])
        if one.account_id is not None:
            found[one.account_id] += (Tie(one.kind, about, str(key)),)
    return found


def recused(observer: Account, case: Case) -> tuple[str, ...]:
    """Why this observer must not go to a hearing of this case; empty where nothing speaks against it."""
    return reasons(judges([observer])[observer.id], matter_of(case), RULES)


def loads(observers: Sequence[Account]) -> Counter[int]:
    """Hearings that each still has to observe."""
    ids = [one.id for one in observers]
    query = (
        select(Observation.observer_id, func.count())
        .where(Observation.observer_id.in_(ids), Observation.state == ObservationState.PLANNED)
        .group_by(Observation.observer_id)
    )
    return Counter({row[0]: row[1] for row in db.session.execute(query)})
