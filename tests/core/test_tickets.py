"""The order of tickets held as a table: exact also where their first bytes agree."""

import hashlib

import numpy as np

from qualityeval.core.frame import build_frame
from qualityeval.core.tickets import Tickets, by_stratum, digests_of

FRAME = build_frame((f"1:{number:03d}", "甲" if number % 3 else "乙") for number in range(90))


def test_a_ticket_is_the_hash_of_prefix_and_key() -> None:
    digests = digests_of(FRAME, b"p\x1f")
    assert bytes(digests[5]).hex() == hashlib.sha256(b"p\x1f1:005").hexdigest()


def test_rows_fall_into_their_strata() -> None:
    assert [rows.tolist() for rows in by_stratum(FRAME)] == [
        [n for n in range(90) if n % 3 == 0],  # 乙 U+4E59 stands before 甲 U+7532
        [n for n in range(90) if n % 3],
    ]


def test_equal_first_bytes_are_told_apart_by_the_rest_and_equal_tickets_by_the_key() -> None:
    digests = digests_of(FRAME, b"p")
    digests[:, :8] %= 2  # few different heads, many ties
    digests[10:14] = digests[10]
    tickets = Tickets(FRAME, digests)
    rows = np.arange(len(FRAME))
    exact = sorted(range(len(FRAME)), key=lambda row: (bytes(digests[row]), FRAME.keys[row].encode()))
    for n in (0, 1, 11, 45, 89, 90):
        assert tickets.smallest(rows[::-1], n).tolist() == exact[:n]
