"""The courts' calendar: when the cases of the register are heard, brought in as a table; whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from qualityeval.authz import Actor, Permission, require, scope
from qualityeval.core.dates import DateReader
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.hearing_calendar import FORMS, Entry, entry
from qualityeval.core.observation import ObservationState
from qualityeval.core.table_row import Rejected
from qualityeval.database import db
from qualityeval.models import Case, Institution, Observation
from qualityeval.services import audit
from qualityeval.services.register_lock import wait_for_imports

AT_ONCE = 400


@dataclass(frozen=True)
class CalendarReport:
    """updated + unchanged + rejected = rows; `moved`: hearings to which somebody is sent and whose day changed."""

    rows: int
    updated: int
    unchanged: int
    moved: int
    rejected: tuple[Rejected, ...]


def import_calendar(
    *, actor: Actor, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime, dry_run: bool = False
) -> CalendarReport:
    """Write down when the cases of the actor's subtree are heard; whoever is sent to one goes on its new day.

    A case is named by its number or the court's, with the institution's code where it isn't the only one. One rejected
    line keeps nothing; a dry run never does.
    """
    require(actor, Permission.OBSERVATION_PLAN)
    if not dry_run:
        wait_for_imports()
    reader, read, rejected = DateReader(FORMS), dict[int, Entry](), list[Rejected]()
    for row, cells in lines:
        try:
            read[row] = entry(cells, reader)
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
    known, days = _cases(actor, list(read.values())), dict[int, tuple[Case, Entry]]()
    for row, one in read.items():
        try:
            case = _the_case(one, known)
            if days.setdefault(case.id, (case, one))[1].day != one.day:
                raise InvalidInput(
                    "calendar.twice",
                    msg("这件案件在这个文件里有两个开庭日期，请只留下一个。"),
                    where="hearing_on",
                )
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
    changed = [(case, one) for case, one in days.values() if case.hearing_on != one.day]
    rows = len(read) + sum(
        one.row not in read for one in rejected
    )  # a line that is read may be rejected later
    if rejected:
        return CalendarReport(rows, 0, 0, 0, tuple(sorted(rejected, key=lambda one: one.row)))
    moving = _moving(changed)
    if not dry_run and changed:
        _store(changed, moving)
        audit.record(
            actor, "hearings.imported", now=now, object_type="observation",
            cases=len(changed), moved=len(moving),
        )  # fmt: skip
    return CalendarReport(rows, len(changed), rows - len(changed), len(moving), ())


def _store(changed: Sequence[tuple[Case, Entry]], moving: Sequence[tuple[Observation, Entry]]) -> None:
    for planned, one in moving:
        planned.hearing_on = one.day
    for case, one in changed:
        case.hearing_on = one.day
        case.defaulted = [name for name in case.defaulted or () if name != "hearing_on"]
    db.session.flush()


def _cases(actor: Actor, entries: Sequence[Entry]) -> dict[tuple[str, str], list[tuple[str, Case]]]:
    """Cases of the subtree by ("number" or "court_number", its text), each with its institution's code."""
    found: dict[tuple[str, str], list[tuple[str, Case]]] = defaultdict(list)
    for start in range(0, len(entries), AT_ONCE):
        part = entries[start : start + AT_ONCE]
        numbers = {one.number for one in part if one.number}
        courts = {one.court_number for one in part if not one.number}
        query = (
            select(Institution.code, Case)
            .join(Institution, Case.institution_id == Institution.id)
            .where(
                scope.cases(actor, Permission.OBSERVATION_PLAN),
                or_(Case.number.in_(numbers), Case.court_number.in_(courts)),
            )
        )
        for code, case in db.session.execute(query):
            for name, wanted in (("number", numbers), ("court_number", courts)):
                text = getattr(case, name)
                if text in wanted and (code, case) not in found[name, text]:
                    found[name, text].append((code, case))
    return found


def _the_case(one: Entry, known: Mapping[tuple[str, str], Sequence[tuple[str, Case]]]) -> Case:
    name, text = ("number", one.number) if one.number else ("court_number", one.court_number)
    cases = [case for code, case in known.get((name, text), ()) if one.institution in ("", code)]
    if not cases:
        raise InvalidInput("calendar.unknown", msg("本机构及下级的台账里没有这件案件。"), where=name)
    if len(cases) > 1:
        raise InvalidInput(
            "calendar.several", msg("有几件案件同号，请加上机构代码一列。"), where="institution_code"
        )
    return cases[0]


def _moving(changed: Sequence[tuple[Case, Entry]]) -> list[tuple[Observation, Entry]]:
    """Hearings to come on the day that the register had, with their new day; not where the observer goes that day too."""
    found: dict[int, list[Observation]] = defaultdict(list)
    ids = [case.id for case, _one in changed]
    for start in range(0, len(ids), AT_ONCE):
        query = select(Observation).where(Observation.case_id.in_(ids[start : start + AT_ONCE]))
        for one in db.session.execute(query).scalars():
            found[one.case_id].append(one)
    return [
        (seen, one)
        for case, one in changed
        for seen in found[case.id]
        if seen.state == ObservationState.PLANNED and seen.hearing_on == case.hearing_on
        and (seen.observer_id, one.day) not in {(it.observer_id, it.hearing_on) for it in found[case.id]}
    ]  # fmt: skip
