"""Sending what services left in the outbox: after the commit, once for each key."""

import logging
from collections.abc import Mapping
from typing import Any

from qualityeval import clock
from qualityeval.adapters.gateway_file import Gateways, read_gateways
from qualityeval.adapters.outgoing import Gateway
from qualityeval.core.errors import InvalidInput
from qualityeval.database import instance_address, instance_folder, transaction
from qualityeval.services import outbox as services
from qualityeval.services import recipient_links

CHANNELS = ("mail", "sms", "robot")
ON_TELEPHONES = ("sms", "robot")
log = logging.getLogger(__name__)


def gateways() -> Gateways:
    """The channels of this instance as its `gateways.yaml` says; one that can't be read sends nothing."""
    try:
        return read_gateways(instance_folder())
    except InvalidInput as refusal:
        log.warning("gateways.yaml: %s %s", refusal.code, refusal.params)
        return Gateways({})


def send_waiting(given: Gateways | None = None) -> int:
    """Send every due message; returns how many were sent.

    Each is taken under a lease before and marked after sending. A worker that dies between the two sends
    it again after the lease, under the same key. In quiet hours telephones stay silent, and what is meant
    for them waits.
    """
    now = clock.now()
    present = gateways() if given is None else given
    quiet = present.quiet.holds_at(now.astimezone(clock.OFFICE).time())
    # a channel that isn't there is no reason to use up a message's tries
    held = {name for name in CHANNELS if name not in present.channels or (quiet and name in ON_TELEPHONES)}
    due = services.waiting(now=now, held=held)
    return sum(_send(message, present.channels) for message in due)


def _send(message_id: int, channels: Mapping[str, Gateway]) -> bool:
    with transaction():
        message = services.take(message=message_id, now=clock.now())
    if message is None:
        return False
    try:
        recipient, body = _number(message), _with_link(message.body)
        channels[message.channel].send(key=message.key, recipient=recipient, body=body)
    except Exception as fault:  # noqa: BLE001 -- whatever a gateway raises means "later"
        reason = _unnamed(f"{type(fault).__name__}: {fault}", message)
        log.warning("message %s was not sent: %s", message.key, reason)
        with transaction():
            services.put_off(message=message, reason=reason, now=clock.now())
        return False
    with transaction():
        services.sent(message=message, now=clock.now())
    return True


def _number(message: services.Message) -> str:
    """The address; a recipient's number is read as the message leaves, so that the outbox never holds it."""
    link = message.body.get("link_of")
    return recipient_links.number_of(link) if link else message.recipient


def _unnamed(reason: str, message: services.Message) -> str:
    """The reason without a token or number that a gateway repeats: the outbox and the log keep neither."""
    link = message.body.get("link_of")
    if link:
        for secret in (recipient_links.token_of(link), _number(message)):
            reason = reason.replace(secret, "…") if secret else reason
    return reason


def _with_link(body: Mapping[str, Any]) -> dict[str, Any]:
    """The text with the page's address after it: the office may move its address, the message names a path."""
    path = body.get("path", "")
    if "link_of" in body:  # the token is made as the message leaves: the outbox never holds it
        path = recipient_links.PATH + recipient_links.token_of(body["link_of"])
    link = f"{instance_address()}{path}" if path else ""
    return {**body, "text": f"{body.get('text', '')} {link}".strip()}
