"""No test leaves this machine."""

import socket
from collections.abc import Callable
from typing import Any

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def only_here(connect: Callable[..., None]) -> Callable[..., None]:
    """The method `connect` of sockets, for loopback addresses and socket files alone."""

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and str(address[0]) not in LOOPBACK:
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)

    return guarded
