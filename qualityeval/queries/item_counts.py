"""What the first-round sheets of rounds say of their items, by institution: counted, or as kept at the release."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Text, cast, select

from qualityeval.core.item_losses import ItemReading, Tally, tallies
from qualityeval.core.rubric_parts import Rubric, Title
from qualityeval.core.scoring import Mark, lost_points
from qualityeval.database import db
from qualityeval.models import Assignment, FrameCase, Round, SampledCase, Sheet
from qualityeval.queries import kept_results
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.rubric_texts import rubrics_of

_Group = tuple[str, str]  # institution and rubric
_Said = tuple[str, int | None, tuple[int, ...] | None]  # an item's code, points earned, deductions


@dataclass(frozen=True)
class ItemCounts:
    """By institution its read cases and sheets, by institution and item the tally, and the items' titles."""

    cases: Mapping[str, int]
    sheets: Mapping[str, int]
    tallies: Mapping[tuple[str, str], Tally]
    titles: Mapping[str, Title]


def counts_of(rounds: Sequence[Round]) -> ItemCounts:
    """The counts of these rounds."""
    kept = kept_results.items_kept(rounds)
    return counted(rounds) if kept is None else _as_counts(kept)


def as_kept(counts: ItemCounts) -> dict[str, Any]:
    """The counts as JSON, for `counts_of`."""
    return {
        "cases": dict(counts.cases), "sheets": dict(counts.sheets),
        "tallies": [[*place_and_item, *astuple(one)] for place_and_item, one in counts.tallies.items()],
        "titles": {item: [title.zh, title.en] for item, title in counts.titles.items()},
    }  # fmt: skip


def _as_counts(kept: Mapping[str, Any]) -> ItemCounts:
    return ItemCounts(
        kept["cases"],
        kept["sheets"],
        {(place, item): Tally(*figures) for place, item, *figures in kept["tallies"]},
        {item: Title(*title) for item, title in kept["titles"].items()},
    )


def counted(rounds: Sequence[Round]) -> ItemCounts:
    """The counts from the last revision of every submitted sheet. Equal marks are counted before they are judged."""
    place_of = _places(rounds)
    cases, sheets, said = (
        defaultdict[str, set[int]](set),
        Counter[str](),
        defaultdict[_Group, Counter[_Said]](Counter),
    )
    for sampled, rubric, marks in _sheets(rounds):
        place = place_of[sampled]
        cases[place].add(sampled)
        sheets[place] += 1
        said[place, rubric].update(marks)
    rubrics = rubrics_of({rubric for _place, rubric in said})

    @cache  # a few hundred kinds of marks, however many sheets
    def judged(rubric: str, mark: _Said) -> tuple[str, int, int]:
        return _judged(rubrics[rubric], mark)

    readings = (
        ItemReading(title, place, points, lost, times)
        for (place, rubric), marks in said.items()
        for mark, times in marks.items()
        for title, points, lost in (judged(rubric, mark),)
    )
    tallied = tallies(readings)
    titles = {
        item.title.zh: item.title for rubric in reversed(rubrics.values()) for item in rubric.by_item.values()
    }
    return ItemCounts({place: len(found) for place, found in cases.items()}, sheets, tallied, titles)


def _judged(rubric: Rubric, said: _Said) -> tuple[str, int, int]:
    """The item's title, its points and those lost by this mark; one title in two rubrics is one item."""
    name, earned, deductions = said
    item = rubric.by_item[name]
    mark = Mark(earned=earned, deductions=deductions)
    lost = lost_points(item, mark, five=rubric.method == "five_mark")
    return item.title.zh, item.points, min(max(lost, 0), item.points)


def _places(rounds: Sequence[Round]) -> dict[int, str]:
    """The institution of every drawn case, as the frame says."""
    ids = [one.id for one in rounds]
    rows = db.session.execute(
        select(SampledCase.id, FrameCase.key)
        .select_from(FrameCase)
        .join(SampledCase, SampledCase.frame_case_id == FrameCase.id)
        .where(FrameCase.round_id.in_(ids), SampledCase.round_id.in_(ids))
    )
    return {sampled: key.partition(":")[0] for sampled, key in rows}


def _sheets(rounds: Sequence[Round]) -> Iterator[tuple[int, str, tuple[_Said, ...]]]:
    """The last revision of every submitted first-round sheet: case, rubric, marks."""
    rows = db.session.execute(
        select(
            Assignment.id,
            Assignment.sampled_case_id,
            Sheet.rubric,
            Sheet.public_id,
            cast(Sheet.content, Text),
        )
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .where(
            Assignment.round_id.in_([one.id for one in rounds]),
            Assignment.state == "submitted",
            Assignment.slot.in_(FIRST_ROUND),
        )
        .order_by(Assignment.id, Sheet.revision)
        .execution_options(yield_per=1000)
    )
    for _assignment, revisions in groupby(rows, key=itemgetter(0)):
        *_earlier, (_id, sampled, rubric, public_id, content) = revisions
        yield sampled, rubric, _marks(public_id, content)


_READ: dict[
    str, tuple[_Said, ...]
] = {}  # what sheets say never changes, and reading it takes most of the time
MOST_READ = 60_000  # a province's year; some 30 MB


def _marks(public_id: str, content: str) -> tuple[_Said, ...]:
    found = _READ.get(public_id)
    if found is None:
        marks = json.loads(content).get("marks", {}).items()
        found = tuple(said for item, mark in marks if (said := _said(item, mark)))
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[public_id] = found
    return found


def _said(item: str, mark: Mapping[str, Any]) -> _Said | None:
    if mark.get("na") or mark.get("grade"):  # an indicator's grade loses no points
        return None
    cuts = mark.get("deductions")
    return item, mark.get("earned"), None if cuts is None else tuple(cuts)
