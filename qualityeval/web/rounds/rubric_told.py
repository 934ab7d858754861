"""A rubric's parts in words: what a check proposes, and what two versions say differently, without a code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from qualityeval.core.proposal_rules import EVER, Late, read_late, rule_of
from qualityeval.core.rubric import Item
from qualityeval.core.rubric_differences import Difference
from qualityeval.web.locale import choose_locale
from qualityeval.words import process_checks as check_words
from qualityeval.words import rounds as round_words
from qualityeval.words import rubrics as words
from qualityeval.words.labels import Label

CODED = {
    "method": round_words.METHODS,
    "role": words.ROLES,
    "kind": words.VETO_KINDS,
    "check": check_words.CHECKS,
}


@dataclass(frozen=True)
class Told:
    """One part that isn't the same: what it is, what became of it, and its fields as (name, was, now)."""

    title: str
    note: str
    what: str
    change: str
    fields: tuple[tuple[str, str, str], ...]


def proposed(item: Item) -> str:
    """Which check proposes the mark of an item, and what a broken one takes off; empty for most items."""
    rule = rule_of(item)
    if rule is None:
        return ""
    step = check_words.CHECKS[item.check].text(choose_locale())
    if not rule.late:
        return _("由过程检查提议：%(step)s", step=step)
    return _("由过程检查提议：%(step)s；不符合时：%(late)s", step=step, late=late_words(rule.late))


def late_words(late: Late) -> str:
    """What is taken off by how late: the ready phrase, or the anchor's mark."""
    return _("；").join(
        _said(words.ANCHORS.get(name), name)
        if days == EVER
        else _("逾期 %(days)s 日以内：%(what)s", days=days, what=_said(words.ANCHORS.get(name), name))
        for name, days in late
    )


def compared(found: Iterable[Difference]) -> Iterator[Told]:
    """Each difference for the page."""
    locale = choose_locale()
    for one in found:
        title = one.title.en if locale == "en" and one.title.en else one.title.zh
        kind = words.KINDS[one.kind].text(locale)
        note = f"{kind} {one.code}" if one.code and one.code != one.title.zh else kind
        fields = tuple(
            (words.FIELDS[name].text(locale), _value(name, was), _value(name, now))
            for name, was, now in one.fields
            if was or now
        )
        yield Told(title, note, one.what, words.WHAT[one.what].text(locale), fields)


def _value(name: str, value: str) -> str:
    if value == "yes":
        return _("是")
    if name == "late" and value:
        return late_words(read_late(value, name))
    if name in CODED and value:
        return _said(CODED[name].get(value), value)
    return value


def _said(label: Label | None, code: str) -> str:
    return label.text(choose_locale()) if label else code
