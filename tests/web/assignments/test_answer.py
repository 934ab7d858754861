"""An expert's answer: accepted, declined with a reason, an interest declared."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Assignment, Expert, FileAnswer, Interest
from tests import factories
from tests.web.review_world import review_world
from tests.web.signed_in import browser_of

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def desk(app):
    """The browser of the expert E0 and the public id of a file of theirs."""
    world = review_world(app, cases=(8, 12))
    line = db.session.execute(select(Assignment).join(Expert).where(Expert.code == "E0")).scalars().first()
    return (
        world,
        browser_of(app, factories.create_account(role=Role.EXPERT, expert_code="E0")),
        line.public_id,
    )


def answer(desk, **fields):
    return desk[1].post(f"/assignments/{desk[2]}/answer", data={"kind": "kinship", **fields})


def kept():
    db.session.expire_all()
    return [(one.answer, one.reason) for one in db.session.execute(select(FileAnswer)).scalars()], [
        one.kind for one in db.session.execute(select(Interest)).scalars()
    ]


def test_accepted_it_is_opened(desk):
    assert "答复" in desk[1].get("/scoring/").get_data(as_text=True)
    assert answer(desk, answer="accepted").location.endswith(f"/scoring/{desk[2]}")
    assert "您已接受这件案件" in desk[1].get(f"/assignments/{desk[2]}/answer").get_data(as_text=True)
    assert kept() == ([("accepted", "")], [])


@pytest.mark.parametrize("said", ["declined", "interest"])
def test_given_up_it_is_not_there_any_more(desk, said):
    assert answer(desk, answer=said, reason="表兄").status_code == 303
    assert kept() == ([(said, "表兄")], ["kinship"] if said == "interest" else [])
    assert desk[1].get(f"/assignments/{desk[2]}/answer").status_code == 404
    assert desk[1].get(f"/scoring/{desk[2]}").status_code == 404
    page = desk[0].browser().get(f"/rounds/{desk[0].round().public_id}/assignments").get_data(as_text=True)
    assert "换过人的案件" in page
    assert "表兄" in page


@pytest.mark.parametrize("fields", [{}, {"answer": "declined", "reason": " "}, {"answer": "interest"}])
def test_without_an_answer_or_a_reason_nothing_happens(desk, fields):
    refused = answer(desk, **fields)
    assert refused.status_code == 422
    assert "qe-err" in refused.get_data(as_text=True)
    assert kept() == ([], [])
