"""How far a sheet is while it is being written: points and gaps of each section, and a provisional total.

running(rubric, marks, bonus) -> Running      under a points or five-mark rubric

The provisional total is what the items marked so far come to: an item without a mark is left out, and a section without
any spreads over the others as one that is N/A does; one rounding at the end, as in `core.scoring.total`.

Worked example: sections worth 40 and 60, each of two halves. With 15 of 20 in the first half of the first section and
nothing else the total is 75; with 24 of 30 in the second section besides it is 40 x 15/20 + 60 x 24/30 = 78.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from qualityeval.core.rubric_parts import Rubric, Section
from qualityeval.core.scoring import Mark, half_up, is_missing, reckon


@dataclass(frozen=True, slots=True)
class Part:
    """A section so far: hundredths earned by what is marked, of all that applies; items marked (or N/A) and not."""

    code: str
    earned: int
    of: int
    marked: int
    missing: int


@dataclass(frozen=True, slots=True)
class Running:
    """All sections in their order; `total` in hundredths, None while nothing that counts is marked."""

    parts: tuple[Part, ...]
    missing: int
    total: int | None


def running(rubric: Rubric, marks: Mapping[str, Mark], bonus: Mapping[str, int] | None = None) -> Running:
    """The state of an unfinished or finished sheet; refuses a mark that `core.scoring.total` would refuse."""
    said = {code: mark for code, mark in marks.items() if not is_missing(mark)}
    kept = replace(
        rubric,
        sections=tuple(_only(section, said) for section in rubric.sections),  # an empty one counts as N/A
        by_item={code: item for code, item in rubric.by_item.items() if code in said},
    )
    score = reckon(kept, said, bonus)
    earned = {part.code: part.earned for part in score.sections}
    parts = tuple(
        Part(
            section.code,
            half_up(earned[section.code]),
            sum(item.points for item in section.items if not _is_na(said.get(item.code))),
            sum(item.code in said for item in section.items),
            sum(item.code not in said for item in section.items),
        )
        for section in rubric.sections
    )
    return Running(parts, sum(part.missing for part in parts), score.total if score.covered else None)


def _only(section: Section, said: Mapping[str, Mark]) -> Section:
    return replace(section, items=tuple(item for item in section.items if item.code in said))


def _is_na(mark: Mark | None) -> bool:
    return mark is not None and mark.na
