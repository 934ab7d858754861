"""One practitioner's link in twenty hands at once (threat list TK4): one session, one statement."""

from collections import Counter

import pytest

from qualityeval.database import db, transaction
from qualityeval.models import PractitionerLink
from qualityeval.services import audit
from qualityeval.services import practitioner_links as services
from tests.databases import application, close
from tests.factories import NOW, create_actor, create_case, create_institution, create_round, handler
from tests.services.hands import HANDS, at_once
from tests.web.practitioners.test_pages import settled


@pytest.fixture
def office(live_database):
    app = application(live_database.url, home=live_database.home)
    with app.app_context():
        county = create_institution()
        manager, round_ = create_actor(institution=county), create_round(institution=county, state="released")
        with transaction():
            _firm, person = handler("张律师", "L1", "张所", now=NOW)
            id_ = person.id
            audit.record(manager, "case.people", now=NOW, object_type="case")
        settled(manager, create_case(institution=county, practitioner_id=id_), round_)
        with transaction():
            services.send(actor=manager, round_=round_, days=1, now=NOW)
        token = services.token_of(db.session.execute(db.select(PractitionerLink.public_id)).scalar_one())
    yield app, token
    close(app)


@pytest.mark.proof("link-hands", heavy=True)
def test_one_session_and_one_statement(office):
    app, token = office
    got = at_once(app, lambda _: services.exchange(token=token, now=NOW))
    assert Counter(one == "dead" for one in got) == {True: HANDS - 1, False: 1}
    held = next(one for one in got if one != "dead")

    def state(number):
        text = f"陈述 {number}"
        return text if services.state(session_token=held, text=text, now=NOW) else ""

    kept = [one for one in at_once(app, state) if one]
    with app.app_context():
        assert kept == [db.session.execute(db.select(PractitionerLink.statement)).scalar_one()]
