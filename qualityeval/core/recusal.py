"""Recusal 回避: who must not read a case, derived from the registers alone.

    reasons(expert, case, rules) -> tuple[str, ...]         codes of REASONS; empty: may read
    eligible(experts, case, rules) -> tuple[int, ...]       indices, ascending
    Eligibility(experts, rules).of(case)                    the same as a lazy sequence, for many cases
    Judge(code, provider, licence, places)  Matter(key, provider, licence, places, institution)
    RecusalRules(region, provider)          Tie(kind, about, whom)

`places` maps a level (county, city, province) to the code of the place at that level, from an
institution's own row and its ancestors. A tie is an interest somebody recorded or declared, or one that the
register tells; it keeps the expert away for ever, whatever its dates: former colleagues stay acquaintances.

>>> knows = Judge("E1", ties=(Tie("kinship", "practitioner", "7"),))
>>> reasons(knows, Matter("33:1", "33", practitioner="7"), RecusalRules())
('kinship',)
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from qualityeval.core.all_but import AllBut
from qualityeval.core.errors import msg

PROVIDER, INSTITUTION, REGION, OWN_CASE = "provider", "institution", "region", "own_case"
CASE, PRACTITIONER, COURT_CASE = "case", "practitioner", "court_case"  # what else a tie may be about
SAME_CASE = "same_case"
HEAD, STATION = "head", "station"  # where an expert leads, or sits
TIES: Mapping[str, str] = {
    "past_provider": msg("专家曾在这个承办单位执业"),
    SAME_CASE: msg("专家办过同一案件"),
    "opposite": msg("专家曾是这件案件的对方"),
    "co_counsel": msg("专家与承办人合办过案件"),
    "kinship": msg("专家与当事人或承办人有亲属关系"),
    "declared": msg("专家自己申报回避"),
    "objected": msg("机构申请这名专家回避"),
    "conflict": msg("专家有其他利害关系"),
}
REASONS: Mapping[str, str] = {
    OWN_CASE: msg("专家就是承办人"),
    PROVIDER: msg("专家与承办人同属一个承办单位"),
    INSTITUTION: msg("专家在承办机构任职"),
    REGION: msg("专家与案件同在一个地区"),
    HEAD: msg("专家是承办机构或其上级的负责人"),
    STATION: msg("专家在承办机构驻点"),
    **TIES,
}


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties an expert to a case: `kind` of TIES; `about` names what `whom` is a key of.

    A case, a practitioner and an institution (with all below it) by their keys, a provider by its name, a
    matter before a court by its number.
    """

    kind: str
    about: str
    whom: str


@dataclass(frozen=True, slots=True)
class Judge:
    """An expert as the rules see them; `institution` is the code of the place of work, "" for none."""

    code: str
    provider: str = ""
    licence: str = ""
    institution: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()


class Handler(NamedTuple):
    """Who handles a case beside its first practitioner: provider, licence, key; unknowns are empty."""

    provider: str = ""
    licence: str = ""
    practitioner: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as the rules see it; `path` holds the keys of its institution and those above, `/1/5/9/`.

    `beside` are its further practitioners: whatever keeps an expert from the first keeps them from each.
    """

    key: str
    institution: str
    provider: str = ""
    licence: str = ""
    places: Mapping[str, str] = field(default_factory=dict)
    case: str = ""
    practitioner: str = ""
    path: str = ""
    court_case: str = ""
    beside: tuple[Handler, ...] = ()

    @property
    def handlers(self) -> tuple[Handler, ...]:
        """Everybody who handles the case, the first practitioner first."""
        return (Handler(self.provider, self.licence, self.practitioner), *self.beside)


@dataclass(frozen=True, slots=True)
class RecusalRules:
    """`region`: county, city or none; `provider`: whether one's own provider is a reason."""

    region: str = "county"
    provider: bool = True


def reasons(judge: Judge, matter: Matter, rules: RecusalRules) -> tuple[str, ...]:
    """Every reason that keeps this expert from this case, the gravest first.

    An empty provider, licence or place matches nothing: two unknowns aren't the same.
    """
    met = {
        OWN_CASE: bool(judge.licence) and any(judge.licence == one.licence for one in matter.handlers),
        PROVIDER: rules.provider
        and bool(judge.provider)
        and any(judge.provider == one.provider for one in matter.handlers),
        INSTITUTION: bool(judge.institution) and judge.institution == matter.institution,
        REGION: bool(here := judge.places.get(rules.region)) and here == matter.places.get(rules.region),
    }
    if judge.ties:
        subjects = set(subjects_of(matter))
        met |= {tie.kind: True for tie in judge.ties if (tie.about, tie.whom) in subjects}
    return tuple(reason for reason in REASONS if met.get(reason))


def subjects_of(matter: Matter) -> Iterator[tuple[str, str]]:
    """All that a tie may be about so that it touches this case; unknowns are left out."""
    named = [(CASE, matter.case), (COURT_CASE, matter.court_case)]
    for one in matter.handlers:
        named += [(PRACTITIONER, one.practitioner), (PROVIDER, one.provider)]
    yield from ((about, whom) for about, whom in named if whom)
    yield from ((INSTITUTION, part) for part in matter.path.split("/") if part)


def eligible(judges: Sequence[Judge], matter: Matter, rules: RecusalRules) -> tuple[int, ...]:
    """The experts who may read the case."""
    return tuple(index for index, judge in enumerate(judges) if not reasons(judge, matter, rules))


class Eligibility:
    """Who may read which case, for many cases: experts are looked up by what keeps them from it.

    Asking each expert about each of a province's 27,000 files takes half a minute; this takes a second.
    """

    def __init__(self, judges: Sequence[Judge], rules: RecusalRules) -> None:
        self._count, self._rules = len(judges), rules
        self._by_fact: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for index, judge in enumerate(judges):
            for fact in self._facts(judge):
                self._by_fact[fact].add(index)
            for tie in judge.ties:
                self._by_fact["tie", tie.about, tie.whom].add(index)
        self._tied = any(judge.ties for judge in judges)
        self._known: dict[tuple[tuple[str, ...], ...], AllBut] = {}

    def of(self, matter: Matter) -> AllBut:
        """The same as `eligible` of this case."""
        facts: tuple[tuple[str, ...], ...] = tuple(
            fact for fact in self._facts(matter) if fact in self._by_fact
        )
        for one in matter.beside:
            beside = (OWN_CASE, one.licence), (PROVIDER, one.provider)
            facts += tuple(fact for fact in beside if fact in self._by_fact)
        if self._tied:
            ties = (("tie", *subject) for subject in subjects_of(matter))
            facts += tuple(fact for fact in ties if fact in self._by_fact)
        if facts not in self._known:
            out = set[int]().union(*(self._by_fact[fact] for fact in facts))
            self._known[facts] = AllBut(self._count, out)
        return self._known[facts]

    def _facts(self, one: Judge | Matter) -> Iterator[tuple[str, ...]]:
        """What expert and case may have in common so that the one is kept from the other."""
        if one.licence:
            yield OWN_CASE, one.licence
        if self._rules.provider and one.provider:
            yield PROVIDER, one.provider
        if one.institution:
            yield INSTITUTION, one.institution
        if region := one.places.get(self._rules.region):
            yield REGION, region
