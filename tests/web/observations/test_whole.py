"""The whole record on one page, with and without script."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Observation
from qualityeval.queries.accounts import actor_of
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import create_account, create_case, create_institution
from tests.web.actor_browser import client_of, text_of

WHOLE = {**FULL_MARKS, "court": "第三法庭", "mode": "on_site", "arrived_at": "9:05", "left_at": "11:30"}
AS_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def hearing(app, session):
    """A planned hearing and its observer's browser."""
    county = create_institution()
    account = create_account(role=Role.OBSERVER, institution=county)
    row = create_observation(case=create_case(institution=county), account=account)
    return client_of(app, actor_of(account)), f"/observations/{row.public_id}"


def stored():
    db.session.rollback()
    return db.session.execute(select(Observation)).scalar_one()


def test_without_script_it_is_one_form(hearing):
    client, base = hearing
    page = text_of(client.get(f"{base}/whole"))
    assert "举证是否有条理、说明了证明目的？" in page
    assert client.post(f"{base}/whole", data=WHOLE).headers["Location"] == base
    assert stored().state == "submitted"
    assert client.get(f"{base}/whole").headers["Location"] == base


def test_a_refused_form_keeps_what_was_typed(hearing):
    client, base = hearing
    answer = client.post(f"{base}/whole", data={**WHOLE, "proof": "poor", "remark": "发问有条理"})
    assert answer.status_code == 422
    page = answer.text
    assert "评“差”的题目请写一句说明。" in page
    assert "发问有条理" in page
    assert 'href="#q-proof"' in page
    assert 'id="q-proof-poor" value="poor" checked' in page
    assert stored().answers == {}


def test_a_script_is_answered_in_json_and_a_repeat_is_confirmed(hearing):
    client, base = hearing
    refused = client.post(f"{base}/whole", data={"attended": "same"}, headers=AS_SCRIPT)
    assert (refused.status_code, refused.json["state"]) == (422, "refused")
    for _ in range(2):
        answer = client.post(f"{base}/whole", data=WHOLE, headers=AS_SCRIPT)
        assert (answer.status_code, answer.json["state"]) == (200, "submitted")


def test_the_worker_rules_over_the_records_only(app):
    answer = app.test_client().get("/observations/worker.js")
    assert answer.mimetype == "text/javascript"
    assert "Service-Worker-Allowed" not in answer.headers
