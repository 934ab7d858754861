"""Two managers press the button at the same moment, each from a process of their own."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import from_environment
from qualityeval.app import create_app
from qualityeval.database import db
from qualityeval.models import Draw, SampledCase
from qualityeval.services import audit
from tests.databases import Instance, close
from tests.services import stories

ROOT = Path(__file__).resolve().parents[2]
RACER = Path(__file__).with_name("draw_racer.py")
AHEAD = 0.02


def racer(instance: Instance, name: str, program: Path = RACER) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, str(program), name], cwd=ROOT, env={**instance.environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.proof("draw-race")
def test_exactly_one_draw_a_round(live_database: Instance, proof_count) -> None:
    count = proof_count(200)
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        root, _ = stories.bureau(cases=(count,))
        first, second = stories.managers(root)
        codes = [f"RACE{number}" for number in range(count)]
        for number, code in enumerate(codes):
            # each round takes one case, so that all can be live at once
            text = stories.spec(root.code, code=code).replace(
                "to: 2026-12-31", f"to: 2026-12-31, where: {{number: 2026-{number:04d}}}"
            )
            stories.seeded(first, second, text)
        answers = race(live_database, (first.name, second.name), codes)
        assert answers == {("drawn", "draw.done"): count}
        db.session.rollback()  # the snapshot from before the race
        assert db.session.execute(select(func.count()).select_from(Draw)).scalar_one() == count
        assert db.session.execute(select(func.count()).select_from(SampledCase)).scalar_one() == count
        assert audit.verify().ok
    close(app)


def race(
    instance: Instance, names: tuple[str, str], codes: list[str], *, program: Path = RACER
) -> Counter[tuple[str, ...]]:
    racers = [racer(instance, name, program) for name in names]
    answers: Counter[tuple[str, ...]] = Counter()
    try:
        for code in codes:
            instant = time.time() + AHEAD
            for one in racers:
                one.stdin.write(f"{code} {instant}\n")
                one.stdin.flush()
            pair = [one.stdout.readline().strip() for one in racers]
            answers[tuple(sorted(pair, reverse=True))] += 1
    finally:
        for one in racers:
            one.communicate(timeout=20)
    return answers
