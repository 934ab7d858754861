"""Rubrics of a body's own on their pages: taken away, brought back, copied, edited, compared, discarded."""

import io

import pytest

from qualityeval.adapters.rubric_files import read_rubric
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.core.proposal_rules import EVER
from qualityeval.database import db
from qualityeval.models import OwnRubric
from qualityeval.queries import own_rubrics as queries
from tests.core.rubric_samples import rubric_mapping
from tests.services import stories
from tests.staff_rubric import divided_indicators
from tests.web.clients import client_of, text_of

OWN = "/own-rubrics/"


@pytest.fixture
def manager(app, session):
    root, _counties = stories.bureau(cases=(5, 13))
    return stories.managers(root)[0]


@pytest.fixture
def client(app, manager):
    return client_of(app, manager)


def small(code="ours"):
    """A rubric of five items, so that it is read in no time."""
    mapping = rubric_mapping(code=code)
    mapping["sections"][0]["items"][0]["phrases"] = [{"text": "缺签名", "points": "1"}]
    return dump_text(mapping).encode()


def made(client):
    answer = brought(client, small(), "ours.yaml")
    assert answer.status_code == 303, text_of(answer)
    return answer.location.rpartition("/")[2]


def copied(client, key, code="ours"):
    answer = client.post(f"/rubrics/{key}/copy", data={"code": code})
    assert answer.status_code == 303, text_of(answer)
    return answer.location.rpartition("/")[2]


def stored(public_id):
    db.session.expire_all()
    return db.session.execute(db.select(OwnRubric).filter_by(public_id=public_id)).scalar_one()


def typed(page):
    """Every field of the page's editing form as a browser would send it back."""
    from lxml import html

    return dict(html.fromstring(page).xpath("//form[contains(@class,'qe-rubric-edit')]")[0].form_values())


def brought(client, content, name):
    return client.post("/rubrics/bring", data={"file": (io.BytesIO(content), name)})


@pytest.mark.parametrize("kind", ["yaml", "xlsx"])
def test_what_is_taken_away_is_brought_back_as_it_was(client, manager, kind):
    copied(client, "duty-lawyer@1", "our-duty")
    content = client.get(f"/rubrics/our-duty@1/rubric.{kind}").data
    before = queries.rubric_for(manager, "our-duty@1")
    public_id = db.session.execute(db.select(OwnRubric.public_id)).scalar_one()
    assert client.post(f"{OWN}{public_id}/discard").status_code == 303
    answer = brought(client, content, f"rubric.{kind}")
    assert answer.status_code == 303, text_of(answer)
    assert queries.rubric_for(manager, "our-duty@1") == before
    twice = brought(client, content, f"rubric.{kind}")
    assert twice.status_code == 422
    assert "已经有了" in text_of(twice)


def test_a_broken_file_is_answered_with_its_place(client):
    for content, name, said in (
        ("row,code,title,points\nrubric,x,题,\nitem,a,题,3\n".encode(), "a.csv", "第 3 行：评分项上面要先有一行"),
        (b"row,code\nrubric,x\n", "a.csv", "表头里缺这些列"),
        (b"- 1\n", "a.yaml", "这里应是一组"),
        (small().replace(b"points: 20", b"points: 7", 1), "a.yml", "合计"),
        (b"x" * 400_001, "a.yaml", "超过 400 KB"),
    ):  # fmt: skip
        answer = brought(client, content, name)
        assert answer.status_code == 422, name
        assert said in text_of(answer)
    assert client.post("/rubrics/bring", data={}).status_code == 422


def test_the_form_sent_back_changes_nothing_and_what_is_typed_is_kept(client):
    public_id = made(client)
    before = read_rubric(stored(public_id).text)
    address = f"{OWN}{public_id}"
    assert client.post(address, data=typed(client.get(address).text)).status_code == 303
    part = f"{address}/parts/1"
    assert client.post(part, data=typed(client.get(part).text)).status_code == 303
    assert read_rubric(stored(public_id).text) == before
    fields = typed(client.get(part).text) | {
        "items-0-phrases": "2.5 约见笔录缺签名", "items-0-anchors": "full 齐全\nnone 没有", "items-0-role": "staff",
        "items-0-clause": "规范第 9 条", "items-0-order": "9", "items-0-check": "engage",
        "items-0-late": "约见笔录缺签名 3; none any",
    }  # fmt: skip
    client.post(part, data=fields)
    moved = read_rubric(stored(public_id).text).sections[0].items[-1]
    assert [(one.text, one.points) for one in moved.phrases] == [("约见笔录缺签名", 250)]
    assert moved.anchors == (("full", "齐全"), ("none", "没有"))
    assert (moved.role, moved.clause) == ("staff", "规范第 9 条")
    assert (moved.check, moved.late) == ("engage", (("约见笔录缺签名", 3), ("none", EVER)))
    shown = text_of(client.get("/rubrics/ours@1"))
    assert "约见笔录缺签名 <b>−2.5" in shown
    assert "机构工作人员部分" in shown
    assert "由过程检查提议：签委托协议" in shown
    told = text_of(client.get("/rubrics/ours@1/against?other=civil@1"))
    assert "约见笔录缺签名" in told
    assert "评分参照：零分" in told
    assert "内容相同" in text_of(client.get("/rubrics/civil@1/against?other=civil@1"))
    assert "规范第 9 条" in text_of(client.get("/rubrics/ours@1/sheet"))


def test_indicators_have_a_part_in_the_form_and_back(client):
    text = dump_text({**divided_indicators(), "code": "ours"})
    public_id = brought(client, text.encode(), "a.yaml").location.rpartition("/")[2]
    page = text_of(client.get("/rubrics/ours@1"))
    assert "可不适用 · 机构工作人员部分" in page
    shown = text_of(client.get("/rubrics/ours@1/sheet"))  # as an expert sees it
    assert 'name="grade-archive"' in shown
    assert 'name="grade-reports"' not in shown
    assert "<li>reports</li>" in shown
    fields = typed(client.get(f"{OWN}{public_id}").text)
    assert fields["sections-5-role"] == "staff"
    client.post(f"{OWN}{public_id}", data=fields | {"sections-0-role": "lawyer"})
    roles = [one.role for one in read_rubric(stored(public_id).text).sections]
    assert roles == ["lawyer", "", "", "", "", "staff", ""]


def test_an_unfinished_version_says_where_and_a_line_can_be_added_moved_and_taken_away(client):
    public_id = made(client)
    address = f"{OWN}{public_id}"
    fields = typed(client.get(address).text)
    client.post(
        address, data=fields | {"sections-2-points": "59", "grades-0-gone": "1", "sections-0-order": "99"}
    )
    page = text_of(client.get(address))
    assert "还不能使用" in page
    assert "各部分合计 60 分，应为 59 分" in page
    assert "没有写完" in text_of(client.get("/rubrics"))
    assert client.get("/rubrics/ours@1").status_code == 422
    fields = typed(client.get(address).text)
    fields |= {
        "sections-1-points": "60", "grades-3-name": "优秀", "grades-3-name_en": "Excellent", "grades-3-minimum": "91",
        "grades-3-good": "1", "grades-3-order": "0",
    }  # fmt: skip
    client.post(address, data=fields)
    rubric = read_rubric(stored(public_id).text)
    assert rubric.grades[0].minimum == 9100
    assert [part.code for part in rubric.sections] == ["b", "c", "a"]


def test_a_stale_page_and_a_used_version_are_refused_and_nothing_typed_is_lost(client, manager):
    public_id = made(client)
    address = f"{OWN}{public_id}"
    fields = typed(client.get(address).text)
    client.post(address, data=fields)
    stale = client.post(address, data=fields | {"title": "后写的名称"})
    assert stale.status_code == 422
    assert "后写的名称" in stale.text
    root = db.session.execute(db.select(OwnRubric)).scalar_one().institution
    text = stories.spec(root.code, code="OWN").replace("criminal-trial@1", "ours@1")
    stories.frozen(manager, text)
    assert "已有批次使用，不能再改" in text_of(client.get(address))
    for refused in (client.post(address, data=fields), client.post(f"{address}/discard")):
        assert refused.status_code in {409, 422}
    assert copied(client, key="ours@1") != public_id
    assert client.post("/rubrics/ours@1/copy", data={"code": "civil"}).status_code == 422
    assert client.get("/rubrics/ours@1/copy").status_code == 200
    assert client.get(f"{address}/parts/99").status_code == 404
    assert client.get("/rubrics/ours@x").status_code == 404
