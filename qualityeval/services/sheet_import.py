"""Sheets that experts filled elsewhere, entered by proxy: all of a file's sheets or none."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import normalize

from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.rubric_parts import OVERALL, OVERALL_GRADE, Rubric
from qualityeval.core.sheet import Content, judge, mark_of, read_content, read_points
from qualityeval.core.table_row import Rejected
from qualityeval.core.vocabulary import NOT_APPLICABLE
from qualityeval.core.workflow import round_after, scoring_act
from qualityeval.database import db
from qualityeval.models import Assignment, Round, Sheet
from qualityeval.queries import assignments as queries
from qualityeval.queries import second_check
from qualityeval.services import arbitration, audit, scoring, waiting_sheets
from qualityeval.services.bench import Bench
from qualityeval.services.recusal_check import Recused
from qualityeval.services.rounds import read_spec
from qualityeval.services.seeds import lock

COLUMNS = ("case", "expert", "item", "mark", "deduct", "grade", "na", "reason", "page")
NEEDED = ("case", "expert", "item")


@dataclass
class Gathered:
    """The lines of one sheet, put together."""

    first_row: int
    marks: dict[str, dict[str, Any]] = field(default_factory=dict)
    bonus: dict[str, int] = field(default_factory=dict)
    vetoes: dict[str, str] = field(default_factory=dict)
    overall: str = ""
    own: dict[str, str] = field(default_factory=dict)

    def under(self, rubric: Rubric) -> dict[str, Any]:
        """As `core.sheet.read_content` reads it, marks as the rubric's method keeps them."""
        for code, mark in self.marks.items():
            if "earned" in mark:
                mark["earned"] = mark_of(mark["earned"], rubric, where=code)
        return {
            "marks": self.marks, "bonus": self.bonus, "vetoes": self.vetoes, "overall": self.overall,
            **({"own": self.own} if self.own else {}),
        }  # fmt: skip


@dataclass(frozen=True)
class SheetReport:
    """What came of a file: lines read, sheets created, lines rejected (then nothing was created)."""

    rows: int
    created: int
    rejected: tuple[Rejected, ...]


def import_sheets(
    *,
    actor: Actor,
    round_: Round,
    lines: Iterable[tuple[int, Mapping[str, str]]],
    now: datetime,
    dry_run: bool = False,
    only: Collection[str] | None = None,
) -> SheetReport:
    """Submit the sheets of `(row number, cells by column)` lines, and settle the cases they complete.

    A pair that wasn't assigned, a sheet that is there already, an incomplete sheet or a cell that can't be
    read rejects its line; one rejected line stores nothing. A dry run stores nothing and counts what
    would be created. `only` says which case keys (some hundred) the lines are about, so that bringing a large
    round in parts doesn't read all of it for each.
    """
    require(actor, Permission.ROUND_PROXY, round_)
    if not dry_run:
        lock(round_)
    after = round_after(round_.state, scoring_act(round_.state))
    known = queries.by_pair(round_, only=only)
    rejected: list[Rejected] = []
    gathered, rows = _gather(lines, known, _recused(round_, only), rejected)
    sheets = _judged(gathered, known, rejected, now=now)
    if rejected or not sheets:
        return SheetReport(rows, 0, tuple(sorted(rejected, key=lambda one: one.row)))
    if dry_run:
        return SheetReport(rows, len(sheets), ())
    round_.state = after
    db.session.add_all(sheet for _line, sheet, _rubric in sheets)
    for line, _sheet, _rubric in sheets:
        line.state = scoring.SUBMITTED
    db.session.flush()
    outcomes = _settle(round_, sheets, now=now)
    audit.record(
        actor, "sheets.imported", now=now, object_type="round", object_id=round_.code, sheets=len(sheets),
        **{f"cases_{step}": count for step, count in sorted(outcomes.items())},
    )  # fmt: skip
    arbitration.move_on(round_)
    return SheetReport(rows, len(sheets), ())


def _gather(
    lines: Iterable[tuple[int, Mapping[str, str]]],
    known: Mapping[tuple[str, str], Assignment],
    recused: frozenset[tuple[str, str]],
    rejected: list[Rejected],
) -> tuple[dict[tuple[str, str], Gathered], int]:
    gathered: dict[tuple[str, str], Gathered] = {}
    rows = 0
    for row, cells in lines:
        rows += 1
        try:
            pair = _pair(cells, known)
            if pair in recused:
                raise Recused(where="expert")
            take(gathered.setdefault(pair, Gathered(row)), cells)
        except RuleViolation as refusal:
            rejected.append(Rejected.by(row, refusal))
    return gathered, rows


def _recused(round_: Round, only: Collection[str] | None) -> frozenset[tuple[str, str]]:
    """Pairs that must not stand any more: the registers may have changed since the dealing."""
    rules = read_spec(round_.spec).recusal
    broken = second_check.broken_rules(round_, region=rules.region, provider=rules.provider, only=only)
    return frozenset((one.case, one.expert) for one in broken)


def _pair(cells: Mapping[str, str], known: Mapping[tuple[str, str], Assignment]) -> tuple[str, str]:
    for column in NEEDED:
        if not cells.get(column, "").strip():
            raise InvalidInput("sheets.empty", msg("“%(column)s”这一列不能空。"), where=column, column=column)
    pair = (normalize("NFC", cells["case"].strip()), cells["expert"].strip())
    if pair not in known:
        raise InvalidInput(
            "sheets.not_assigned", msg("这件案件没有派给专家“%(expert)s”。"), where="expert", expert=pair[1]
        )
    if known[pair].state not in scoring.OPEN:
        raise InvalidInput("exists", msg("这位专家的评分表已经提交过。"), where="expert")
    return pair


def take(sheet: Gathered, cells: Mapping[str, str]) -> None:
    """One line of a sheet: a mark, a deduction, a grade, N/A, a veto, a bonus or what is said of the whole.

    A grade in the line of the opinion is the grade of the whole, as in the line `overall-grade`.
    """
    item = cells["item"].strip()
    reason, mark = cells.get("reason", "").strip(), cells.get("mark", "").strip()
    kind, _, code = item.partition(":")
    grade = cells.get("grade", "").strip()
    if item in (OVERALL, OVERALL_GRADE):
        if item == OVERALL:
            sheet.overall = reason
        if grade or (item == OVERALL_GRADE and reason):
            sheet.own = {"grade": grade, "reason": reason}
    elif kind == "veto" and code:
        sheet.vetoes[code] = reason
    elif kind == "bonus" and code:
        sheet.bonus[code] = sheet.bonus.get(code, 0) + read_points(mark, where="mark")
    else:
        _take_mark(sheet.marks.setdefault(item, {}), cells, mark=mark, reason=reason)


def _take_mark(found: dict[str, Any], cells: Mapping[str, str], *, mark: str, reason: str) -> None:
    deduct = cells.get("deduct", "").strip()
    if mark:
        if "earned" in found:
            raise InvalidInput("sheets.twice", msg("这一项已经有得分：得分每项只写一行。"), where="item")
        found["earned"] = read_points(mark, where="mark")
    if deduct:
        points = read_points(deduct, where="deduct")
        found["deductions"] = [*found.get("deductions", []), *([points] if points else [])]
    if grade := cells.get("grade", "").strip():
        found["grade"] = grade
    if cells.get("na", "").strip().lower() in NOT_APPLICABLE:
        found["na"] = True
    for name, text in (("reason", reason), ("page", cells.get("page", "").strip())):
        if text:
            found[name] = "；".join(filter(None, (found.get(name), text)))


def _judged(
    gathered: Mapping[tuple[str, str], Gathered],
    known: Mapping[tuple[str, str], Assignment],
    rejected: list[Rejected],
    *,
    now: datetime,
) -> list[tuple[Assignment, Sheet, Rubric]]:
    rubrics = queries.rubrics_of([known[pair].sampled_case_id for pair in gathered])
    sheets, frozen = [], dict[str, Rubric]()
    for pair, one in gathered.items():
        line = known[pair]
        key = rubrics[line.sampled_case_id]
        rubric = frozen[key] if key in frozen else frozen.setdefault(key, scoring.frozen_rubric(key))
        try:
            written: Content = waiting_sheets.with_staff(
                line, rubric=rubric, written=read_content(one.under(rubric), rubric)
            )
            judged = judge(rubric, written)
        except RuleViolation as refusal:
            rejected.append(Rejected(one.first_row, "item", refusal))
            continue
        sheet = scoring.new_sheet(line, rubric=rubric, written=written, judged=judged, by_proxy=True, now=now)
        sheets.append((line, sheet, rubric))
    return sheets


def _settle(
    round_: Round, sheets: Iterable[tuple[Assignment, Sheet, Rubric]], *, now: datetime
) -> Counter[str]:
    rubrics = {line.sampled_case_id: rubric for line, _, rubric in sheets}
    bench = Bench(round_, now=now, cases=list(rubrics))
    outcomes: Counter[str] = Counter()
    for sampled_id, rubric in rubrics.items():
        settled = arbitration.settle(bench=bench, sampled_id=sampled_id, rubric=rubric, now=now)
        if settled is not None:
            outcomes[settled.step] += 1
    return outcomes
