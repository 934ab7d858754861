"""What every test may ask for. Only tests that ask for a database pay for one."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import StrictUndefined
from sqlalchemy.orm import Session
from xdist.remote import Producer

from qualityeval.adapters import passwords
from qualityeval.database import WRITING, db
from qualityeval.extensions import limiter
from tests import audit_guard, kept, network, postgres, scheduling
from tests.databases import Instance, Place, Scaled, application, close, new_instance
from tests.isolated_client import IsolatedClient
from tests.postgres import Cluster

# a loaded machine is no fault of a test
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")

# nothing that is imported or collected is garbage; afterwards as seldom as the command line looks for it
gc.disable()
gc.set_threshold(50_000, 20, 50)

ROOT = Path(__file__).resolve().parent.parent
ENGINES = ("sqlite", "postgresql")
STATEMENTS = 5_000  # one process of tests asks for more kinds than any of the product: none is compiled twice


def scale() -> float:
    """How much of the promised counts this run shows: all in `make proof`, a twentieth else."""
    return float(os.environ.get("QUALITYEVAL_PROOF_SCALE", "0.05"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--proof", default="", help="run only the tests marked proof(NAME)")


DOORS = (
    "tests/web/",
    "tests/cli/",
    "tests/journeys/",
    "tests/jobs/test_worker.py",
    "tests/services/test_draw_race.py",
    "tests/structure/test_routes.py",
    "tests/structure/test_links.py",
)


def _is_heavy(item: pytest.Item) -> bool:
    """A proof that needs processes or minutes even for a part of its count: only `make proof` runs it."""
    return any(mark.kwargs.get("heavy") for mark in item.iter_markers("proof"))


def _is_second_door(item: pytest.Item) -> bool:
    """A page, a verb, a process or a journey on the second database: models, queries and services have met it."""
    params = getattr(getattr(item, "callspec", None), "params", {})
    name = Path(item.path).relative_to(ROOT).as_posix()
    both = "review" in name or item.get_closest_marker("both_engines") is not None
    return params.get("engine_name") == "postgresql" and name.startswith(DOORS) and not both


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if scale() < 1:
        left = {item for item in items if _is_second_door(item) or _is_heavy(item)}
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]
    wanted = config.getoption("--proof")
    if wanted:
        keep = [item for item in items if any(wanted in mark.args for mark in item.iter_markers("proof"))]
        config.hook.pytest_deselected(items=[item for item in items if item not in keep])
        items[:] = keep
    items[:] = scheduling.in_order(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> scheduling.Together:
    return scheduling.Together(config, log)


def pytest_collection_finish() -> None:
    """Thousands of collected tests last as long as the run: no use in looking for garbage among them."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Nothing may leave this machine: a connection to any but a loopback address or a socket file raises."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", network.only_here(socket.socket.connect))
        yield


@pytest.fixture(scope="session", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each database in turn: whoever builds on this runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The PostgreSQL server of this process."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def engines_met() -> Iterator[dict[str, tuple[Place, Flask]]]:
    """What was made for each engine so far. A worker may meet the engines in turn, file by file."""
    met: dict[str, tuple[Place, Flask]] = {}
    yield met
    for _place, app in met.values():
        close(app)


def _met(name: str, request: pytest.FixtureRequest) -> tuple[Place, Flask]:
    met: dict[str, tuple[Place, Flask]] = request.getfixturevalue("engines_met")
    if name not in met:
        server = request.getfixturevalue("cluster") if name == "postgresql" else None
        place = Place(name, request.getfixturevalue("tmp_path_factory").mktemp(name), server)
        place.template()
        with (
            pytest.MonkeyPatch.context() as patch
        ):  # a site of a browser may have switched it off in this process
            patch.setattr(limiter, "enabled", True)
            app = application(place.copy("tests"), home=place.folder)
        app.jinja_env.undefined = StrictUndefined
        with app.app_context():
            db.engine._compiled_cache.capacity = STATEMENTS  # type: ignore[union-attr]
        app.test_client_class = IsolatedClient
        met[name] = place, app
    return met[name]


@pytest.fixture(scope="session")
def place(engine_name: str, request: pytest.FixtureRequest) -> Place:
    """Where databases of this engine are made, with its template migrated to head."""
    return _met(engine_name, request)[0]


@pytest.fixture(scope="session")
def shared_app(engine_name: str, request: pytest.FixtureRequest) -> Flask:
    """One application an engine, for the fixture `app` to isolate."""
    return _met(engine_name, request)[1]


@pytest.fixture
def app(
    shared_app: Flask,
    place: Place,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Flask]:
    """The application on a database that is as empty for every test.

    All sessions share one connection inside a transaction that is never committed; `transaction()`
    commits savepoints in it. Tests with threads or processes take `live_database` instead.
    """
    (tmp_path / "files").mkdir()
    monkeypatch.setitem(shared_app.config, "HOME", tmp_path)
    monkeypatch.setitem(shared_app.config, "FILES", tmp_path / "files")
    monkeypatch.setattr(limiter, "enabled", False)
    with shared_app.app_context():
        engines = db.engines
        connection = engines[None].connect().execution_options(**{WRITING: True})
    outer = connection.begin()
    monkeypatch.setitem(engines, None, connection)
    judging = request.node.get_closest_marker("arranging") is None
    try:
        with audit_guard.watched(judging=judging), kept.during(place):
            yield shared_app
    finally:
        outer.rollback()
        connection.close()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session inside an application context, for tests of services and queries."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that isn't signed in."""
    return app.test_client()


@pytest.fixture
def live_database(place: Place, tmp_path: Path) -> Iterator[Instance]:
    """An installation of its own for tests that start processes or threads."""
    instance = new_instance(place, tmp_path / "instance")
    yield instance
    if place.cluster:
        place.cluster.drop(place.dropped.pop())


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that make accounts by the dozen and are not about passwords: a hash costs next to nothing."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def proof_count(record_property: Callable[[str, object], None]) -> Scaled:
    """A promised count at the scale of this run: a twentieth unless QUALITYEVAL_PROOF_SCALE says otherwise."""

    def scaled(full: int) -> int:
        count = max(2, round(full * scale()))
        record_property("count", f"{count} of {full}")
        return count

    return scaled


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real registers; tests on it are skipped where it is absent."""
    folder = Path(os.environ.get("QUALITYEVAL_REALDATA") or ROOT.parent / "shared" / "realdata")
    if not folder.is_dir():
        pytest.skip(f"no real registers at {folder}; QUALITYEVAL_REALDATA names another place")
    return folder
