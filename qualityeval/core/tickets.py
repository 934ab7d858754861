"""The tickets of a whole frame as one table of digests, and the smallest of them in exact order.

    digests_of(frame, prefix) -> np.ndarray      a row of 32 bytes a case: SHA-256 of prefix and key
    by_stratum(frame) -> list[np.ndarray]        the rows of each stratum
    Tickets(frame, digests).smallest(rows, n)    the n rows with the smallest tickets, in ticket order

Ten million tickets are 320 MB here and would be gigabytes as texts. Rows are put in order by the first
eight bytes; only where two of them agree, which hardly ever happens, by the whole ticket and the key.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from qualityeval.core.frame import PORTION, Frame

WIDTH = 32
Hashed = Callable[[Frame, bytes], np.ndarray]


class Ticket(NamedTuple):
    """A case with its ticket and its place (from 1) in its stratum's order."""

    place: int
    key: str
    ticket: str


def digests_of(frame: Frame, prefix: bytes) -> np.ndarray:
    """SHA-256 of prefix and key for every case of the frame."""
    return hashed_rows(frame, prefix, 0, len(frame), np.empty((len(frame), WIDTH), np.uint8))


def hashed_rows(frame: Frame, prefix: bytes, first: int, last: int, into: np.ndarray) -> np.ndarray:
    """The digests of the rows from `first` to before `last`, written to these rows of `into`."""
    begun = hashlib.sha256(prefix)  # the keys are NFC and clean already, so the prefix is hashed once
    for start in range(first, last, PORTION):
        end, digests = min(start + PORTION, last), []
        for key in frame.key_bytes(start, end):
            whole = begun.copy()
            whole.update(key)
            digests.append(whole.digest())
        into[start:end] = np.frombuffer(b"".join(digests), np.uint8).reshape(-1, WIDTH)
    return into


def by_stratum(frame: Frame) -> list[np.ndarray]:
    """The rows of each stratum, in the order of `frame.sizes`."""
    # numbers of two bytes are sorted by counting, others by comparing
    codes = frame.codes.astype(np.uint16) if len(frame.sizes) <= np.iinfo(np.uint16).max else frame.codes
    ends = np.cumsum(list(frame.sizes.values()))
    return np.split(np.argsort(codes, kind="stable"), ends[:-1])


class Tickets:
    """The tickets of a frame, a row a case."""

    def __init__(self, frame: Frame, digests: np.ndarray) -> None:
        self._frame, self._digests = frame, digests
        self._heads = digests.view(">u8")[:, 0].astype(np.uint64)

    def text(self, row: int) -> str:
        """The ticket of one case."""
        return bytes(self._digests[row]).hex()

    def texts(self, rows: np.ndarray) -> list[str]:
        """The tickets of these rows."""
        whole = self._digests[rows].tobytes().hex()
        return [whole[start : start + 2 * WIDTH] for start in range(0, len(whole), 2 * WIDTH)]

    def smallest(self, rows: np.ndarray, n: int) -> np.ndarray:
        """The `n` of these rows with the smallest tickets, in the order of ticket and key."""
        if n == 0:
            return rows[:0]
        heads = self._heads[rows]
        if n < len(rows):  # those that share the n-th's first bytes stay in until the order is exact
            few = heads <= np.partition(heads, n - 1)[n - 1]
            rows, heads = rows[few], heads[few]
        order = np.argsort(heads)
        rows, heads = rows[order], heads[order]
        if (heads[1:] == heads[:-1]).any():
            rows = np.array(sorted(rows.tolist(), key=lambda row: (self.text(row), self._frame.key(row))))
        return rows[:n]

    def listed(self, rows: np.ndarray, place: int) -> tuple[Ticket, ...]:
        """These rows as tickets, numbered from `place`."""
        keys = map(self._frame.key, rows.tolist())
        return tuple(map(Ticket, range(place, place + len(rows)), keys, self.texts(rows)))
