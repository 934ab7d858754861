"""Which items lose points in a round's first-round sheets, over all and by institution, as a reader may see it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.distribution import SUPPRESS_BELOW
from qualityeval.core.item_losses import ItemLoss, ItemReading, Tally, pareto, tallies
from qualityeval.core.rubric_parts import Rubric, Title
from qualityeval.core.scoring import Mark, lost_points
from qualityeval.database import db
from qualityeval.models import Assignment, FrameCase, Round, SampledCase, Sheet
from qualityeval.queries import kept_results, results
from qualityeval.queries.assignments import FIRST_ROUND
from qualityeval.queries.result_places import view_of
from qualityeval.queries.result_rows import CITY, INSTITUTION, institution_names
from qualityeval.queries.rubric_texts import rubrics_of


@dataclass(frozen=True)
class InstitutionLosses:
    """An institution's row of the heat table: read cases, and by item the part of the points that was lost."""

    code: str
    name: str
    cases: int
    parts: dict[str, float | None]


@dataclass(frozen=True)
class ItemsFound:
    """`items` in order of the cuts, `titles` by item, institutions by code; `hidden` had too few cases to be shown.

    With fewer than five cases in all there is nothing but `cases`.
    """

    cases: int
    sheets: int
    items: tuple[ItemLoss, ...]
    titles: dict[str, Title]
    institutions: tuple[InstitutionLosses, ...]
    hidden: int


def items_for(actor: Actor, *rounds: Round, place: str = "") -> ItemsFound:
    """Items over the part of the rounds that the actor asks for and may see."""
    for round_ in rounds:
        require(actor, Permission.RESULTS_READ, round_)
    view, titles, cases = view_of(actor, rounds, place), dict[str, Title](), defaultdict[str, set[int]](set)
    sheets = 0

    def readings() -> Iterator[ItemReading]:
        nonlocal sheets
        for sampled, code, rubric, content in _sheets(rounds):
            if view.codes is None or code in view.codes:
                sheets += 1
                cases[code].add(sampled)
                yield from _readings(code, rubric, content, titles)

    whole, by_group = tallies(readings())
    counted = {code: len(found) for code, found in cases.items()}
    total = sum(counted.values())
    hidden = _hidden(rounds)
    if total < SUPPRESS_BELOW or (view.codes is not None and view.here.code in hidden):
        return ItemsFound(total, sheets, (), {}, (), len(counted))
    items = tuple(pareto(whole))
    shown = sorted(
        (code for code in counted if counted[code] >= SUPPRESS_BELOW and code not in hidden), key=str.encode
    )
    names = institution_names()
    rows = tuple(
        InstitutionLosses(
            code, names.get(code, code), counted[code],
            {one.item: by_group.get((code, one.item), Tally()).part for one in items},
        )
        for code in shown
    )  # fmt: skip
    return ItemsFound(total, sheets, items, titles, rows, len(counted) - len(shown))


def _hidden(rounds: Sequence[Round]) -> set[str]:
    """Institutions and places that released results withhold: a small one could be had from their items as well."""
    if not results.all_released(rounds):
        return set()
    figures = kept_results.figures_kept(rounds)
    if figures is not None:
        return {
            line["code"] for key in ("institutions", "places") for line in figures[key] if line["suppressed"]
        }
    found = results.sample_of(rounds).withheld
    return {code for dimension in (INSTITUTION, CITY) for code in found.get(dimension, {})}


def _sheets(rounds: Sequence[Round]) -> Iterator[tuple[int, str, Rubric, dict[str, Any]]]:
    """The last revision of every submitted first-round sheet: case, institution, the rubric's items, content."""
    ids = [one.id for one in rounds]
    # those in use: a plan may name rubrics that no case of its frame asked for, and these are not stored
    used = select(Sheet.rubric).join(Assignment, Sheet.assignment_id == Assignment.id).distinct()
    rubrics = rubrics_of(db.session.execute(used.where(Assignment.round_id.in_(ids))).scalars())
    rows = db.session.execute(
        select(Assignment.id, Assignment.sampled_case_id, FrameCase.key, Sheet.rubric, Sheet.content)
        .join(Sheet, Sheet.assignment_id == Assignment.id)
        .join(SampledCase, Assignment.sampled_case_id == SampledCase.id)
        .join(FrameCase, SampledCase.frame_case_id == FrameCase.id)
        .where(
            Assignment.round_id.in_(ids), Assignment.state == "submitted", Assignment.slot.in_(FIRST_ROUND),
        )
        .order_by(Assignment.id, Sheet.revision)
        .execution_options(yield_per=1000)
    )  # fmt: skip
    for _assignment, revisions in groupby(rows, key=lambda row: row[0]):
        *_earlier, (_id, sampled, key, rubric, content) = revisions
        yield sampled, key.partition(":")[0], rubrics[rubric], content


def _readings(
    code: str, rubric: Rubric, content: dict[str, Any], titles: dict[str, Title]
) -> Iterator[ItemReading]:
    """What the sheet says of each item; one title in two rubrics is one item."""
    for name, mark in content.get("marks", {}).items():
        item = rubric.by_item[name]
        if mark.get("na"):
            continue
        lost = lost_points(
            item,
            Mark(earned=mark.get("earned"), deductions=mark.get("deductions")),
            five=rubric.method == "five_mark",
        )
        titles.setdefault(item.title.zh, item.title)
        yield ItemReading(item.title.zh, code, item.points, min(max(lost, 0), item.points))
