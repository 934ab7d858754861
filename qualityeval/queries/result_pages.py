"""Results as a reader may see them: all of a round, or the part that is a place and what lies below it.

The figures of a whole round are those of queries/results.py. A part is counted from the same rows by the same
functions of core; the experts' share ρ is the whole round's, since experts don't stop at a county's border.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Select, func, select

from qualityeval.authz import COMMAND_LINE, Actor, Permission, may, require, scope
from qualityeval.core.errors import NotFound
from qualityeval.core.mark_spread import mark_spread
from qualityeval.core.suppression import Withheld
from qualityeval.database import db
from qualityeval.models import Institution, Round, RoundStratum
from qualityeval.queries import kept_results, result_beside, results
from qualityeval.queries import result_rows as rows
from qualityeval.queries.expert_figures import agreement, no_agreement
from qualityeval.queries.result_groups import FIGURES, Sample, distribution_of, groups_of, shown, withheld_of
from qualityeval.queries.result_places import View, view_of
from qualityeval.queries.rounds import RoundRow
from qualityeval.queries.rubric_texts import grades_of

PLACE = "place"
_HERE = "here"  # the part itself, among what is withheld
GROUPS = {PLACE: "places", **results.DIMENSIONS}
_GROUPINGS = {key: name for name, key in GROUPS.items()}


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

    Every key of `results` is there; experts' severity is for the owners alone. `by` may name PLACE besides: the
    places right below, one line each. Where rubric sets differ, rounds stand side by side and no part is counted.
    """
    for round_ in rounds:
        require(actor, Permission.RESULTS_READ, round_)
    view, source = view_of(actor, rounds, place), _Source(rounds)
    whole = source.whole(by)
    if not all(may(actor, Permission.ROUND_ASSIGN, round_) for round_ in rounds):
        whole["severity"] = []
    found = {"places": [], **whole, "place": {"code": view.here.code, "name": view.here.name}}
    whole_asked = view.codes is None
    if whole["overall"]["reason"] == "rubric_sets_differ" or (
        whole_asked and ("places" in whole or PLACE not in by)
    ):
        return found if whole_asked else {**found, **_unsaid(whole)}
    part = _part(source.sample(), view, released=results.all_released(rounds))
    part = replace(part, readings=result_beside.readings_of(whole["variance"]))
    if whole_asked:
        return {**found, "places": _groups(part, PLACE, view)}
    return {**found, **_unsaid(whole), **_as_in_whole(_counted(part, view, by), whole)}


class _Source:
    """The figures of whole rounds and the rows behind them: as kept at the release, otherwise counted, once each."""

    def __init__(self, rounds: Sequence[Round]) -> None:
        self._rounds = rounds
        self._sample: Sample | None = None

    def whole(self, by: Sequence[str]) -> dict[str, Any]:
        """`results` by these dimensions; with `places`, those of the whole, only where it was kept."""
        kept = kept_results.figures_kept(self._rounds)
        if kept is not None:
            return {
                name: part for name, part in kept.items() if name not in _GROUPINGS or _GROUPINGS[name] in by
            }
        dimensions = [name for name in by if name != PLACE]
        results.refuse_unfit(self._rounds)
        if not results.are_comparable(self._rounds):
            return results.results(COMMAND_LINE, *self._rounds, by=dimensions)
        return results.figures_of(self._rounds, self.sample(), dimensions)

    def sample(self) -> Sample:
        """The rows of the rounds."""
        if self._sample is None:
            self._sample = kept_results.rows_kept(self._rounds) or results.sample_of(self._rounds)
        return self._sample


def _part(every: Sample, view: View, *, released: bool) -> Sample:
    """The rows of a part; what is withheld in the whole is withheld in it too."""
    cases = [
        replace(case, groups={**case.groups, PLACE: view.children.get(code, view.here).code})
        for case in every.cases
        if _inside(view, code := case.groups[rows.INSTITUTION])
    ]
    inside = {case.sampled_id for case in cases}
    return replace(
        every, cases=cases, sheets={one: found for one, found in every.sheets.items() if one in inside},
        grades=grades_of({case.rubric for case in cases}),
        withheld=_withheld(every.withheld, cases, view) if released else {},
        cells={cell: size for cell, size in every.cells.items() if _inside(view, cell[0])},
    )  # fmt: skip


def _withheld(
    above: Mapping[str, Mapping[str, Withheld]], cases: Sequence[rows.Found], view: View
) -> dict[str, dict[str, Withheld]]:
    """By dimension what a released part withholds: for its own tables' sake, and what the whole withholds."""
    own = withheld_of(cases)
    several = {case.groups[PLACE] for case in cases if case.groups[PLACE] != case.groups[rows.INSTITUTION]}
    institutions, cities = above.get(rows.INSTITUTION, {}), above.get(rows.CITY, {})
    places = {code: why for code, why in institutions.items() if code not in several} | {
        code: why for code, why in cities.items() if code in several
    }
    kept = {name: {**hidden, **above.get(name, {})} for name, hidden in own.items()}
    kept[PLACE] = {**own.get(PLACE, {}), **places}
    kept[_HERE] = {
        code: why
        for code, why in (cities if len(view.children) > 1 else institutions).items()
        if code == view.here.code
    }
    if kept[_HERE]:  # its kinds of case and its providers would add up to it
        for name in (rows.PROVIDER, rows.CASE_TYPE):
            kept[name] = {**dict.fromkeys({case.groups[name] for case in cases}, "complementary")}
    return kept


def _inside(view: View, code: str) -> bool:
    return view.codes is None or code in view.codes


def _unsaid(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of the whole taken out: what a part doesn't fill in stays unsaid."""
    nothing = {**dict.fromkeys((*FIGURES, "n", "N", "pending")), "suppressed": False, "may_rank": False}
    return {
        "overall": {**nothing, "reason": whole["overall"]["reason"] or "not_computed"},
        **dict.fromkeys(("pending", "missing", "n_eff", "rho", "rho_reason", "marks", "variance")),
        **{key: [] for key in GROUPS.values()},
        "steps": [], "severity": [], "agreement": no_agreement("not_computed"),
        "rounds": [{"code": one["code"], "state": one["state"], "n": None, "N": None} for one in whole["rounds"]],
    }  # fmt: skip


def _counted(part: Sample, view: View, by: Sequence[str]) -> dict[str, Any]:
    overall = distribution_of(part, part.cases, sum(part.cells.values()))
    figures = shown(part, part.cases, overall, complementary=view.here.code in part.withheld.get(_HERE, {}))
    groups = {GROUPS[name]: _groups(part, name, view) for name in by}
    head = {"rubric_set": ", ".join(sorted({case.rubric for case in part.cases})), "overall": figures}
    if figures["suppressed"]:
        return {**head, **groups, "pending": overall.pending}
    totals = [case.total for case in part.cases if case.total is not None]
    marks = [[one.total for one in found] for found in part.sheets.values()]
    return {
        **head, **groups, "pending": overall.pending, "missing": overall.missing, "n_eff": overall.good.n_eff,
        "rho": part.share.rho, "rho_reason": part.share.reason or None, "marks": asdict(mark_spread(totals, marks)),
        "agreement": agreement(part.sheets, part.grades),
    }  # fmt: skip


def _as_in_whole(part: dict[str, Any], whole: Mapping[str, Any]) -> dict[str, Any]:
    """An institution is drawn towards all institutions of the round, however near the reader looks."""
    drawn = {line["code"]: line["shrunk"] for line in whole.get("institutions", ())}
    lines = [
        {**line, "shrunk": line["shrunk"] if line["suppressed"] else drawn.get(line["code"], line["shrunk"])}
        for line in part.get("institutions", ())
    ]
    return {**part, "institutions": lines} if lines else part


def _groups(part: Sample, dimension: str, view: View) -> list[dict[str, Any]]:
    if dimension != PLACE:
        return groups_of(part, dimension, part.sizes(dimension))
    sizes = Counter[str]()
    for code, size in part.sizes(rows.INSTITUTION).items():
        sizes[view.children.get(code, view.here).code] += size
    names = {place.code: place.name for place in view.below()}
    return [{**line, "name": names.get(line["code"], line["code"])} for line in groups_of(part, PLACE, sizes)]
