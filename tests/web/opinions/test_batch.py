"""Letters to the organs of a whole round: who is left out, what a letter says, that its link opens once."""

import io
import re

import pytest

from qualityeval.core import letter_parts
from qualityeval.database import db
from qualityeval.models import CaseFile, OrganOpinion
from qualityeval.queries import opinion_letters
from qualityeval.reports.organ_letters import _sheet, letter_of
from qualityeval.services.opinion_letters import links_of
from tests.channel_rows import PRAISE
from tests.factories import (
    NOW,
    create_actor,
    create_assignment,
    create_case,
    create_expert,
    create_institution,
    create_round,
)
from tests.papers import scan
from tests.web.actor_browser import client_of, text_of


@pytest.fixture
def drawn(app, session):
    """A drawn round of four cases: two with an organ, one sealed, one without an organ."""
    county = create_institution(code="330102", name="雁汀区法律援助中心")
    round_, expert = create_round(institution=county, code="R1", state="called_in"), create_expert()
    for number, fields in enumerate(({}, {}, {"sealed": True}, {"organ": ""})):
        case = create_case(
            institution=county, number=f"JL-{number}", court_number=f"（2026）浙01刑初{number}号",
            **{"organ": "临州市人民法院", **fields},
        )  # fmt: skip
        create_assignment(expert=expert, case=case, round_=round_)
    manager = create_actor(institution=county)
    return app, manager, client_of(app, manager), round_


def letters_of(manager, **which):
    ids = opinion_letters.waiting_letters(manager, now=NOW, **which)
    return opinion_letters.letters_for(manager, ids)


def test_a_letter_for_each_case_that_can_be_asked_about(drawn, monkeypatch):
    app, manager, browser, round_ = drawn
    answer = browser.post("/opinions/batch", data={"round": "R1", "days": "15"}, follow_redirects=True)
    page = text_of(answer)
    for said in ("已征询 2 件", "封存案件 1 件", "没有办案机关 1 件", "打印 2 封信"):
        assert said in page
    again = browser.post("/opinions/batch", data={"round": "R1", "days": "15"})
    assert (again.status_code, "没有可以征询的案件" in text_of(again)) == (422, True)
    assert browser.post("/opinions/batch", data={"round": "R1", "days": "99"}).status_code == 422
    printed = browser.get("/opinions/letters.pdf?round=R1")
    assert printed.data.startswith(b"%PDF")
    with monkeypatch.context() as small:
        small.setattr(letter_parts, "PART", 1)
        whole, listed = browser.get("/opinions/letters.pdf"), text_of(browser.get("/opinions/batch"))
        assert (whole.status_code, "按份打印" in text_of(whole)) == (422, True)
        assert "打印第 2 至 2 封" in listed
        part = re.search(r"/opinions/letters\.pdf\?from=\w+", listed).group()
        assert browser.get(part).data.startswith(b"%PDF")
    links = links_of(letters_of(manager, round_=round_))
    assert len(links) == 2
    letter = _sheet(letter_of(links[0][0], "http://x/o/" + links[0][1]))
    assert letter.to == "临州市人民法院"
    assert "（2026）浙01刑初0号" in letter.body[0]
    assert "王○○" in letter.body[0]
    assert "王小明" not in "".join(letter.body)
    judge = app.test_client()
    assert judge.post("/o/", data={"token": links[0][1]}).status_code == 303
    assert judge.post("/o/form", data=PRAISE).status_code == 303
    assert len(links_of(letters_of(manager))) == 1
    stranger = client_of(app, create_actor(institution=create_institution()))
    assert stranger.get("/opinions/letters.pdf?round=R1").status_code == 404


def test_a_letter_that_came_back_is_filed_with_its_scan(drawn):
    _app, _manager, browser, _round = drawn
    browser.post("/opinions/batch", data={"round": "R1", "days": "15"})
    row = db.session.execute(db.select(OrganOpinion).order_by(OrganOpinion.id)).scalars().first()
    address = f"/opinions/{row.public_id}/letter"
    broken = browser.post(address, data={**PRAISE, "letter": (io.BytesIO(b"no paper"), "x.png")})
    assert broken.status_code == 422
    paper = io.BytesIO(scan(size=(60, 80), form="PNG"))
    assert browser.post(address, data={**PRAISE, "letter": (paper, "答复.png")}).status_code == 302
    db.session.expire_all()
    filed = db.session.execute(db.select(CaseFile)).scalar_one()
    row = db.session.get_one(OrganOpinion, row.id)
    assert (filed.code, filed.case_id, row.letter_paper, row.via) == (
        "organ-opinion", row.case_id, filed.public_id, "letter",
    )  # fmt: skip
    assert f"/papers/{filed.public_id}" in text_of(browser.get(f"/opinions/{row.public_id}"))
