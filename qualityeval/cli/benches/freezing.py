"""From a register to a frozen frame, and its draw, each in a process of its own.

The peer of the freeze is the driver's fastest insert of the very same rows into the same tables, indexes and
triggers, in a copy of the database: executemany on SQLite, COPY on PostgreSQL (where a server is named). The
register is made before the clock runs, by one statement; frames beyond MOST_COPIED have no peer, whose rows
would have to be in memory.
"""

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from qualityeval import clock
from qualityeval.authz import COMMAND_LINE
from qualityeval.cli.benches import chain_peers
from qualityeval.cli.benches.chain import CODE, SPEC, application
from qualityeval.cli.benches.drawing import CASES_AN_INSTITUTION, FEWEST, MOST
from qualityeval.cli.benches.measuring import measure, row

HERE = "qualityeval.cli.benches.freezing"
TABLES = ("round_stratum", "frame_case", "live_frame_case", "audit_event")
MOST_COPIED = 1_000_000
ROOT = "990000"
# numbers of eight digits sort as text; the 31st part is sealed; ten million times three thousand is beyond INTEGER
REGISTER = """
INSERT INTO legal_case (public_id, institution_id, number, case_type, aid_form, stage, sealed, closed_on, extra,
                        defaulted, registered_at, updated_at)
WITH RECURSIVE counting(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counting WHERE n + 1 < :size)
SELECT 'bench' || CAST(10000000 + n AS VARCHAR), :first + CAST(n AS BIGINT) * :places / :size,
       '援刑字〔2026〕' || CAST(10000000 + n AS VARCHAR) || '号',
       CASE n % 3 WHEN 0 THEN 'civil' ELSE 'criminal' END, CASE n % 3 WHEN 0 THEN 'representation' ELSE 'defence' END,
       'trial', n % 31 = 0, :day, '{}', '[]', :now, :now
FROM counting
"""


def bench(scale: int) -> list[dict[str, object]]:
    """Rows for `scale` cases, on each database there is."""
    rows: list[dict[str, object]] = []
    for copied in chain_peers.databases():
        with tempfile.TemporaryDirectory(prefix="qe-bench-") as name, copied(Path(name)) as place:
            rows += _measured(max(FEWEST, scale), place)
    return rows


def _measured(size: int, place: chain_peers.Place) -> list[dict[str, object]]:
    where = str(place.home), place.url
    measure(f"{HERE}:furnish", *where, str(size))
    if size <= MOST_COPIED:
        place.copy()
    ours = measure(f"{HERE}:our_freeze", *where)
    peer = measure(f"{chain_peers.HERE}:{place.peer}", *place.both, *TABLES) if size <= MOST_COPIED else None
    drawn = measure(f"{HERE}:our_draw", *where)
    engine = place.name.partition(" ")[0]
    rows = [
        row(
            f"freeze: register to committed frame, {engine}",
            size,
            ours,
            to=place.name if peer else "",
            peer=peer,
        )
    ]
    if peer:
        rows.append(row(place.name, size, peer))
    return [*rows, row(f"draw: committed frame to committed sample, {engine}", size, drawn)]


def furnish(home: str, url: str, size: str) -> Callable[[], object]:
    """A register of so many closed cases, three of four institutions' sizes alike, and a draft over all of them."""
    app = application(home, url)

    def work() -> None:
        with app.app_context():
            _fill(int(size))
            from qualityeval.database import db

            db.session.remove()
            if db.engine.dialect.name == "postgresql":
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(text("VACUUM ANALYZE"))
            db.engine.dispose()  # on SQLite the write-ahead log is folded in: the file alone is the database

    return work


def _fill(size: int) -> None:
    from qualityeval.database import db, transaction
    from qualityeval.models import Institution
    from qualityeval.services import audit, rounds

    now = clock.now()
    places = max(FEWEST, min(MOST, size // CASES_AN_INSTITUTION))
    with transaction() as session:
        root = Institution(code=ROOT, name=ROOT, level="province", path="/", created_at=now)
        session.add(root)
        session.flush()
        root.path = f"/{root.id}/"
        first = root.id + 1
        session.execute(insert(Institution), [
            {
                "id": first + n, "public_id": f"bench{n:06d}", "code": f"99{n:04d}x", "name": str(n), "parent_id": root.id,
                "path": f"/{root.id}/{first + n}/", "created_at": now, "version": 1,
            }
            for n in range(places)
        ])  # fmt: skip
        day = clock.office_date(now).replace(year=2026, month=6, day=1)
        named: dict[str, Any] = {"size": size, "first": first, "places": places, "day": day, "now": now}
        db.session.execute(text(REGISTER), named)
        rounds.create_round(actor=COMMAND_LINE, spec_text=SPEC, now=now)
        audit.record(COMMAND_LINE, "demo.created", now=now, object_type="institution", object_id=ROOT)


def our_freeze(home: str, url: str) -> Callable[[], object]:
    """`freeze` in a process that has its libraries and the shipped rubrics loaded, as a server has."""
    from qualityeval.adapters.rubric_files import shipped

    shipped()
    return _act(home, url, "freezing", "freeze")


def our_draw(home: str, url: str) -> Callable[[], object]:
    """`seed` and `draw` of what was frozen."""
    app = application(home, url)
    with app.app_context():
        from qualityeval.database import transaction
        from qualityeval.queries import rounds
        from qualityeval.services import seeds

        now = clock.now()
        with transaction():
            round_ = rounds.by_code_for(COMMAND_LINE, CODE)
            seeds.type_seed(
                actor=COMMAND_LINE, round_=round_, public=None, now=now, today=clock.office_date(now)
            )
    return _act(home, url, "sampling", "draw_sample")


def _act(home: str, url: str, module: str, name: str) -> Callable[[], object]:
    from importlib import import_module

    app = application(home, url)
    act = getattr(import_module(f"qualityeval.services.{module}"), name)

    def work() -> None:
        from qualityeval.database import transaction
        from qualityeval.queries import rounds

        with app.app_context(), transaction():
            act(
                actor=COMMAND_LINE,
                round_=rounds.by_code_for(COMMAND_LINE, CODE),
                now=clock.now() + timedelta(seconds=1),
            )

    return work
