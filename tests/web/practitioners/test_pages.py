"""A practitioner's link: the own case's released result and one statement; the manager's queue, answer and story."""

import re

import pytest

from qualityeval.database import db, transaction
from qualityeval.models import CaseResult, PractitionerLink, Sheet
from qualityeval.queries import case_story, practitioner_links, todo
from qualityeval.reports.practitioner_letters import sheet
from qualityeval.services import audit
from qualityeval.services import practitioner_links as services
from tests.factories import (
    NOW,
    create_actor,
    create_assignment,
    create_case,
    create_expert,
    create_institution,
    create_round,
    handler,
)
from tests.services import chain
from tests.web.actor_browser import client_of, text_of


def settled(manager, case, round_, grade="良好"):
    """A drawn case with one sheet and its result."""
    line = create_assignment(expert=create_expert(code=f"E-{case.number}"), case=case, round_=round_)
    with transaction() as session:
        content = chain.content(87)
        first = next(iter(content["marks"]))
        content["marks"][first]["reason"] = "见证人13800138000"
        session.add(
            Sheet(
                assignment_id=line.id, revision=1, content=content, total=8700, grade=grade, submitted_at=NOW,
                rubric="criminal-trial@1",
            )
        )  # fmt: skip
        line.state = "submitted"
        session.add(
            CaseResult(
                round_id=round_.id, sampled_case_id=line.sampled_case_id, step="first", total=8700, grade=grade,
                by="mean", made_at=NOW,
            )
        )  # fmt: skip
        audit.record(manager, "case.settled", now=NOW, object_type="assignment", object_id=line.public_id)
    return line


@pytest.fixture
def released(app, session):
    """A released round with three cases: of two practitioners, and a sealed one of the first."""
    county = create_institution(code="330102", name="雁汀区法律援助中心")
    manager = create_actor(institution=county)
    round_ = create_round(institution=county, code="R1", state="released")
    with transaction() as session_:
        people = [handler(name, f"L{name}", f"{name}所", now=NOW)[1] for name in ("张律师", "李律师")]
        session_.flush()
        ids = [one.id for one in people]
        audit.record(manager, "case.people", now=NOW, object_type="case")
    for number, (who, fields) in enumerate(((0, {}), (1, {}), (0, {"sealed": True}))):
        case = create_case(
            institution=county,
            number=f"案{number}",
            practitioner_id=ids[who],
            recipient_name="王小明",
            **fields,
        )
        settled(manager, case, round_, grade="不合格" if number == 1 else "良好")
    return app, manager, client_of(app, manager), round_


def bare(page):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", text_of(page))


def test_told_opened_stated_answered(released):
    app, manager, browser, round_ = released
    address = f"/rounds/{round_.public_id}/statements"
    page = text_of(browser.post(address, data={"days": "15"}, follow_redirects=True))
    for said in ("已给 2 件案件的承办人做好链接", "封存案件 1 件", "打印 2 封信"):
        assert said in page
    assert browser.post(address, data={"days": "15"}).status_code == 422
    assert browser.get(f"{address}/letters.pdf").data.startswith(b"%PDF")
    rows = practitioner_links.letters_of(round_, practitioner_links.waiting_letters(round_, now=NOW))
    mine = next(one for one in rows if one.practitioner == "张律师")
    token = services.token_of(mine.link.public_id)
    letter = sheet(mine, f"http://x/p/{token}")
    assert (letter.to, "良好" in "".join(letter.body), "王小明" in "".join(letter.body)) == (
        "张律师", False, False,
    )  # fmt: skip

    lawyer = app.test_client()
    for _preview in range(3):
        assert lawyer.get(f"/p/{token}").headers["Referrer-Policy"] == "no-referrer"
    assert lawyer.post("/p/", data={"token": token}).headers["Location"] == "/p/form"
    assert app.test_client().post("/p/", data={"token": token}).status_code == 404
    page = bare(lawyer.get("/p/form"))
    for said in ("案0", "良好", "87", "［电话］"):
        assert said in page
    for secret in ("张律师", "李律师", "E-案0", "案1", "不合格", "王小明", "13800138000", token):
        assert secret not in page
    assert lawyer.post("/p/form", data={"statement": " "}).status_code == 422
    assert lawyer.post("/p/form", data={"statement": "第 3 页有会见笔录"}).status_code == 303
    assert lawyer.post("/p/form", data={"statement": "别的"}).status_code == 303
    assert "第 3 页有会见笔录" in text_of(lawyer.get("/p/form"))

    db.session.expire_all()
    link = db.session.execute(
        db.select(PractitionerLink).filter_by(statement="第 3 页有会见笔录")
    ).scalar_one()
    assert link.from_device is not None
    waiting = [line for line in todo.lines_for(manager, now=NOW) if line.endpoint == "practitioners.of_round"]
    assert [(line.count, line.arguments) for line in waiting] == [(1, {"public_id": round_.public_id})]
    there = f"/statements/{link.public_id}"
    assert "第 3 页有会见笔录" in text_of(browser.get(there))
    assert browser.post(f"{there}/revoke").status_code == 409
    assert browser.post(there, data={"reply": "已核对，扣分不变"}).status_code == 303
    assert browser.post(there, data={"reply": "再答"}).status_code == 422
    assert "已核对，扣分不变" in text_of(lawyer.get("/p/form"))
    told = [(step.what, step.facts.get("reason")) for step in case_story.story_of(link.sampled_case)]
    assert {("stated", "第 3 页有会见笔录"), ("replied", "已核对，扣分不变")} <= set(told)
    assert client_of(app, create_actor(institution=create_institution())).get(there).status_code == 404


def test_taken_back_and_before_the_release(released):
    app, _manager, browser, round_ = released
    browser.post(f"/rounds/{round_.public_id}/statements", data={"days": "15"})
    link = db.session.execute(db.select(PractitionerLink).order_by(PractitionerLink.id)).scalars().first()
    token = services.token_of(link.public_id)
    lawyer = app.test_client()
    lawyer.post("/p/", data={"token": token})
    assert browser.post(f"/statements/{link.public_id}/revoke").status_code == 303
    assert lawyer.get("/p/form").status_code == 404
    assert lawyer.post("/p/form", data={"statement": "x"}).status_code == 404
    early = create_round(institution=round_.institution, code="R2", state="scoring")
    refused = browser.post(f"/rounds/{early.public_id}/statements", data={"days": "15"})
    assert (refused.status_code, "异议期内或者批次发布以后才能告知承办人" in text_of(refused)) == (422, True)
