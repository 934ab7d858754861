"""The arithmetic of the audit log: what an event's hash covers, and how a chain is walked."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

SEPARATOR = "\x1f"
GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One event as it was sealed; `detail` is the exact JSON text."""

    seq: int
    at: datetime
    actor: str
    action: str
    object_type: str
    object_id: str
    detail: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What a walk found: the number of events, the last hash, the first number that doesn't fit."""

    ok: bool
    events: int
    head: str
    first_bad: int | None


def canonical(detail: Mapping[str, object]) -> str:
    """JSON with sorted keys and no spaces, so that the same facts are the same text."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def stamp(at: datetime) -> str:
    """The instant as hashed: UTC with microseconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal(
    *,
    seq: int,
    at: datetime,
    actor: str,
    action: str,
    object_type: str,
    object_id: str,
    detail: str,
    previous: str,
) -> str:
    """SHA-256 over all fields of the event and the hash before it, as lower-case hex."""
    fields = (previous, str(seq), stamp(at), actor, action, object_type, object_id, detail)
    return hashlib.sha256(SEPARATOR.join(fields).encode()).hexdigest()


def walk(links: Iterable[Link], *, expected_head: str | None = None) -> Verdict:
    """Re-compute the chain from its first event.

    An edit, a deletion, a swap or an insertion shows as `first_bad`. A tail cut off, or a log rewritten
    and re-hashed whole, shows only against `expected_head`, a head noted elsewhere: it must occur in the
    chain, else the verdict is not ok.
    """
    previous, count, seen = GENESIS, 0, expected_head in {None, GENESIS}
    for link in links:
        count += 1
        hash_now = seal(
            seq=link.seq, at=link.at, actor=link.actor, action=link.action, object_type=link.object_type,
            object_id=link.object_id, detail=link.detail, previous=link.previous,
        )  # fmt: skip
        if link.seq != count or link.previous != previous or link.hash != hash_now:
            return Verdict(ok=False, events=count, head=previous, first_bad=count)
        previous = link.hash
        seen = seen or previous == expected_head
    return Verdict(ok=seen, events=count, head=previous, first_bad=None)
