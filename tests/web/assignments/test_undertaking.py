"""A file opens once the undertaking is signed and the training ticked."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, Round
from tests import factories
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


def test_first_sign_then_read(app):
    world = review_world(app, cases=(4, 4), more="require: [undertaking, training]\n")
    line = db.session.execute(select(Assignment).join(Expert).where(Expert.code == "E0")).scalars().first()
    file, name = line.public_id, line.expert.name
    place = db.session.execute(select(Round.public_id)).scalar_one()
    desk = browser_of(app, factories.create_account(role=Role.EXPERT, expert_code="E0"))
    first = world.browser("first")
    here, training = f"/assignments/{file}/undertaking", f"/rounds/{place}/clearances"
    assert desk.get(f"/scoring/{file}").location.endswith(here)
    assert desk.post(f"/scoring/{file}", data={}).status_code == 403
    assert desk.get(f"/assignments/{file}/answer").status_code == 200  # declining needs no undertaking
    assert desk.post(here, data={"name": "别人"}).status_code == 422
    assert desk.post(here, data={"name": name}).location.endswith(here)  # training is still open
    assert "评前培训还没有登记" in desk.get(here).get_data(as_text=True)
    page = first.get(training).get_data(as_text=True)
    assert "未签署" in page
    assert first.post(training, data={"trained": "nobody"}).status_code == 422
    assert first.post(training, data={"trained": "E0"}).status_code == 303
    assert desk.get(f"/scoring/{file}").status_code == 200
