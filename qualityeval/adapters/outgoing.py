"""Where messages go: an SMTP server where one is set, else letters in a folder for a mail program."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20
SENDER = "qualityeval@localhost"


class Gateway(Protocol):
    """Delivers one message; any exception means "not sent, try again"."""

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Deliver; the same key again must do no harm."""


def letter(*, key: str, recipient: str, body: dict[str, Any], sender: str) -> EmailMessage:
    """A plain-text letter; its Message-ID follows from the key, so that a repeat is recognised."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = str(body.get("subject", ""))
    message["Message-ID"] = f"<{key.encode().hex()[:120]}@qualityeval>"
    message.set_content(str(body.get("text", "")))
    return message


@dataclass(frozen=True)
class Smtp:
    """`smtp://name:password@host:port` (STARTTLS where offered) or `smtps://…`."""

    address: str
    sender: str = SENDER

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Hand the letter to the server."""
        parts = urlsplit(self.address)
        secure = parts.scheme == "smtps"
        context = ssl.create_default_context()
        host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
            if secure
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        with server:
            if not secure and server.has_extn("starttls"):
                server.starttls(context=context)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(letter(key=key, recipient=recipient, body=body, sender=self.sender))


@dataclass(frozen=True)
class Folder:
    """One .eml a message, named by its key: sent again it replaces itself."""

    folder: Path

    def send(self, *, key: str, recipient: str, body: dict[str, Any]) -> None:
        """Write the letter whole or not at all."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        target = self.folder / f"{key.encode().hex()[:120]}.eml"
        partial = target.with_suffix(".partial")
        partial.write_bytes(bytes(letter(key=key, recipient=recipient, body=body, sender=SENDER)))
        partial.replace(target)
