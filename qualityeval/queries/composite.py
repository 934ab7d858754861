"""五位一体: the index of five parts of each institution of a body in a period, under its declared weights.

Process and archive are counted over the cases that released rounds drew at random in the period; hearings, the organs'
opinions and callbacks over the cases closed in it; the peers' part is the released good-or-better rate.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.composite import PARTS, Composite, Part, composite
from qualityeval.core.composite_parts import TOP, mean_part, rate_part
from qualityeval.core.composite_versions import Declared, in_force
from qualityeval.core.plan import read_plan
from qualityeval.core.process_checks import BROKEN, HOLDS, Facts, checks
from qualityeval.core.watch_list import Proposal, proposal
from qualityeval.database import db
from qualityeval.models import (
    Case,
    CaseFile,
    CompositeWeights,
    FrameCase,
    Institution,
    Round,
    SampledCase,
    TargetedTrack,
)
from qualityeval.queries import result_pages, results
from qualityeval.queries.case_checks import FIELDS
from qualityeval.queries.case_files import catalogue_of
from qualityeval.queries.channel_scores import answers_of, hearings_of, opinions_of
from qualityeval.queries.coverage import Period

ARCHIVE_STEPS = frozenset({"hand_in", "pay", "catalogue"})
Scores = Mapping[int, Sequence[float]]  # by institution


@dataclass(frozen=True)
class IndexRow:
    """An institution: its parts with how many cases each rests on, the index, what it would be under the weights before."""

    code: str
    name: str
    parts: Mapping[str, Part]
    counts: Mapping[str, int]
    index: Composite
    before: Composite | None
    proposal: Proposal | None
    weak: tuple[str, ...]


@dataclass(frozen=True)
class IndexFound:
    """The rows by code, with the weights in force and those before; no rows without weights."""

    weights: Declared | None
    before: Declared | None
    rounds: tuple[str, ...]
    rows: tuple[IndexRow, ...]


def declared_by(body: Institution) -> list[CompositeWeights]:
    """Every version of the body's weights, the latest first."""
    query = select(CompositeWeights).where(CompositeWeights.institution_id == body.id)
    return list(db.session.execute(query.order_by(CompositeWeights.since.desc())).scalars())


def index_for(actor: Actor, body: Institution, period: Period) -> IndexFound:
    """The index of every institution of the body's subtree with something measured in the period.

    Refuses a period inside which the weights change.
    """
    require(actor, Permission.INDEX_DECLARE, body)
    now, before = in_force([one.as_core() for one in declared_by(body)], period.first, period.last)
    if now is None:
        return IndexFound(None, None, (), ())
    rounds = _rounds(body, period)
    within = _within(body, period)
    process, archive = _checked(rounds)
    measured = {
        "process": process, "archive": archive, "satisfaction": answers_of(within),
        "hearing": _joined(hearings_of(within), opinions_of(within)),
    }  # fmt: skip
    peers = _peers(actor, rounds)
    places = db.session.execute(
        select(Institution.id, Institution.code, Institution.name)
        .where(Institution.path.startswith(body.path))
        .order_by(Institution.code)
    )
    rows = []
    for id_, code, name in places:
        cases = {part: scores.get(id_, ()) for part, scores in measured.items()}
        parts = {part: mean_part(scores) for part, scores in cases.items()}
        peer = peers.get(code, {})
        parts["peer"] = rate_part(peer.get("good_rate"), peer.get("n", 0), peer.get("n_eff"))
        counts = {**{part: len(scores) for part, scores in cases.items()}, "peer": peer.get("n", 0)}
        if any(counts.values()):
            rows.append(_row(code, name, {one: parts[one] for one in PARTS}, counts, now, before))
    return IndexFound(now, before, tuple(one.code for one in rounds), tuple(rows))


def _row(
    code: str,
    name: str,
    parts: Mapping[str, Part],
    counts: Mapping[str, int],
    now: Declared,
    before: Declared | None,
) -> IndexRow:
    index = composite(parts, now.weights)
    what, weak = proposal(index, parts)
    return IndexRow(
        code, name, parts, counts, index, composite(parts, before.weights) if before else None, what, weak
    )  # fmt: skip


def _within(body: Institution, period: Period) -> ColumnElement[bool]:
    places = select(Institution.id).where(Institution.path.startswith(body.path))
    return Case.institution_id.in_(places) & Case.closed_on.between(period.first, period.last)


def _rounds(body: Institution, period: Period) -> list[Round]:
    """The body's released peer rounds whose population lies in the period; targeted tracks are none."""
    query = select(Round).where(
        Round.institution_id == body.id, Round.kind == "peer", Round.state.in_(results.RELEASED),
        ~exists().where(TargetedTrack.track_id == Round.id),
    )  # fmt: skip
    return [
        one for one in db.session.execute(query.order_by(Round.id)).scalars()
        if period.first.isoformat() <= _population(one)["from"] and _population(one)["to"] <= period.last.isoformat()
    ]  # fmt: skip


def _population(round_: Round) -> Mapping[str, str]:
    found: Mapping[str, str] = read_plan(str(round_.plan)).content["population"]
    return found


def _peers(actor: Actor, rounds: Sequence[Round]) -> dict[str, Mapping[str, Any]]:
    """The institutions' lines of the rounds' results; none where their rubric sets differ."""
    if not rounds or not results.are_comparable(rounds):
        return {}
    found = result_pages.results_for(actor, *rounds, by=("institution",))
    return {line["code"]: line for line in found["institutions"]}


def _checked(rounds: Sequence[Round]) -> tuple[Scores, Scores]:
    """By institution, each drawn case's share of the kept obligations: of the handling, of the closing."""
    ids = [one.id for one in rounds]
    drawn = select(FrameCase.case_id).join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
    drawn = drawn.where(SampledCase.round_id.in_(ids))
    papers: dict[int, set[str]] = defaultdict(set)
    for case_id, code in db.session.execute(
        select(CaseFile.case_id, CaseFile.code).where(
            CaseFile.case_id.in_(drawn), CaseFile.removed_at.is_(None)
        )
    ):
        papers[case_id].add(code)
    process, archive = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    cases = select(Case).where(Case.id.in_(drawn)).options(joinedload(Case.institution))
    for case in db.session.execute(cases).scalars():
        found = _outcomes(case, papers.get(case.id))
        for kept, into in ((found[0], process), (found[1], archive)):
            if kept:
                into[case.institution_id].append(TOP * sum(kept) / len(kept))
    return process, archive


def _outcomes(case: Case, papers: set[str] | None) -> tuple[list[bool], list[bool]]:
    missing = catalogue_of(case).missing(papers) if papers else ()
    facts = Facts(
        region=case.institution.code, case_type=case.case_type, aid_form=case.aid_form, stage=case.stage,
        dates={name: getattr(case, name) for name in FIELDS}, defaulted=tuple(case.defaulted or ()),
        hearing_held=case.hearing_held, papers=papers, missing=tuple(lines[0].code for lines in missing),
    )  # fmt: skip
    kept: tuple[list[bool], list[bool]] = ([], [])
    for check in checks(facts):
        if check.outcome in (HOLDS, BROKEN):
            kept[check.step in ARCHIVE_STEPS].append(check.outcome == HOLDS)
    return kept


def _joined(*parts: Scores) -> dict[int, list[float]]:
    found = defaultdict[int, list[float]](list)
    for part in parts:
        for place, scores in part.items():
            found[place] += scores
    return found
