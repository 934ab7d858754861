"""Writing, proving and naming the head of the audit log."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qualityeval.authz import Actor
from qualityeval.core.audit_chain import GENESIS, Link, Verdict, canonical, seal, walk
from qualityeval.database import db
from qualityeval.models import AuditEvent, AuditHead
from qualityeval.queries.audit import link_of

LOCKED = select(AuditHead).with_for_update().execution_options(populate_existing=True)


def record(
    actor: Actor, action: str, *, now: datetime, object_type: str, object_id: str = "", **detail: object
) -> AuditEvent:
    """Add one event to the chain, inside the caller's transaction.

    The head row is locked until the commit, so that two writers can't follow the same event; a long
    use case calls this last. `detail` never holds a secret, a password or an unmasked number.
    """
    session: Session = db.session()
    head = session.execute(LOCKED).scalar_one_or_none()
    if head is None:
        head = AuditHead(id=1, seq=0, hash=GENESIS)
        session.add(head)
    text = canonical(detail)
    seq = head.seq + 1
    sealed = seal(
        seq=seq, at=now, actor=actor.name, action=action, object_type=object_type, object_id=object_id,
        detail=text, previous=head.hash,
    )  # fmt: skip
    event = AuditEvent(
        seq=seq, at=now, actor=actor.name, action=action, object_type=object_type, object_id=object_id,
        detail=text, previous=head.hash, hash=sealed,
    )  # fmt: skip
    head.seq, head.hash = seq, sealed
    session.add(event)
    session.flush()
    return event


def verify(*, expected_head: str | None = None) -> Verdict:
    """Walk the whole stored chain; `expected_head` is one that was noted elsewhere.

    The stored head must be the chain's end too: a tail that was cut off shows there first. Others may
    write meanwhile: the chain has to reach the head as it was before the walk, and the head as it is
    after the walk has to be no earlier than the chain's end.
    """
    before_seq, before_hash = _stored_head()
    query = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=2_000)
    met: dict[int, str] = {0: GENESIS}
    with db.session.execute(query).scalars() as rows:  # closed too where the walk stops at a bad event
        verdict = walk(_noting(map(link_of, rows), before_seq, met), expected_head=expected_head)
    after_seq, after_hash = _stored_head()
    reached = met.get(before_seq) == before_hash and after_seq >= verdict.events
    if after_seq == verdict.events:
        reached = reached and after_hash == verdict.head
    if verdict.ok and not reached:
        first_bad = min(before_seq, verdict.events) + 1
        return Verdict(ok=False, events=verdict.events, head=verdict.head, first_bad=first_bad)
    return verdict


def head() -> str:
    """The hash of the last event; 64 zeros for an empty log."""
    stored = db.session.execute(select(AuditHead.hash)).scalar_one_or_none()
    return stored or GENESIS


def _stored_head() -> tuple[int, str]:
    stored = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    return (stored.seq, stored.hash or GENESIS) if stored else (0, GENESIS)


def _noting(links: Iterable[Link], seq: int, met: dict[int, str]) -> Iterator[Link]:
    """The links as they come; the hash of the one numbered `seq` is kept in `met`."""
    for link in links:
        if link.seq == seq:
            met[seq] = link.hash
        yield link
