"""What the sheets of a case hold against it, in the order of the rubric.

findings(rubric, contents) -> list[SectionFindings]    one a section, an empty one too: nothing was found there
lost(item, mark, five=) -> Fraction                    points a mark takes off, in hundredths
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from qualityeval.core.rubric_parts import Item, Rubric, Section
from qualityeval.core.scoring import FIVE, Mark
from qualityeval.core.sheet import Content


@dataclass(frozen=True, slots=True)
class Finding:
    """One sheet's loss on one item: `sheet` counts from 0, `lost` hundredths, why, and on which pages."""

    item: Item
    sheet: int
    lost: Fraction
    reasons: tuple[str, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SectionFindings:
    """A section with the losses of all sheets, by item and then by sheet."""

    section: Section
    found: tuple[Finding, ...]


def lost(item: Item, mark: Mark, *, five: bool) -> Fraction:
    """Face points that a mark takes off, in hundredths; an item that doesn't apply loses none.

    >>> from qualityeval.core.rubric_parts import Title
    >>> four = Item("a", Title("会见", "Meeting"), 400, na=False)
    >>> lost(four, Mark(deductions=(50, 100)), five=False), lost(four, Mark(earned=3), five=True)
    (Fraction(150, 1), Fraction(160, 1))
    """
    if mark.na:
        return Fraction(0)
    if mark.deductions is not None:
        return Fraction(sum(mark.deductions))
    earned = Fraction(mark.earned or 0)
    return item.points * (1 - earned / FIVE) if five else item.points - earned


def findings(rubric: Rubric, contents: Sequence[Content]) -> list[SectionFindings]:
    """Every section with what any of the sheets took off in it."""
    return [
        SectionFindings(section, tuple(one for item in section.items for one in _of_item(rubric, item, contents)))
        for section in rubric.sections
    ]  # fmt: skip


def _of_item(rubric: Rubric, item: Item, contents: Sequence[Content]) -> list[Finding]:
    found = []
    for number, content in enumerate(contents):
        mark = content.marks.get(item.code)
        points = lost(item, mark, five=rubric.method == "five_mark") if mark else Fraction(0)
        if mark and points:
            cuts = content.cuts.get(item.code, ())
            reasons = (*(cut.text for cut in cuts), mark.reason)
            pages = (*(cut.page for cut in cuts), content.pages.get(item.code, ""))
            found.append(Finding(item, number, points, _distinct(reasons), _distinct(pages)))
    return found


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
