"""The draw of a frame, beside SHA-256 alone over the same keys and beside SQLite ordering the same tickets."""

import hashlib
import sqlite3
from collections.abc import Callable

from qualityeval.cli.benches.measuring import measure, row
from qualityeval.core.frame import build_frame, case_key
from qualityeval.core.sampling import SEPARATOR, draw

HERE = "qualityeval.cli.benches.drawing"
SEED = hashlib.sha256(b"bench").hexdigest()
INSTITUTIONS = 100
TENTHS_OF_PERCENT = 277


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for frames of a hundredth, a tenth and the whole of `scale`."""
    rows: list[dict[str, object]] = []
    for size in sorted({max(INSTITUTIONS, scale // 100), max(INSTITUTIONS, scale // 10), scale}):
        ours = measure(f"{HERE}:our_draw", str(size))
        hashing = measure(f"{HERE}:hashing_alone", str(size))
        ordering = measure(f"{HERE}:ordering_in_sqlite", str(size))
        rows += [
            row(
                "draw: tickets, order, sample and reserve",
                size,
                ours,
                to="SHA-256 of the same tickets",
                peer=hashing,
            ),
            row("SHA-256 of the same tickets", size, hashing),
            row("SQLite: the same tickets sorted by index", size, ordering),
        ]
    return rows


def keys(size: int) -> list[tuple[str, str]]:
    """Case keys and strata of a province's size and shape."""
    codes = [f"99{number:04d}" for number in range(1, INSTITUTIONS + 1)]
    return [
        (case_key(codes[n % INSTITUTIONS], f"援刑字〔2026〕{n:06d}号"), codes[n % INSTITUTIONS])
        for n in range(size)
    ]


def our_draw(size: str) -> Callable[[], object]:
    """The product's own draw, from the frame in memory."""
    frame = build_frame(keys(int(size)))
    counts: dict[str, int] = {}
    for _, stratum in keys(int(size)):
        counts[stratum] = counts.get(stratum, 0) + 1
    sizes = {name: max(1, -(-count * TENTHS_OF_PERCENT // 1000)) for name, count in counts.items()}
    return lambda: draw(frame, sizes, seed=SEED)


def hashing_alone(size: str) -> Callable[[], object]:
    """The least anyone must do: one digest a case."""
    names = [key for key, _ in keys(int(size))]

    def work() -> list[str]:
        return [hashlib.sha256(SEPARATOR.join((SEED, "draw", key)).encode()).hexdigest() for key in names]

    return work


def ordering_in_sqlite(size: str) -> Callable[[], object]:
    """Digest, insert, and let a database put them in order."""
    rows = keys(int(size))

    def work() -> int:
        database = sqlite3.connect(":memory:")
        database.execute("CREATE TABLE ticket (stratum TEXT, ticket TEXT, key TEXT)")
        database.executemany(
            "INSERT INTO ticket VALUES (?, ?, ?)",
            (
                (stratum, hashlib.sha256(SEPARATOR.join((SEED, "draw", key)).encode()).hexdigest(), key)
                for key, stratum in rows
            ),
        )
        return len(database.execute("SELECT key FROM ticket ORDER BY stratum, ticket, key").fetchall())

    return work
