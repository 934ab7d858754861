"""The tickets of a very large frame, hashed by as many processes as there are processors.

    hashed_by_all(frame, prefix) -> np.ndarray       the same as `core.tickets.digests_of`

Keys go out and digests come back in portions of some megabytes, a few at a time. A frame of less than a
million cases is hashed here: starting processes would take longer.
"""

import os
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from types import MappingProxyType

import numpy as np

from qualityeval.core.frame import Frame
from qualityeval.core.tickets import WIDTH, digests_of

WORTH_IT = 1_000_000
ROWS = 200_000
AHEAD = 2  # portions that wait for each process
# processes with an interpreter of their own: a fork would copy the threads' locks of a web server
START = "spawn"


def hashed_by_all(frame: Frame, prefix: bytes) -> np.ndarray:
    """SHA-256 of prefix and key for every case of the frame."""
    workers = os.cpu_count() or 1
    if workers == 1 or len(frame) < WORTH_IT:
        return digests_of(frame, prefix)
    found = np.empty((len(frame), WIDTH), np.uint8)
    waiting: deque[tuple[int, Future[bytes]]] = deque()
    with ProcessPoolExecutor(workers, get_context(START)) as pool:
        for first in range(0, len(frame), ROWS):
            bounds = frame.bounds[first : first + ROWS + 1]
            block = frame.block[bounds[0] : bounds[-1]]
            waiting.append((first, pool.submit(_hashed, block, bounds - bounds[0], prefix)))
            if len(waiting) > AHEAD * workers:
                _receive(found, *waiting.popleft())
        for first, future in waiting:
            _receive(found, first, future)
    return found


def _receive(found: np.ndarray, first: int, future: "Future[bytes]") -> None:
    digests = np.frombuffer(future.result(), np.uint8).reshape(-1, WIDTH)
    found[first : first + len(digests)] = digests


def _hashed(block: bytes, bounds: np.ndarray, prefix: bytes) -> bytes:
    """One portion, in a process of its own."""
    part = Frame(block, bounds, np.zeros(len(bounds) - 1, np.int32), MappingProxyType({}))
    return digests_of(part, prefix).tobytes()
