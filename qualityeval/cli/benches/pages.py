"""The pages of a demonstration as its people open them: queries, times and the processor's, at three sizes.

Every line of each role's menu, and what is reached from there: a deep page of a list, a filter, a search by
initials, by a name, by a number, one round in every stage. A page whose number of queries differs between the
sizes, or passes MOST, has a `problem`, and the bench fails.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import Any

from qualityeval.cli.benches.measuring import measure, row

HERE = "qualityeval.cli.benches.pages"
SMALLER = (1_000, 6_000)  # a demonstration is 6,000
MOST = 40  # queries a page may ask
TIMES, ENOUGH_SECONDS = 9, 4.0  # of each page; a slow one at least three times
LAST = 10**7  # a page number that every list takes for its last page
FRAMES = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")  # not questions to the register


@dataclass(frozen=True)
class Opened:
    """What one page cost."""

    queries: int
    median: float  # seconds
    p95: float
    cpu: float  # seconds of the processor, median: what the machine does besides isn't in it


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for the sizes of SMALLER and `scale`: the demonstration's first run, then every page."""
    rows: list[dict[str, object]] = []
    found: dict[str, list[int]] = {}
    smaller = [size for size in SMALLER if size < scale] or [max(scale // 10, 100)]
    for size in sorted({*smaller, scale}):
        with tempfile.TemporaryDirectory(prefix="qe-bench-") as name:
            made = measure(f"{HERE}:furnish", name, str(size))
            opened = measure(f"{HERE}:open_all", name)
        rows.append(row("demonstration: first run", size, made))
        for page, figures in opened.parts.items():
            counts, one = found.setdefault(page, []), Opened(*figures)
            counts.append(one.queries)
            rows.append(_line(page, size, one, counts))
    return rows


def _line(page: str, size: int, opened: Opened, counts: list[int]) -> dict[str, object]:
    problem = None
    if opened.queries > MOST:
        problem = f"{opened.queries} queries, at most {MOST}"
    elif len(set(counts)) > 1:
        problem = f"{counts[0]} queries at the smallest size, {opened.queries} here"
    return {
        "what": page, "scale": size, "seconds": round(opened.median, 4), "p95": round(opened.p95, 4),
        "cpu": round(opened.cpu, 4), "queries": opened.queries, "constant": "yes" if len(set(counts)) == 1 else "NO", "peak_mb": None, "ratio": None, "to": None, "problem": problem,
    }  # fmt: skip


def furnish(home: str, size: str) -> Callable[[], object]:
    """The first run of a demonstration of this size; the start of the interpreter isn't timed."""
    application = _application(home)

    def work() -> None:
        from qualityeval import clock
        from qualityeval.authz import COMMAND_LINE
        from qualityeval.database import transaction
        from qualityeval.services import demo

        with application.app_context(), transaction():
            demo.create_demo(actor=COMMAND_LINE, cases=int(size), seed=1, now=clock.now())

    return work


def open_all(home: str) -> Callable[[], object]:
    """Every page of every role on the demonstration in this folder."""
    application = _application(home)
    return lambda: {name: astuple(one) for name, one in opened(application)}


def opened(application: Any) -> Iterator[tuple[str, Opened]]:
    """(role and page, what it cost) for each account of the demonstration."""
    from qualityeval.cli.benches.page_list import pages_of, people

    with application.app_context():
        everybody = list(people())
    for name in everybody:
        with application.app_context():
            pages = pages_of(application, name, last=LAST)
        for page, address in pages.items():
            yield f"{name}: {page}", _open(application, name, address)


def _open(application: Any, name: str, address: str) -> Opened:
    from qualityeval.cli.benches.page_list import browser_of

    with application.app_context():
        client = browser_of(application, name)  # a fresh session: no page pays for its being noted as used
    seconds: list[float] = []
    spent: list[float] = []
    counts: set[int] = set()
    begun = time.perf_counter()
    while len(seconds) < TIMES and (len(seconds) < 3 or time.perf_counter() - begun < ENOUGH_SECONDS):
        with asked_in(application) as statements:
            start, before = time.perf_counter(), time.process_time()
            answer = client.get(address)
            answer.get_data()
            seconds.append(time.perf_counter() - start)
            spent.append(time.process_time() - before)
        if answer.status_code != 200:
            raise RuntimeError(f"{name} got {answer.status_code} from {address}")
        counts.add(len(statements))  # the least: once a minute a session is noted as used
    seconds.sort()
    return Opened(min(counts), median(seconds), seconds[ceil(0.95 * len(seconds)) - 1], median(spent))


@contextmanager
def asked_in(application: Any) -> Iterator[list[str]]:
    """The questions that reach the database until the block ends."""
    from sqlalchemy import event

    from qualityeval.database import db

    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(FRAMES):
            statements.append(statement)

    with application.app_context():
        engine = db.engines[None]
    engine = getattr(engine, "engine", engine)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _application(home: str) -> Any:
    """The instance in this folder, made where it is missing."""
    os.environ["QUALITYEVAL_HOME"] = str(Path(home))
    os.environ.pop("QUALITYEVAL_DATABASE_URL", None)
    from qualityeval.cli import build_app
    from qualityeval.cli.instance import prepare

    prepare()
    return build_app(with_pages=True)
