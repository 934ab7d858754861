"""The plan: one JSON text, published with its digest before any seed exists.

    build_plan(code=, frame=, sizes=, secret=, deal_secret=, source=, more={}) -> Plan
    read_plan(text) -> Plan                     strict: canonical form, keys, sums
    Plan: text, digest, code, frame_digest, secret_digest, deal_secret_digest, source,
          strata (PlanStratum(label, N, n)), sizes {label: n}, n, N, content (the whole mapping)

`more` holds what else the freeze fixes (spec, rubric digests, counts left out); keys of its own,
no floats.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from qualityeval.core.allocation import StratumSize
from qualityeval.core.ceremony import SeedKind, SeedSource, secret_digest
from qualityeval.core.digests import HEX64, canonical_json, content_digest
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import Frame

OWN_KEYS = frozenset({"code", "frame_digest", "secret_digest", "deal_secret_digest", "seed_source", "strata"})
DIGESTS = ("frame_digest", "secret_digest", "deal_secret_digest")


@dataclass(frozen=True, slots=True)
class PlanStratum:
    """A stratum of the plan: N cases in the frame, n to draw."""

    label: str
    N: int
    n: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is hashed (`text`) and what a draw needs of it."""

    text: str = field(repr=False)
    digest: str
    code: str
    frame_digest: str
    secret_digest: str
    deal_secret_digest: str
    source: SeedSource
    strata: tuple[PlanStratum, ...]
    content: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def sizes(self) -> dict[str, int]:
        """How many to draw from each stratum."""
        return {stratum.label: stratum.n for stratum in self.strata}

    @property
    def n(self) -> int:
        """Cases to draw over all strata."""
        return sum(stratum.n for stratum in self.strata)

    @property
    def N(self) -> int:  # noqa: N802 -- the trade's symbol
        """Cases in the frame."""
        return sum(stratum.N for stratum in self.strata)


def build_plan(
    *,
    code: str,
    frame: Frame,
    sizes: Iterable[StratumSize],
    secret: str,
    deal_secret: str,
    source: SeedSource,
    more: Mapping[str, object] | None = None,
) -> Plan:
    """The plan of a freeze. Only the digests of the two secrets go in.

    Refuses with `InvalidInput`: sizes that aren't the frame's strata, the two secrets being one.
    """
    strata = {size.label: size for size in sizes}
    if {label: size.N for label, size in strata.items()} != dict(frame.sizes):
        raise InvalidInput(
            "plan.strata", msg("各层的件数与抽样框不符，不能冻结。请重新计算抽取数。"), where="strata"
        )
    if secret == deal_secret:
        raise InvalidInput("plan.secrets", msg("抽取与派案须各用一个密值。"), where="secret")
    more = dict(more or {})
    if clash := OWN_KEYS & more.keys():
        raise KeyError(f"the plan has these keys already: {sorted(clash)}")
    content = {
        "code": code,
        "frame_digest": frame.digest,
        "secret_digest": secret_digest(secret),
        "deal_secret_digest": secret_digest(deal_secret),
        "seed_source": source.as_plan(),
        "strata": [{"key": label, "N": frame.sizes[label], "n": strata[label].n} for label in frame.sizes],
        **more,
    }
    return read_plan(canonical_json(content))


def read_plan(text: str) -> Plan:
    """A plan from its exact text.

    Refuses with `InvalidInput` (`where` names the key): no JSON object, not in canonical form, a float,
    a key missing or of the wrong shape, strata out of order, n beyond N.
    """
    content = _content(text)
    for key in DIGESTS:
        if not isinstance(content.get(key), str) or not HEX64.fullmatch(content[key]):
            raise _bad(key)
    if not isinstance(content.get("code"), str) or not content["code"]:
        raise _bad("code")
    return Plan(
        text=text,
        digest=content_digest(text.encode()),
        code=content["code"],
        frame_digest=content["frame_digest"],
        secret_digest=content["secret_digest"],
        deal_secret_digest=content["deal_secret_digest"],
        source=_source(content.get("seed_source")),
        strata=_strata(content.get("strata")),
        content=content,
    )


def _bad(key: str) -> InvalidInput:
    return InvalidInput(
        "plan.key", msg("方案文本里的 %(key)s 缺失或写法不对。"), where=f"plan.{key}", key=key
    )


def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_float=_no_float)
        canonical = isinstance(content, dict) and canonical_json(content) == text
    except (ValueError, RecursionError, TypeError):
        canonical = False
    if not canonical:
        raise InvalidInput(
            "plan.form", msg("方案文本不是规定的写法（键按序、无空格、无小数）：可能被改动过。"), where="plan"
        )
    return dict(content)


def _no_float(text: str) -> float:
    raise ValueError(text)


def _source(node: object) -> SeedSource:
    if not isinstance(node, dict) or node.get("kind") not in tuple(SeedKind):
        raise _bad("seed_source")
    kind = SeedKind(node["kind"])
    if kind is not SeedKind.LOTTERY:
        return SeedSource(kind)
    try:
        return SeedSource(kind, str(node["name"]), date.fromisoformat(node["date"]))
    except (KeyError, TypeError, ValueError):
        raise _bad("seed_source") from None


def _strata(nodes: object) -> tuple[PlanStratum, ...]:
    if not isinstance(nodes, list) or not nodes:
        raise _bad("strata")
    strata = tuple(_stratum(node) for node in nodes)
    labels = [stratum.label.encode() for stratum in strata]
    if any(first >= second for first, second in pairwise(labels)):
        raise _bad("strata")
    return strata


def _stratum(node: object) -> PlanStratum:
    if not isinstance(node, dict) or set(node) != {"key", "N", "n"} or not isinstance(node["key"], str):
        raise _bad("strata")
    size, drawn = node["N"], node["n"]
    if type(size) is not int or type(drawn) is not int or not 0 <= drawn <= size or not size:
        raise _bad("strata")
    return PlanStratum(node["key"], size, drawn)
