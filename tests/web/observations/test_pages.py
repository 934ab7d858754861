"""The observer's pages: one question a screen, the summary, handing in; the manager's planning."""

import pytest
from sqlalchemy import select

from qualityeval.core.codes import Role
from qualityeval.database import db
from qualityeval.models import Observation
from qualityeval.queries.accounts import actor_of
from tests.channel_rows import FULL_MARKS, create_observation
from tests.factories import create_account, create_actor, create_case, create_institution
from tests.web.actor_browser import client_of, text_of


@pytest.fixture
def hearing(app, session):
    """A case and a planned hearing, with its observer's browser."""
    county = create_institution()
    case = create_case(institution=county, number="2026-7", cause="民间借贷纠纷")
    account = create_account(role=Role.OBSERVER, institution=county)
    row = create_observation(case=case, account=account)
    return client_of(app, actor_of(account)), f"/observations/{row.public_id}", case


def stored():
    db.session.rollback()
    return db.session.execute(select(Observation)).scalar_one()


def test_one_question_leads_to_the_next_and_the_last_to_the_summary(hearing):
    client, base, _case = hearing
    page = text_of(client.get(f"{base}/question/attended"))
    assert "1 / 18" in page
    assert "出庭的律师是被指派的人吗？" in page
    answer = client.post(f"{base}/question/attended", data={"attended": "same", "note-attended": ""})
    assert answer.headers["Location"] == f"{base}/question/punctual"
    answer = client.post(f"{base}/question/remark", data={"remark": "发问有条理"})
    assert answer.headers["Location"] == base
    assert stored().answers == {"attended": "same", "remark": "发问有条理"}


def test_an_absent_lawyer_skips_to_the_end(hearing):
    client, base, _case = hearing
    answer = client.post(f"{base}/question/attended", data={"attended": "absent"})
    assert answer.headers["Location"] == f"{base}/question/court_remark"
    assert client.get(f"{base}/question/punctual").status_code == 404
    assert client.get(f"{base}/question/charm").status_code == 404


def test_what_was_typed_is_shown_again(hearing):
    client, base, _case = hearing
    answer = client.post(f"{base}/question/care", data={"care": "good", "note-care": "长" * 401})
    assert answer.status_code == 422
    assert "长" * 401 in text_of(answer)
    assert 'value="good" checked' in text_of(answer)
    assert client.post(f"{base}/question/care", data={"care": "superb"}).status_code == 422
    assert stored().answers == {}


def test_from_the_corridor_to_the_signature(hearing):
    client, base, _case = hearing
    assert "签名并提交" not in text_of(client.get(base))
    for code, chosen in FULL_MARKS.items():
        client.post(f"{base}/question/{code}", data={code: chosen})
    assert "100 / 100" in text_of(client.get(base))
    refused = client.post(f"{base}/submit")
    assert refused.status_code == 422
    assert "请填写到达和离开的时间。" in text_of(refused)
    wrong = client.post(
        f"{base}/hearing", data={"court": "三庭", "mode": "live", "arrived_at": "15:00", "left_at": "9"}
    )
    assert wrong.status_code == 422
    client.post(
        f"{base}/hearing", data={"court": "三庭", "mode": "on_site", "arrived_at": "9:00", "left_at": "10:30"}
    )
    assert client.post(f"{base}/submit").status_code == 302
    row = stored()
    assert (row.state, row.score, f"{row.arrived_at:%H:%M}") == ("submitted", 10000, "09:00")
    assert client.post(f"{base}/submit").status_code == 409  # pressed twice: told, not stored twice


def test_missing_answers_are_said_on_the_page(hearing):
    client, base, _case = hearing
    answer = client.post(f"{base}/submit")
    assert (answer.status_code, stored().state) == (422, "planned")
    assert "还有 16 题没有回答。" in text_of(answer)


def test_a_closed_hearing(hearing):
    client, base, _case = hearing
    assert client.post(f"{base}/closed", data={}).status_code == 422
    assert client.post(f"{base}/closed", data={"reason": "minor"}).status_code == 302
    assert stored().closed_reason == "minor"
    assert "未成年人案件" in text_of(client.get(base))


def test_the_list_and_its_filter(hearing):
    client, _base, _case = hearing
    assert "民间借贷纠纷" in text_of(client.get("/observations/?state=planned"))
    assert "没有旁听任务" in text_of(client.get("/observations/?state=submitted"))
    assert "民间借贷纠纷" in text_of(client.get("/observations/?state=nonsense"))


def test_in_english(app, hearing):
    _client, base, _case = hearing
    account = db.session.execute(select(Observation)).scalar_one().observer
    english = client_of(app, actor_of(account), locale="en")
    page = text_of(english.get(f"{base}/question/punctual"))
    assert "Was the lawyer on time?" in page
    assert "Not touched in this hearing" not in page  # this question has no such answer


def test_a_manager_plans(app, session):
    county = create_institution(code="330102")
    create_case(institution=county, number="2026-7", organ="临州市人民法院")
    observer = create_account(role=Role.OBSERVER, institution=county, display_name="钱旁听")
    manager = client_of(app, create_actor(institution=county))
    page = text_of(manager.get("/observations/plan"))
    assert "钱旁听" in page
    form = {
        "case_key": "330102:2026-7",
        "observer": observer.public_id,
        "hearing_on": "2026-11-30",
        "court": "",
    }
    assert manager.post("/observations/plan", data={**form, "case_key": "330102:9"}).status_code == 422
    assert manager.post("/observations/plan", data={**form, "hearing_on": ""}).status_code == 422
    assert manager.post("/observations/plan", data={**form, "observer": "x"}).status_code == 422
    answer = manager.post("/observations/plan", data={**form, "once": "k1"})
    assert answer.status_code == 303
    again = manager.post("/observations/plan", data={**form, "once": "k1"})  # pressed twice
    assert again.headers["Location"] == answer.headers["Location"]
    assert stored().court == "临州市人民法院"
    page = text_of(manager.get(answer.headers["Location"]))
    assert "钱旁听" in page
    assert "开始答题" not in page  # a manager reads, the observer writes


def test_planning_without_observers_says_so(app, session):
    manager = client_of(app, create_actor(institution=create_institution()))
    assert "还没有旁听员" in text_of(manager.get("/observations/plan"))
