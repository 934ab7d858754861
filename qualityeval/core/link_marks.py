"""Answers by link that somebody else may have given: flagged for a second look, never dropped, never left out of a rate.

    marks(answered, own) -> {key: (Mark, …)}     only answers that carry a mark

A lawyer who answers for clients leaves traces: several answers about one lawyer from one device or one address, from a
device or an address with which the lawyer opened a link of their own, or one telephone number for several persons. A
family shares a device and a village an address, so the figures are thresholds of suspicion, not findings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

DEVICE_AT, ADDRESS_AT = 2, 3  # answers about one practitioner


class Mark(StrEnum):
    """What looks odd about where an answer came from, the gravest first."""

    OWN_DEVICE = "own_device"
    OWN_ADDRESS = "own_address"
    SHARED_DEVICE = "shared_device"
    SHARED_ADDRESS = "shared_address"
    SHARED_NUMBER = "shared_number"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: about whose work, from where (keyed digests, None for unknown), by which number of which person."""

    key: str
    practitioner: int | None
    address: str | None = None
    device: str | None = None
    number: str | None = None
    person: str = ""


def marks(
    answered: Sequence[Answered], own: Mapping[int, Iterable[str]] | None = None
) -> dict[str, tuple[Mark, ...]]:
    """The marks of each answer that has any; `own` gives the digests from which a practitioner opened own links."""
    known = {who: frozenset(places) for who, places in (own or {}).items()}
    devices = Counter((one.practitioner, one.device) for one in answered if one.device)
    addresses = Counter((one.practitioner, one.address) for one in answered if one.address)
    persons: dict[tuple[int | None, str], set[str]] = defaultdict(set)
    for one in answered:
        if one.number:
            persons[one.practitioner, one.number].add(one.person)
    found: dict[str, tuple[Mark, ...]] = {}
    for one in answered:
        if one.practitioner is None:
            continue
        mine = known.get(one.practitioner, frozenset())
        met = {
            Mark.OWN_DEVICE: one.device in mine,
            Mark.OWN_ADDRESS: one.address in mine,
            Mark.SHARED_DEVICE: devices[one.practitioner, one.device or ""] >= DEVICE_AT,
            Mark.SHARED_ADDRESS: addresses[one.practitioner, one.address or ""] >= ADDRESS_AT,
            Mark.SHARED_NUMBER: len(persons[one.practitioner, one.number or ""]) > 1,
        }
        if any(met.values()):
            found[one.key] = tuple(mark for mark in Mark if met[mark])
    return found
