"""Results as a reader may see them: all of a round, or the part that is a place and what lies below it.

The figures of a whole round are those of queries/results.py. A part is counted from the same rows by the same
functions of core; the experts' share ρ is the whole round's, since experts don't stop at a county's border.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, select

from qualityeval.authz import COMMAND_LINE, Actor, Permission, require, scope
from qualityeval.core.distribution import Distribution, Graded, distribution
from qualityeval.core.errors import NotFound
from qualityeval.core.mark_spread import mark_spread
from qualityeval.core.rubric_parts import Grade
from qualityeval.database import db
from qualityeval.models import Case, FrameCase, Institution, Provider, Round, RoundStratum
from qualityeval.queries import result_rows as rows
from qualityeval.queries import results
from qualityeval.queries.result_places import View, view_of
from qualityeval.queries.rounds import RoundRow

PLACE = "place"
GROUPS = {PLACE: "places", **results.DIMENSIONS}
_NO_FIGURES = dict.fromkeys((
    "grades", "weighted", "good", "good_rate", "interval", "method", "sampling_interval", "sampling_method", "n_eff",
))  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """What the groups of a part are counted from."""

    cases: Sequence[rows.Found]
    sheets: Mapping[int, Sequence[rows.FirstSheet]]
    grades: Sequence[Grade]
    rho: float | None


def list_for(actor: Actor, *, limit: int = 50, offset: int = 0) -> list[RoundRow]:
    """Rounds of whose results the actor may read something, the latest first."""
    size = (
        select(func.sum(RoundStratum.sample_size)).where(RoundStratum.round_id == Round.id).scalar_subquery()
    )
    shown = (Round.public_id, Round.code, Round.title, Round.kind, Round.state, Institution.name)
    query = _readable(actor).with_only_columns(*shown, Round.frame_size, size, Round.created_at)
    found = db.session.execute(
        query.order_by(Round.created_at.desc(), Round.id.desc()).limit(limit).offset(offset)
    )
    return [RoundRow(*row) for row in found]


def count_for(actor: Actor) -> int:
    """How many rounds `list_for` would give without a limit."""
    query = _readable(actor).with_only_columns(func.count(), maintain_column_froms=True)
    return int(db.session.execute(query).scalar_one())


def round_for(actor: Actor, *, public_id: str = "", code: str = "") -> Round:
    """The round by public id or code; NotFound where the actor may read none of its results."""
    named = Round.public_id == public_id if public_id else Round.code == code
    found = db.session.execute(select(Round).where(scope.results(actor), named)).scalar_one_or_none()
    if found is None:
        raise NotFound(where="round")
    return found


def _readable(actor: Actor) -> Select[Any]:
    query = select(Round).join(Institution, Round.institution_id == Institution.id)
    return query.where(scope.results(actor), Round.state.in_(results.DRAWN))


def results_for(
    actor: Actor, *rounds: Round, by: Sequence[str] = tuple(results.DIMENSIONS), place: str = ""
) -> dict[str, Any]:
    """`results` of the part that the actor asks for and may see, with `place` {code, name} in it.

    Every key of `results` is there. `by` may name PLACE besides: the places right below, one line each.
    Where rubric sets differ, rounds stand side by side and a part of them isn't counted.
    """
    for round_ in rounds:
        require(actor, Permission.RESULTS_READ, round_)
    whole = results.results(COMMAND_LINE, *rounds, by=[name for name in by if name != PLACE])
    view = view_of(actor, rounds, place)
    said = {"place": {"code": view.here.code, "name": view.here.name}}
    if whole["overall"]["reason"] == "rubric_sets_differ":
        return {**whole, **said, "places": []} if view.codes is None else {**_emptied(whole), **said}
    if view.codes is None and PLACE not in by:
        return {**whole, **said}
    part = _part(rounds, view, whole["rho"])
    if view.codes is None:
        return {**whole, **said, "places": _groups(rounds, part, PLACE, view)}
    return {**_emptied(whole), **said, **_counted(rounds, part, view, by)}


def _part(rounds: Sequence[Round], view: View, rho: float | None) -> _Part:
    cases = [case for case in rows.found_cases(rounds) if _inside(view, case.groups[rows.INSTITUTION])]
    inside, sheets = {case.sampled_id for case in cases}, rows.first_sheets(rounds)
    kept = {sampled: found for sampled, found in sheets.items() if sampled in inside}
    return _Part(cases, kept, rows.grades_of({case.rubric for case in cases}), rho)


def _inside(view: View, code: str) -> bool:
    return view.codes is None or code in view.codes


def _emptied(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The whole's result without any of its figures: what a part doesn't fill in stays unsaid."""
    nothing = {**_NO_FIGURES, "n": None, "N": None, "suppressed": False, "may_rank": False}
    return {
        **whole,
        "overall": {**nothing, "reason": whole["overall"]["reason"] or "not_computed"},
        "pending": None, "missing": None, "n_eff": None, "rho": None, "rho_reason": None,
        **{key: [] for key in GROUPS.values()},
        "steps": [], "marks": None, "severity": [],
        "agreement": {"pairs": 0, "raw": None, "alpha": None, "ac2": None, "icc": None, "reason": "not_computed"},
        "rounds": [{"code": one["code"], "state": one["state"], "n": None, "N": None} for one in whole["rounds"]],
    }  # fmt: skip


def _counted(rounds: Sequence[Round], part: _Part, view: View, by: Sequence[str]) -> dict[str, Any]:
    sizes = _sizes(rounds, rows.INSTITUTION, view)
    overall = _distribution(part, part.cases, sum(sizes.values()))
    hidden = overall.suppressed
    totals = [case.total for case in part.cases if case.total is not None]
    marks = [[one.total for one in found] for found in part.sheets.values()]
    return {
        "rubric_set": ", ".join(sorted({case.rubric for case in part.cases})),
        "overall": _figures(part, part.cases, overall),
        "pending": overall.pending, "missing": overall.missing, "n_eff": overall.good.n_eff, "rho": part.rho,
        **{GROUPS[name]: _groups(rounds, part, name, view) for name in by},
        "marks": None if hidden else asdict(mark_spread(totals, marks)),
        **({} if hidden else {"agreement": results.agreement(part.sheets)}),
    }  # fmt: skip


def _groups(rounds: Sequence[Round], part: _Part, dimension: str, view: View) -> list[dict[str, Any]]:
    sizes, members = _sizes(rounds, dimension, view), defaultdict[str, list[rows.Found]](list)
    for case in part.cases:
        members[_group(case, dimension, view)].append(case)
    names = _names(dimension, view)
    return [
        {
            "code": code, "name": names.get(code, code), "band": None,
            **_figures(part, members[code], _distribution(part, members[code], sizes.get(code, 0))),
        }
        for code in sorted({*sizes, *members}, key=str.encode)
    ]  # fmt: skip


def _names(dimension: str, view: View) -> Mapping[str, str]:
    if dimension == PLACE:
        return {place.code: place.name for place in view.children.values()}
    return rows.institution_names() if dimension == rows.INSTITUTION else {}


def _group(case: rows.Found, dimension: str, view: View) -> str:
    if dimension != PLACE:
        return case.groups[dimension]
    return view.children.get(case.groups[rows.INSTITUTION], view.here).code


def _sizes(rounds: Sequence[Round], dimension: str, view: View) -> dict[str, int]:
    """N of every group of the part, from the frames."""
    if dimension in (rows.INSTITUTION, PLACE):
        counted = Counter[str]()
        for code, size in rows.frame_sizes(rounds, rows.INSTITUTION).items():
            if _inside(view, code):
                counted[view.children.get(code, view.here).code if dimension == PLACE else code] += size
        return dict(counted)
    column = Case.case_type if dimension == rows.CASE_TYPE else func.coalesce(Provider.name, "")
    query = (
        select(FrameCase.key, column)
        .join(Case, FrameCase.case_id == Case.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(FrameCase.round_id.in_([one.id for one in rounds]))
    )
    keyed = db.session.execute(query)
    return dict(Counter(group for key, group in keyed if _inside(view, key.partition(":")[0])))


def _distribution(part: _Part, cases: Iterable[rows.Found], population: int) -> Distribution:
    counted = list(cases)
    loads = Counter(one.expert for case in counted for one in part.sheets.get(case.sampled_id, ()))
    return distribution(
        [Graded(case.grade, case.weight) for case in counted], part.grades, population=population,
        sheets_by_expert=list(loads.values()), rho=part.rho,
    )  # fmt: skip


def _figures(part: _Part, cases: Sequence[rows.Found], found: Distribution) -> dict[str, Any]:
    """The figures of a group under the keys of `round results`."""
    head = {"n": found.n, "N": found.population, "pending": found.pending}
    if found.suppressed:
        reason = "suppressed" if found.n else "no_results" if cases else "none_drawn"
        return {**head, **_NO_FIGURES, "suppressed": True, "may_rank": False, "reason": reason}
    rate, good = found.good, [grade.name for grade in part.grades if grade.good]
    return {
        **head, "grades": found.counts, "weighted": found.weighted,
        "good": sum(found.counts[name] for name in good) if good else None, "good_rate": rate.value,
        "interval": [rate.interval.lo, rate.interval.hi] if rate.interval else None,
        "method": rate.interval.method if rate.interval else None,
        "sampling_interval": [rate.sampling.lo, rate.sampling.hi] if rate.sampling else None,
        "sampling_method": rate.sampling.method if rate.sampling else None,
        "n_eff": rate.n_eff, "suppressed": False, "may_rank": found.may_rank, "reason": rate.reason or None,
    }  # fmt: skip
