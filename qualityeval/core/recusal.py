"""Recusal 回避: who must not read a case, derived from the registers alone.

    reasons(expert, case, rules) -> tuple[str, ...]         codes of REASONS; empty: may read
    eligible(experts, case, rules) -> tuple[int, ...]       indices, ascending
    Eligibility(experts, rules).of(case)                    the same, remembered for cases that are alike
    Judge(code, provider, licence, places)  Matter(key, provider, licence, places, institution)
    RecusalRules(region, provider)

`places` maps a level (county, city, province) to the code of the place at that level, from an
institution's own row and its ancestors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qualityeval.core.errors import msg

PROVIDER, INSTITUTION, REGION, OWN_CASE = "provider", "institution", "region", "own_case"
REASONS: Mapping[str, str] = {
    OWN_CASE: msg("专家就是承办人"),
    PROVIDER: msg("专家与承办人同属一个承办单位"),
    INSTITUTION: msg("专家在承办机构任职"),
    REGION: msg("专家与案件同在一个地区"),
}


@dataclass(frozen=True, slots=True)
class Judge:
    """An expert as the rules see them; `institution` is the code of the place of work, "" for none."""

    code: str
    provider: str = ""
    licence: str = ""
    institution: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as the rules see it."""

    key: str
    institution: str
    provider: str = ""
    licence: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


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
        OWN_CASE: bool(judge.licence) and judge.licence == matter.licence,
        PROVIDER: rules.provider and bool(judge.provider) and judge.provider == matter.provider,
        INSTITUTION: bool(judge.institution) and judge.institution == matter.institution,
        REGION: bool(here := judge.places.get(rules.region)) and here == matter.places.get(rules.region),
    }
    return tuple(reason for reason in REASONS if met[reason])


def eligible(judges: Sequence[Judge], matter: Matter, rules: RecusalRules) -> tuple[int, ...]:
    """The experts who may read the case."""
    return tuple(index for index, judge in enumerate(judges) if not reasons(judge, matter, rules))


class Eligibility:
    """Who may read which case, for many cases: those with the same facts share one answer in memory."""

    def __init__(self, judges: Sequence[Judge], rules: RecusalRules) -> None:
        self._judges, self._rules = judges, rules
        self._known: dict[tuple[str, str, str, str], tuple[int, ...]] = {}

    def of(self, matter: Matter) -> tuple[int, ...]:
        """`eligible` of this case."""
        region = matter.places.get(self._rules.region, "")
        facts = (matter.institution, matter.provider, matter.licence, region)
        if facts not in self._known:
            self._known[facts] = eligible(self._judges, matter, self._rules)
        return self._known[facts]
