"""How much of what should be masked the rules find: measured on made-up papers with planted names and numbers.

The planted papers are drawn by SHA-256, so the figure is the same everywhere and belongs to the rules that run.
Real scans and free writing are harder: the figure is a floor for nothing, and never said to be complete.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from qualityeval.core.digests import digest
from qualityeval.core.learned_names import learned
from qualityeval.core.pseudonyms import PRACTITIONER, PROVIDER, RECIPIENT, find

PAPERS = 100  # as many as a page can wait for; the proof measures 500
KNOWN, LEARNED, FIRMS, IDS, PHONES, LICENCES = "known", "learned", "firms", "ids", "phones", "licences"
SORTS = (KNOWN, LEARNED, FIRMS, IDS, PHONES, LICENCES)
_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国志红玉春梅晓文雪宇博子涵欣怡浩然思琪"
_PLACES = ("杭州", "宁波", "温州", "浙江", "绍兴", "余姚")
_FIRMS = ("天平", "正大", "诚信", "金道", "海泰", "和义", "君安", "五联")


@dataclass(frozen=True)
class Recall:
    """Of `planted` things of a sort, how many the rules covered whole."""

    sort: str
    planted: int
    found: int

    @property
    def share(self) -> float:
        """Found / planted."""
        return self.found / self.planted


@lru_cache(maxsize=1)
def recall(papers: int = PAPERS) -> tuple[Recall, ...]:
    """The recall of every sort over so many planted papers, in the order of `SORTS`."""
    planted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for number in range(papers):
        known, text, places = planted_paper(number)
        spans = find(text, learned([text], known))
        covered = {at for span in spans for at in range(span.start, span.end)}
        for sort, start, end in places:
            planted[sort] += 1
            found[sort] += all(at in covered or text[at].isspace() for at in range(start, end))
    return tuple(Recall(sort, planted[sort], found[sort]) for sort in SORTS)


def planted_paper(number: int) -> tuple[list[tuple[str, str]], str, list[tuple[str, int, int]]]:
    """What the register knows, the paper's text, and where which sort of thing stands in it."""
    dice = _Dice(number)
    names = ("recipient", "lawyer", "judge", "clerk", "witness", "kin")
    said = {name: dice.name() for name in names} | {"firm": dice.firm(), "other": dice.firm()}
    said |= {"id": dice.id_number(), "phone": dice.phone(), "phone2": dice.phone(), "licence": dice.licence()}
    said |= {"stranger": dice.name()}
    known = [(RECIPIENT, said["recipient"]), (PRACTITIONER, said["lawyer"]), (PROVIDER, said["firm"])]
    page = _Page(dice)
    for part in re.split(r"(\{\w+\})", _PAPER + (_STRANGER if dice(3) == 0 else "")):
        name = part.strip("{}")
        page.write(said.get(name, part), _SORTS.get(name) if part.startswith("{") else None)
    return known, page.text, page.places


_PAPER = """会见笔录
时间：2026年3月10日
会见人：{lawyer}（{firm}）
被会见人：{recipient}，公民身份号码：{id}，电话{phone}
执业证号：{licence}
问：{recipient}，你认识{witness}吗？
答：认识。
证人{witness}陈述：当日{recipient}在家，其妻子{kin}也在场。
审判长：{judge}
书记员 {clerk}
另一当事人由{other}代理，联系电话：{phone2}。{judge}认为事实清楚。
"""
_STRANGER = "后来{stranger}把东西拿走了。\n"  # a person whom no label names: what rules can't know
_SORTS = {
    "lawyer": KNOWN, "recipient": KNOWN, "firm": FIRMS, "other": FIRMS, "id": IDS, "phone": PHONES, "phone2": PHONES,
    "licence": LICENCES, "witness": LEARNED, "kin": LEARNED, "judge": LEARNED, "clerk": LEARNED, "stranger": LEARNED,
}  # fmt: skip


class _Page:
    def __init__(self, dice: "_Dice") -> None:
        self.text, self._dice = "", dice
        self.places: list[tuple[str, int, int]] = []

    def write(self, words: str, sort: str | None) -> None:
        if sort and self._dice(12) == 0:  # set wide, or broken at a line's end
            at = 1 + self._dice(len(words) - 1)
            words = words[:at] + ("\n" if sort in (KNOWN, FIRMS) and self._dice(2) else " ") + words[at:]
        if sort:
            self.places.append((sort, len(self.text), len(self.text) + len(words)))
        self.text += words


class _Dice:
    """Whole numbers below a bound, the same for the same paper."""

    def __init__(self, number: int) -> None:
        self._number, self._thrown = number, 0

    def __call__(self, below: int) -> int:
        self._thrown += 1
        return int(digest("planted", str(self._number), str(self._thrown))[:12], 16) % below

    def name(self) -> str:
        given = "".join(_GIVEN[self(len(_GIVEN))] for _ in range(1 + (self(3) > 0)))
        return _FAMILY[self(len(_FAMILY))] + given

    def firm(self) -> str:
        return f"{_PLACES[self(len(_PLACES))]}{_FIRMS[self(len(_FIRMS))]}律师事务所"

    def digits(self, count: int) -> str:
        return "".join(str(self(10)) for _ in range(count))

    def id_number(self) -> str:
        return f"3301{self.digits(2)}19{60 + self(40)}0{1 + self(9)}{10 + self(18)}{self.digits(3)}{'0123456789X'[self(11)]}"

    def phone(self) -> str:
        return f"1{3 + self(7)}{self.digits(9)}" if self(3) else f"0571-8{self.digits(7)}"

    def licence(self) -> str:
        return f"13301{2000 + self(26)}1{self.digits(7)}"
