"""The tickets of a very large frame, hashed by as many processes as there are processors.

    hashed_by_all(frame, prefix) -> np.ndarray       the same as `core.tickets.digests_of`

Keys and digests lie in shared memory, so that nothing is copied between the processes. A frame of less
than a million cases is hashed here: starting processes would take longer.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise, repeat
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory
from types import MappingProxyType

import numpy as np

from qualityeval.core.frame import Frame
from qualityeval.core.tickets import WIDTH, digests_of, hashed_rows

WORTH_IT = 1_000_000
# a process of its own with an interpreter of its own: a fork would copy the threads' locks of a web server
START = "spawn"


def hashed_by_all(frame: Frame, prefix: bytes) -> np.ndarray:
    """SHA-256 of prefix and key for every case of the frame."""
    workers = os.cpu_count() or 1
    if workers == 1 or len(frame) < WORTH_IT:
        return digests_of(frame, prefix)
    digests = SharedMemory(create=True, size=len(frame) * WIDTH)
    try:
        keys = SharedMemory(create=True, size=len(frame.block) + frame.bounds.nbytes)
        try:
            _hash(frame, prefix, keys, digests, workers)
        finally:
            keys.close()
            keys.unlink()
        return np.ndarray((len(frame), WIDTH), np.uint8, digests.buf).copy()
    finally:
        digests.close()
        digests.unlink()


def _hash(frame: Frame, prefix: bytes, keys: SharedMemory, digests: SharedMemory, workers: int) -> None:
    bounds = frame.bounds.nbytes
    np.ndarray(frame.bounds.shape, frame.bounds.dtype, keys.buf)[:] = frame.bounds
    keys.buf[bounds : bounds + len(frame.block)] = frame.block
    ends = np.linspace(0, len(frame), workers + 1).astype(int).tolist()
    with ProcessPoolExecutor(workers, get_context(START)) as pool:
        list(
            pool.map(
                _child,
                repeat((keys.name, digests.name, len(frame), prefix)),
                pairwise(ends),
            )
        )


def _child(shared: tuple[str, str, int, bytes], rows: tuple[int, int]) -> None:
    """One share of the rows, in a process of its own."""
    keys_name, digests_name, count, prefix = shared
    keys, digests = SharedMemory(keys_name), SharedMemory(digests_name)
    try:
        first, last = rows
        bounds = np.ndarray((count + 1,), np.int64, keys.buf)[first : last + 1].copy()
        block = bytes(keys.buf[8 * (count + 1) :][bounds[0] : bounds[-1]])
        part = Frame(block, bounds - bounds[0], np.empty(0, np.int32), MappingProxyType({}))
        hashed_rows(
            part, prefix, 0, last - first, np.ndarray((count, WIDTH), np.uint8, digests.buf)[first:last]
        )
    finally:
        keys.close()
        digests.close()
