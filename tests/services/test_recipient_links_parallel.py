"""One recipient's link in twenty hands at once (threat list TK4): one session, one answer, the others told so."""

from collections import Counter

import pytest

from qualityeval.core.self_service import Way
from qualityeval.database import db, transaction
from qualityeval.models import Callback
from qualityeval.services import recipient_links as services
from tests.channel_rows import CONTENT, create_callback
from tests.databases import application, close
from tests.factories import NOW, create_actor, create_case, create_institution
from tests.services.hands import HANDS, at_once

TIMES = ("never", "once", "twice", "more")


@pytest.fixture
def office(live_database):
    app = application(live_database.url, home=live_database.home)
    with app.app_context():
        county = create_institution()
        row = create_callback(case=create_case(institution=county, recipient_phone="13812340000"))
        manager = create_actor(institution=county)
        with transaction():
            link = services.send(
                actor=manager, callback=db.session.get_one(Callback, row.id), way=Way.LETTER, days=1,
                guardian=False, now=NOW,
            )  # fmt: skip
            token = services.token_of(link.public_id)
    yield app, token
    close(app)


@pytest.mark.proof("link-hands")
def test_one_session_and_one_answer(office):
    app, token = office
    got = at_once(app, lambda _: services.exchange(token=token, now=NOW))
    assert Counter(one == "dead" for one in got) == {True: HANDS - 1, False: 1}
    held = next(one for one in got if one != "dead")

    def answer(number):
        given = {**CONTENT, "met_times": TIMES[number % 4]}
        return given["met_times"] if services.answer(session_token=held, given=given, now=NOW) else ""

    kept = [one for one in at_once(app, answer) if one]
    with app.app_context():
        stored = db.session.execute(db.select(Callback.answers)).scalar_one()
    assert kept == [stored["met_times"]]
