"""What the process checks propose for the items of a sheet; nothing counts until somebody takes it over.

proposals(rubric, found, papers) -> {item: Proposal}      of the items that a check answers
adopted(rubric, mark, proposal, why) -> mark              an item's mark, as the sheet stores it, with the proposal taken over

Worked example, an item of 3 points with `逾期十日以内 10; half 29; none any` (the phrase takes off 1): handed in on the
last day the proposal is 3; one to ten days late it is 2, with the phrase; eleven to twenty-nine 1.5; later 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from qualityeval.core.process_checks import HOLDS, OPEN, ROWS, Check
from qualityeval.core.proposal_rules import SHARES, Rule, rule_of
from qualityeval.core.rubric_parts import Item, Rubric
from qualityeval.core.scoring import FIVE

TIMED = frozenset(row.step for row in ROWS if row.start or row.before)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a check says of an item: full marks, deductions (hundredths, reason), or no mark, only the check."""

    item: str
    check: Check
    full: bool = False
    cuts: tuple[tuple[int, str], ...] = ()

    @property
    def marks(self) -> bool:
        """Whether there is a mark to take over."""
        return self.full or bool(self.cuts)


def proposals(rubric: Rubric, found: Iterable[Check], papers: Mapping[str, str]) -> dict[str, Proposal]:
    """One for every item that a computed check answers; none under the indicator method, which judges whole indicators.

    `papers` are the titles, by catalogue code, of the papers that the practitioner files: what is missing of the
    institution's own volume takes nothing off.
    """
    by_step = {check.step: check for check in found if check.outcome != OPEN}
    said: dict[str, Proposal] = {}
    for code, item in rubric.by_item.items() if rubric.method != "indicator" else ():
        rule = rule_of(item)
        check = by_step.get(rule.check) if rule else None
        if rule and check and _dated(check, rule):
            said[code] = _proposal(rubric, item, check, rule, papers)
    return said


def adopted(rubric: Rubric, mark: Mapping[str, Any], proposal: Proposal, why: str) -> dict[str, Any]:
    """The item's mark with the proposal in it. What was written stays: the reason, the pages, other deductions.

    Full marks don't undo a deduction that was made; a deduction that stands there isn't made twice.
    """
    off, said = list(mark.get("deductions") or ()), list(mark.get("cuts") or ())
    new = [cut for cut in proposal.cuts if cut[1] not in [one.get("text") for one in said]]
    if (proposal.full and off) or not proposal.marks:
        return dict(mark)
    kept = {key: mark[key] for key in ("reason", "page") if mark.get(key)}
    if proposal.full:
        return {"earned": _full(rubric, proposal.item), "reason": why, **kept}
    return {
        "deductions": off + [points for points, _text in new],
        "cuts": said + [{"text": text, "page": ""} for _points, text in new],
        "reason": why, **kept,
    }  # fmt: skip


def _full(rubric: Rubric, code: str) -> int:
    return FIVE if rubric.method == "five_mark" else rubric.by_item[code].points


def _dated(check: Check, rule: Rule) -> bool:
    """A check between days answers an item only by its days: that a paper is there says nothing of time."""
    if rule.date and rule.date not in dict(check.dates):
        return False
    return check.due is not None or check.step not in TIMED


def _proposal(rubric: Rubric, item: Item, check: Check, rule: Rule, papers: Mapping[str, str]) -> Proposal:
    missing = [papers[code] for code in check.papers if code in papers] if check.step == "catalogue" else []
    if check.outcome == HOLDS or (check.step == "catalogue" and not missing):
        return Proposal(item.code, check, full=True)
    # a mark of 0 to 5 isn't made of deductions: the expert sees the check and marks it
    step = next((name for name, days in rule.late if check.late <= days), "")
    if not step or rubric.method == "five_mark":
        return Proposal(item.code, check)
    points, text = _taken(item, step)
    if check.step != "catalogue":
        return Proposal(item.code, check, cuts=((points, text),))
    most = item.points // points
    return Proposal(item.code, check, cuts=tuple((points, f"{text}：{title}") for title in missing[:most]))


def _taken(item: Item, name: str) -> tuple[int, str]:
    """Hundredths off and the words for it; half of an odd hundredth is rounded down."""
    for phrase in item.phrases:
        if phrase.text == name:
            return phrase.points, phrase.text
    return item.points // SHARES[name], dict(item.anchors).get(name, "")
