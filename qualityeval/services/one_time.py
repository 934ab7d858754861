"""What all one-time links share: the token, its digest, the holder in the log, the one answer for a dead link.

fresh(purpose) -> {public_id, token_hash}         of a new link; its token is keyed_token(purpose, public_id)
send_each(model, found, purpose=, written=, …)    a link for each that may get one
exchange(model, token=, now=)                     the token for a session, once
of_session(model, session_token=, now=)           the link behind a session
kill(link)                                        neither token nor session opens it any more
"""

import base64
import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import insert, select

from qualityeval.authz import Actor
from qualityeval.core.errors import InvalidInput, NotFound, msg
from qualityeval.core.opinion import MOST_DAYS, SESSION, TOKEN_BYTES
from qualityeval.database import blind_index, db, new_public_id
from qualityeval.models.one_time_link import OneTimeLink

Link = TypeVar("Link", bound=OneTimeLink)

# whoever holds a link has no account; the log names the door instead
LINK_HOLDER = Actor(account_id=0, name="one-time link", display_name="one-time link", role=None)


@dataclass(frozen=True)
class Origin:
    """Where an answer came from: the network address, and the random name that the device's cookie carries."""

    address: str = ""
    device: str = ""

    @property
    def digests(self) -> tuple[str | None, str | None]:
        """What is stored of both: keyed digests that tell equal from different and nothing else; None for unknown."""
        return _keyed("address", self.address), _keyed("device", self.device)


def _keyed(what: str, text: str) -> str | None:
    return blind_index(f"link:{what}", text) if text else None


NOWHERE = Origin()


class LinkDead(NotFound):
    """One answer for a wrong, used, revoked or expired link: nobody learns which it was."""

    code = "link.dead"
    text = msg("这个链接不能用：可能已经用过、过期或被撤回。请联系发函的法律援助机构重新发一个。")


def new_token() -> str:
    """192 bits from the operating system, as 32 signs that an address may hold."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def keyed_token(purpose: str, public_id: str) -> str:
    """A token of 192 bits made of a random public id and the instance's key, which isn't in the database.

    So a message that waits in the outbox and a letter that is printed tomorrow need no stored token.
    """
    made = bytes.fromhex(blind_index(f"token:{purpose}", public_id))
    return base64.urlsafe_b64encode(made[:TOKEN_BYTES]).decode()


def digest_of(token: str) -> str:
    """What is stored of a token: its SHA-256; 192 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_days(days: int) -> None:
    """Refuse a life of less than a day or beyond 60."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput("link.days", msg("有效天数应为 1 至 60 天。"), where="days")


def fresh(purpose: str) -> dict[str, str]:
    """Public id and token's digest of a new link."""
    public_id = new_public_id()
    return {"public_id": public_id, "token_hash": digest_of(keyed_token(purpose, public_id))}


class Receiver(Protocol):
    """Somebody who may get a link; `left_out` is the reason for which they don't, "" for none."""

    @property
    def left_out(self) -> str: ...


Found = TypeVar("Found", bound=Receiver)


@dataclass(frozen=True)
class Batch:
    """How many links were made, and how many were left out by reason."""

    made: int
    left_out: Mapping[str, int]


def send_each(
    model: type[OneTimeLink], found: Sequence[Found], *, purpose: str, written: Callable[[Found], Mapping[str, Any]],
    nobody: InvalidInput,
) -> Batch:  # fmt: skip
    """Store a link for each that may get one, with what `written` says of it; `nobody` where none may."""
    rows = [{**fresh(purpose), "version": 1, **written(one)} for one in found if not one.left_out]
    if not rows:
        raise nobody
    db.session.execute(insert(model), rows)
    db.session.flush()
    return Batch(len(rows), dict(Counter(one.left_out for one in found if one.left_out)))


def exchange(model: type[Link], *, token: str, now: datetime) -> tuple[Link, str]:
    """The link of this token and the token of its session of 60 minutes, once: locked, and LinkDead otherwise."""
    link = _by_digest(model, model.token_hash, token, lock=True)
    if link is None or link.revoked_at or now >= link.expires_at:
        raise LinkDead(where="link")
    session_token = new_token()
    link.token_hash, link.opened_at = None, now
    link.session_hash, link.session_expires_at = digest_of(session_token), now + SESSION
    return link, session_token


def of_session(model: type[Link], *, session_token: str, now: datetime, lock: bool = False) -> Link:
    """The link that this session was opened with; LinkDead otherwise."""
    link = _by_digest(model, model.session_hash, session_token, lock=lock) if session_token else None
    if link is None or link.session_expires_at is None or now >= link.session_expires_at:
        raise LinkDead(where="link")
    return link


def kill(link: OneTimeLink) -> None:
    """Neither the link nor a session that was opened with it opens anything any more."""
    link.token_hash = link.session_hash = None


def _by_digest(model: type[Link], column: Any, token: str, *, lock: bool) -> Link | None:
    """The holder of a link has no account: the digest alone finds it."""
    query = select(model).where(column == digest_of(token))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(query).scalar_one_or_none()
