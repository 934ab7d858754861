"""Process checks as pages show them: an obligation, what came of it, and in a line from what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from qualityeval.core.case_fields import BY_NAME
from qualityeval.core.catalogue import Catalogue
from qualityeval.core.process_checks import BROKEN, HOLDS, OPEN, Check
from qualityeval.web.locale import choose_locale
from qualityeval.words import process_checks as words
from qualityeval.words.moments import day

TONES: Mapping[str, str] = {HOLDS: "ok", BROKEN: "warn", OPEN: ""}


@dataclass(frozen=True)
class CheckLine:
    """A check in words; `tone` is empty where nothing could be computed."""

    number: int
    title: str
    outcome: str
    tone: str
    detail: str


@dataclass(frozen=True)
class CheckLines:
    """What could be computed, and what couldn't."""

    told: tuple[CheckLine, ...]
    open: tuple[CheckLine, ...]

    @property
    def broken(self) -> int:
        """How many obligations don't hold: what the folded panel says of itself."""
        return sum(line.tone == TONES[BROKEN] for line in self.told)


def lines_of(found: Iterable[Check], book: Catalogue, *, blind: bool) -> CheckLines:
    """In the order of the obligations; blind lines say no source, since one may name the region."""
    lines = [(one.outcome, line_of(one, book, blind=blind)) for one in found]
    return CheckLines(
        tuple(line for outcome, line in lines if outcome != OPEN),
        tuple(line for outcome, line in lines if outcome == OPEN),
    )


def line_of(one: Check, book: Catalogue, *, blind: bool) -> CheckLine:
    """One check in words."""
    locale = choose_locale()
    said = [f"{_(BY_NAME[name].label)} {day(when)}" for name, when in one.dates]
    if one.due:
        said.append(f"{words.UNTIL.text(locale)} {day(one.due)}{_limit(one, blind=blind)}")
    for code in one.papers:
        line = book.line(code)
        if line:
            said.append(line.title.en if locale == "en" else line.title.zh)
    if one.reason:
        said.append(words.REASONS[one.reason].text(locale))
    return CheckLine(
        one.number, words.STEPS[one.step].text(locale), words.OUTCOMES[one.outcome].text(locale),
        TONES[one.outcome], " · ".join(said),
    )  # fmt: skip


def _limit(one: Check, *, blind: bool) -> str:
    if one.limit is None:
        return ""
    unit = words.WORKING_DAYS if one.limit.working else words.DAYS
    days = unit.text(choose_locale()) % one.limit.number
    return f" ({days})" if blind or not one.limit.source else f" ({days}, {one.limit.source})"
