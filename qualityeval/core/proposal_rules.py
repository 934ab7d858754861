"""Which process check proposes the mark of an item, and what a broken one takes off.

A rule is part of a rubric's item: `check` names a step of `core.process_checks`, `late` says what is taken off when it
is broken, as `逾期十日以内 10; half 29; none any`: a ready phrase of the item (its points) or its anchor `half` or
`none` (half of the item, all of it), then up to how many days late it counts. The first that is late enough counts.

read_late(text, where) -> ((name, days), ...)    the text in its parts
check_rule(item, where)                          whether an item's rule fits the item
rule_of(item) -> Rule | None                     the item's own rule, or that of a shipped item by its code
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qualityeval.core.errors import msg
from qualityeval.core.process_checks import ROWS
from qualityeval.core.rubric_parts import Item, refuse

CHECKS = tuple(row.step for row in ROWS if not row.reason)  # the steps that dates or the catalogue can answer
EVER = 36_500  # days: however late
LONGEST = 3_650
SHARES: Mapping[str, int] = {"half": 2, "none": 1}  # an anchor takes off the item's points divided by this

Late = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The check that answers an item, what lateness takes off, and a date the check must have used, if any."""

    check: str
    late: Late = ()
    date: str = ""


# Rubrics that rounds have used can't change any more, so the shipped items are named here and not in their files.
# Copies keep the codes. What a file says of an item goes before this.
SHIPPED: Mapping[str, Rule] = {
    "filed-in-time": Rule("hand_in", (("逾期十日以内", 10), ("half", 29), ("none", EVER))),
    "catalogue-complete": Rule("catalogue", (("缺少一份材料", EVER),)),
    "meeting-prompt": Rule(
        "begin",
        (("会见迟延一日", 1), ("会见迟延两日", 2), ("会见迟延", EVER), ("约见迟延", EVER), ("half", EVER)),
        date="met_on",
    ),
    "meeting-before-hearing": Rule("meet", (("none", EVER),), date="met_on"),
    "reading-timely": Rule("read", (("none", EVER),), date="files_read_on"),
}


def rule_of(item: Item) -> Rule | None:
    """The rule of an item, with the steps that it has words for; None where no check answers it."""
    if item.check:
        return Rule(item.check, item.late)
    rule = SHIPPED.get(item.code)
    return rule and Rule(rule.check, tuple(step for step in rule.late if step[0] in _names(item)), rule.date)


def read_late(text: str, where: str) -> Late:
    """The steps of a text, in order; refused where one is no name with its days.

    >>> read_late("逾期十日以内 10; none any", "late")
    (('逾期十日以内', 10), ('none', 36500))
    """
    parts = [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
    steps = []
    for part in parts:
        name, _space, days = part.rpartition(" ")
        if not name or not (days == "any" or (days.isdecimal() and 0 < int(days) <= LONGEST)):
            raise refuse(
                where, "late",
                msg("“%(value)s”看不懂：请写常用语（或 half、none）、空一格、最多逾期几日（不限写 any）。"), value=part,
            )  # fmt: skip
        steps.append((name.strip(), EVER if days == "any" else int(days)))
    return tuple(steps)


def show_late(late: Late) -> str:
    """The text that `read_late` reads."""
    return "; ".join(f"{name} {'any' if days == EVER else days}" for name, days in late)


def check_rule(item: Item, where: str) -> None:
    """Refuse a rule that names no check, or takes off by a phrase or anchor that the item hasn't."""
    if item.check and item.check not in CHECKS:
        raise refuse(
            f"{where}.check", "choice", msg("“%(key)s”只能是：%(options)s。"), key="check", options="、".join(CHECKS)
        )  # fmt: skip
    if item.late and not item.check:
        raise refuse(
            f"{where}.late", "late_alone", msg("写了逾期怎样扣分，也要写明由哪项过程检查来算（check）。")
        )
    for name, _days in item.late:
        if name not in _names(item):
            raise refuse(
                f"{where}.late", "late_name", msg("这一项没有常用语“%(value)s”：请先在常用语里写上，或改用 half、none。"),
                value=name,
            )  # fmt: skip


def _names(item: Item) -> set[str]:
    return {phrase.text for phrase in item.phrases} | set(SHARES)
