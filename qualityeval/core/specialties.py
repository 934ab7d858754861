"""Which experts know a kind of case: their specialties as written, against what the case is.

    codes_of(words) -> frozenset[str]           the known codes among an expert's specialties
    asked_of(case_type, aid_form, minor=) -> frozenset[str]     the specialties that fit a case
    fits(words, asked) -> bool

An expert fits who names the type of the case or the narrower field it belongs to: a labour arbitration
asks for civil or labour, a minor's criminal case for criminal or juvenile. `other` and unknown words fit none.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from qualityeval.core.vocabulary import folded


class Specialty(StrEnum):
    """Fields of work of an expert."""

    CRIMINAL = "criminal"
    CIVIL = "civil"
    ADMINISTRATIVE = "administrative"
    LABOUR = "labour"
    JUVENILE = "juvenile"
    OTHER = "other"


MODES = ("required", "preferred", "ignore")
_SPOKEN: Mapping[Specialty, str] = {
    Specialty.CRIMINAL: "criminal 刑事 刑事辩护 刑事案件 刑",
    Specialty.CIVIL: "civil 民事 民商事 民事案件 民",
    Specialty.ADMINISTRATIVE: "administrative 行政 行政案件 行政诉讼",
    Specialty.LABOUR: "labour labor 劳动 劳动争议 劳动仲裁 劳动人事",
    Specialty.JUVENILE: "juvenile 未成年人 未成年 未成年人保护 少年",
    Specialty.OTHER: "other 其他",
}
_CODES = {folded(word): code for code, spoken in _SPOKEN.items() for word in spoken.split()}


def codes_of(words: Iterable[str]) -> frozenset[str]:
    """The codes that an expert's specialties name, in Chinese or English; unknown words name none."""
    return frozenset(str(_CODES[key]) for word in words if (key := folded(word)) in _CODES)


def asked_of(case_type: str, aid_form: str, *, minor: bool = False) -> frozenset[str]:
    """The specialties that fit a case: its type, labour for arbitration, juvenile for a minor's."""
    narrower = {Specialty.LABOUR: aid_form == "arbitration", Specialty.JUVENILE: minor}
    return frozenset({case_type, *(str(code) for code, applies in narrower.items() if applies)})


def fits(words: Iterable[str], asked: frozenset[str]) -> bool:
    """Whether one of the expert's specialties fits."""
    return not codes_of(words).isdisjoint(asked)
