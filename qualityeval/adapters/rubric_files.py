"""The rubrics that come with the product, read from the package's own files once."""

from functools import cache, lru_cache
from importlib.resources import files

from qualityeval.adapters.yaml_text import load_text
from qualityeval.core.errors import NotFound, msg
from qualityeval.core.proposal_rules import with_shipped_rules
from qualityeval.core.rubric import Rubric
from qualityeval.core.rubric_reading import parse_rubric

CODES = (
    "criminal-investigation",
    "criminal-prosecution",
    "criminal-trial",
    "criminal-representation",
    "criminal-appeal",
    "civil",
    "administrative",
    "labour-arbitration",
    "nonlitigation",
    "enforcement",
    "duty-lawyer",
)


@lru_cache(maxsize=64)
def read_rubric(content: bytes | str) -> Rubric:
    """A rubric from the bytes of a YAML file; `InvalidInput` names the place of a fault.

    A text read before is not read again: YAML takes a seventh of a second, and a page of results needs eleven.
    """
    rubric = parse_rubric(load_text(content))
    return with_shipped_rules(rubric) if rubric.code in CODES else rubric


@cache
def shipped() -> tuple[Rubric, ...]:
    """All shipped rubrics, in the order the handbook lists them."""
    folder = files("qualityeval") / "rubrics"
    return tuple(read_rubric((folder / f"{code}.yaml").read_bytes()) for code in CODES)


def shipped_text(code: str) -> str:
    """The YAML text of a shipped rubric, to be stored beside its version; `NotFound` otherwise."""
    if code not in CODES:
        raise _missing(code)
    return (files("qualityeval") / "rubrics" / f"{code}.yaml").read_text(encoding="utf-8")


def shipped_rubric(key: str) -> Rubric:
    """The shipped rubric named `code@version`; `NotFound` when there is none."""
    for rubric in shipped():
        if rubric.key == key:
            return rubric
    raise _missing(key)


def _missing(key: str) -> NotFound:
    return NotFound(
        "rubric.not_found",
        msg("没有评分标准“%(key)s”。请用 rubric list 查看现有的。"),
        where="rubrics",
        key=key,
    )
