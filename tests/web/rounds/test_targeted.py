"""The page of targeted files: marked by rule, by hand, taken back; every refusal keeps what was typed."""

import pytest

from qualityeval.queries import rounds as queries
from qualityeval.queries import targeted
from tests.kept import kept
from tests.services import stories
from tests.web.clients import client_of, text_of


@pytest.fixture
@kept
def world(app, session):
    root, counties = stories.bureau(cases=(2, 3))
    first, _second = stories.managers(root)
    return counties, first, stories.draft(first, stories.spec(root.code))


def marked(actor):
    return targeted.list_for(actor, queries.by_code_for(actor, "R2026"))


def test_by_rule_by_hand_and_back(app, world):
    (small, _large), first, made = world
    client, path = client_of(app, first), f"/rounds/{made.public_id}/targeted"
    assert "还没有专项案件" in text_of(client.get(path))
    rules = {"rules": ["overdue"], "days": "30", "mass": "10"}
    assert client.post(path + "/rules", data=rules).status_code == 302
    assert len(marked(first)) == 5  # closed on 1 June and never handed in
    by_hand = {"cases": f"{small.code}:2026-0000\n", "rule": "complaint", "note": "来信"}
    assert client.post(path, data=by_hand).status_code == 302
    row = next(row for row in marked(first) if row.note)
    assert row.rules == ("overdue", "complaint")
    page = text_of(client.get(path))
    assert "逾期归卷、投诉" in page.replace("\n", "")
    assert client.post(path + "/unmark", data={"case": row.case_public_id}).status_code == 302
    assert len(marked(first)) == 4
    answer = client.post(path + "/unmark", data={"case": row.case_public_id}, follow_redirects=True)
    assert "没有标记" in text_of(answer)


def test_what_is_refused_stays_on_the_page(app, world):
    _counties, first, made = world
    client, path = client_of(app, first), f"/rounds/{made.public_id}/targeted"
    answer = client.post(path, data={"cases": "nowhere:1", "rule": "complaint", "note": "n"})
    assert answer.status_code == 422
    assert "nowhere:1" in text_of(answer)
    assert client.post(path, data={"cases": "", "rule": "complaint"}).status_code == 422
    assert (
        client.post(path + "/rules", data={"rules": ["overdue"], "days": "0", "mass": "1"}).status_code == 422
    )
    assert (
        client.post(path + "/rules", data={"rules": ["gossip"], "days": "1", "mass": "2"}).status_code == 422
    )
    assert marked(first) == []
