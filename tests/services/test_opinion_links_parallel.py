"""One link in many hands at once (threat list TK4): one session, one answer, the others told so."""

from collections import Counter

import pytest

from qualityeval.database import db, transaction
from qualityeval.models import OrganOpinion
from qualityeval.services import opinions as services
from tests.channel_rows import PRAISE
from tests.databases import application, close
from tests.factories import NOW, create_actor, create_case, create_institution
from tests.services.hands import HANDS, at_once


@pytest.fixture
def office(live_database):
    app = application(live_database.url, home=live_database.home)
    with app.app_context():
        county = create_institution()
        case = create_case(institution=county, organ="法院")
        manager = create_actor(institution=county)
        with transaction():
            _row, token = services.ask(actor=manager, case=case, organ="", officer="", days=1, now=NOW)
    yield app, token
    close(app)


@pytest.mark.proof("link-hands")
def test_one_session_and_one_answer(office):
    app, token = office
    got = at_once(app, lambda _: services.exchange(token=token, now=NOW))
    assert Counter(one == "dead" for one in got) == {True: HANDS - 1, False: 1}
    held = next(one for one in got if one != "dead")
    dutiful = ("good", "fairly_good", "fair", "poor")

    def answer(number):
        given = {**PRAISE, "dutiful": dutiful[number % 4]}
        return given["dutiful"] if services.answer(session_token=held, given=given, now=NOW) else ""

    kept = [one for one in at_once(app, answer) if one]
    with app.app_context():
        stored = db.session.execute(db.select(OrganOpinion.answers)).scalar_one()
    assert kept == [stored["dutiful"]]
