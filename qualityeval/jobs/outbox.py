"""Sending what services left in the outbox: after the commit, once for each key."""

import logging
from collections.abc import Mapping

from qualityeval import clock
from qualityeval.adapters.outgoing import Folder, Gateway, Smtp
from qualityeval.database import instance_folder, transaction
from qualityeval.services import outbox as services

log = logging.getLogger(__name__)


def gateways(smtp: str | None = None) -> Mapping[str, Gateway]:
    """The channels of this instance; without a mail server letters lie in `outgoing` of its folder."""
    return {"mail": Smtp(smtp) if smtp else Folder(instance_folder() / "outgoing")}


def send_waiting(channels: Mapping[str, Gateway] | None = None) -> int:
    """Send every due message; returns how many were sent.

    Each is taken under a lease before and marked after sending. A worker that dies between the two sends
    it again after the lease, under the same key.
    """
    due = services.waiting(now=clock.now())
    if not due:
        return 0
    channels = gateways() if channels is None else channels
    return sum(_send(message, channels) for message in due)


def _send(message_id: int, channels: Mapping[str, Gateway]) -> bool:
    with transaction():
        message = services.take(message=message_id, now=clock.now())
    if message is None:
        return False
    try:
        channels[message.channel].send(key=message.key, recipient=message.recipient, body=message.body)
    except Exception as fault:  # noqa: BLE001 -- whatever a gateway raises means "later"
        log.warning("message %s was not sent: %s", message.key, fault)
        reason = f"{type(fault).__name__}: {fault}"
        with transaction():
            services.put_off(message=message, reason=reason, now=clock.now())
        return False
    with transaction():
        services.sent(message=message, now=clock.now())
    return True
