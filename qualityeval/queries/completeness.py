"""The completeness of a round's register: series, doublets, late registrations, payments; a few queries in all."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.completeness import Compared, Payment, Series, compare, doublets, series_of
from qualityeval.core.round_spec import RoundSpec
from qualityeval.database import db
from qualityeval.models import Case, FrameCase, Institution, Round, SubsidyLine, SubsidyList
from qualityeval.queries.frames import DATE_OF


@dataclass(frozen=True)
class PlaceReport:
    """One institution: cases of the period, of them in the frame and late in it, those that came after the freeze."""

    code: str
    name: str
    cases: int
    framed: int
    late: int
    after: int
    series: tuple[Series, ...]
    doublets: tuple[tuple[str, ...], ...]

    @property
    def missing(self) -> int:
        """Serials that nobody has, over all its series."""
        return sum(one.missing for one in self.series)

    @property
    def has_codes(self) -> bool:
        """Whether some of its numbers are no running series."""
        return not all(one.is_series for one in self.series)


@dataclass(frozen=True)
class BroughtList:
    """The list that the register is compared with: the last one brought."""

    name: str
    size: int
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True)
class Completeness:
    """The report; `compared` is None where no list was brought."""

    places: tuple[PlaceReport, ...]
    list: BroughtList | None
    compared: Compared | None


def report(actor: Actor, round_: Round, spec: RoundSpec) -> Completeness:
    """Series are looked at over the whole register of the body's subtree, all else over the round's period.

    Cases registered after the freeze are carried into the next round of the kind by its own freeze.
    """
    require(actor, Permission.ROUND_PLAN, round_)
    names = _names(round_)
    numbers = _numbers(round_)
    counts = _counts(round_, spec)
    places = tuple(
        PlaceReport(
            code, names[code], *counts.get(code, (0, 0, 0, 0)), series_of(numbers.get(code, ())),
            doublets(numbers.get(code, ())),
        )
        for code in sorted({*numbers, *counts}, key=str.encode)
    )  # fmt: skip
    last = db.session.execute(
        select(SubsidyList)
        .where(SubsidyList.institution_id == round_.institution_id)
        .order_by(SubsidyList.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if last is None:
        return Completeness(places, None, None)
    info = BroughtList(last.name, last.size, last.uploaded_by, last.uploaded_at)
    return Completeness(places, info, compare(_register(round_, spec), _payments(last)))


def _inside(round_: Round) -> ColumnElement[bool]:
    return Institution.path.startswith(round_.institution.path, autoescape=True)


def _names(round_: Round) -> dict[str, str]:
    rows = db.session.execute(select(Institution.code, Institution.name).where(_inside(round_)))
    return dict(rows.all())


def _numbers(round_: Round) -> Mapping[str, list[str]]:
    rows = db.session.execute(
        select(Institution.code, Case.number)
        .join(Case, Case.institution_id == Institution.id)
        .where(_inside(round_))
    )
    found: dict[str, list[str]] = defaultdict(list)
    for code, number in rows:
        found[code].append(number)
    return found


def _counts(round_: Round, spec: RoundSpec) -> dict[str, tuple[int, int, int, int]]:
    """By institution: cases of the period, framed, late among them, registered or changed after the freeze."""
    asked = spec.population
    framed = exists().where(FrameCase.round_id == round_.id, FrameCase.case_id == Case.id)
    after = (
        case((Case.registered_at > round_.frozen_at, 1), else_=0)
        if round_.frozen_at
        else case((framed, 0), else_=0)
    )
    rows = db.session.execute(
        select(
            Institution.code, func.count(), func.sum(case((framed, 1), else_=0)),
            func.sum(case((~framed, after), else_=0)),
        )
        .join(Case, Case.institution_id == Institution.id)
        .where(_inside(round_), DATE_OF[asked.by].between(asked.since, asked.until))
        .group_by(Institution.code)
    )  # fmt: skip
    late = dict(
        db.session.execute(
            select(Institution.code, func.count())
            .join(Case, Case.institution_id == Institution.id)
            .join(FrameCase, FrameCase.case_id == Case.id)
            .where(FrameCase.round_id == round_.id, FrameCase.late)
            .group_by(Institution.code)
        ).all()
    )
    return {code: (cases, int(inside), late.get(code, 0), int(new)) for code, cases, inside, new in rows}


def _register(round_: Round, spec: RoundSpec) -> dict[tuple[str, str], int | None]:
    asked = spec.population
    rows = db.session.execute(
        select(Institution.code, Case.number, Case.subsidy)
        .join(Case, Case.institution_id == Institution.id)
        .where(_inside(round_), DATE_OF[asked.by].between(asked.since, asked.until))
    )
    return {(code, number): amount for code, number, amount in rows}


def _payments(kept: SubsidyList) -> list[Payment]:
    rows = select(SubsidyLine.row, SubsidyLine.institution, SubsidyLine.number, SubsidyLine.amount).where(
        SubsidyLine.list_id == kept.id
    )
    return [
        Payment(row, (place, number), amount)
        for row, place, number, amount in db.session.execute(rows.order_by(SubsidyLine.row))
    ]
