"""Every route × every role, and every route with an object × objects of others, from the URL map itself.

Checks AZ1 and AZ2 of the threat list: who isn't named in the table is refused, an object of somebody else
is answered as one that doesn't exist, and a refused request changes nothing.
"""

import re
from http import HTTPStatus

import pytest
from sqlalchemy import event, update
from werkzeug.routing import IntegerConverter

from qualityeval.authz import COMMAND_LINE, Permission
from qualityeval.core.codes import Role
from qualityeval.database import db, transaction
from qualityeval.models import Case
from qualityeval.services import audit
from qualityeval.web import errors
from tests.factories import NOW
from tests.structure import objects
from tests.structure.route_table import ANONYMOUS, ANYONE, EVERYONE, PERSONAS, ROUTES

TRACE = re.compile(r"INSERT INTO audit_event|UPDATE account_session SET [^W]*ended_at")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@pytest.fixture(autouse=True)
def _short_refusals(monkeypatch):
    """Thousands are refused here, and how a refusal looks is tested elsewhere."""
    monkeypatch.setattr(errors, "render_template", lambda *_name, **_values: "refused")


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def requests_of(app):
    """(endpoint, rule, method) of all that can be asked of the application."""
    return [
        (rule.endpoint, rule, method) for rule in rules(app) for method in METHODS if method in rule.methods
    ]


def address(app, rule, *, values):
    """The path of a rule; converters see text, so an unfit value is an error of the table."""
    with app.test_request_context("/"):
        return app.url_for(rule.endpoint, _method=None, **{name: values[name] for name in rule.arguments})


class Knocker:
    """Sends one request as a persona and takes back whatever it changed."""

    def __init__(self, app, token):
        self.traces = []
        signed_in = app.test_client()
        if token:
            objects.sign_in(signed_in, token)
        cookies = signed_in._cookies or {}  # what a request changes in its jar must not reach the next one
        self.cookie = "; ".join(f"{one.key}={one.value}" for one in cookies.values())
        self.client = app.test_client(use_cookies=False)
        event.listen(db.engines[None], "before_cursor_execute", self._listen)

    def ask(self, method, path):
        """Status, target of a redirect, and whether an audit event or a session was left behind."""
        connection = db.engines[None]
        db.session.rollback()  # the test's own savepoint must not enclose the one below
        savepoint = connection.begin_nested()
        before = len(self.traces)
        answer = self.client.open(path, method=method, headers={"Cookie": self.cookie})
        changed = len(self.traces) != before
        db.session.rollback()
        savepoint.rollback()
        return answer.status_code, answer.headers.get("Location", ""), changed

    def _listen(self, _connection, _cursor, statement, *_more):
        """An event that was recorded or a session that was ended, whatever became of it later."""
        if TRACE.search(statement):
            self.traces.append(statement)


def values_for(rule, access, public_id):
    return {name: access.arguments.get(name, public_id) for name in rule.arguments}


def test_every_route_has_a_row_and_every_row_a_route(shared_app):
    assert {rule.endpoint for rule in rules(shared_app)} == set(ROUTES)


def test_every_view_says_which_permission_it_asks(shared_app):
    unmarked = [name for name, view in shared_app.view_functions.items() if not hasattr(view, "permission")]
    assert [name for name in unmarked if name != "static"] == []
    for name, access in ROUTES.items():
        permission = shared_app.view_functions[name].permission
        assert (permission is None) == (access.who == ANYONE), name
        assert permission is None or isinstance(permission, Permission), name


def test_addresses_tell_neither_keys_nor_order(shared_app):
    numbered = [
        rule.rule
        for rule in rules(shared_app)
        if any(isinstance(c, IntegerConverter) for c in rule._converters.values())
    ]
    assert numbered == []


def test_a_route_with_an_object_says_which_kind(shared_app):
    for rule in rules(shared_app):
        access = ROUTES[rule.endpoint]
        left = set(rule.arguments) - set(access.arguments)
        assert bool(left) == bool(access.over), f"{rule.endpoint}: {sorted(left)}"
        assert not access.over or access.over in objects.FOREIGN.keys() & objects.OWN.keys(), rule.endpoint


def test_nothing_is_changed_by_looking(shared_app):
    """A rule that answers both GET and a changing method shows a form on GET; it never acts."""
    assert [
        rule.rule for rule in rules(shared_app) if rule.methods - {"GET", "HEAD", "OPTIONS", "POST"}
    ] == []


@pytest.fixture
def refusals(proof_count):
    """Which of the refusals a run asks for: all in the proof, otherwise every third, each address by other people."""
    every = 1 if proof_count(100) == 100 else 3

    def chosen(persona, number):
        return (number + PERSONAS.index(persona)) % every == 0

    return chosen


@pytest.mark.proof("routes")
@pytest.mark.parametrize("persona", PERSONAS)
def test_role_matrix(app, session, refusals, persona):
    token = None if persona == ANONYMOUS else objects.token_of(objects.world(persona).actor)
    knocker, faults = Knocker(app, token), []
    for number, (endpoint, rule, method) in enumerate(requests_of(app)):
        access = ROUTES[endpoint]
        if persona not in access.who and not refusals(persona, number):
            continue
        path = address(app, rule, values=values_for(rule, access, objects.NOWHERE))
        status, target, changed = knocker.ask(method, path)
        verdict = _judge(persona, access, method, status, target)
        if verdict or (changed and persona not in access.who) or (changed and method == "GET"):
            faults.append(f"{persona} {method} {path}: {status} {target} changed={changed} {verdict}")
    assert faults == []


def _judge(persona, access, method, status, target):
    """Empty when the answer is the expected one."""
    turned_away = "/sign-in" in target or status == HTTPStatus.UNAUTHORIZED
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "broke"
    if persona in access.who:
        if persona != ANONYMOUS and turned_away and access.who != ANYONE:
            return "should be let in"
        if access.over:
            return "" if status == HTTPStatus.NOT_FOUND else "an object that isn't there must be 404"
        return "should be let in" if status == HTTPStatus.FORBIDDEN else ""
    if persona == ANONYMOUS or not access.who:  # a door for programs, which bring a token
        return "" if turned_away else "should be sent to sign-in"
    return "" if status in REFUSED else "should be refused"


@pytest.mark.proof("routes")
@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != ANONYMOUS])
def test_foreign_objects_are_not_there(app, session, refusals, proof_count, persona, record_property):
    faults, asked = _ask_for_foreign(app, persona, refusals, is_proof=proof_count(100) == 100)
    record_property("foreign", f"{persona} {asked}")
    assert faults == []


@pytest.mark.proof("routes", heavy=True)
@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != ANONYMOUS])
def test_foreign_objects_of_minors_are_not_there(app, session, refusals, persona, record_property):
    """The same where every case is a minor's sealed one (PR7)."""
    faults, asked = _ask_for_foreign(app, persona, refusals, is_proof=True, sealed=True)
    record_property("foreign", f"{persona} sealed {asked}")
    assert faults == []


def _ask_for_foreign(app, persona, refusals, *, is_proof, sealed=False):
    """What was answered otherwise than an object that isn't there, and how often was asked.

    Who may not open a page at all is refused before anybody looks for the object, which the matrix above asks with
    an object that isn't there; so only the proof makes all objects for everybody.
    """
    world = objects.world(persona)
    wanted = [
        (ROUTES[endpoint], rule, method)
        for number, (endpoint, rule, method) in enumerate(requests_of(app))
        if persona in ROUTES[endpoint].who or (is_proof and refusals(persona, number))
    ]
    kinds = {access.over for access, _rule, _method in wanted} & objects.FOREIGN.keys()
    foreign = {kind: make(world) for kind, make in objects.FOREIGN.items() if kind in kinds}
    if sealed:
        with transaction():
            db.session.execute(update(Case).values(sealed=True))
            audit.record(COMMAND_LINE, "case.sealed", now=NOW, object_type="case")
    knocker, faults, asked = Knocker(app, objects.token_of(world.actor)), [], 0
    for access, rule, method in wanted:
        for public_id in foreign.get(access.over, ())[: None if persona in access.who else 1]:
            path = address(app, rule, values=values_for(rule, access, public_id))
            status, _target, changed = knocker.ask(method, path)
            asked += 1
            expected = {HTTPStatus.NOT_FOUND} if persona in access.who else REFUSED
            if status not in expected or changed:
                faults.append(f"{persona} {method} {path}: {status} changed={changed}")
    return faults, asked


@pytest.mark.parametrize("persona", [Role.MANAGER, Role.SYSTEM, Role.SECURITY, Role.AUDIT])
def test_own_objects_are_there(app, session, persona):
    """The matrix of foreign objects would be satisfied by pages that find nothing at all."""
    world = objects.world(persona)
    kinds = {access.over for access in ROUTES.values() if persona in access.who}
    own = {kind: make(world) for kind, make in objects.OWN.items() if kind in kinds}
    knocker, faults = Knocker(app, objects.token_of(world.actor)), []
    for endpoint, rule, method in requests_of(app):
        access = ROUTES[endpoint]
        if persona in access.who:
            for public_id in own.get(access.over, ()):
                path = address(app, rule, values=values_for(rule, access, public_id))
                status, _target, _changed = knocker.ask(method, path)
                if status in REFUSED and not (access.later and status == HTTPStatus.NOT_FOUND):
                    faults.append(f"{persona} {method} {path}: {status}")
    assert faults == []


def test_three_administrators_share_no_page_of_their_own():
    """Nobody holds two of the three; so no page but everyone's is open to two of them."""
    three = {Role.SYSTEM, Role.SECURITY, Role.AUDIT}
    shared = [
        name
        for name, access in ROUTES.items()
        if access.who not in {EVERYONE, ANYONE} and len(three & access.who) > 1
    ]
    assert shared == []
