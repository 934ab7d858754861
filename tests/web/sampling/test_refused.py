"""What would bend a draw is refused by the page, the stored evidence untouched: TE4 to TE6; by trigger, tests/models/test_evidence.py."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Case, FrameCase, RoundSeed, SampledCase, TicketOpening
from qualityeval.queries import rounds as queries
from qualityeval.services import sampling
from tests import factories
from tests.services import stories
from tests.services.files import files_world
from tests.web.clients import client_of, text_of

pytestmark = pytest.mark.usefixtures("session")
PUBLIC = "31415926535897932384"


@pytest.fixture
def world(app):
    root, counties = stories.bureau(cases=(5, 13))
    first, second = stories.managers(root)
    return root, counties, first, second


def stored():
    """Seed, sample and frame as they lie in the database."""
    db.session.expire_all()
    tables = (RoundSeed.__table__, SampledCase.__table__, FrameCase.__table__)
    return [sorted(map(tuple, db.session.execute(select(table)).all())) for table in tables]


def test_a_redraw_leads_to_the_draw_there_is(app, world):
    """Neither another value nor another press by either manager; another round over the same cases lists this one."""
    root, _counties, first, second = world
    made = stories.drawn(first, second, stories.spec(root.code))
    before = stored()
    for actor in (first, second):
        client = client_of(app, actor)
        assert client.post(f"/rounds/{made.public_id}/seed", data={"public": PUBLIC}).status_code == 409
        assert client.post(f"/rounds/{made.public_id}/draw/confirm").status_code == 302
        assert client.get(f"/rounds/{made.public_id}/draw/confirm").status_code == 302
    assert stored() == before


def test_a_case_that_comes_late_enters_no_frame_that_is_frozen(app, world):
    """Registered after the freeze; the freeze and the plan pressed again; the frame file stays byte for byte."""
    root, counties, first, second = world
    made = stories.seeded(first, second, stories.spec(root.code), PUBLIC)
    file, before = sampling.frame_file(actor=first, round_=made), stored()
    factories.create_case(institution=counties[0])
    client, spec = client_of(app, first), stories.spec(root.code).replace("27.7%", "90%")
    refused = client.post(f"/rounds/{made.public_id}/freeze", data={"confirm": "R2026"})
    assert refused.status_code == 422
    assert "只有草稿状态的批次才能冻结" in text_of(refused)
    edit = client.post(f"/rounds/{made.public_id}/edit", data={"spec": spec, "version": str(made.version)})
    assert edit.status_code == 422
    assert client.post(f"/rounds/{made.public_id}/draw/confirm").status_code == 302
    assert db.session.query(Case).count() == 19
    assert sampling.frame_file(actor=first, round_=queries.by_code_for(first, "R2026")) == file
    assert stored()[2] == before[2]


def test_nobody_chooses_which_case_replaces(app):
    """The page has no field for it, and one that is posted all the same changes nothing."""
    world = files_world(app, deadline="2099-12-31")
    file = world.keys(0)[0]
    taken = world.file(file)
    last = max(one.place for one in in_stratum(taken))
    wanted = {"place": last + 5, "ticket": "0" * 64, "frame_case_id": 1, "key": "x", "successor": "x"}
    for who in ("first", "second"):
        page = world.browser(who).post(
            f"/drawn-files/{file}", data={"act": "replace", "reason": "duplicate", **wanted}
        )
        assert page.status_code == 303
    opened = db.session.execute(select(TicketOpening)).scalar_one()
    successor = max(in_stratum(taken), key=lambda one: one.place)
    assert (opened.place, successor.place) == (last + 1, last + 1)
    assert sampling.check_again(actor=world.actor(), round_=world.round()).ok


def in_stratum(sampled):
    """All opened tickets of its stratum."""
    return db.session.execute(select(SampledCase).filter_by(stratum=sampled.stratum)).scalars().all()
