"""Two managers agree to one replacement at the same moment, each from a process of their own: one successor."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import from_environment
from qualityeval.app import create_app
from qualityeval.database import db
from qualityeval.models import FileEvent, SampledCase, TicketOpening
from qualityeval.services import audit
from tests.databases import Instance, close
from tests.services.files import files_world
from tests.services.test_draw_race import race

RACER = Path(__file__).with_name("replace_racer.py")


@pytest.mark.proof("draw-race", heavy=True)
def test_one_successor_however_close_the_two_are(live_database: Instance) -> None:
    app = create_app(from_environment(live_database.environment).mapping())
    with app.app_context():
        world = files_world(app)
        files = world.keys(0)[:2]
        for file in files:
            world.replace(file, "first")
        answers = race(live_database, ("second", "third"), files, program=RACER)
        # the second word replaces; the third manager's finds a file that is replaced already
        assert answers == Counter({("replaced", "file.replace"): 2})
        db.session.rollback()  # the snapshot from before the race
        for table, count in ((SampledCase, 17), (TicketOpening, 2), (FileEvent, 2)):
            assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == count
        assert audit.verify().ok
    close(app)
