"""Asks an application everything it can be asked with GET, as somebody: every route of the URL map, with every
object of the database that its address can name, and every query parameter that its view looks at.

Nothing is listed by hand but what stands in route_table.py: a page of tomorrow is crawled with the others.
The parameters are learned by listening: the application's requests note which names a view asks `request.args`
for, and the page itself says which values its selects and links offer.
"""

import functools
import hashlib
import re
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask, Request, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.datastructures import ImmutableMultiDict

from tests.structure import objects
from tests.structure.route_table import ANONYMOUS, ANYONE, ROUTES, Access

LEARNED: dict[str, set[str]] = {}
FEW = 1
TRIED_OUT = {"rounds.rubric_sheet"}  # a sheet to try out: what is typed is reckoned, never looked up
NO_DATA = ("assets.", "help.", "styleguide.")  # pages that tell nothing of the database
CSRF = re.compile(
    rb"I[jm][\w-]{20,}\.[\w-]+\.[\w-]+"
)  # a form token: the one value of a page that must differ
TYPED = frozenset({"text", "search", "date", "number", "month"})


class Listening(ImmutableMultiDict):
    """Query parameters that note which names somebody asked for, by endpoint."""

    def _note(self, name: object) -> None:
        if request and request.endpoint and isinstance(name, str):
            LEARNED.setdefault(request.endpoint, set()).add(name)

    def get(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        self._note(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)


class ListeningRequest(Request):
    """A request whose parameters listen."""

    parameter_storage_class = Listening


@dataclass(frozen=True)
class Answer:
    """Everything that left the server for one request."""

    endpoint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        """Headers and body as one text, for looking for words."""
        return (
            "\n".join(f"{name}: {value}" for name, value in self.headers)
            + "\n"
            + self.body.decode(errors="replace")
        )


class Offered(HTMLParser):
    """What a page lets one choose: names with values from selects, ticks and links, names of typed fields."""

    def __init__(self, body: str, path: str) -> None:
        super().__init__()
        self.values: dict[str, set[str]] = {}
        self.typed: set[str] = set()
        self._select, self._path, self._get = "", path, False
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._get = found.get("method", "get").lower() == "get" and found.get("action", "") in {
                "",
                self._path,
            }
        elif tag == "select":
            self._select = found.get("name", "") if self._get else ""
        elif tag == "option" and self._select:
            self.values.setdefault(self._select, set()).add(found.get("value", ""))
        elif tag == "input" and self._get and found.get("name"):
            if found.get("type", "text") in TYPED:
                self.typed.add(found["name"])
            else:
                self.values.setdefault(found["name"], set()).add(found.get("value", ""))
        elif tag == "a":
            there = urlsplit(found.get("href", ""))
            if there.path in {"", self._path}:
                for name, value in parse_qsl(there.query):
                    self.values.setdefault(name, set()).add(value)


@dataclass(frozen=True)
class Crawl:
    """How far to go: `words` are typed into search fields, in full into every parameter.

    The part of `make test` leaves out what the role may not open and what everybody may (asked as nobody), and
    tries the first values of a choice only. `every` skips addresses: a leak in every answer is found in a few.
    """

    words: Sequence[str]
    full: bool = True
    every: int = 1
    inventory: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def answers(self, app: Flask, persona: str, role: str, token: str | None) -> Iterator[tuple[str, Answer]]:
        """(address, answer) of everything this persona can ask, always in the same order."""
        for endpoint, path in list(self._addresses(app, role))[:: self.every]:
            first = ask(app, endpoint, path, persona, token)
            yield path, first
            if first.status != 200 or endpoint in TRIED_OUT:
                continue
            for query in self._queries(endpoint, path, first):
                address = f"{path}?{query}"
                yield address, ask(app, endpoint, address, persona, token)

    def _addresses(self, app: Flask, role: str) -> Iterator[tuple[str, str]]:
        for rule in sorted(app.url_map.iter_rules(), key=str):
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            access = ROUTES[rule.endpoint]
            if self.full or self._is_worth(rule.endpoint, role, access):
                most = None if role in access.who else 1  # who is refused is refused whatever is asked for
                for values in list(self._values(rule.arguments, access))[:most]:
                    with app.test_request_context("/"):
                        yield rule.endpoint, app.url_for(rule.endpoint, **values)

    @staticmethod
    def _is_worth(endpoint: str, role: str, access: Access) -> bool:
        if endpoint.startswith(NO_DATA) or role not in access.who:
            return False
        return role == ANONYMOUS or access.who != ANYONE

    def _values(self, arguments: set[str], access: Access) -> Iterator[dict[str, str]]:
        for public_id in self.inventory[access.over] if access.over else ("",):
            yield {name: access.arguments.get(name, public_id) for name in sorted(arguments)}

    def _queries(self, endpoint: str, path: str, answer: Answer) -> Iterator[str]:
        html = (
            answer.body.decode(errors="replace")
            if "html" in dict(answer.headers).get("Content-Type", "")
            else ""
        )
        offered = Offered(html, path)
        names = LEARNED.get(endpoint, set()) | offered.values.keys() | offered.typed
        for name in sorted(names):
            values = sorted(offered.values.get(name, ()))[: None if self.full else FEW]
            typed = name in offered.typed or (self.full and not values)
            for value in dict.fromkeys([*values, *(self.words if typed else ())]):
                yield urlencode({name: value})


def ask(app: Flask, endpoint: str, address: str, persona: str, token: str | None) -> Answer:
    """One request; what is random in its answer comes from the persona and the address alone."""
    client = app.test_client()
    if token:
        objects.sign_in(client, token)
    dice = Dice(f"{persona} {address}")
    with pytest.MonkeyPatch.context() as patch:
        dice.replace(patch)
        answer = client.get(address)
    headers = tuple(sorted((name, settled(app, name, value)) for name, value in answer.headers))
    return Answer(endpoint, answer.status_code, headers, CSRF.sub(b"token", answer.data))


def settled(app: Flask, name: str, value: str) -> str:
    """A header without what must differ: of the signed cookie only what it holds stays, less the form's token."""
    if name != "Set-Cookie":
        return value
    cookie, _, attributes = value.partition(";")
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    held = dict(serializer.loads(cookie.partition("=")[2])) if serializer and cookie.partition("=")[2] else {}
    held.pop("csrf_token", None)
    return f"{cookie.partition('=')[0]}={sorted(held.items())};{attributes}"


class Dice:
    """Ids and tokens that come in the same order wherever one begins with the same word."""

    def __init__(self, word: str) -> None:
        self.word, self.thrown = word, 0

    def hex(self, nbytes: int | None = None) -> str:
        """As secrets.token_hex and token_urlsafe are asked."""
        self.thrown += 1
        digest = hashlib.sha256(f"{self.word}\x1f{self.thrown}".encode()).hexdigest()
        return (digest * 4)[: 2 * (nbytes or 32)]

    def replace(self, patch: pytest.MonkeyPatch) -> None:
        """Let the application throw these dice."""
        patch.setattr(secrets, "token_hex", self.hex)
        patch.setattr(secrets, "token_urlsafe", self.hex)


KEPT = (
    "qualityeval.adapters.",
    "qualityeval.words.",
    "qualityeval.core.",
)  # know files and texts, no database


def forget_all() -> None:
    """Empty the application's caches: what one world left there must not answer for the other."""
    for name, module in list(sys.modules.items()):
        if name.startswith("qualityeval.") and not name.startswith(KEPT):
            for thing in _all_of(module):
                if isinstance(thing, functools._lru_cache_wrapper):
                    thing.cache_clear()


def _all_of(module: ModuleType) -> Iterator[object]:
    """What a module and its classes hold. (What lasts since the start is hidden from `gc.get_objects`.)"""
    for thing in vars(module).values():
        yield thing
        if isinstance(thing, type):
            yield from vars(thing).values()
