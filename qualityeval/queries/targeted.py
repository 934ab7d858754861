"""Targeted files of a round: who is marked and why, what the registers know of the others, what came of them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from qualityeval.adapters.form_files import shipped_form
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.questionnaire import Questionnaire
from qualityeval.core.round_spec import RoundSpec
from qualityeval.core.targeted import Facts
from qualityeval.database import db
from qualityeval.models import (
    Assignment,
    Callback,
    Case,
    CaseResult,
    FrameCase,
    Institution,
    OrganOpinion,
    Provider,
    Round,
    SampledCase,
    TargetedCase,
    TargetedTrack,
)
from qualityeval.queries.frames import DATE_OF


@dataclass(frozen=True)
class TargetedRow:
    """A marked case with the codes of its rules; `sampled` when it was drawn too, so that it is read once."""

    case_public_id: str
    institution: str
    number: str
    cause: str
    provider: str
    rules: tuple[str, ...]
    note: str
    sampled: bool
    submitted: int
    sheets: int
    total: int | None
    grade: str | None


def track_of(round_: Round) -> Round | None:
    """The track of the round, once it was opened for dealing."""
    return db.session.execute(
        select(Round)
        .join(TargetedTrack, TargetedTrack.track_id == Round.id)
        .where(TargetedTrack.round_id == round_.id)
    ).scalar_one_or_none()


def marked_ids(round_: Round) -> dict[int, set[str]]:
    """The rules of every marked case."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = select(TargetedCase.case_id, TargetedCase.rule).where(TargetedCase.round_id == round_.id)
    for case_id, rule in db.session.execute(rows):
        found[case_id].add(rule)
    return dict(found)


def facts_of(round_: Round, spec: RoundSpec) -> Iterator[tuple[int, Facts]]:
    """What the registers know of each case of the round's period; exclusions and strata don't matter here."""
    asked = spec.population
    inside = and_(
        Institution.path.startswith(round_.institution.path, autoescape=True),
        DATE_OF[asked.by].between(asked.since, asked.until),
    )
    dissatisfied, opinions = _dissatisfied(inside), _bad_opinions(inside)
    rows = db.session.execute(
        select(
            Case.id, Case.institution_id, Case.series, Case.closed_on, Case.submitted_on, Case.archived_on, Case.defaulted
        )
        .join(Institution, Case.institution_id == Institution.id)
        .where(inside)
    ).all()  # fmt: skip
    series = Counter((row.institution_id, row.series) for row in rows if row.series)
    for row in rows:
        yield row.id, Facts(
            closed_on=None if "closed_on" in row.defaulted else row.closed_on,
            handed_in_on=row.submitted_on or row.archived_on,
            series_size=series[row.institution_id, row.series] if row.series else 0,
            dissatisfied=row.id in dissatisfied, bad_opinion=row.id in opinions,
        )  # fmt: skip


def _dissatisfied(inside: ColumnElement[bool]) -> set[int]:
    """Recipients who aren't satisfied as a whole, or gave an answer that is an alarm."""
    rows = _answers(Callback, inside)
    return {
        case_id
        for case_id, form, answers in rows
        if form.alarms(answers)
        or (form.overall and _is_bad(form, {form.overall: answers.get(form.overall, "")}))
    }


def _bad_opinions(inside: ColumnElement[bool]) -> set[int]:
    return {case_id for case_id, form, answers in _answers(OrganOpinion, inside) if _is_bad(form, answers)}


def _answers(
    model: Any, inside: ColumnElement[bool]
) -> Iterator[tuple[int, Questionnaire, Mapping[str, str]]]:
    rows = db.session.execute(
        select(model.case_id, model.form, model.answers)
        .join(Case, model.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .where(model.answered_at.is_not(None), inside)
    )
    for case_id, form, answers in rows:
        yield case_id, shipped_form(form), answers


def _is_bad(form: Questionnaire, answers: Mapping[str, str]) -> bool:
    """An answer that its form calls not good."""
    chosen = (one.option(answers.get(one.code, "")) for one in form.questions)
    return any(option is not None and option.good is False for option in chosen)


def list_for(actor: Actor, round_: Round) -> list[TargetedRow]:
    """The marked cases by institution and number, with what came of them: their own figures, in no rate."""
    require(actor, Permission.ROUND_PLAN, round_)
    rows = db.session.execute(
        select(Case, Institution.code, Provider.name, TargetedCase.rule, TargetedCase.note)
        .join(TargetedCase, TargetedCase.case_id == Case.id)
        .join(Institution, Case.institution_id == Institution.id)
        .outerjoin(Provider, Case.provider_id == Provider.id)
        .where(TargetedCase.round_id == round_.id)
        .order_by(Institution.code, Case.number, TargetedCase.id)
    ).all()
    rules: dict[int, list[str]] = defaultdict(list)
    notes: dict[int, list[str]] = defaultdict(list)
    for case, _code, _provider, rule, note in rows:
        rules[case.id].append(rule)
        notes[case.id] += [note] if note else []
    cases = {case.id: (case, code, provider or "") for case, code, provider, _rule, _note in rows}
    track = track_of(round_)
    read = _read([round_.id, *([track.id] if track else [])], list(cases))
    return [
        TargetedRow(
            case.public_id, code, case.number, case.cause, provider, tuple(rules[id_]), "；".join(notes[id_]),
            id_ in read and read[id_].round_id == round_.id, *_progress(read.get(id_)),
        )
        for id_, (case, code, provider) in cases.items()
    ]  # fmt: skip


def _progress(row: Any) -> tuple[int, int, int | None, str | None]:
    return (row.submitted, row.sheets, row.total, row.grade) if row else (0, 0, None, None)


def _read(rounds: Sequence[int], case_ids: Sequence[int]) -> dict[int, Any]:
    """By case, its line in the sample or the track: sheets, those submitted, the last result."""
    last = (
        select(CaseResult.id)
        .where(CaseResult.sampled_case_id == SampledCase.id)
        .order_by(CaseResult.id.desc())
        .limit(1)
        .correlate(SampledCase)
        .scalar_subquery()
    )
    counts = (
        select(
            Assignment.sampled_case_id.label("sampled"), func.count().label("sheets"),
            func.count().filter(Assignment.state == "submitted").label("submitted"),
        )
        .group_by(Assignment.sampled_case_id)
        .subquery()
    )  # fmt: skip
    found: dict[int, Any] = {}
    for part in _parts(case_ids):
        rows = db.session.execute(
            select(
                FrameCase.case_id, SampledCase.round_id, func.coalesce(counts.c.sheets, 0).label("sheets"),
                func.coalesce(counts.c.submitted, 0).label("submitted"), CaseResult.total, CaseResult.grade,
            )
            .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
            .outerjoin(counts, counts.c.sampled == SampledCase.id)
            .outerjoin(CaseResult, CaseResult.id == last)
            .where(SampledCase.round_id.in_(rounds), FrameCase.case_id.in_(part))
        )  # fmt: skip
        found |= {row.case_id: row for row in rows}
    return found


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


def drawn_ids(round_: Round) -> frozenset[int]:
    """Cases that the round drew: they are read as part of the sample."""
    rows = db.session.execute(
        select(FrameCase.case_id)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(SampledCase.round_id == round_.id)
    )
    return frozenset(rows.scalars())
