"""What results cost: severity by REML beside the full least squares, and rank sets beside a simulation of them.

All on the same planted sheets: two a case, 54 an expert, case, expert and error deviations of 2.6, 2.0 and 2.2 points.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qualityeval.cli.benches.measuring import measure, row
from qualityeval.cli.benches.peers import present
from qualityeval.core.crossed_effects import fit
from qualityeval.core.fixed_severity import solve
from qualityeval.core.rank_sets import rank_sets

HERE = "qualityeval.cli.benches.results"
RATE, SHEETS_AN_EXPERT = 0.2755, 54
INSTITUTIONS, DRAWS = 90, 10_000
SCORED, EVERYWHERE, GRADES = 10_000_000, 3_000, 4
Sheets = tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for the drawn part of `scale` cases, and for 90 institutions."""
    sheets = str(
        2 * max(SHEETS_AN_EXPERT, round(scale * RATE / SHEETS_AN_EXPERT * 2) * SHEETS_AN_EXPERT // 2)
    )
    whole = measure(f"{HERE}:full_least_squares", sheets)
    reduced = measure(f"{HERE}:reduced_least_squares", sheets)
    random = measure(f"{HERE}:crossed_effects", sheets)
    sets = measure(f"{HERE}:marginal_sets", str(INSTITUTIONS))
    simulated = measure(f"{HERE}:simulated_ranks", str(INSTITUTIONS))
    peer = "lsqr on cases and experts together"
    return [
        row("severity: crossed effects by REML, with standard errors", int(sheets), random, to=peer, peer=whole),
        row("severity: fixed effects, cases eliminated", int(sheets), reduced, to=peer, peer=whole),
        row(peer, int(sheets), whole),
        row("rank sets, marginal, stepped down", INSTITUTIONS, sets, to="ranks of 10,000 draws, one by one", peer=simulated),
        row("ranks of 10,000 draws, one by one", INSTITUTIONS, simulated),
        *_tallies(),
    ]  # fmt: skip


def _tallies() -> list[dict[str, object]]:
    """Ten million scored cases by 3,000 institutions and 4 grades: counts, weights, sums of marks."""
    ours = measure(f"{HERE}:numpy_tally", str(SCORED))
    what = "grades of scored cases by institution: counts, weights, marks"
    if not present("duckdb"):
        return [row(what, SCORED, ours)]
    peer = measure(f"{HERE}:duckdb_tally", str(SCORED))
    return [row(what, SCORED, ours, to="DuckDB", peer=peer), row("the same in DuckDB", SCORED, peer)]


def planted(count: str) -> Sheets:
    """Marks, cases and experts of so many sheets."""
    rng, n = np.random.default_rng(54), int(count)
    experts = max(2, n // SHEETS_AN_EXPERT)
    seats = np.concatenate([rng.permutation(experts) for _ in range(-(-n // experts))])[:n]
    cases = np.concatenate([np.arange(n // 2), np.arange(n // 2)])
    severity, level = rng.normal(0, 2.0, experts), rng.normal(80, 2.6, n // 2)
    return level[cases] + severity[seats] + rng.normal(0, 2.2, n), cases, seats


def crossed_effects(count: str) -> Callable[[], object]:
    """The product's own model."""
    fit(*planted("216"))  # libraries load outside the clock
    marks, cases, experts = planted(count)
    return lambda: fit(marks, cases, experts)


def reduced_least_squares(count: str) -> Callable[[], object]:
    """The product's own check."""
    marks, cases, experts = planted("216")
    solve(cases, experts, marks)
    marks, cases, experts = planted(count)
    return lambda: solve(cases, experts, marks)


def full_least_squares(count: str) -> Callable[[], object]:
    """The usual way: a sparse column for every case and every expert, LSQR to 1e-10."""
    from scipy import sparse
    from scipy.sparse.linalg import lsqr

    marks, cases, experts = planted(count)
    n, rows = len(marks), np.arange(len(marks))
    columns = sparse.hstack([
        sparse.csr_array((np.ones(n), (rows, cases))), sparse.csr_array((np.ones(n), (rows, experts))),
    ], format="csr")  # fmt: skip
    return lambda: lsqr(columns, marks, atol=1e-10, btol=1e-10)


def _spread(count: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(90)
    errors = 0.5 / np.sqrt(rng.integers(10, 600, int(count)))
    return rng.normal(1.1, 0.1, int(count)), errors


def marginal_sets(count: str) -> Callable[[], object]:
    """The product's own sets, without random numbers."""
    rank_sets([0.0, 1.0], [0.1, 0.1])
    means, errors = _spread(count)
    return lambda: rank_sets(means.tolist(), errors.tolist())


def simulated_ranks(count: str) -> Callable[[], object]:
    """Ranks of simulated estimates by scipy, draw by draw: what an interval of ranks is often made of."""
    from scipy.stats import rankdata

    means, errors = _spread(count)
    rng = np.random.default_rng(1)
    return lambda: np.quantile(
        [rankdata(means + errors * rng.normal(size=len(means))) for _ in range(DRAWS)], (0.025, 0.975), axis=0
    )


def _scored(
    count: str,
) -> tuple[NDArray[np.int16], NDArray[np.int8], NDArray[np.float64], NDArray[np.float64]]:
    rng, n = np.random.default_rng(10), int(count)
    places = rng.integers(0, EVERYWHERE, n, dtype=np.int16)
    grades = rng.choice(np.arange(GRADES, dtype=np.int8), n, p=(0.2, 0.55, 0.2, 0.05))
    return places, grades, rng.uniform(1, 5, n), rng.uniform(40, 100, n)


def numpy_tally(count: str) -> Callable[[], object]:
    """One pass for each sum over the cells' numbers."""
    places, grades, weights, marks = _scored(count)

    def run() -> object:
        cells = places.astype(np.int64) * GRADES + grades
        size = EVERYWHERE * GRADES
        return [
            np.bincount(cells, minlength=size),
            *(np.bincount(cells, of, size) for of in (weights, marks)),
        ]

    return run


def duckdb_tally(count: str) -> Callable[[], object]:
    """The same sums by one query over a table in memory."""
    import duckdb

    places, grades, weights, marks = _scored(count)
    store = duckdb.connect()
    store.execute("create table scored (place smallint, grade tinyint, weight double, mark double)")
    store.register("given", {"place": places, "grade": grades, "weight": weights, "mark": marks})
    store.execute("insert into scored select * from given")
    query = "select place, grade, count(*), sum(weight), sum(mark) from scored group by place, grade"
    return lambda: store.execute(query).fetchall()
