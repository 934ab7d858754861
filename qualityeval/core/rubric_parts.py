"""A scoring rubric: what is judged, for how many points, and where the grades begin.

Points are whole hundredths everywhere (2000 is 20 points). A rubric comes in as a mapping whose
numbers are still text, so no float is ever made of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Literal

from qualityeval.core.errors import InvalidInput, msg

Method = Literal["points", "five_mark", "indicator"]
VetoKind = Literal["file", "conduct"]

METHODS: tuple[Method, ...] = ("points", "five_mark", "indicator")
VETO_KINDS: tuple[VetoKind, ...] = ("file", "conduct")
FULL = 10_000
OVERALL, OVERALL_GRADE = (
    "overall",
    "overall-grade",
)  # what a sheet says of the case as a whole; no item's code
BONUS_CAP = 500
STAFF = "staff"  # the role of items and indicators that staff answer once a case, see `core.staff_part`

_CODE = re.compile(r"[a-z][a-z0-9-]{0,63}")
_POINTS = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Title:
    """One name in two languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade; `minimum` is its cut-off in hundredths, `order` 0 for the best."""

    name: str
    name_en: str
    minimum: int
    order: int
    good: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A ready reason for a deduction of `points` hundredths."""

    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge; `na` says whether it may be left out with a reason.

    `check` names the process check that proposes its mark and `late` what a broken one takes off, see
    `core.proposal_rules`.
    """

    code: str
    title: Title
    points: int
    na: bool
    role: str = ""
    clause: str = ""
    anchors: tuple[tuple[str, str], ...] = ()
    phrases: tuple[Phrase, ...] = ()
    check: str = ""
    late: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One indicator with its items; under the indicator method it has no items, `na` and `role` are its own."""

    code: str
    title: Title
    points: int
    core: bool
    na: bool
    items: tuple[Item, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """A ground that beats any total: `file` is found in the papers, `conduct` by a verified complaint."""

    code: str
    title: Title
    kind: VetoKind
    grade: str


@dataclass(frozen=True, slots=True)
class Bonus:
    """Points above the items; unscaled, at most `points` hundredths."""

    code: str
    title: Title
    points: int


@dataclass(frozen=True, slots=True)
class Rubric:
    """One frozen version. Sections sum to 100.00 unless the method is `indicator`.

    `by_item` holds what an expert marks, by code: the items, or the indicators themselves (worth no points).
    """

    code: str
    version: int
    title: Title
    method: Method
    grades: tuple[Grade, ...]
    sections: tuple[Section, ...]
    vetoes: tuple[Veto, ...] = ()
    bonus: tuple[Bonus, ...] = ()
    bonus_cap: int = BONUS_CAP
    by_item: Mapping[str, Item] = field(default_factory=dict, compare=False, repr=False)

    @property
    def key(self) -> str:
        """`code@version`, the name a round's spec uses."""
        return f"{self.code}@{self.version}"

    @property
    def core(self) -> tuple[str, ...]:
        """Codes of the core indicators, in sheet order."""
        return tuple(section.code for section in self.sections if section.core)

    def grade_named(self, name: str) -> Grade:
        """The grade of that name; `InvalidInput` when the rubric has none."""
        for grade in self.grades:
            if grade.name == name:
                return grade
        raise InvalidInput(
            "rubric.unknown_grade",
            msg("评分标准 %(rubric)s 没有“%(grade)s”这个等次。"),
            rubric=self.key,
            grade=name,
        )


def refuse(where: str, code: str, text: str, **params: object) -> InvalidInput:
    """The refusal of a rubric file: `where` is the path inside it, as `sections[2].items[0].points`."""
    return InvalidInput(f"rubric.{code}", text, where=where, **params)


def points_of(value: object, where: str) -> int:
    """Text such as `4` or `0.5` into whole hundredths; more than two decimals or a float is refused."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not _POINTS.fullmatch(text):
        raise refuse(
            where, "points", msg("%(value)s 不是分值：请写 0 到 100 之间、最多两位小数的数。"), value=value
        )
    return hundredths(text)


def hundredths(text: str) -> int:
    """A decimal written as text into whole hundredths, exactly; `InvalidInput` otherwise.

    >>> hundredths("12.5")
    1250
    """
    try:
        scaled = Decimal(text) * 100
    except InvalidOperation:
        raise InvalidInput("points.invalid", msg("“%(value)s”不是数。"), value=text) from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise InvalidInput("points.invalid", msg("“%(value)s”最多只能有两位小数。"), value=text)
    return int(scaled)


def code_of(value: object, where: str) -> str:
    """A code: lower-case letters, digits and hyphens, beginning with a letter."""
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise refuse(
            where,
            "code",
            msg("代码“%(value)s”不合规：请用小写字母开头，只含小写字母、数字和连字符。"),
            value=value,
        )
    return value


def show_points(points: int) -> str:
    """Hundredths as a person writes them: 450 is `4.5`, 2000 is `20`, 5 is `0.05`."""
    whole, rest = divmod(abs(points), 100)
    text = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
    return f"-{text}" if points < 0 else text
