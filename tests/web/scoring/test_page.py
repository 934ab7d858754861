"""Pages of a dealt file: drawn, marked with their reader, and only for whoever has to read them. BL5, UP4."""

import io

import pytest
from PIL import Image
from sqlalchemy import select, update

from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Assignment, CaseFile, Round, StoredFile
from qualityeval.services import audit
from tests import factories, papers
from tests.factories import NOW
from tests.structure.objects import sign_in, token_of
from tests.web.scoring import desk as desks


@pytest.fixture
def desk(app, session):
    return desks.set_up(app)


def test_every_page_comes_as_a_picture_with_the_readers_mark(desk):
    desk.file(desks.planted())
    desk.file(papers.scan(), code="judgment", name="王五判决.jpg")
    pictures = []
    for number in (1, 2, 3):
        answer = desk.client.get(f"{desk.path}/page?n={number}")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Content-Disposition" not in answer.headers
        assert b"Planted" not in answer.data
        pictures.append(Image.open(io.BytesIO(answer.data)).convert("L"))
    plain = Image.open(io.BytesIO(papers.scan(size=pictures[2].size))).convert("L")
    assert pictures[2].resize((50, 70)).tobytes() != plain.resize((50, 70)).tobytes()


def test_the_mark_names_reader_and_time(desk, monkeypatch):
    seen = []
    monkeypatch.setattr(
        "qualityeval.services.paper_pages.marked", lambda jpeg, text: seen.append(text) or jpeg
    )
    desk.file(desks.planted())
    desk.client.get(f"{desk.path}/page?n=1")
    (text,) = seen
    assert text.startswith("E0 2")
    assert text[-3] == ":"


@pytest.mark.parametrize("asked", ["0", "3", "-1", "x", "99999999", "", "٣"])
def test_no_page_beyond_the_ends(desk, asked):
    desk.file(desks.planted())
    assert desk.client.get(f"{desk.path}/page?n={asked}").status_code == 404


def test_a_file_without_papers_has_no_page(desk):
    assert desk.client.get(f"{desk.path}/page?n=1").status_code == 404


def test_another_experts_page_is_not_there(desk, app):
    desk.file(desks.planted())
    other = app.test_client()
    sign_in(other, token_of(factories.create_account(role=Role.EXPERT, expert_code="E9")))
    assert other.get(f"{desk.path}/page?n=1").status_code == 404
    assert other.post(f"{desk.path}/find", data={"words": "alpha"}).status_code == 404


def test_once_the_round_is_over_the_file_is_closed(desk):
    desk.file(desks.planted())
    with transaction() as session:
        session.execute(select(Round)).scalar_one().state = "released"
        audit.record(factories.COMMAND_LINE, "round.released", now=NOW, object_type="round")
    assert desk.client.get(f"{desk.path}/page?n=1").status_code == 404
    assert "qe-view" not in desk.client.get(desk.path).get_data(as_text=True)


def test_where_identities_are_hidden_a_page_that_no_rule_can_read_waits(app, session):
    desk = desks.dealt(app, session, spec="blind: pseudonym\n")
    desk.file(desks.planted())
    assert desk.client.get(f"{desk.path}/page?n=1").status_code == 404
    assert "2 页等待遮盖" in desk.client.get(desk.path).get_data(as_text=True)


def test_the_desk_names_neither_file_nor_person_nor_case(desk):
    desk.file(desks.planted())
    desk.file(papers.pdf("gamma"), name="李四补充.pdf")
    text = desk.client.get(desk.path).get_data(as_text=True)
    stored = db.session.execute(select(StoredFile.public_id, StoredFile.sha256, StoredFile.name)).all()
    case = db.session.get_one(factories.Case, desk.case_id)
    told = [case.number, case.public_id, case.recipient_name, *(value for row in stored for value in row)]
    assert [value for value in told if value in text] == []
    assert "会见笔录（1）" in text
    assert "会见笔录（2）" in text
    assert text.count("<figure") == 3


def test_what_came_after_the_draw_is_said_once_where_it_is_all_and_else_at_its_line(desk):
    desk.file(desks.planted())
    text = desk.client.get(desk.path).get_data(as_text=True)
    assert ("全部材料都是抽取以后交来的" in text, "抽取后补交" in text) == (True, False)
    with transaction() as session:  # as if this one had come before
        session.execute(update(CaseFile).values(added_after_draw=False))
        audit.record(factories.COMMAND_LINE, "paper.added", now=NOW, object_type="case")
    desk.file(papers.pdf("late"), code="application")
    text = desk.client.get(desk.path).get_data(as_text=True)
    assert text.index("会见笔录") < text.index("法律援助申请表") < text.index("抽取后补交")


def test_a_returned_sheet_opens_its_file_again(desk):
    desk.file(desks.planted())
    with transaction() as session:
        line = session.execute(select(Assignment).filter_by(public_id=desk.public_id)).scalar_one()
        line.state = "returned"
        audit.record(factories.COMMAND_LINE, "sheet.returned", now=NOW, object_type="assignment")
    assert desk.client.get(f"{desk.path}/page?n=2").status_code == 200
