"""The programs' interface: a token instead of a cookie, the same figures and the same refusals as elsewhere."""

import io

import pytest

from qualityeval.database import db, transaction
from qualityeval.models import Case
from qualityeval.queries import result_pages
from qualityeval.services import api_tokens
from tests.factories import NOW
from tests.web.review_world import review_world

pytestmark = pytest.mark.usefixtures("session")
MAPPING = """columns:
  number: 案号
  institution: {code: 机构代码}
  closed_on: 结案日期
  case_type: {value: 民事}
  aid_form: {value: 民事代理}
"""


def bearer(world, *scopes, name="first"):
    """What a program of this manager sends along; `NOW` of the factories lies behind, so for a year."""
    with transaction():
        _row, text = api_tokens.issue(
            actor=world.actor(name), title="办案系统", scopes=scopes, days=366, now=NOW
        )
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def world(app):
    made = review_world(app)
    made.bring({"1": 90, "2": 80})
    return made


@pytest.fixture
def client(app):
    return app.test_client()


def test_the_figures_are_those_of_the_page(world, client):
    headers = bearer(world, "results")
    listed = client.get("/api/v1/rounds", headers=headers).get_json()
    assert [one["code"] for one in listed["rounds"]] == [world.code]
    assert listed["total"] == 1
    found = client.get(f"/api/v1/rounds/{world.code}/results", headers=headers)
    expected = result_pages.results_for(world.actor(), world.round(), by=("institution",))
    assert found.get_json()["overall"]["n"] == expected["overall"]["n"] == 15
    assert found.get_json().keys() == expected.keys()


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer " + "A" * 32}, {"Authorization": "Basic x"}])
def test_without_a_living_token_nothing_opens(world, given):
    signed_in = world.browser()  # a cookie doesn't count here
    for answer in (
        signed_in.get("/api/v1/rounds", headers=given),
        signed_in.post("/api/v1/registers", headers=given),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.get_json()["error"]["code"] == "token.needed"


def test_a_token_opens_what_it_was_made_for_alone(world, client):
    headers = bearer(world, "registers")
    answer = client.get("/api/v1/rounds", headers=headers)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "token.scope")


def test_what_isn_t_there_and_what_can_t_be_asked_is_told_in_json(world, client):
    headers = bearer(world, "results")
    missing = client.get("/api/v1/rounds/NONE/results", headers=headers)
    assert (missing.status_code, missing.get_json()["error"]["where"]) == (404, "round")
    wrong = client.get(f"/api/v1/rounds/{world.code}/results?by=nonsense", headers=headers)
    assert (wrong.status_code, wrong.get_json()["error"]["code"]) == (422, "http.422")


def send(client, headers, text, **chosen):
    data = {"file": (io.BytesIO(text.encode()), "register.csv"), "mapping": MAPPING, **chosen}
    return client.post("/api/v1/registers", headers=headers, data=data)


def test_a_register_comes_in_whole_or_not_at_all(world, client):
    headers, county = bearer(world, "registers"), world.counties[0].code
    good = f"案号,机构代码,结案日期\n新1,{county},2026-03-02\n新2,{county},2026-03-03\n"
    tried = send(client, headers, good, dry_run="true")
    assert (tried.status_code, tried.get_json()["created"], tried.get_json()["stored"]) == (200, 2, False)
    brought = send(client, headers, good)
    assert (brought.status_code, brought.get_json()["created"], brought.get_json()["stored"]) == (
        200,
        2,
        True,
    )
    bad = send(client, headers, good.replace("新1", "新3").replace("2026-03-03", "昨天"))
    assert (bad.status_code, bad.get_json()["created"], len(bad.get_json()["rejected"])) == (422, 0, 1)
    numbers = db.session.execute(db.select(Case.number).where(Case.number.startswith("新"))).scalars()
    assert sorted(numbers) == ["新1", "新2"]


def test_without_a_mapping_the_remedy_is_named(world, client):
    answer = send(client, bearer(world, "registers"), "案号\n1\n", mapping="")
    assert (answer.status_code, answer.get_json()["error"]["where"]) == (422, "mapping")


def test_it_describes_itself(client):
    described = client.get("/api/v1/openapi.json").get_json()
    assert described["openapi"].startswith("3.")
    assert set(described["paths"]) == {
        "/api/v1/openapi.json", "/api/v1/registers", "/api/v1/rounds", "/api/v1/rounds/{code}/results",
    }  # fmt: skip
