"""Headers, hosts, methods and form tokens on every route of the URL map. HD1–HD6, AZ9."""

import itertools

import pytest
from flask import abort

from qualityeval.database import db
from qualityeval.extensions import limiter
from qualityeval.models import AuditEvent
from qualityeval.web import carry, errors
from tests.personas import client_for
from tests.structure.route_table import ANONYMOUS, ROUTES
from tests.web.forms import token_in

NOWHERE = "0" * 20
POLICY_FORBIDS = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")
FALLBACKS = ("/no/such/page", "/assets/no-such-file.js", "/assets/../app.py", "/admin", "/.git/config", "/static/app.js",
             "/console", "/debug", "/admin/accounts/", "/sign-in/")  # fmt: skip


def paths(app):
    """(endpoint, path, methods) of every rule, with an object that isn't there."""
    with app.test_request_context("/"):
        return [
            (
                rule.endpoint,
                app.url_for(rule.endpoint, **{name: ROUTES[rule.endpoint].arguments.get(name, NOWHERE) for name in rule.arguments}),
                rule.methods,
            )
            for rule in app.url_map.iter_rules()
        ]  # fmt: skip


def faults_of(answer):
    """What is missing on one response."""
    headers = answer.headers
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "policy": "default-src 'none'" in policy or "sandbox" in policy,
        "frames": "frame-ancestors 'none'" in policy or "sandbox" in policy,
        "nothing unsafe": not any(word in policy.split() or f"'{word}'" in policy for word in POLICY_FORBIDS),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") in {"same-origin", "no-referrer"},
        "vary": "Cookie" in headers.get("Vary", ""),
        "cache": headers.get("Cache-Control") in {"no-store", "public, max-age=31536000, immutable"},
        "no cors": "Access-Control-Allow-Origin" not in headers,
        "no server version": "Werkzeug" not in headers.get("Server", ""),
    }
    return [name for name, kept in wanted.items() if not kept]


OTHERS = ("HEAD", "OPTIONS", "POST", "PUT")


LOOKING = (ANONYMOUS, "manager", "system")


@pytest.mark.proof("routes")
@pytest.mark.parametrize("persona", LOOKING)
def test_every_response_of_every_route_carries_them(app, session, monkeypatch, persona, proof_count):
    """Each address is read, and asked in one of the other ways, by turns; by everybody in the proof, else by one."""
    everybody = proof_count(100) == 100
    for module in (errors, carry):  # how a refusal looks is tested below
        monkeypatch.setattr(module, "render_template", lambda *_name, **_values: "refused")
    client, faults = client_for(app, persona), {}
    addresses = app.url_map.bind("")
    for number, (endpoint, path, _methods) in enumerate(paths(app)):
        if not everybody and (number // len(OTHERS) + LOOKING.index(persona)) % len(LOOKING):
            continue
        for method in ("GET", OTHERS[number % len(OTHERS)]):
            answer = client.open(path, method=method)
            if missing := faults_of(answer):
                faults[f"{method} {endpoint} {answer.status_code}"] = missing
            is_another = addresses.test(path, method)  # two views may share an address, one for each method
            if not is_another and answer.status_code < 400 and method != "OPTIONS":
                faults[f"{method} {endpoint}"] = "not one of its methods, and let in"
    assert faults == {}


@pytest.mark.parametrize("path", FALLBACKS)
def test_what_isn_t_there_is_told_with_the_same_headers(client, session, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert faults_of(answer) == []
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_told_in_words(app, client, session, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    answer = client.post("/sign-in", data={"name": "x" * 5_000})
    assert answer.status_code == 413
    assert "文件太大" in answer.text
    assert faults_of(answer) == []


def test_a_crash_tells_nothing(app, session, monkeypatch):
    """As in production: the handler that tests leave out, and a view that breaks."""
    from qualityeval.web.errors import crashed

    monkeypatch.setitem(app.view_functions, "todo.index", lambda: abort(500, "secret detail"))
    answer = client_for(app, "manager").get("/")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    with app.test_request_context("/"):
        app.preprocess_request()
        page = crashed(ZeroDivisionError("secret detail"))
    assert page.status_code == 500
    assert b"secret detail" not in page.data
    assert "http.500" in page.get_data(as_text=True)


HOSTS = ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8000", "127.0.0.1@evil.example",
         "evil.example\\@127.0.0.1", "[::2]", "", "127.0.0.1:8000.evil.example", "LOCALHOST.EVIL", "xn--e1awd7f.com"]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("path", ["/sign-in", "/", "/no/such/page"])
def test_a_foreign_host_is_refused(client, session, host, path):
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 400
    assert faults_of(answer) == []
    assert "evil.example" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.1:8000", "localhost:9"])
def test_the_own_hosts_are_let_in(client, session, host):
    assert client.get("/sign-in", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_not_believed(client, session):
    answer = client.get(
        "/",
        headers={
            "X-Forwarded-Host": "evil.example",
            "X-Original-URL": "/admin/accounts",
            "Forwarded": "host=evil.example",
        },
    )
    assert "evil.example" not in (answer.location or "")
    assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("path", ["/admin/accounts", "/"])
def test_a_method_in_disguise_changes_nothing(app, session, path):
    client = client_for(app, "system")
    for disguise in (
        {"headers": {"X-HTTP-Method-Override": "DELETE"}},
        {"query_string": {"_method": "DELETE"}},
    ):
        assert client.get(path, **disguise).status_code == 200


def test_the_cookie_is_for_the_server_alone(app, session):
    client = client_for(app, "manager")
    set_cookie = client.post("/language", data={"locale": "en"}).headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert "Domain" not in set_cookie


def test_under_https_the_cookie_is_bound_to_the_host_and_the_browser_to_https():
    from pathlib import Path

    from config import Config
    from tests.databases import KEYS

    settings = Config(
        home=Path("x"), keys=KEYS, database_url="sqlite://", url="https://eval.example"
    ).mapping()
    assert settings["SESSION_COOKIE_NAME"] == "__Host-qualityeval"
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["SECURE"] is True
    assert settings["TRUSTED_HOSTS"] == ["eval.example", "127.0.0.1", "localhost"]


def test_hsts_is_sent_where_the_address_is_https(app, client, session, monkeypatch):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
    monkeypatch.setitem(app.config, "SECURE", True)
    assert "max-age=31536000" in client.get("/sign-in").headers["Strict-Transport-Security"]


def events():
    return db.session.execute(db.select(db.func.count()).select_from(AuditEvent)).scalar_one()


SENDERS = ("manager", "system", "security", "audit", ANONYMOUS)


@pytest.mark.proof("routes")
@pytest.mark.parametrize("persona", SENDERS)
def test_no_unsafe_route_acts_without_the_token_of_its_own_session(
    app, session, monkeypatch, persona, proof_count
):
    """None, a made-up one, another session's: the filled form comes again (or the sign-in page with it).

    In the proof every address meets each of the three, from one sender or another; else one of them, by turns.
    """
    everybody = proof_count(100) == 100
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = client_for(app, persona)
    foreign = token_in(app.test_client().get("/sign-in").text)
    client.get("/sign-in")
    before, faults = events(), []
    posted = [(endpoint, path) for endpoint, path, methods in paths(app) if "POST" in methods]
    tokens = itertools.islice(itertools.cycle(("", "made-up", foreign)), SENDERS.index(persona), None)
    for number, ((endpoint, path), token) in enumerate(zip(posted, tokens, strict=False)):
        if not everybody and (number + SENDERS.index(persona)) % len(SENDERS):
            continue
        answer = client.post(path, data={"csrf_token": token, "typed": "这是我写的"})
        sign_in = answer.status_code == 401 and (persona == ANONYMOUS or not ROUTES[endpoint].who)
        filled = (
            answer.status_code == 400 and "这是我写的" in answer.text and f'action="{path}"' in answer.text
        )
        if not (sign_in or filled):
            faults.append(f"{endpoint}: {answer.status_code}")
    assert faults == []
    assert events() == before


def test_a_wrong_method_says_which_are_right(app):
    answer = app.test_client().delete("/sign-in")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_too_many_are_told_when_to_come_again(app, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    client = app.test_client()
    answers = [client.post("/sign-in", data={}) for _ in range(61)]
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    limiter.reset()
