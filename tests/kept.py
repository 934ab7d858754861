"""Worlds that many tests begin with: built once in a database of their own, and from then on only opened.

A builder marked `@kept` is called on an empty database by each test. Its first call builds in a database
that is kept, and every later one finds it there, in a transaction that is taken back after the test. The
builder must depend on its arguments alone.
"""

import dataclasses
import shutil
from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Flask, current_app
from sqlalchemy import Engine, create_engine, func, make_url, select
from sqlalchemy.orm import Session

from qualityeval.database import WRITING, Base, configure_engine, db
from qualityeval.models import Account, AuditEvent, Institution
from tests.databases import Place

PER_TEST = (Flask, Session)
P = ParamSpec("P")
T = TypeVar("T")


class World(NamedTuple):
    """A kept database, the files beside it, and what the builder returned, rows by their keys."""

    engine: Engine
    files: Path
    result: Any


class Row(NamedTuple):
    """A row of a kept world, to be read anew by whoever opens it."""

    model: type[Base]
    key: int


class Test(NamedTuple):
    """The test that runs: where its engine makes databases, and what is given back after it."""

    place: Place
    after: ExitStack


_worlds: dict[Hashable, World] = {}
_running: list[Test] = []


@contextmanager
def during(place: Place) -> Iterator[None]:
    """One test; whatever it opens is closed after it."""
    with ExitStack() as after:
        _running.append(Test(place, after))
        try:
            yield
        finally:
            _running.clear()


def kept(build: Callable[P, T]) -> Callable[P, T]:
    """Keep what the builder builds for later tests with the same arguments."""

    @wraps(build)
    def opened(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _running or not _is_empty():
            return build(*args, **kwargs)
        told = {**dict(enumerate(args)), **kwargs}
        asked = {name: value for name, value in told.items() if not isinstance(value, PER_TEST)}
        key = (_running[0].place.engine, build.__module__, build.__qualname__, repr(asked))
        if key not in _worlds:
            _worlds[key] = _built(_running[0].place, lambda: build(*args, **kwargs))
        return _open(_worlds[key])  # type: ignore[no-any-return]

    return opened


def _is_empty() -> bool:
    """Whether nothing was made yet: only then is the kept world the world that would be built."""
    return not any(
        db.session.execute(select(func.count()).select_from(model)).scalar_one()
        for model in (AuditEvent, Institution, Account)
    )


def _built(place: Place, build: Callable[[], Any]) -> World:
    name = f"kept_{len(_worlds)}"
    engine = _like(db.engines[None].engine, place.copy(name))
    files = Path(shutil.copytree(current_app.config["FILES"], place.folder / f"{name}.files"))
    mine, running = current_app.config["FILES"], _running.pop()
    current_app.config["FILES"] = files
    try:
        with ExitStack() as after:
            _enter(engine, after)
            result = _frozen(build())
            db.session.close()
            db.engines[None].get_transaction().commit()  # type: ignore[attr-defined]
    finally:
        current_app.config["FILES"] = mine
        _running.append(running)
    return World(engine, files, result)


def _like(base: Engine, url: str) -> Engine:
    """An engine for this address that shares dialect and compiled statements with another of its kind.

    Most of a statement's cost is its compilation, which every engine of its own would pay again.
    """
    engine = Engine(create_engine(url).pool, base.dialect, make_url(url), hide_parameters=True)
    engine._compiled_cache = base._compiled_cache
    configure_engine(engine)
    return engine


def _open(world: World) -> Any:
    _enter(world.engine, _running[0].after)
    shutil.copytree(world.files, current_app.config["FILES"], dirs_exist_ok=True)
    return _thawed(world.result)


def _enter(engine: Engine, after: ExitStack) -> None:
    """Let all sessions share one connection to this database, in a transaction that isn't committed."""
    db.session.close()
    engines, before = db.engines, db.engines[None]
    connection = after.enter_context(engine.connect().execution_options(**{WRITING: True}))
    connection.begin()
    engines[None] = connection  # type: ignore[assignment]
    after.callback(engines.__setitem__, None, before)


def _frozen(value: Any) -> Any:
    if isinstance(value, Base):
        return Row(type(value), value.id)  # type: ignore[attr-defined]
    return _each(value, _frozen)


def _thawed(value: Any) -> Any:
    if isinstance(value, Row):
        return db.session.get_one(value.model, value.key)
    return _each(value, _thawed)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """The same container with its parts changed; anything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{field.name: change(getattr(value, field.name)) for field in dataclasses.fields(value)}
        )
    if type(value) in (list, tuple):
        return type(value)(change(part) for part in value)
    return value
