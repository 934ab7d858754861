"""From the frozen frame to committed rows: read, tickets, sample, deal, check, audit; each part on its own line.

The peer is the driver's fastest insert of the very same rows into the same tables with the same indexes and
triggers, in a copy of the database that was made just before: executemany on SQLite, COPY on PostgreSQL
(where a server is named). The register, the experts and the frozen round are made before the clock runs.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from qualityeval import clock
from qualityeval.authz import COMMAND_LINE
from qualityeval.cli.benches import chain_peers
from qualityeval.cli.benches.measuring import Measured, measure, row
from qualityeval.core import demo_register, demo_reviews

HERE = "qualityeval.cli.benches.chain"
CODE = "BENCH"
CASES_AN_EXPERT = 98
SPEC = """\
code: BENCH
title: bench
institution: "990000"
population: {by: closed, from: 2026-01-01, to: 2026-12-31}
strata: [institution]
rates: {default: 27.7%, minimum: 2}
seed: {source: machine}
call_in: none
reviewers: 2
rubrics: {"*/*/*": civil@1}
"""
# what is counted as which part; whatever is in none of them is "the rest"
PARTS = {
    "frame read and digested": "qualityeval.services.sampling:_read",
    "tickets, sample, certificate": "qualityeval.services.sampling:issue",
    "sample stored": "qualityeval.services.sampling:_store",
    "files read": "qualityeval.queries.assignments:drawn_files",
    "experts read": "qualityeval.queries.assignments:judges",
    "dealing": "qualityeval.services.dealing:_deal",
    "assignments stored": "qualityeval.services.dealing:_store",
    "second checker": "qualityeval.queries.second_check:broken_rules",
    "audit": "qualityeval.services.audit:record",
}
TABLES = ("draw", "sampled_case", "assignment", "audit_event")
COMMIT, REST = "commit", "the rest: locks, states, sessions"


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for a tenth and the whole of `scale`: 27.7 % drawn, two readers, an expert for 98 cases."""
    rows: list[dict[str, object]] = []
    for size in sorted({max(demo_register.SMALL, scale // 10), max(demo_register.SMALL, scale)}):
        for copied in chain_peers.databases():
            with tempfile.TemporaryDirectory(prefix="qe-bench-") as name, copied(Path(name)) as place:
                rows += _measured(size, place)
    return rows


def previews(scale: int) -> list[dict[str, object]]:
    """The preview of a deal: dealt in earnest, checked, and taken back; nothing of it is stored."""
    rows: list[dict[str, object]] = []
    size = max(demo_register.SMALL, scale)
    for copied in chain_peers.databases():
        with tempfile.TemporaryDirectory(prefix="qe-bench-") as name, copied(Path(name)) as place:
            measure(f"{HERE}:furnish", str(place.home), place.url, str(size))
            ours = measure(f"{HERE}:our_preview", str(place.home), place.url)
            told = {name: int(count) for name, count in ours.parts.items()}
            what = "preview {files:,} × 2 × {experts:,}: {filled:,} slots, loads {least}-{most}, {open} open"
            rows.append(row(what.format(**told), size, ours))
    return rows


def _measured(size: int, place: chain_peers.Place) -> list[dict[str, object]]:
    measure(f"{HERE}:furnish", str(place.home), place.url, str(size))
    place.copy()
    ours = measure(f"{HERE}:our_chain", str(place.home), place.url)
    peer = measure(f"{chain_peers.HERE}:{place.peer}", *place.both, *TABLES)
    return [
        row("chain: frozen frame to committed rows", size, ours, to=place.name, peer=peer),
        *(row(f"  {part}", size, Measured(seconds, ours.peak_mb)) for part, seconds in ours.parts.items()),
        row(place.name, size, peer),
    ]


def furnish(home: str, url: str, size: str) -> Callable[[], object]:
    """Register, experts and a frozen round with its seed."""
    app = application(home, url)

    def work() -> None:
        with app.app_context():
            _fill(int(size))
            from qualityeval.database import db

            db.session.remove()
            db.engine.dispose()  # on SQLite the write-ahead log is folded in: the file alone is the database

    return work


def _fill(size: int) -> None:
    from qualityeval.database import transaction
    from qualityeval.services import demo, expert_import, freezing, rounds, seeds

    now = clock.now()
    with transaction():
        demo.create_demo(actor=COMMAND_LINE, cases=size, seed=1, now=now, rounds=False)
        pool = demo_reviews.experts(size, 1, count=max(demo_reviews.FEWEST_EXPERTS, size // CASES_AN_EXPERT))
        expert_import.import_experts(actor=COMMAND_LINE, lines=enumerate(pool, 2), now=now)
        round_ = rounds.create_round(actor=COMMAND_LINE, spec_text=SPEC, now=now)
        freezing.freeze(actor=COMMAND_LINE, round_=round_, now=now)
        seeds.type_seed(actor=COMMAND_LINE, round_=round_, public=None, now=now, today=clock.office_date(now))


def our_chain(home: str, url: str) -> Callable[[], object]:
    """`round draw` and `round assign` in one process that has its libraries loaded, as a server has."""
    import_module("scipy.sparse.csgraph")
    app = application(home, url)

    def work() -> dict[str, float]:
        from qualityeval.database import db, transaction
        from qualityeval.queries import rounds
        from qualityeval.services import dealing, sampling

        spent: Counter[str] = Counter()
        later = clock.now() + timedelta(seconds=1)
        with app.app_context(), _clocked(spent):
            started = time.perf_counter()
            for act in (sampling.draw_sample, dealing.assign):
                with transaction() as session:
                    session.commit = _counted(session.commit, COMMIT, spent)  # type: ignore[method-assign]
                    act(actor=COMMAND_LINE, round_=rounds.by_code_for(COMMAND_LINE, CODE), now=later)
                db.session.remove()
            spent[REST] = time.perf_counter() - started - sum(spent.values())
        return {part: spent[part] for part in (*PARTS, COMMIT, REST)}

    return work


def our_preview(home: str, url: str) -> Callable[[], object]:
    """`round assign --preview` of a round that is drawn before the clock runs."""
    import_module("scipy.sparse.csgraph")
    app, later = application(home, url), clock.now() + timedelta(seconds=1)
    from sqlalchemy import func, select

    from qualityeval.database import db, transaction
    from qualityeval.models import Expert
    from qualityeval.queries import rounds
    from qualityeval.services import deal_preview, sampling

    with app.app_context():
        with transaction():
            sampling.draw_sample(actor=COMMAND_LINE, round_=rounds.by_code_for(COMMAND_LINE, CODE), now=later)
        db.session.remove()

    def work() -> dict[str, float]:
        with app.app_context():
            with transaction():
                round_ = rounds.by_code_for(COMMAND_LINE, CODE)
                found = deal_preview.preview(actor=COMMAND_LINE, round_=round_, now=later)
            experts = db.session.execute(select(func.count()).select_from(Expert)).scalar_one()
        return {
            "files": found.slots // 2, "experts": experts, "filled": found.filled, "least": found.load_min,
            "most": found.load_max, "open": len(found.unfilled),
        }  # fmt: skip

    return work


@contextmanager
def _clocked(spent: Counter[str]) -> Iterator[None]:
    """Let the functions of PARTS tell how long they took, until the block ends."""
    with ExitStack() as stack:
        for part, place in PARTS.items():
            name, _, attribute = place.partition(":")
            module = import_module(name)
            function = getattr(module, attribute)
            setattr(module, attribute, _counted(function, part, spent))
            stack.callback(setattr, module, attribute, function)
        yield


def _counted(function: Callable[..., Any], part: str, spent: Counter[str]) -> Callable[..., Any]:
    def run(*arguments: Any, **options: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **options)
        finally:
            spent[part] += time.perf_counter() - started  # type: ignore[assignment]

    return run


def application(home: str, url: str) -> Any:
    """The instance in this folder, made where it is missing."""
    os.environ["QUALITYEVAL_HOME"] = home
    os.environ.pop("QUALITYEVAL_DATABASE_URL", None)
    if url:
        os.environ["QUALITYEVAL_DATABASE_URL"] = url
    from qualityeval.cli.instance import prepare

    return prepare().app
