"""Staff parts from a table, one line an item: all of its cases or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, RuleViolation, WrongState, msg
from qualityeval.core.offline_sheet import is_blank
from qualityeval.core.rubric_parts import Rubric
from qualityeval.core.sheet import Content
from qualityeval.core.staff_part import refuse_others
from qualityeval.core.table_row import Rejected
from qualityeval.models import Round, SampledCase
from qualityeval.queries import staff_lines as queries
from qualityeval.queries.interests import conflicts_in
from qualityeval.queries.staff_parts import Waiting, waiting_for
from qualityeval.services import staff_parts
from qualityeval.services.interests import refuse_conflicted
from qualityeval.services.sheet_import import Gathered, take

COLUMNS = ("case", "item", "mark", "deduct", "grade", "na", "reason")
NEEDED = ("case", "item")
GIVEN = ("mark", "deduct", "grade", "na")


@dataclass(frozen=True)
class StaffReport:
    """What came of a table: lines read, cases answered, sheets they complete, lines rejected (then nothing is kept)."""

    rows: int
    cases: int
    completed: int
    rejected: tuple[Rejected, ...]


@dataclass
class _Part:
    """The lines of one case: what they say, and by item the row and the column it stands in."""

    sampled: SampledCase
    rubric: Rubric
    said: Gathered
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    is_blank: bool = True

    def take(self, row: int, cells: Mapping[str, str]) -> None:
        item = cells["item"].strip()
        refuse_others([item], self.rubric, where="item")
        given = next((name for name in GIVEN if cells.get(name, "").strip()), "item")
        self.places.setdefault(item, (row, given))
        if not is_blank(cells):
            self.is_blank = False
            take(self.said, cells)


def import_staff_parts(
    *, actor: Actor, round_: Round, lines: Iterable[tuple[int, Mapping[str, str]]], now: datetime, dry_run: bool = False
) -> StaffReport:  # fmt: skip
    """Answer the staff parts of `(row number, cells by column)` lines; a further deduction has a line of its own.

    A case on whose lines nothing is written is left out, every other one is answered whole. Rejected is a case that
    isn't dealt, one that is answered already (a correction is made on its page, with its reason), and what
    `staff_parts.checked` refuses; one rejected line keeps nothing. A dry run keeps nothing and says what would come.
    """
    require(actor, Permission.ROUND_ASSIGN, round_)
    if not dry_run:
        staff_parts.hold(round_)
    rejected: list[Rejected] = []
    parts, rows = _gathered(lines, queries.by_key(round_), rejected)
    answered, waiting = queries.answered_in(round_), _waiting(parts)
    conflicts = conflicts_in(actor, SampledCase.round_id.in_({part.sampled.round_id for part in parts}))
    found: list[tuple[SampledCase, Rubric, Content]] = []
    for part in parts:
        sampled, rubric = part.sampled, part.rubric
        try:
            if sampled.id in answered:
                raise WrongState("exists", msg("这件案件已经填写过。更正请在它的页面上进行。"), where="case")
            if conflicts:
                refuse_conflicted(actor, sampled.id)
            marks = part.said.under(rubric)["marks"]
            written = staff_parts.checked(round_, rubric, marks=marks, waiting=waiting.get(sampled.id, ()))
            found.append((sampled, rubric, written))
        except RuleViolation as refusal:
            rejected.append(Rejected(*part.places.get(refusal.where, (part.said.first_row, "case")), refusal))
    if rejected:
        return StaffReport(rows, 0, 0, tuple(sorted(rejected, key=lambda one: one.row)))
    if dry_run:
        return StaffReport(rows, len(parts), sum(map(len, waiting.values())), ())
    return StaffReport(rows, len(parts), staff_parts.answer_first(actor=actor, answers=found, now=now), ())


def _waiting(parts: Iterable[_Part]) -> dict[int, list[Waiting]]:
    found: dict[int, list[Waiting]] = {}
    for one in waiting_for([part.sampled.id for part in parts]):
        found.setdefault(one.line.sampled_case_id, []).append(one)
    return found


def _gathered(
    lines: Iterable[tuple[int, Mapping[str, str]]], known: Mapping[str, SampledCase], rejected: list[Rejected]
) -> tuple[list[_Part], int]:
    parts, rubrics, rows = dict[str, _Part](), dict[str, Rubric](), 0
    for row, cells in lines:
        rows += 1
        try:
            key = _key(cells, known)
            if key not in parts:
                named = known[key].frame_case.rubric
                rubric = rubrics.get(named) or rubrics.setdefault(named, staff_parts.rubric_for(known[key]))
                parts[key] = _Part(known[key], rubric, Gathered(row))
            parts[key].take(row, cells)
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
    return [part for part in parts.values() if not part.is_blank], rows


def _key(cells: Mapping[str, str], known: Mapping[str, SampledCase]) -> str:
    for column in NEEDED:
        if not cells.get(column, "").strip():
            raise InvalidInput("sheets.empty", msg("“%(column)s”这一列不能空。"), where=column, column=column)
    key = normalize("NFC", cells["case"].strip())
    if key not in known:
        raise InvalidInput("staff.unknown", msg("这件案件没有派出，或者没有工作人员部分。"), where="case")
    return key
