"""What is stored of a draw, against its certificate: the files may be right and the work go on with other cases.

    check_record(record, certificate_file, verification) -> Verification      two checks more: record, sample
    Record(…)  StoredTicket(stratum, place, key, ticket, numerator, denominator)

`record`: plan, digests, secret, public value, seed and sizes in the store are those of the certificate.
`sample`: the stored cases are tickets 1…n of each stratum with the design weight N/n; opened reserves follow in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from qualityeval.core.certificate import Certificate, read_certificate
from qualityeval.core.errors import msg
from qualityeval.core.sampling import Draw
from qualityeval.core.verification import Check, Verification

NAMES = ("record", "sample")


class StoredTicket(NamedTuple):
    """A stored sampled case; the design weight as numerator and denominator."""

    stratum: str
    place: int
    key: str
    ticket: str
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Record:
    """The store's rows of a drawn round. `strata`: label → (N, n); `size`: cases that the draw's row states."""

    facts: Mapping[str, str]
    frame_size: int
    size: int
    strata: Mapping[str, tuple[int, int]]
    sample: Sequence[StoredTicket]


FACTS = ("plan", "plan_digest", "frame_digest", "secret", "public", "seed")


def check_record(record: Record, certificate_file: bytes, verification: Verification) -> Verification:
    """The verification with the two questions about the store; both stay open where the files don't agree."""
    if verification.draw is None:
        waiting = msg("前面的检查没有通过，这一项无从核对。")
        checks = tuple(Check(name, ok=False, text=waiting) for name in NAMES)
    else:
        checks = (
            _record(record, read_certificate(certificate_file)),
            _sample(record.sample, verification.draw),
        )
    return Verification((*verification.checks, *checks), verification.draw)


def _record(record: Record, certificate: Certificate) -> Check:
    certified = {one.label: (one.N, one.n) for one in certificate.strata}
    wrong = [name for name in FACTS if record.facts.get(name) != getattr(certificate, name)]
    wrong += ["strata"] if dict(record.strata) != certified else []
    wrong += ["frame_size"] if record.frame_size != sum(N for N, _ in certified.values()) else []
    wrong += ["size"] if record.size != sum(n for _, n in certified.values()) else []
    if wrong:
        text = msg("库里的 %(what)s 与证书不符。")
        return Check("record", ok=False, text=text, params={"what": ", ".join(wrong)})
    return Check("record", ok=True, text=msg("库里的方案、种子和各层件数与证书一致。"))


def _sample(stored: Sequence[StoredTicket], draw: Draw) -> Check:
    strata = {one.label: one for one in draw.strata}
    places: dict[str, list[int]] = {label: [] for label in strata}
    for row in stored:
        stratum = strata.get(row.stratum)
        order = stratum.order if stratum else ()
        at = order[row.place - 1] if 0 < row.place <= len(order) else None
        weight = (stratum.N, stratum.n) if stratum else None
        drawn = stratum is not None and row.place <= stratum.n
        if at is None or (row.key, row.ticket) != (at.key, at.ticket):
            return _differs(row.key)
        if drawn and (row.numerator, row.denominator) != weight:
            return _differs(row.key)
        places[row.stratum].append(row.place)
    for label, found in places.items():
        if sorted(found) != list(range(1, max(len(found), strata[label].n) + 1)):
            return Check(
                "sample", ok=False, text=msg("“%(label)s”层存的案件缺号或多号。"), params={"label": label}
            )
    return Check("sample", ok=True, text=msg("库里抽中的 %(n)s 件与重算的一致。"), params={"n": len(stored)})


def _differs(key: str) -> Check:
    text = msg("库里的案件“%(key)s”与重算的抽签号、位次或权数不符。")
    return Check("sample", ok=False, text=text, params={"key": key})
