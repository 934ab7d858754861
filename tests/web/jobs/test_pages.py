"""One's own jobs on the page: states, progress, cancel, results; other people's don't exist."""

import json

import pytest

from qualityeval import clock
from qualityeval.adapters.queue import Beat
from qualityeval.core.codes import JobState, Role
from qualityeval.core.errors import RuleViolation
from qualityeval.database import db, transaction
from qualityeval.models import Job
from qualityeval.queries.accounts import actor_of
from qualityeval.services import files, jobs
from tests.factories import create_account, create_institution
from tests.structure.objects import sign_in, token_of

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def account(app):
    return create_account(role=Role.MANAGER, institution=create_institution())


@pytest.fixture
def signed_in(client, account):
    sign_in(client, token_of(account))
    return client


def queued(account, title="导入台账"):
    with transaction():
        return jobs.enqueue(
            actor=actor_of(account), kind="trial", title=title, arguments={}, now=clock.now()
        ).public_id


def claimed(name):
    with transaction():
        return jobs.claim(public_id=name, worker="w", now=clock.now())


def finished(name, result):
    claim = claimed(name)
    with transaction():
        jobs.finish(claim=claim, result=result, now=clock.now())


def text(answer):
    return answer.get_data(as_text=True)


def test_the_list_holds_ones_own_and_filters(signed_in, account):
    mine = queued(account)
    queued(create_account(name="other"), "别人的任务")
    finished(queued(account, "办完的任务"), {})
    page = text(signed_in.get("/jobs"))
    assert f"/jobs/{mine}" in page
    assert "别人的任务" not in page
    filtered = text(signed_in.get("/jobs?state=done"))
    assert "办完的任务" in filtered
    assert mine not in filtered
    assert signed_in.get("/jobs?state=nonsense&page=99").status_code == 200


def test_a_running_job_shows_its_last_beat_and_the_time_left(signed_in, account):
    name = queued(account)
    claimed(name)
    moment = clock.now().timestamp()
    jobs.queue().beat(name, Beat(at=moment, stage="清理", done=9_082, total=14_206, stage_from=moment - 100))
    state = signed_in.get(f"/jobs/{name}/state.json").get_json()
    assert (state["state"], state["done"], state["total"]) == ("running", 9_082, 14_206)
    assert state["seconds_left"] == pytest.approx(100 * 5_124 / 9_082, abs=2)  # 100 s for 9,082: 5,124 remain
    page = text(signed_in.get(f"/jobs/{name}"))
    assert "9,082 / 14,206" in page
    assert 'http-equiv="refresh"' in page, "without scripts it renews itself"
    assert f"/jobs/{name}/cancel" in page


def test_cancelling_a_waiting_job(signed_in, account):
    name = queued(account)
    answer = signed_in.post(f"/jobs/{name}/cancel")
    assert answer.headers["Location"] == f"/jobs/{name}"
    page = text(signed_in.get(f"/jobs/{name}"))
    assert "已取消" in page
    assert 'http-equiv="refresh"' not in page
    assert signed_in.post(f"/jobs/{name}/cancel").status_code == 303, "twice does no harm"


def test_cancelling_a_running_job_reaches_it_beside_the_database(signed_in, account):
    name = queued(account)
    claimed(name)
    signed_in.post(f"/jobs/{name}/cancel")
    assert jobs.queue().is_cancel_asked(name)
    assert "正在取消" in text(signed_in.get(f"/jobs/{name}"))


def test_an_ended_job_is_not_cancelled(signed_in, account):
    name = queued(account)
    finished(name, {})
    assert signed_in.post(f"/jobs/{name}/cancel").status_code == 409


def test_a_failed_job_says_why_and_its_code(signed_in, account):
    name = queued(account)
    claim = claimed(name)
    refusal = RuleViolation("trial.refused", "第%(row)s行不对。", row=7)
    with transaction():
        jobs.fail(claim=claim, refusal=refusal, now=clock.now())
    page = text(signed_in.get(f"/jobs/{name}"))
    assert "第7行不对。" in page
    assert "trial.refused" in page


def test_results_are_counts_a_page_and_a_file(signed_in, account):
    with transaction():
        stored = files.store(
            actor=actor_of(account), name="退回的行<b>.csv", media_type="text/html", purpose="rejected",
            content=b"<script>alert(1)</script>", now=clock.now(),
        ).public_id  # fmt: skip
    name = queued(account)
    finished(name, {"created": 1_234, "rejected": [1, 2], "file": stored, "page": ["todo.index", {}]})
    page = text(signed_in.get(f"/jobs/{name}"))
    assert "1,234" in page
    assert "查看结果" in page
    answer = signed_in.get(f"/jobs/{name}/file")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_other_peoples_jobs_are_not_found(signed_in):
    name = queued(create_account(name="other"))
    claimed(name)
    for path in ("", "/state.json", "/file"):
        assert signed_in.get(f"/jobs/{name}{path}").status_code == 404
    assert signed_in.post(f"/jobs/{name}/cancel").status_code == 404
    assert not jobs.queue().is_cancel_asked(name)
    assert (
        db.session.execute(db.select(Job.state).where(Job.public_id == name)).scalar_one() == JobState.RUNNING
    )


def test_a_file_before_its_time_is_not_found(signed_in, account):
    assert signed_in.get(f"/jobs/{queued(account)}/file").status_code == 404


def test_the_page_is_in_english_too(client):
    reader = create_account(locale="en")
    sign_in(client, token_of(reader))
    assert "Waiting" in text(client.get(f"/jobs/{queued(reader)}"))


def test_the_stored_reason_is_plain_json():
    assert json.loads(jobs.error_text(RuleViolation("a", "乙%(n)s", n=1)))["params"] == {"n": "1"}
