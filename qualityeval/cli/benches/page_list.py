"""Which pages each account of a demonstration opens, and a browser that is signed in as one of them."""

from collections.abc import Iterator
from datetime import timedelta

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from qualityeval import clock
from qualityeval.adapters.pinyin import person_initials
from qualityeval.authz import Actor, Permission, may, scope
from qualityeval.core.errors import NotFound
from qualityeval.database import db, transaction
from qualityeval.models import Account, Case, Round
from qualityeval.queries import result_pages, results, sheets
from qualityeval.queries.accounts import actor_named, by_name
from qualityeval.queries.result_places import view_of
from qualityeval.services import demo, sessions
from qualityeval.web.navigation import menu_for
from qualityeval.web.sessions import TOKEN

HOURS = timedelta(hours=12)
TWICE = frozenset({"manager2", "expert2"})  # they open what their first opens
DRAWN = ("rounds.detail", "sampling.detail", "assignments.list")
NOT_DRAWN = ("rounds.detail", "rounds.freeze", "rounds.edit")


def people() -> Iterator[str]:
    """One account a role, and a manager of a city."""
    yield from (name for name in demo.ACCOUNTS if name not in TWICE)


def browser_of(application: Flask, name: str) -> FlaskClient:
    """A browser in which the account is signed in, without the pages of signing in."""
    account = _account(name)
    with transaction():
        attempt = sessions.note_attempt(name=name, address="127.0.0.1", now=clock.now())
        token = sessions.open_session(attempt=attempt, account=account, now=clock.now(), limit=HOURS)
    client = application.test_client()
    with client.session_transaction() as cookie:
        cookie[TOKEN] = token
    return client


def pages_of(application: Flask, name: str, *, last: int) -> dict[str, str]:
    """Name and address of every page: the account's menu, and what its lists and rounds lead to."""
    actor = actor_named(name)
    with application.test_request_context():
        pages = {item.endpoint: item.href for section in menu_for(actor) for item in section.items}
        pages |= {
            f"{one}, last page": f"{href}?page={last}"
            for one, href in pages.items()
            if one.endswith((".list", "_log"))
        }
        if may(actor, Permission.REGISTER_READ):
            pages |= _of_register(actor, pages["cases.list"])
        if may(actor, Permission.ROUND_READ):
            pages |= _of_rounds(actor)
        if may(actor, Permission.RESULTS_READ):
            pages |= _of_results(actor)
        if may(actor, Permission.SHEET_WRITE):
            pages |= _of_sheets(actor)
    return pages


def _of_register(actor: Actor, href: str) -> dict[str, str]:
    """Filters, an order by a joined column, searches by number, initials and name, one case."""
    first = select(Case).where(scope.cases(actor)).order_by(Case.id).limit(1)
    case = db.session.execute(first).scalar_one()
    asked = {
        "filters": "case_type=criminal&stage=trial&closed_from=2026-03-01&closed_to=2026-05-31",
        "by practitioner": "sort=practitioner",
        "search a number": f"text={case.number}",
        "search a name": f"text={case.recipient_name}",
        "search initials": f"text={person_initials(case.recipient_name)}",
        "search a cause": f"text={case.cause}",
    }
    return {
        **{f"cases.list, {name}": f"{href}?{query}" for name, query in asked.items()},
        "cases.detail": url_for("cases.detail", public_id=case.public_id),
    }


def _of_rounds(actor: Actor) -> dict[str, str]:
    """Each round of the demonstration in the pages of its stage; a draft with its strata counted."""
    pages = {}
    rounds = select(Round.code, Round.public_id, Round.state).where(scope.rounds(actor))
    for code, public_id, state in db.session.execute(rounds):
        shown = DRAWN if state in results.DRAWN else NOT_DRAWN
        pages |= {f"{one} {code}": url_for(one, public_id=public_id) for one in shown}
        if state in results.DRAWN:
            checked = url_for("assignments.list", public_id=public_id, check="1")
            pages[f"assignments.list {code}, checked again"] = checked
    return pages


def _of_results(actor: Actor) -> dict[str, str]:
    """Each round with results: all of it by place and by provider, the first place below, its items."""
    pages = {}
    for row in result_pages.list_for(actor):
        view = view_of(actor, [result_pages.round_for(actor, public_id=row.public_id)])
        asked = {"": {}, ", providers": {"by": "provider"}}
        if below := [place.code for place in view.below() if place != view.here]:
            asked[", a place below"] = {"by": "place", "place": below[0]}
        for name, query in asked.items():
            address = url_for("results.detail", public_id=row.public_id, **query)
            pages[f"results.detail {row.code}{name}"] = address
        for page in ("items", "dashboard"):
            pages[f"results.{page} {row.code}"] = url_for(f"results.{page}", public_id=row.public_id)
    return pages


def _of_sheets(actor: Actor) -> dict[str, str]:
    rows = sheets.list_for(actor, state="open", limit=1)
    return {"scoring.sheet": url_for("scoring.sheet", public_id=rows[0].public_id)} if rows else {}


def _account(name: str) -> Account:
    found = by_name(name)
    if found is None:
        raise NotFound(where="account")
    return found
