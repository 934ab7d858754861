"""A page asks the database as often for many rows as for few: every route of the URL map that names no object.

A page of tomorrow is asked with the others. `bench pages` does the same at 6,000 and 98,000 cases, with times.
"""

from dataclasses import replace

import pytest

from qualityeval.cli.benches.pages import MOST, asked_in
from qualityeval.core.codes import Role
from tests.factories import create_account
from tests.structure import objects
from tests.structure.route_table import ROUTES
from tests.web.signed_in import browser_of

ACCOUNTS_OWN = ("job", "observation", "callback")
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


def more_rows(worlds):
    """One more of everything, and of what belongs to an account one more for each of the readers."""
    first, *others = worlds
    for maker in objects.OWN.values():
        maker(first)
    for world in others:
        for kind in ACCOUNTS_OWN:
            objects.OWN[kind](world)


def counts_of(app, clients, routes):
    found = {}
    for role, client in clients.items():
        client.get(routes[role]["todo.index"])  # the rows of the reader's own account are fresh
        found |= {(role, name): count for name, count in counts(app, client, routes[role]).items()}
    return found


def test_pages_ask_as_often_for_many_rows_as_for_few(app):
    first = objects.world(ORDER[0])
    readers = [
        create_account(role=role, name=f"also-{role}", institution=first.county, expert_code="E-here")
        for role in ORDER[1:]
    ]
    worlds = [first, *(replace(first, actor=reader) for reader in readers)]
    routes = {role: routes_of(app, role) for role in ORDER}
    clients = {role: browser_of(app, world.actor) for role, world in zip(ORDER, worlds, strict=True)}
    more_rows(worlds)
    few = counts_of(app, clients, routes)
    more_rows(worlds)
    many = counts_of(app, clients, routes)
    assert {place: (few[place], many[place]) for place in few if few[place] != many[place]} == {}
    assert max(many.values()) <= MOST
