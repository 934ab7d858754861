"""What all one-time links share: the token, its digest, the holder in the log, the one answer for a dead link."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from qualityeval.authz import Actor
from qualityeval.core.errors import NotFound, msg
from qualityeval.core.opinion import TOKEN_BYTES
from qualityeval.database import blind_index

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
