"""The lines of a results table in the reader's language: pages and papers print the same cells.

counted(line)                               the grades that are columns
grade_words(grades, locale)                 their names for people, and what stands for a missing file
group_name(dimension, line, locale)         the first cell
reason_words(code, locale)                  why a figure isn't there
result_line(line, grades, locale, name=)    all cells
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qualityeval.core.distribution import MISSING
from qualityeval.core.rubric_parts import Grade
from qualityeval.words.labels import Label
from qualityeval.words.results import NO_PROVIDER, REASONS, between, percent
from qualityeval.words.rounds import CASE_TYPES

NOT_HANDED_IN = Label(MISSING, "Files not handed in")
WITHHELD = "—"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One group; `reason` says why there is no rate, "" where there is one."""

    name: str
    size: int
    judged: int
    counts: tuple[str, ...]
    rate: str
    interval: str
    reason: str


def counted(line: Mapping[str, Any]) -> list[str]:
    """Names of the grades in stored order; files that never came are a column only where there are any."""
    return [name for name, count in (line["grades"] or {}).items() if count or name != MISSING]


def grade_words(grades: Iterable[Grade], locale: str) -> dict[str, str]:
    """By stored name, the name for people."""
    names = {one.name: one.name_en if locale == "en" and one.name_en else one.name for one in grades}
    return {**names, MISSING: NOT_HANDED_IN.text(locale)}


def group_name(dimension: str, line: Mapping[str, Any], locale: str) -> str:
    """A group's name for people: kinds of case are ours to name, the others have their own."""
    if dimension == "case_type" and line["code"] in CASE_TYPES:
        return CASE_TYPES[line["code"]].text(locale)
    return str(line["name"]) or NO_PROVIDER.text(locale)


def reason_words(code: str | None, locale: str) -> str:
    """Why a figure isn't there; "" for no code."""
    return REASONS[code].text(locale) if code else ""


def result_line(line: Mapping[str, Any], grades: Sequence[str], locale: str, *, name: str) -> ResultLine:
    """The cells of a group under the columns `grades`; counts that are withheld are dashes."""
    counts = line["grades"]
    return ResultLine(
        name, line["N"], line["n"],
        tuple(WITHHELD if counts is None else str(counts.get(grade, 0)) for grade in grades),
        percent(line["good_rate"]), between(line["interval"], locale),
        reason_words(line["reason"], locale) if line["good_rate"] is None else "",
    )  # fmt: skip
