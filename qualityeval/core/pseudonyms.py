"""Names and numbers in the papers of one case, and the tokens that stand for them before an expert.

numbered(known)            names with their tokens; those that the papers give away are core.learned_names.learned's
find(text, names, full=)   where names and numbers stand in a text, as spans with their tokens
replaced(text, …)          the text with tokens in their places

The same name has the same token in every paper of the case. What the rules miss stays readable: recall is measured
(core.masking_recall) and never taken for complete.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qualityeval.core.surnames import SURNAMES

# what stands for whom; the papers are Chinese and so are their tokens
RECIPIENT, PRACTITIONER, PROVIDER, PERSON = "recipient", "practitioner", "provider", "person"
ORGAN, NUMBER = "organ", "number"
KEPT = "kept"  # looked at by a person and found to be no name
TOKENS: Mapping[str, str] = {
    RECIPIENT: "受援人", PRACTITIONER: "承办人", PROVIDER: "承办单位", PERSON: "人员", ORGAN: "机关",
}  # fmt: skip
KINDS = (*TOKENS, KEPT)
FULL_ONLY = frozenset({ORGAN})  # masked at the full level only
SHORTEST = 2
_STEMS = "甲乙丙丁戊己庚辛壬癸"

WIDE = {0xFF10 + n: str(n) for n in range(10)} | {0xFF38: "X", 0xFF58: "x", 0xFF0D: "-", 0x3000: " "}
GAP = r"[ \t\u00a0]?"  # text layers often set a space between two characters
_DIGIT = rf"{GAP}\d"
NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("证件号码", re.compile(rf"(?<!\d)[1-9](?:{_DIGIT}){{16}}{GAP}[\dXx](?![\dA-Za-z])")),
    ("执业证号", re.compile(rf"(?<!\d)[13](?:{_DIGIT}){{16}}(?!{GAP}\d)")),
    ("证件号码", re.compile(r"(?<!\d)[1-9]\d{14}(?!\d)")),
    ("账号", re.compile(r"(?<!\d)\d{4}(?: ?\d{4}){3}(?: ?\d{1,3})?(?!\d)")),
    ("电话", re.compile(rf"(?<!\d)(?:\+?86[ -]?)?1{GAP}[3-9](?:[ -]?\d){{9}}(?!\d)")),
    ("电话", re.compile(r"(?<!\d)[(（]?0(?: ?\d){2,3}[)）]?[ -]?[2-9](?: ?\d){6,7}(?!\d)")),
    ("邮箱", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
)
_FIRM_ENDS = "|".join(r"\s?".join(end) for end in ("律师事务所", "法律服务所"))
FIRM = re.compile(rf"[\u4e00-\u9fff](?:\s?[\u4e00-\u9fff]){{1,11}}?\s?(?:{_FIRM_ENDS})")
_ORGAN = re.compile(r"[\u4e00-\u9fff]{2,16}?(?:人民法院|人民检察院|公安局|仲裁委员会|法律援助中心|看守所)")
_BEFORE_FIRM = re.compile(
    r"^.*(?:由|系|为|是|在|与|和|及|的|到|向|托|派|属|位)(?=(?:\s?[\u4e00-\u9fff]){2,}?\s?(?:"
    + _FIRM_ENDS
    + "))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, what kind of party bears it, and its token ("" for one that is kept)."""

    kind: str
    text: str
    token: str


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start…end of a text, and what stands for them."""

    start: int
    end: int
    token: str
    kind: str


def numbered(known: Iterable[tuple[str, str]]) -> tuple[Name, ...]:
    """Tokens in the order given, one a name: 人员甲, 人员乙, … 人员癸, 人员11; the first recipient is plain 受援人甲.

    Empty and one-letter names are left out: they would mask half the page.

    >>> [name.token for name in numbered([("person", "王芳"), ("person", "李雷"), ("person", "王芳")])]
    ['人员甲', '人员乙']
    """
    found: dict[str, Name] = {}
    counts: dict[str, int] = {}
    for kind, text in known:
        bare = squeezed(text)
        if len(bare) < SHORTEST or bare in found:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        found[bare] = Name(kind, bare, _token(kind, counts[kind]))
    return tuple(found.values())


def _token(kind: str, number: int) -> str:
    return "［证号］" if kind == NUMBER else TOKENS[kind] + stem(number) if kind in TOKENS else ""


def stem(number: int) -> str:
    """甲 for 1 … 癸 for 10, then figures."""
    return _STEMS[number - 1] if number <= len(_STEMS) else str(number)


def squeezed(text: str) -> str:
    """A name as it is compared: composed, without blanks.

    >>> squeezed(" 张 三 ")
    '张三'
    """
    return "".join(unicodedata.normalize("NFC", text).split())


def find(text: str, names: Sequence[Name], *, full: bool = False) -> list[Span]:
    """Where names and numbers stand, from left to right, none inside another.

    `full` masks organs and the institution too. A longer name goes before a shorter one within it; a name
    broken by a blank or a line's end is found.
    """
    flat = text.translate(WIDE)
    spans = [
        Span(hit.start(), hit.end(), f"［{word}］", NUMBER)
        for word, rule in NUMBERS
        for hit in rule.finditer(flat)
    ]
    pattern, by_text = _compiled(tuple(names), full)
    if pattern is not None:
        for hit in pattern.finditer(flat):
            name = by_text[squeezed(hit.group()).casefold()]
            if name.kind != KEPT:
                spans.append(Span(hit.start(), hit.end(), name.token, name.kind))
    spans += [  # a firm that no paper named before
        Span(hit.end() - len(firm_in(hit.group())), hit.end(), "［单位］", PROVIDER)
        for hit in FIRM.finditer(flat)
    ]
    if full:
        spans += [Span(hit.start(), hit.end(), "［机关］", ORGAN) for hit in _ORGAN.finditer(flat)]
    return _apart(spans)


def replaced(text: str, names: Sequence[Name], *, full: bool = False) -> str:
    """The text with every span's token in its place.

    >>> names = numbered([("recipient", "张三"), ("provider", "浙江天平律师事务所")])
    >>> replaced("张 三委托浙江天平律师事务所，电话138 0013 8000。", names)
    '受援人甲委托承办单位甲，电话［电话］。'
    """
    parts, at = [], 0
    for span in find(text, names, full=full):
        parts += [text[at : span.start], span.token]
        at = span.end
    return "".join((*parts, text[at:]))


def firm_in(run: str) -> str:
    """The firm at the end of a run of characters, without the words that lead to it."""
    return _BEFORE_FIRM.sub("", run).lstrip()


@lru_cache(maxsize=64)
def _compiled(names: tuple[Name, ...], full: bool) -> tuple[re.Pattern[str] | None, dict[str, Name]]:
    """One pattern of all names, the longest first, and the names by their squeezed lower-case text."""
    by_text: dict[str, Name] = {}
    for name in names:
        if name.kind in FULL_ONLY and not full:
            continue
        for way in _ways(name):
            by_text.setdefault(way.casefold(), name)
    if not by_text:
        return None, {}
    longest = sorted(by_text, key=lambda way: (-len(way), way))
    joined = "|".join(r"\s*".join(map(re.escape, way)) for way in longest)
    return re.compile(joined, re.IGNORECASE), by_text


def _ways(name: Name) -> list[str]:
    """How a name is written: 张三 also as 张律师, a firm also without its place and by its short form."""
    ways = [name.text]
    if name.kind == PRACTITIONER and name.text[:1] in SURNAMES:
        family = name.text[:2] if name.text[:2] in SURNAMES else name.text[:1]
        ways += [f"{family}律师", f"{family}某"]
    if name.kind == PROVIDER and name.text.endswith("律师事务所"):
        head = name.text.removesuffix("律师事务所")
        ways += [f"{head[-size:]}律师事务所" for size in range(len(head) - 1, 1, -1)]
        ways += [f"{head[-2:]}律所"] if len(head) > 1 else []
    return ways


def _apart(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.token.startswith("［"), -one.end)):
        if not found or span.start >= found[-1].end:
            found.append(span)
        elif span.end > found[-1].end:  # two that overlap are one mask under the first one's token
            first = found[-1]
            found[-1] = Span(first.start, span.end, first.token, first.kind)
    return found
