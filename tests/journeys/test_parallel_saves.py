"""50 people save 20 times each against 4 web processes on one database: nobody sees an error."""

import http.client
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from qualityeval.core.codes import Role
from qualityeval.models import AuditEvent
from qualityeval.services import audit
from tests import factories
from tests.databases import Instance, application, close

PROCESSES = 4
SAVES = 20
SERVER = """
import sys
from waitress import serve
from config import from_environment
from qualityeval.app import create_app
serve(create_app(from_environment().mapping()), host="127.0.0.1", port=int(sys.argv[1]), threads=8)
"""
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Browser:
    """As much of a browser as a save needs: one cookie, one form token."""

    port: int
    cookie: str = ""
    token: str = ""

    def send(self, method: str, path: str, **fields: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrf_token": self.token, **fields}) if method == "POST" else None
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        for value in response.headers.get_all("Set-Cookie") or []:
            self.cookie = value.partition(";")[0]
        if found := TOKEN.search(text):
            self.token = found.group(1)
        connection.close()
        return response.status

    def sign_in(self, name: str) -> None:
        assert self.send("GET", "/sign-in") == 200
        assert self.send("POST", "/sign-in", name=name, password=factories.PASSWORD) == 302
        assert self.send("GET", "/") == 200


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def servers(instance: Instance, ports: list[int]) -> Iterator[None]:
    root = Path(__file__).resolve().parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", SERVER, str(port)], env=dict(instance.environment), cwd=root)
        for port in ports
    ]
    try:
        for port in ports:
            _wait_for(port, running)
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=20)


def _wait_for(port: int, running: list[subprocess.Popen]) -> None:
    while all(process.poll() is None for process in running):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    pytest.fail("a web process ended before it served")


def save_often(browser: Browser) -> Counter[int]:
    return Counter(browser.send("POST", "/large-print", large_print=str(n % 2)) for n in range(SAVES))


@pytest.mark.proof("parallel-saves", heavy=True)
def test_nobody_sees_an_error(live_database: Instance, proof_count) -> None:
    people = max(PROCESSES, proof_count(50))
    app = application(live_database.url, home=live_database.home)
    with app.app_context():
        for n in range(people):
            factories.create_account(
                role=Role.EXPERT, name=f"person{n}", expert_code=f"E{n}", totp_secret=None
            )
    ports = [free_port() for _ in range(PROCESSES)]
    browsers = [Browser(ports[n % PROCESSES]) for n in range(people)]
    with servers(live_database, ports):
        for n, browser in enumerate(browsers):
            browser.sign_in(f"person{n}")
        with ThreadPoolExecutor(people) as pool:
            answers = sum(pool.map(save_often, browsers), Counter())
    assert answers == {302: people * SAVES}
    with app.app_context():
        events = audit.db.session.query(AuditEvent).filter_by(action="account.display_chosen").count()
        assert events == people * SAVES
        assert audit.verify().ok
    close(app)
