"""Which process check proposes the mark of an item, and what a broken one takes off.

A rule is part of a rubric's item: `check` names a step of `core.process_checks` (as `begin/met_on` it counts only where
it rests on that date), `late` says what is taken off when it is broken, as `逾期十日以内 10; half 29; none any`: a
ready phrase of the item (its points) or its anchor `half` or `none` (half of the item, all of it), then up to how many
days late it counts. The first that is late enough counts.

read_late(text, where) -> ((name, days), ...)    the text in its parts; `show_late` writes it
check_rule(item, where)                          whether an item's rule fits the item
rule_of(item) -> Rule | None                     the step, the date it has to rest on, what lateness takes off
with_shipped_rules(rubric) -> Rubric             a shipped rubric with the rules of its items
write_shipped_rules(mapping)                     the same in the text of a copy
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from qualityeval.core.errors import msg
from qualityeval.core.process_checks import ROWS
from qualityeval.core.rubric_parts import Item, Rubric, Section, refuse

# the steps that dates or the catalogue can answer, and those of several dates by each of them
CHECKS = tuple(
    name
    for row in ROWS
    if not row.reason
    for name in (row.step, *(f"{row.step}/{end}" for end in row.end if len(row.end) > 1))
)
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


# Rubrics that rounds have used can't change any more, so the rules of the shipped items stand here, not in their files.
SHIPPED: Mapping[str, tuple[str, Late]] = {
    "filed-in-time": ("hand_in", (("逾期十日以内", 10), ("half", 29), ("none", EVER))),
    "catalogue-complete": ("catalogue", (("缺少一份材料", EVER),)),
    "meeting-prompt": (
        "begin/met_on",
        (("会见迟延一日", 1), ("会见迟延两日", 2), ("会见迟延", EVER), ("约见迟延", EVER), ("half", EVER)),
    ),
    "meeting-before-hearing": ("meet", (("none", EVER),)),
    "reading-timely": ("read", (("none", EVER),)),
}


def rule_of(item: Item) -> Rule | None:
    """The rule of an item; None where no check answers it."""
    step, _slash, date = item.check.partition("/")
    return Rule(step, item.late, date) if step else None


def with_shipped_rules(rubric: Rubric) -> Rubric:
    """The rubric with a rule at each item that has none and is named here."""
    items = {code: _ruled(item) for code, item in rubric.by_item.items()}

    def changed(section: Section) -> Section:
        return replace(section, items=tuple(items[item.code] for item in section.items))

    return replace(rubric, sections=tuple(map(changed, rubric.sections)), by_item=items)


def write_shipped_rules(mapping: Mapping[str, Any]) -> None:
    """Write the rules into the mapping of a shipped rubric's text, where a copy can see and change them."""
    for section in mapping.get("sections") or ():
        for item in section.get("items") or ():
            check, late = _shipped(item["code"], [one["text"] for one in item.get("phrases") or ()])
            if check and "check" not in item:
                item.update(check=check, late=show_late(late))


def _ruled(item: Item) -> Item:
    check, late = _shipped(item.code, [phrase.text for phrase in item.phrases])
    return item if item.check or not check else replace(item, check=check, late=late)


def _shipped(code: str, phrases: Collection[str]) -> tuple[str, Late]:
    """Check and steps of a shipped item, the steps that it has words for."""
    check, late = SHIPPED.get(code, ("", ()))
    return check, tuple(step for step in late if step[0] in (*phrases, *SHARES))


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
    known = {phrase.text for phrase in item.phrases} | set(SHARES)
    for name, _days in item.late:
        if name not in known:
            raise refuse(
                f"{where}.late", "late_name", msg("这一项没有常用语“%(value)s”：请先在常用语里写上，或改用 half、none。"),
                value=name,
            )  # fmt: skip
