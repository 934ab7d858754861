"""The sheet on paper: filled or blank, with its code, and nothing that names the case."""

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Case
from tests import factories
from tests.web.actor_browser import text_of
from tests.web.scoring.desk import set_up
from tests.web.scoring.test_sheet import form
from tests.web.signed_in import browser_of


def test_filled_and_blank(app, session):
    desk = set_up(app)
    desk.client.post(desk.path, data={**form(87), "overall": "会见充分", "do": "save"})
    filled, blank = desk.client.get(f"{desk.path}/paper"), desk.client.get(f"{desk.path}/paper?blank=1")
    assert "会见充分" in text_of(filled)
    assert "会见充分" not in text_of(blank)
    assert f"QE-SHEET {desk.public_id} criminal-trial@1 draft 1" in filled.text
    assert f"QE-SHEET {desk.public_id} criminal-trial@1 draft 0" in blank.text
    case = db.session.get_one(Case, desk.case_id)
    for page in (filled.text, blank.text):
        assert case.number not in page
        assert case.institution.name not in page
        assert "评估专家" in page


def test_deductions_leave_their_mark_on_the_paper(app, session):
    """An item of 3 points with 0.5 taken off prints 2.5: nothing is left to work out."""
    desk = set_up(app)
    page = desk.client.get(f"{desk.path}?").text
    code = page.split('name="cut-', 1)[1].split('"', 1)[0]
    most = float(page.split(f'name="mark-{code}"', 1)[1].split('data-most="', 1)[1].split('"', 1)[0])
    desk.client.post(
        desk.path,
        data={**form(87), f"mark-{code}": "", f"cut-{code}": "0.5", f"cut-why-{code}": "迟", "do": "save"},
    )
    assert f'data-label="得分">{most - 0.5:g}<' in desk.client.get(f"{desk.path}/paper").text


def test_another_experts_sheet_is_not_there(app, session):
    desk = set_up(app)
    factories.create_expert(code="E9")
    other = factories.create_account(role=Role.EXPERT, expert_code="E9")
    assert browser_of(app, other).get(f"{desk.path}/paper").status_code == 404
