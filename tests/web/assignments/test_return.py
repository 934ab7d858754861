"""Giving a sheet back with a reason."""

import pytest
from sqlalchemy import select

from qualityeval.database import db
from qualityeval.models import Assignment, Sheet
from tests.kept import kept
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
@kept
def world(app):
    return review_world(app)


def one(state):
    return db.session.execute(select(Assignment).where(Assignment.state == state)).scalars().first()


def state_of(public_id):
    db.session.expire_all()
    row = db.session.execute(select(Assignment).filter_by(public_id=public_id)).scalar_one()
    return row.state, row.returned_because


def test_back_it_goes_with_the_reason(world):
    world.bring({"1": 90}, slots=("1",))
    name, browser = one("submitted").public_id, world.browser()
    assert "退回这份评分表？" in browser.get(f"/assignments/{name}/return").get_data(as_text=True)
    assert browser.post(f"/assignments/{name}/return", data={"reason": "漏看第二册"}).status_code == 303
    assert state_of(name) == ("returned", "漏看第二册")
    assert len(db.session.execute(select(Sheet)).all()) == 15, "the sheet is kept"


def test_a_reason_is_asked_for(world):
    world.bring({"1": 90}, slots=("1",))
    name = one("submitted").public_id
    answer = world.browser().post(f"/assignments/{name}/return", data={"reason": " "})
    assert answer.status_code == 422
    assert "请填写这一项" in answer.get_data(as_text=True)
    assert state_of(name)[0] == "submitted"


@pytest.mark.parametrize("settled", [False, True])
def test_only_what_is_submitted_and_not_in_use(world, settled):
    if settled:
        world.bring({"1": 90, "2": 85})
    name = one("submitted" if settled else "dealt").public_id
    answer = world.browser().post(f"/assignments/{name}/return", data={"reason": "x"})
    assert answer.status_code == 422
    assert "才能退回" in answer.get_data(as_text=True)


def test_another_bodys_sheet_is_not_there(world):
    world.bring({"1": 90}, slots=("1",))
    name = one("submitted").public_id
    assert world.browser("county").get(f"/assignments/{name}/return").status_code == 404
    assert (
        world.browser("county").post(f"/assignments/{name}/return", data={"reason": "x"}).status_code == 404
    )
    assert state_of(name)[0] == "submitted"
