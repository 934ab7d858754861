"""Two processes give files up and deal again at once: no slot is filled twice, no expert twice on a case."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from config import from_environment
from qualityeval.app import create_app
from qualityeval.database import db
from qualityeval.models import Assignment, FileAnswer, SampledCase
from qualityeval.services import audit
from tests.databases import Instance, close
from tests.services.dealt import dealt_round
from tests.services.test_draw_race import race

RACER = Path(__file__).with_name("answer_racer.py")


@pytest.mark.proof("answer-race", heavy=True)
def test_no_slot_twice_and_no_expert_twice_on_a_case(live_database: Instance, proof_count) -> None:
    count = proof_count(1000)
    full = count >= 100
    count = count // 2 if full else 12  # each key is two acts, one from each process
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        world = dealt_round(experts=40 if full else 8, cases=(300 if full else 12,))
        drawn = list(db.session.execute(select(SampledCase.public_id)).scalars())
        # the same case for both at once, and a dealing between; few cases, so that they run dry and meet refusals
        keys = [f"deal{n}" if n % 10 == 7 else drawn[n % len(drawn)] for n in range(count)]
        answers = race(live_database, (world.first.name, world.second.name), keys, program=RACER)
        db.session.rollback()  # the snapshot from before the race
        assert set(answers) <= {
            tuple(sorted(pair, reverse=True))
            for pair in [("moved", "moved"), ("answer.closed", "moved"), ("dealt", "dealt"), ("open", "open"),
                         ("moved", "open"), ("answer.closed", "open")]
        }, answers  # fmt: skip
        lines = db.session.execute(
            select(Assignment.sampled_case_id, Assignment.slot, Assignment.expert_id)
        ).all()
        assert max(Counter((case, slot) for case, slot, _expert in lines).values()) == 1
        assert max(Counter((case, expert) for case, _slot, expert in lines).values()) == 1
        gone = {
            (case, expert)
            for case, expert in db.session.execute(select(FileAnswer.sampled_case_id, FileAnswer.expert_id))
        }
        moved = sum(pair.count("moved") * n for pair, n in answers.items())
        assert len(gone) == moved > 0
        assert not gone & {(case, expert) for case, _slot, expert in lines}
        assert world.broken() == set()
        assert audit.verify().ok
    close(app)
