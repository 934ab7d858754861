"""An expert takes the own sheet back until it is used; what was submitted stays on record."""

import pytest
from sqlalchemy import select

from qualityeval.core.sheet import read_content
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, AuditEvent, Sheet
from qualityeval.services import scoring
from tests.factories import NOW
from tests.services import chain
from tests.web.scoring import desk as desks


@pytest.fixture
def desk(app, session):
    return desks.dealt(app, session)


def submit(desk, points):
    fields = {f"mark-{code}": f"{value / 100}" for code, value in chain.marks(points).items()}
    page = desk.client.get(desk.path).get_data(as_text=True)
    version = page.partition('name="version" value="')[2].partition('"')[0]
    return desk.client.post(desk.path, data={"version": version, "do": "submit", **fields})


def test_a_sheet_is_taken_back_and_sent_again(desk):
    assert submit(desk, 87).status_code == 302
    page = desk.client.get(desk.path).get_data(as_text=True)
    assert "撤回评分表" in page
    assert desk.client.post(f"{desk.path}/withdraw").status_code == 303
    assert "撤回评分表" not in desk.client.get(desk.path).get_data(as_text=True)
    assert submit(desk, 80).status_code == 302
    totals = db.session.execute(select(Sheet.revision, Sheet.total).order_by(Sheet.revision)).all()
    assert [tuple(row) for row in totals] == [(1, 8700), (2, 8000)]
    assert db.session.execute(select(AuditEvent).filter_by(action="sheet.withdrawn")).scalar_one()


def test_a_used_sheet_stays(desk):
    submit(desk, 87)
    line = db.session.execute(select(Assignment).filter_by(public_id=desk.public_id)).scalar_one()
    other = db.session.execute(
        select(Assignment).where(Assignment.sampled_case_id == line.sampled_case_id, Assignment.id != line.id)
    ).scalar_one()
    with transaction():
        rubric = scoring.whole_rubric_of(other)
        whole = scoring.Whole(other, rubric, read_content(chain.content(88), rubric))
        round_ = scoring.being_scored(other.round_id)
        scoring.keep_sheets(actor=desks.COMMAND_LINE, round_=round_, sheets=[whole], now=NOW)
    assert "撤回评分表" not in desk.client.get(desk.path).get_data(as_text=True)
    desk.client.post(f"{desk.path}/withdraw")
    assert "不能撤回" in desk.client.get(desk.path).get_data(as_text=True)
    assert (
        db.session.execute(select(Assignment.state).filter_by(public_id=desk.public_id)).scalar_one()
        == "submitted"
    )
