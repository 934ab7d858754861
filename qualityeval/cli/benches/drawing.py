"""The draw of a frame, beside DuckDB sorting by its own sha256, and beside draws that nobody can repeat.

Ours and DuckDB end with the drawn cases and their tickets as columns in memory, from keys and strata in
memory, each with all processors it cares to use. numpy's `Generator.choice` per stratum and pandas'
`groupby.sample` hash nothing and know no key: they say what the proof of a draw costs.
"""

import hashlib
from collections.abc import Callable, Iterator

import numpy as np

from qualityeval.cli.benches.measuring import Measured, measure, row
from qualityeval.cli.benches.peers import present

HERE = "qualityeval.cli.benches.drawing"
SEED = hashlib.sha256(b"bench").hexdigest()
PROVINCE, COUNTRY = 98_000, 10_000_000
CASES_AN_INSTITUTION, FEWEST, MOST = 3_333, 100, 3_000
TENTHS_OF_PERCENT = 277
DUCKDB = "DuckDB, sorted by its sha256"
UNPROVEN = {"numpy Generator.choice per stratum": "numpy_choice", "pandas groupby.sample": "pandas_sample"}
SAMPLE = """
CREATE TABLE sample AS
SELECT key, ticket FROM (
  SELECT key, ticket, stratum, row_number() OVER (PARTITION BY stratum ORDER BY ticket, key) AS place
  FROM (SELECT key, stratum, sha256(? || key) AS ticket FROM frame)
) JOIN sizes USING (stratum) WHERE place <= n
"""


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for a tenth and the whole of `scale`; from a province on for ten million cases too."""
    rows: list[dict[str, object]] = []
    for size in sorted({max(FEWEST, scale // 10), scale, *((COUNTRY,) if scale >= PROVINCE else ())}):
        ours = measure(f"{HERE}:our_draw", str(size))
        hashing = measure(f"{HERE}:hashing_alone", str(size))
        rows += _against("draw: tickets, order, sample", size, ours, DUCKDB, _duckdb(size))
        rows.append(row("SHA-256 of the same tickets, one process", size, hashing))
        for name, function in UNPROVEN.items():
            if name.startswith("numpy") or present("pandas"):
                rows += _against(
                    "draw: tickets, order, sample", size, ours, name, measure(f"{HERE}:{function}", str(size))
                )
    return rows


def _duckdb(size: int) -> Measured | None:
    return measure(f"{HERE}:duckdb_sort", str(size)) if present("duckdb") else None


def _against(
    what: str, size: int, ours: Measured, name: str, peer: Measured | None
) -> list[dict[str, object]]:
    mine = row(what, size, ours, to=name if peer else "", peer=peer)
    return [mine, row(name, size, peer)] if peer else [mine]


def portions(size: int) -> Iterator[tuple[list[str], list[str]]]:
    """Case keys and strata of a province's or a country's shape, an institution at a time, in file order."""
    count = max(FEWEST, min(MOST, size // CASES_AN_INSTITUTION))
    for place in range(count):
        code = f"99{place:04d}"
        numbers = range(place * size // count, (place + 1) * size // count)
        yield [f"{code}:援刑字〔2026〕{number:08d}号" for number in numbers], [code] * len(numbers)


def _sizes(counts: dict[str, int]) -> dict[str, int]:
    return {name: max(1, -(-count * TENTHS_OF_PERCENT // 1000)) for name, count in counts.items()}


def our_draw(size: str) -> Callable[[], object]:
    """The product's own draw, from the frame in memory."""
    from qualityeval.adapters.ticket_children import hashed_by_all
    from qualityeval.core.frame import frame_in_order
    from qualityeval.core.sampling import draw

    frame = frame_in_order(portions(int(size)))
    sizes = _sizes(dict(frame.sizes))
    return lambda: draw(frame, sizes, seed=SEED, hashed=hashed_by_all)


def hashing_alone(size: str) -> Callable[[], object]:
    """The least anyone must do: one digest a case."""
    from qualityeval.core.frame import frame_in_order
    from qualityeval.core.sampling import ticket_prefix
    from qualityeval.core.tickets import digests_of

    frame = frame_in_order(portions(int(size)))
    return lambda: digests_of(frame, ticket_prefix(SEED))


def duckdb_sort(size: str) -> Callable[[], object]:
    """Hash, number by stratum, keep the first: one statement, as many threads as DuckDB likes."""
    import duckdb
    import pandas as pd

    store = duckdb.connect()
    store.execute("CREATE TABLE frame (key VARCHAR, stratum VARCHAR)")
    store.execute("CREATE TABLE sizes (stratum VARCHAR, n INTEGER)")
    for keys, strata in portions(int(size)):
        part = pd.DataFrame({"key": keys, "stratum": strata})  # noqa: F841 -- named in the statement
        store.execute("INSERT INTO frame SELECT * FROM part")
    counts = dict(store.execute("SELECT stratum, count(*) FROM frame GROUP BY stratum").fetchall())
    store.executemany("INSERT INTO sizes VALUES (?, ?)", list(_sizes(counts).items()))
    return lambda: store.execute(SAMPLE, [f"{SEED}\x1fdraw\x1f"])


def _grouped(size: int) -> list[np.ndarray]:
    ends = np.cumsum([len(keys) for keys, _ in portions(size)])
    return np.split(np.arange(size), ends[:-1])


def numpy_choice(size: str) -> Callable[[], object]:
    """Row numbers by stratum given; a generator of the library's choice."""
    generator, groups = np.random.default_rng(1), _grouped(int(size))
    return lambda: [
        generator.choice(rows, -(-len(rows) * TENTHS_OF_PERCENT // 1000), replace=False) for rows in groups
    ]


def pandas_sample(size: str) -> Callable[[], object]:
    """The strata as a column of numbers."""
    import pandas as pd

    codes = np.concatenate([np.full(len(rows), code) for code, rows in enumerate(_grouped(int(size)))])
    table = pd.DataFrame({"stratum": codes})
    return lambda: table.groupby("stratum").sample(frac=TENTHS_OF_PERCENT / 1000, random_state=1)
