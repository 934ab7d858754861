"""Signing in and out through the pages: fixation, replay, moved clock, forms that are carried. AU4–AU6, HD1."""

from datetime import timedelta

import pytest
import time_machine

from qualityeval.adapters.second_factor import code_at
from qualityeval.authz import COMMAND_LINE
from qualityeval.core.codes import Role
from qualityeval.database import transaction
from qualityeval.queries.accounts import by_name
from qualityeval.services import accounts, settings
from qualityeval.web.sessions import TOKEN
from tests.factories import NOW, PASSWORD, TOTP_SECRET, create_account
from tests.personas import account_for, client_for
from tests.quick_hashes import quick_hashes  # noqa: F401 -- holds for the whole module
from tests.web.forms import field_value, fields_of, token_in

ELSEWHERE = ["//evil.example", "https://evil.example/x", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
             "/\t/evil.example", "/\n/evil.example", "///evil.example", "http:evil.example", " //evil.example",
             "/%0d%0aSet-Cookie:x=1\r\n", "evil.example", "@evil.example"]  # fmt: skip


@pytest.fixture
def at_noon():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def with_tokens(app, monkeypatch):
    """The application as it runs outside tests: every form needs its token."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def sign_in(client, name, password=PASSWORD, **fields):
    return client.post("/sign-in", data={"name": name, "password": password, **fields})


def token_of(client):
    with client.session_transaction() as cookie:
        return cookie.get(TOKEN)


def cookie_of(client):
    found = client.get_cookie("qualityeval")
    return found.value if found else None


def is_in(client):
    return client.get("/account").status_code == 200


def test_an_expert_signs_in_with_the_password_alone(session, client, at_noon):
    account_for("expert")
    answer = sign_in(client, "Expert ")
    assert (answer.status_code, answer.location) == (302, "/")
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("persona", ["manager", "system", "security", "audit"])
def test_managers_and_administrators_need_the_code(session, client, at_noon, persona):
    account_for(persona)
    assert sign_in(client, persona).status_code == 200
    assert not is_in(client)
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 422
    assert not is_in(client)
    answer = client.post("/sign-in/code", data={"code": code_at(TOTP_SECRET, NOW)})
    assert answer.location == "/"
    assert is_in(client)


def test_the_code_has_five_minutes_and_belongs_to_who_gave_the_password(session, client, at_noon):
    account_for("manager")
    assert client.post("/sign-in/code", data={"code": code_at(TOTP_SECRET, NOW)}).location == "/sign-in"
    sign_in(client, "manager")
    at_noon.shift(timedelta(seconds=301))
    later = NOW + timedelta(seconds=301)
    assert client.post("/sign-in/code", data={"code": code_at(TOTP_SECRET, later)}).location == "/sign-in"
    assert not is_in(client)


def test_unknown_and_wrong_give_the_same_page(session, client, at_noon):
    account_for("expert")
    pages = [sign_in(client, name, "wrong password").text.replace(name, "?") for name in ("expert", "nobody")]
    assert pages[0] == pages[1]


def test_a_planted_cookie_doesn_t_survive_signing_in(session, app, client, at_noon):
    account_for("expert")
    planted = client_for(app, "viewer")
    foreign = token_of(planted)
    with client.session_transaction() as cookie:
        cookie[TOKEN] = foreign
        cookie["anything"] = "planted"
    sign_in(client, "expert")
    with client.session_transaction() as cookie:
        assert cookie[TOKEN] != foreign
        assert "anything" not in cookie
    assert "expert" in client.get("/account").text


def test_the_old_cookie_is_worth_nothing_after_signing_out(session, app, client, at_noon):
    account_for("expert")
    sign_in(client, "expert")
    stolen = cookie_of(client)
    assert client.post("/sign-out").location == "/sign-in"
    thief = app.test_client()
    thief.set_cookie("qualityeval", stolen)
    assert not is_in(thief)


@pytest.mark.parametrize("cause", ["disabled", "role", "reset", "ended"])
def test_a_cookie_ends_with_what_gave_it_at_the_next_request(session, app, at_noon, cause):
    client = client_for(app, "expert")
    assert is_in(client)
    acts = {
        "disabled": lambda one: accounts.set_active(actor=COMMAND_LINE, account=one, active=False, now=NOW),
        "role": lambda one: accounts.grant_role(actor=COMMAND_LINE, account=one, role=None, now=NOW),
        "reset": lambda one: accounts.reset_access(actor=COMMAND_LINE, account=one, now=NOW),
        "ended": lambda one: accounts.end_sessions(actor=COMMAND_LINE, account=one, now=NOW),
    }
    with transaction():
        acts[cause](by_name("expert"))
    assert not is_in(client)


def test_changing_the_password_changes_this_cookie_and_ends_the_others(session, app, at_noon):
    here, there = client_for(app, "expert"), client_for(app, "expert")
    stolen = cookie_of(here)
    new = "another mulberry lantern"
    assert (
        here.post("/account/password", data={"old": PASSWORD, "new": new, "again": new}).location
        == "/account"
    )
    thief = app.test_client()
    thief.set_cookie("qualityeval", stolen)
    assert [is_in(one) for one in (here, there, thief)] == [True, False, False]


def test_idle_and_absolute_limits_by_moved_clock(session, app, at_noon):
    client = client_for(app, "expert")
    at_noon.shift(timedelta(minutes=60) - timedelta(seconds=1))
    assert is_in(client)
    at_noon.shift(timedelta(minutes=60))
    assert not is_in(client)
    client = client_for(app, "expert")
    for _ in range(23):
        at_noon.shift(timedelta(minutes=30))
        assert is_in(client)
    at_noon.shift(timedelta(minutes=30) - timedelta(seconds=1))
    assert is_in(client)
    at_noon.shift(timedelta(seconds=1))
    assert not is_in(client)


def test_a_page_that_renews_itself_keeps_nobody_in(session, app, at_noon):
    client = client_for(app, "expert")
    for _ in range(4):
        at_noon.shift(timedelta(minutes=14, seconds=59))
        client.get("/jobs", headers={"X-Requested-With": "fetch"})
    at_noon.shift(timedelta(seconds=4))
    assert not is_in(client)


def test_the_idle_limit_follows_the_setting_for_open_sessions(session, app, at_noon):
    client = client_for(app, "expert")
    at_noon.shift(timedelta(minutes=20))
    with transaction():
        settings.change_settings(actor=COMMAND_LINE, values={"session_idle_minutes": "15"}, now=NOW)
    assert not is_in(client)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_sent_to_another_site(session, client, at_noon, target):
    account_for("expert")
    assert field_value(client.get("/sign-in", query_string={"next": target}).text, "next") == ""
    assert sign_in(client, "expert", next=target).location == "/"


def test_one_goes_back_to_where_one_wanted(session, client, at_noon):
    account_for("expert")
    answer = client.get("/account?x=1")
    assert answer.location == "/sign-in?next=/account?x%3D1"
    assert sign_in(client, "expert", next="/account?x=1").location == "/account?x=1"


def test_a_one_time_password_opens_nothing_but_its_own_change(session, client, at_noon):
    create_account(role=Role.EXPERT, name="fresh", must_change_password=True)
    page = sign_in(client, "fresh")
    assert 'action="/account/password"' in page.text
    for path in ("/", "/account", "/jobs", "/rubrics"):
        assert client.get(path).location == "/account/password", path
    new = "another mulberry lantern"
    assert client.post("/account/password", data={"old": PASSWORD, "new": new, "again": new}).location == "/"
    assert client.get("/").status_code == 200


def test_a_form_over_an_ended_session_is_filled_again_after_signing_in(session, with_tokens, at_noon):
    client = client_for(with_tokens, "system")
    token = token_in(client.get("/admin/settings").text)
    at_noon.shift(timedelta(minutes=61))
    typed = {"organisation": "临江省司法厅", "session_idle_minutes": "30", "csrf_token": token}
    ended = client.post("/admin/settings", data=typed)
    assert ended.status_code == 401
    carried, fresh = field_value(ended.text, "carried"), token_in(ended.text)
    code_page = client.post(
        "/sign-in", data={"name": "system", "password": PASSWORD, "carried": carried, "csrf_token": fresh}
    )
    code = code_at(TOTP_SECRET, NOW + timedelta(minutes=61))
    again = client.post(
        "/sign-in/code",
        data={
            "code": code,
            "carried": field_value(code_page.text, "carried"),
            "csrf_token": token_in(code_page.text),
        },
    )
    fields = fields_of(again.text, action="/admin/settings")
    assert {name: fields[name] for name in ("organisation", "session_idle_minutes")} == {
        "organisation": "临江省司法厅", "session_idle_minutes": "30",
    }  # fmt: skip
    assert client.post("/admin/settings", data=fields).status_code != 400, "its token fits"


def test_somebody_else_at_the_same_computer_doesn_t_see_it(session, app, at_noon):
    client = client_for(app, "system")
    account_for("expert")
    at_noon.shift(timedelta(minutes=61))
    ended = client.post("/admin/settings", data={"organisation": "机密单位"})
    answer = sign_in(client, "expert", carried=field_value(ended.text, "carried"))
    assert (answer.status_code, answer.location) == (302, "/")
    assert "机密单位" not in answer.text


def test_a_tampered_or_old_carried_form_is_dropped(session, client, app, at_noon):
    ended = app.test_client().post("/admin/settings", data={"organisation": "临江省"})
    carried = field_value(ended.text, "carried")
    account_for("expert")
    assert sign_in(client, "expert", carried=carried[:-3] + "abc").location == "/"
    at_noon.shift(timedelta(hours=12, seconds=2))
    assert sign_in(client, "expert", carried=carried).location == "/"


def test_passwords_and_codes_are_never_carried(session, with_tokens, at_noon):
    client = client_for(with_tokens, "expert")
    secret = "do-not-keep-this"
    again = client.post("/account/password", data={"old": secret, "new": secret, "again": secret})
    assert again.status_code == 400
    assert secret not in again.text


def test_a_code_that_is_no_second_factor_is_carried(session, with_tokens, at_noon):
    again = client_for(with_tokens, "manager").post(
        "/rounds/new", data={"code": "WI2016", "title": "重罪案件"}
    )
    assert again.status_code == 400
    assert fields_of(again.text, action="/rounds/new")["code"] == "WI2016"


def test_the_language_switch_holds_and_is_remembered(session, app, client, at_noon):
    assert "登录" in client.get("/sign-in").text
    assert client.post("/language", data={"locale": "en", "next": "/sign-in"}).location == "/sign-in"
    page = client.get("/sign-in").text
    assert 'lang="en"' in page
    assert "Sign in" in page
    signed_in = client_for(app, "expert")
    signed_in.post("/language", data={"locale": "en"})
    assert "Waiting for me" in client_for(app, "expert").get("/").text
    signed_in.post("/language", data={"locale": "xx"})
    assert 'lang="en"' in signed_in.get("/").text


def test_the_lockout_is_told_with_its_numbers(session, client, at_noon):
    account_for("expert")
    for _ in range(5):
        assert sign_in(client, "expert", "wrong password").status_code == 422
    page = sign_in(client, "expert")
    assert page.status_code == 422
    assert "连续5次没有成功" in page.text
    assert not is_in(client)
