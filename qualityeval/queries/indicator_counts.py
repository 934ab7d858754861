"""How often each indicator was given each grade in the first-round sheets of rounds that grade indicators."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from qualityeval.authz import Actor
from qualityeval.core.rubric_parts import Grade, Title
from qualityeval.database import db
from qualityeval.models import Assignment, FrameCase, Round, SampledCase, Sheet
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.result_items import ItemsFound, codes_shown
from qualityeval.queries.rubric_texts import grades_of, rubrics_of


@dataclass(frozen=True)
class IndicatorCount:
    """An indicator with the number of sheets by grade (every grade of the rubrics) and those that it doesn't apply to."""

    title: Title
    core: bool
    counts: Mapping[str, int]
    na: int


def keys_of(rounds: Sequence[Round]) -> list[str]:
    """The rubrics of the rounds' submitted sheets that grade indicators, by `code@version`."""
    query = select(Sheet.rubric).join(Assignment, Sheet.assignment_id == Assignment.id).distinct()
    keys = db.session.execute(query.where(Assignment.round_id.in_([one.id for one in rounds]))).scalars()
    return [key for key, rubric in rubrics_of(keys).items() if rubric.method == "indicator"]


def counts_for(
    actor: Actor, found: ItemsFound, *rounds: Round, place: str = ""
) -> tuple[list[IndicatorCount], tuple[Grade, ...]]:
    """Indicators in sheet order with the grades, best first; none where too few cases may be shown."""
    keys, codes = keys_of(rounds), codes_shown(actor, rounds, place, found.cases)
    if not keys or codes == set():
        return [], ()
    grades, counted, titles = grades_of(keys), dict[str, Counter[str]](), dict[str, tuple[Title, bool]]()
    for rubric in rubrics_of(keys).values():
        for section in rubric.sections:
            titles.setdefault(section.title.zh, (section.title, section.core))
    names = {key: {s.code: s.title.zh for s in rubric.sections} for key, rubric in rubrics_of(keys).items()}
    for key, content in _contents(rounds, keys, codes):
        for code, mark in content.get("marks", {}).items():
            counter = counted.setdefault(names[key][code], Counter())
            counter["na" if mark.get("na") else mark.get("grade", "")] += 1
    lines = [
        IndicatorCount(
            title, core, {one.name: counted[name][one.name] for one in grades}, counted[name]["na"]
        )
        for name, (title, core) in titles.items()
        if name in counted
    ]
    return lines, grades


def _contents(
    rounds: Sequence[Round], keys: Sequence[str], codes: Collection[str] | None
) -> list[tuple[str, dict[str, dict[str, dict[str, str]]]]]:
    """Rubric and content of the last revision of every submitted first-round sheet of these places."""
    rows = db.session.execute(
        select(Assignment.id, FrameCase.key, Sheet.rubric, Sheet.content)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            Assignment.round_id.in_([one.id for one in rounds]), Assignment.state == "submitted",
            Assignment.slot.in_(FIRST_ROUND), Sheet.rubric.in_(keys),
        )
        .order_by(Sheet.revision)
    )  # fmt: skip
    last = {
        line: (rubric, content)
        for line, key, rubric, content in rows
        if codes is None or key.partition(":")[0] in codes
    }
    return list(last.values())
