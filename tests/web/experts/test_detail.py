"""One expert: what they carry, and changing how many files they take."""

import pytest

from qualityeval.core.codes import Level
from qualityeval.database import db
from qualityeval.models import AuditEvent, Expert
from tests.factories import create_expert, create_institution
from tests.personas import institution_for
from tests.web.signed_in import browser_for

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def expert(app):
    return create_expert(code="E1", institution=institution_for("990102"), email="e1@example.cn", cap=20)


def text(answer):
    return answer.get_data(as_text=True)


def change(client, expert, **fields):
    return client.post(f"/experts/{expert.public_id}", data={"version": str(expert.version), **fields})


def stored(expert):
    db.session.expire_all()
    row = db.session.get_one(Expert, expert.id)
    return row.cap, row.quota, row.active


def test_it_shows_what_the_pool_knows(app, expert):
    page = text(browser_for(app, "manager").get(f"/experts/{expert.public_id}"))
    assert "e1@example.cn" in page
    assert 'value="20"' in page


def test_limits_are_changed_and_audited(app, expert):
    answer = change(browser_for(app, "manager"), expert, cap="", quota="8", active="y")
    assert answer.status_code == 303
    assert stored(expert) == (None, 8, True)
    event = db.session.execute(db.select(AuditEvent).filter_by(action="expert.changed")).scalar_one()
    assert '"cap":20' in event.detail


def test_no_more_files_for_a_paused_expert(app, expert):
    assert change(browser_for(app, "manager"), expert, cap="20").status_code == 303
    assert stored(expert) == (20, None, False)


@pytest.mark.parametrize("fields", [{"cap": "-1"}, {"cap": "many"}, {"cap": "5", "quota": "6"}])
def test_impossible_limits_are_refused_at_their_field(app, expert, fields):
    answer = change(browser_for(app, "manager"), expert, active="y", **fields)
    assert answer.status_code == 422
    assert "qe-err" in text(answer)
    assert stored(expert) == (20, None, True)


def test_a_page_that_is_out_of_date_changes_nothing(app, expert):
    client = browser_for(app, "manager")
    first = expert.version
    assert change(client, expert, cap="9", active="y").status_code == 303
    answer = client.post(
        f"/experts/{expert.public_id}", data={"version": str(first), "cap": "30", "active": "y"}
    )
    assert answer.status_code == 409
    assert 'value="30"' in text(answer), "what was typed is still there"
    assert stored(expert) == (9, None, True)


def test_a_neighbours_expert_is_seen_but_not_changed(app, expert):
    client = browser_for(app, "outsider")  # the other city of the same province
    page = text(client.get(f"/experts/{expert.public_id}"))
    assert "e1@example.cn" not in page
    assert "由那里的管理员维护" in page
    assert change(client, expert, cap="1", active="y").status_code == 422
    assert stored(expert) == (20, None, True)


def test_another_provinces_expert_is_not_there(app, expert):
    far = create_expert(code="E9", institution=create_institution(code="880000", level=Level.PROVINCE))
    client = browser_for(app, "manager")
    assert client.get(f"/experts/{far.public_id}").status_code == 404
    assert change(client, far, cap="1").status_code == 404
