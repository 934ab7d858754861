"""Bringing experts in: looked at first, stored by the second press, all or nothing."""

import io

import pytest
from sqlalchemy import func, select

from qualityeval.core.codes import Level
from qualityeval.database import db
from qualityeval.models import Expert
from tests.factories import create_expert, create_institution
from tests.personas import institution_for
from tests.web.signed_in import browser_for

GOOD = "code,name,provider,region,specialties,cap\nE1,方以宁,正衡律所,990102,刑事;民事,12\nE2,莫怀谦,,,,\n"


def bring(client, content, name="experts.csv"):
    return client.post("/experts/import", data={"file": (io.BytesIO(content.encode()), name)})


def text(answer):
    return answer.get_data(as_text=True)


def count():
    return db.session.execute(select(func.count()).select_from(Expert)).scalar_one()


@pytest.fixture
def client(app, session):
    institution_for("990102")
    return browser_for(app, "manager")


def test_looked_at_then_stored(client):
    answer = bring(client, GOOD)
    assert answer.status_code == 303
    page = text(client.get(answer.headers["Location"]))
    assert "现在还没有存入" in page
    assert count() == 0
    assert client.post(answer.headers["Location"]).headers["Location"] == "/experts"
    db.session.expire_all()
    found = db.session.execute(select(Expert).where(Expert.code == "E1")).scalar_one()
    assert (found.name, found.specialties, found.cap) == ("方以宁", ["刑事", "民事"], 12)
    again = text(client.get(answer.headers["Location"]))
    assert "没有变化 2 名" in again


def test_a_rejected_row_is_named_and_nothing_is_stored(client):
    answer = bring(client, GOOD + "E3,,,,,\nE4,温若水,,990200,,\nE5,曾听雨,,,,许多\n")
    page = text(client.get(answer.headers["Location"]))
    for row, column, reason in (
        (4, "name", "编号和姓名不能空"),
        (5, "region", "不在您的辖区内"),
        (6, "cap", "0以上的整数"),
    ):
        assert f"第 {row} 行" in page
        assert f">{column}<" in page
        assert reason in page
    assert client.post(answer.headers["Location"]).status_code == 422
    assert count() == 0


def test_an_expert_of_another_place_is_not_overwritten(client):
    elsewhere = create_institution(code="880000", level=Level.PROVINCE)
    create_expert(code="E1", institution=elsewhere)
    answer = bring(client, GOOD)
    assert "属于别的辖区" in text(client.get(answer.headers["Location"]))
    assert client.post(answer.headers["Location"]).status_code == 422
    db.session.expire_all()
    assert db.session.execute(select(Expert.name).where(Expert.code == "E1")).scalar_one() == "专家E1"


@pytest.mark.parametrize(
    ("content", "said"), [("name\n方以宁\n", "缺这些列：code"), ("", "请选择一个文件"), ("%PDF-1.4", "PDF")]
)
def test_what_is_no_such_table_is_said(client, content, said):
    answer = bring(client, content, name="" if not content else "x.csv")
    if answer.status_code == 303:
        answer = client.get(answer.headers["Location"])
    assert answer.status_code == 422
    assert said in text(answer)


def test_another_managers_file_is_not_there(app, client):
    address = bring(client, GOOD).headers["Location"]
    for persona in ("other_manager", "outsider"):
        assert browser_for(app, persona).get(address).status_code == 404
        assert browser_for(app, persona).post(address).status_code == 404
    assert client.get("/experts/import/nonsense").status_code == 404
    assert count() == 0
