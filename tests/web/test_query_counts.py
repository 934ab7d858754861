"""A page asks the database as often for many rows as for few: every route of the URL map that names no object.

A page of tomorrow is asked with the others. `bench pages` does the same at 6,000 and 98,000 cases, with times.
"""

import pytest

from qualityeval.cli.benches.pages import MOST, asked_in
from qualityeval.core.codes import Role
from tests.structure import objects
from tests.structure.route_table import ROUTES
from tests.web.signed_in import browser_of

MORE = 2
PAPER = ("export", ".csv", "workbook", "verifier")  # files, written row by row
ORDER = (Role.MANAGER, Role.EXPERT, Role.CALLER, Role.SYSTEM, Role.SECURITY, Role.AUDIT)
pytestmark = pytest.mark.usefixtures("session", "cheap_passwords")


def routes_of(app, role):
    """The role's to-do list, and the routes without an object that nobody before it in ORDER may open."""
    earlier = set(ORDER[: ORDER.index(role)])
    with app.test_request_context("/"):
        return {
            rule.endpoint: app.url_for(rule.endpoint)
            for rule in app.url_map.iter_rules()
            if "GET" in rule.methods
            and not rule.arguments
            and role in ROUTES[rule.endpoint].who
            and (rule.endpoint == "todo.index" or not earlier & ROUTES[rule.endpoint].who)
            and not rule.endpoint.endswith(PAPER)
        }


def counts(app, client, routes):
    found = {}
    for endpoint, path in routes.items():
        with asked_in(app) as statements:
            client.get(path)
        found[endpoint] = len(statements)
    return found


@pytest.mark.parametrize("role", ORDER)
def test_pages_ask_as_often_for_many_rows_as_for_few(app, role):
    world = objects.world(role)
    routes = routes_of(app, role)
    make = lambda: [maker(world) for maker in objects.OWN.values()]  # noqa: E731
    make()
    client = browser_of(app, world.actor)
    client.get(routes["todo.index"])  # the rows of the reader's own account are fresh
    few = counts(app, client, routes)
    for _ in range(MORE):
        make()
    client.get(routes["todo.index"])
    many = counts(app, client, routes)
    assert {name: (few[name], many[name]) for name in routes if few[name] != many[name]} == {}
    assert max(many.values()) <= MOST
