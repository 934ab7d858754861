"""The certificate of a draw: everything an outsider needs beside the frame file to repeat it.

    issue(plan=, frame=, secret=, public=, earlier=()) -> (Certificate, Draw)     draws and certifies
    certificate_text(certificate) -> str                    the file, one line of canonical JSON
    read_certificate(text | bytes) -> Certificate           strict; InvalidInput names the key
    EarlierRound(code, state, plan_digest, frame_digest, shared, of)
    shares_half(shared, here=, there=) -> bool              belongs in the list of earlier rounds

Checking one against its frame file is `core.verification.verify`.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qualityeval.core.ceremony import check_secret, public_value
from qualityeval.core.digests import HEX64, canonical_json, digest
from qualityeval.core.errors import InvalidInput, msg
from qualityeval.core.frame import Frame
from qualityeval.core.plan import Plan
from qualityeval.core.sampling import Draw, draw, seed_from
from qualityeval.core.tickets import Hashed, digests_of

VERSION = 1
KEYS = (
    "version", "plan", "plan_digest", "frame_digest", "secret", "public", "seed", "strata", "earlier_rounds",
)  # fmt: skip
_EARLIER = ("code", "state", "plan_digest", "frame_digest", "shared", "of")


@dataclass(frozen=True, slots=True)
class CertifiedStratum:
    """A stratum as certified; `last_ticket` is the largest ticket drawn, None where n is 0."""

    label: str
    N: int
    n: int
    last_ticket: str | None

    def as_json(self) -> dict[str, Any]:
        """The stratum under the certificate's keys."""
        return {"key": self.label, "N": self.N, "n": self.n, "last_ticket": self.last_ticket}


@dataclass(frozen=True, slots=True)
class EarlierRound:
    """An earlier drawn round, withdrawn ones too, that shares half of the cases; `of` is its frame's size."""

    code: str
    state: str
    plan_digest: str
    frame_digest: str
    shared: int
    of: int

    def as_json(self, plan_digest: str) -> dict[str, Any]:
        """With a digest that ties the entry to this plan, so that a changed byte shows here too."""
        entry = {name: getattr(self, name) for name in _EARLIER}
        return entry | {"digest": entry_digest(entry, plan_digest)}


def entry_digest(entry: Mapping[str, Any], plan_digest: str) -> str:
    """H(plan_digest, code, state, plan_digest, frame_digest, shared, of) of an earlier round."""
    return digest(plan_digest, *(str(entry[name]) for name in _EARLIER))


@dataclass(frozen=True, slots=True)
class Certificate:
    """The nine keys of the file."""

    plan: str = field(repr=False)
    plan_digest: str
    frame_digest: str
    secret: str = field(repr=False)
    public: str
    seed: str
    strata: tuple[CertifiedStratum, ...]
    earlier_rounds: tuple[Mapping[str, Any], ...] = ()
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        """The certificate under its nine keys."""
        content = {name: getattr(self, name) for name in KEYS}
        content["strata"] = [stratum.as_json() for stratum in self.strata]
        content["earlier_rounds"] = [dict(entry) for entry in self.earlier_rounds]
        return content


def shares_half(shared: int, *, here: int, there: int) -> bool:
    """Whether a round with `there` cases shares at least half of its cases, or of the `here` of ours."""
    return shared > 0 and (2 * shared >= here or 2 * shared >= there)


def issue(
    *,
    plan: Plan,
    frame: Frame,
    secret: str,
    public: str,
    earlier: Iterable[EarlierRound] = (),
    hashed: Hashed = digests_of,
) -> tuple[Certificate, Draw]:
    """The one draw that plan, secret and public value allow, and its certificate; `hashed` as in `draw`.

    Refuses with `InvalidInput`: a frame or a secret that isn't the plan's.
    """
    if frame.digest != plan.frame_digest:
        raise InvalidInput(
            "certificate.frame", msg("抽样框与冻结时公布的摘要不符，不能抽取。"), where="frame_digest"
        )
    check_secret(secret, plan.secret_digest)
    seed = seed_from(plan_digest=plan.digest, secret=secret, public=public)
    drawn = draw(frame, plan.sizes, seed=seed, hashed=hashed)
    certificate = Certificate(
        plan=plan.text,
        plan_digest=plan.digest,
        frame_digest=frame.digest,
        secret=secret,
        public=public_value(public),
        seed=seed,
        strata=tuple(CertifiedStratum(s.label, s.N, s.n, s.last_ticket) for s in drawn.strata),
        earlier_rounds=tuple(one.as_json(plan.digest) for one in earlier),
    )
    return certificate, drawn


def certificate_text(certificate: Certificate) -> str:
    """The file: canonical JSON in one line, without a line end, so that every byte counts."""
    return canonical_json(certificate.as_json())


def read_certificate(content: str | bytes) -> Certificate:
    """A certificate from its file, however it is indented.

    Refuses with `InvalidInput` (`where` names the key): no JSON object, a key twice, missing, unknown
    or of the wrong shape, another version.
    """
    node = _object(content)
    for key in (*KEYS, *node):
        if key not in node or key not in KEYS:
            raise _bad(key)
    if node["version"] != VERSION or type(node["version"]) is not int:
        raise InvalidInput(
            "certificate.version", msg("抽取证书的版本不是 1，请用相应版本的核验程序。"), where="version"
        )
    for key in ("plan", "public"):
        if not isinstance(node[key], str) or not node[key]:
            raise _bad(key)
    for key in ("plan_digest", "frame_digest", "secret", "seed"):
        if not isinstance(node[key], str) or not HEX64.fullmatch(node[key]):
            raise _bad(key)
    fields = {key: node[key] for key in KEYS if key not in ("strata", "earlier_rounds")}
    return Certificate(
        **fields, strata=_strata(node["strata"]), earlier_rounds=_earlier(node["earlier_rounds"])
    )


def _bad(key: str) -> InvalidInput:
    return InvalidInput(
        "certificate.key", msg("抽取证书里的 %(key)s 缺失、多余或写法不对。"), where=key, key=key
    )


def _object(content: str | bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        node = json.loads(text, object_pairs_hook=_once)
        json.dumps(node, ensure_ascii=False).encode()  # half a character has no bytes to hash
    except (ValueError, RecursionError):
        node = None
    if not isinstance(node, dict):
        raise InvalidInput(
            "certificate.form", msg("抽取证书不是完整的 JSON 文件，请重新下载。"), where="certificate"
        )
    return node


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    node = dict(pairs)
    if len(node) != len(pairs):
        raise ValueError("a key twice")
    return node


def _strata(nodes: object) -> tuple[CertifiedStratum, ...]:
    if not isinstance(nodes, list) or not nodes:
        raise _bad("strata")
    return tuple(_stratum(node, f"strata[{index}]") for index, node in enumerate(nodes))


def _stratum(node: object, where: str) -> CertifiedStratum:
    if not isinstance(node, dict) or set(node) != {"key", "N", "n", "last_ticket"}:
        raise _bad(where)
    last = node["last_ticket"]
    whole = type(node["N"]) is int and type(node["n"]) is int
    if not whole or not isinstance(node["key"], str) or not (last is None or isinstance(last, str)):
        raise _bad(where)
    return CertifiedStratum(node["key"], node["N"], node["n"], last)


def _earlier(nodes: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(nodes, list):
        raise _bad("earlier_rounds")
    for index, node in enumerate(nodes):
        if not isinstance(node, dict) or set(node) != {*_EARLIER, "digest"} or not _plain(node):
            raise _bad(f"earlier_rounds[{index}]")
    return tuple(nodes)


def _plain(entry: Mapping[str, Any]) -> bool:
    return all(
        type(value) is int if key in ("shared", "of") else isinstance(value, str)
        for key, value in entry.items()
    )
