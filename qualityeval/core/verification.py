"""Checking a certificate against its frame file, as `draw verify` and the "run again" button do.

    verify(certificate_file, frame_file) -> Verification    .ok, .checks, .draw (None unless all is ok)
    Check(name, ok, text, params)                           .detail is the Chinese sentence
    NAMES                                                   the checks, always all and in this order

The stand-alone verifier asks the same questions in code of its own.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from qualityeval.core.ceremony import check_secret, public_value
from qualityeval.core.certificate import Certificate, entry_digest, read_certificate
from qualityeval.core.digests import content_digest
from qualityeval.core.errors import InvalidInput, RuleViolation, msg
from qualityeval.core.frame import Frame
from qualityeval.core.frame_file import read_frame
from qualityeval.core.plan import Plan, read_plan
from qualityeval.core.sampling import Draw, draw, seed_from

NAMES = (
    "certificate", "plan_digest", "plan", "frame", "frame_digest", "secret", "seed", "sizes", "tickets",
    "earlier_rounds",
)  # fmt: skip
_SKIPPED = msg("前面的检查没有通过，这一项无从核对。")
_LAYOUTS: tuple[dict[str, Any], ...] = (
    {"separators": (",", ":")},
    {},
    *({"indent": width} for width in (1, 2, 3, 4, "\t")),
)


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer; `text` with `params` says what was found, for the door to translate."""

    name: str
    ok: bool
    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def detail(self) -> str:
        """The Chinese sentence."""
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True, slots=True)
class Verification:
    """All checks; `draw` is the draw repeated, where every check is ok."""

    checks: tuple[Check, ...]
    draw: Draw | None

    @property
    def ok(self) -> bool:
        """Whether the certificate stands."""
        return all(check.ok for check in self.checks)


@dataclass(slots=True)
class _Evidence:
    """What the checks found so far; each needs some of it and adds its own."""

    certificate_file: bytes
    frame_file: bytes
    certificate: Certificate | None = None
    plan: Plan | None = None
    frame: Frame | None = None
    draw: Draw | None = None


Answer = tuple[str, dict[str, object]]
_Question = Callable[[_Evidence], Answer]


T = TypeVar("T")


class _Skipped(Exception):
    """An earlier check failed, so there is nothing to compare."""


def verify(certificate_file: bytes, frame_file: bytes) -> Verification:
    """Repeat the draw from the two files and compare every figure. Never raises for what they hold.

    The rows of the frame file may stand in any order; anything else that differs by one byte fails.
    """
    evidence = _Evidence(certificate_file, frame_file)
    checks = tuple(_asked(name, question, evidence) for name, question in _QUESTIONS.items())
    ok = all(check.ok for check in checks)
    return Verification(checks, evidence.draw if ok else None)


def _asked(name: str, question: _Question, evidence: _Evidence) -> Check:
    try:
        text, params = question(evidence)
    except _Skipped:
        return Check(name, ok=False, text=_SKIPPED)
    except RuleViolation as refusal:
        return Check(name, ok=False, text=refusal.text, params=refusal.params)
    return Check(name, ok=True, text=text, params=params)


def _need(found: T | None) -> T:
    if found is None:
        raise _Skipped
    return found


def _fail(name: str, text: str, **params: object) -> InvalidInput:
    return InvalidInput(f"verify.{name}", text, where=name, **params)


def _certificate(evidence: _Evidence) -> Answer:
    evidence.certificate = read_certificate(evidence.certificate_file)
    text = evidence.certificate_file.decode("utf-8-sig")
    node = json.loads(text)
    if not any(
        json.dumps(node, ensure_ascii=ascii_, sort_keys=sort, **layout) == text.removesuffix("\n")
        for layout in _LAYOUTS
        for ascii_ in (False, True)
        for sort in (False, True)
    ):
        raise _fail("layout", msg("抽取证书的空白或转义写法被改动过，请重新下载。"))
    return msg("抽取证书完整，版本 1。"), {}


def _plan_digest(evidence: _Evidence) -> Answer:
    certificate = _need(evidence.certificate)
    found = content_digest(certificate.plan.encode())
    if found != certificate.plan_digest:
        raise _fail("plan_digest", msg("方案文本的摘要是 %(found)s，与证书不符。"), found=found)
    return msg("方案摘要 %(found)s。"), {"found": found}


def _plan(evidence: _Evidence) -> Answer:
    evidence.plan = read_plan(_need(evidence.certificate).plan)
    return msg("方案写法符合规定，共 %(strata)s 层。"), {"strata": len(evidence.plan.strata)}


def _frame(evidence: _Evidence) -> Answer:
    evidence.frame = read_frame(evidence.frame_file, any_order=True)
    if evidence.frame.content != evidence.frame_file:
        return msg("抽样框共 %(size)s 件；行序与公布的不同，按案件排序后核对。"), {
            "size": len(evidence.frame)
        }
    return msg("抽样框共 %(size)s 件。"), {"size": len(evidence.frame)}


def _frame_digest(evidence: _Evidence) -> Answer:
    certificate, plan, frame = _need(evidence.certificate), _need(evidence.plan), _need(evidence.frame)
    if not frame.digest == certificate.frame_digest == plan.frame_digest:
        raise _fail(
            "frame_digest", msg("抽样框文件的摘要是 %(found)s，与证书或方案不符。"), found=frame.digest
        )
    return msg("抽样框摘要 %(found)s。"), {"found": frame.digest}


def _secret(evidence: _Evidence) -> Answer:
    check_secret(_need(evidence.certificate).secret, _need(evidence.plan).secret_digest)
    return msg("密值与方案里事先公布的摘要相符。"), {}


def _seed(evidence: _Evidence) -> Answer:
    certificate, plan = _need(evidence.certificate), _need(evidence.plan)
    found = seed_from(plan_digest=plan.digest, secret=certificate.secret, public=certificate.public)
    if found != certificate.seed or public_value(certificate.public) != certificate.public:
        raise _fail("seed", msg("由方案、密值和公开值算出的种子是 %(found)s，与证书不符。"), found=found)
    return msg("种子 %(found)s。"), {"found": found}


def _sizes(evidence: _Evidence) -> Answer:
    certificate, plan, frame = _need(evidence.certificate), _need(evidence.plan), _need(evidence.frame)
    planned = [(stratum.label, stratum.N, stratum.n) for stratum in plan.strata]
    certified = [(stratum.label, stratum.N, stratum.n) for stratum in certificate.strata]
    counted = [(label, size, plan.sizes.get(label)) for label, size in frame.sizes.items()]
    for label, *_ in sorted(
        {*planned, *certified, *counted} - ({*planned} & {*certified} & {*counted}), key=str
    ):
        raise _fail("sizes", msg("“%(label)s”层的件数在抽样框、方案和证书里不一致。"), label=label)
    if planned != certified:
        raise _fail("sizes", msg("“%(label)s”层的件数在抽样框、方案和证书里不一致。"), label=certified[0][0])
    return msg("各层件数一致，共抽 %(n)s 件。"), {"n": plan.n}


def _tickets(evidence: _Evidence) -> Answer:
    certificate, plan, frame = _need(evidence.certificate), _need(evidence.plan), _need(evidence.frame)
    if set(plan.sizes) != set(frame.sizes) or any(plan.sizes[x] > frame.sizes[x] for x in plan.sizes):
        raise _Skipped
    evidence.draw = draw(frame, plan.sizes, seed=certificate.seed)
    last = {stratum.label: stratum.last_ticket for stratum in certificate.strata}
    for stratum in evidence.draw.strata:
        if stratum.label not in last or last[stratum.label] != stratum.last_ticket:
            raise _fail("tickets", msg("“%(label)s”层最后一张抽签号与证书不符。"), label=stratum.label)
    return msg("重新抽取的结果与证书一致。"), {}


def _earlier_rounds(evidence: _Evidence) -> Answer:
    certificate = _need(evidence.certificate)
    for entry in certificate.earlier_rounds:
        if entry["digest"] != entry_digest(entry, certificate.plan_digest):
            raise _fail("earlier_rounds", msg("以往批次“%(round)s”的记录被改动过。"), round=entry["code"])
    return msg("列出以往批次 %(count)s 个。"), {"count": len(certificate.earlier_rounds)}


_QUESTIONS: dict[str, _Question] = dict(
    zip(
        NAMES,
        (
            _certificate, _plan_digest, _plan, _frame, _frame_digest, _secret, _seed, _sizes, _tickets,
            _earlier_rounds,
        ),
        strict=True,
    )
)  # fmt: skip
