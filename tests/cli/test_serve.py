"""serve: a server and its worker, which leave together and leave nothing behind."""

import json
import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.cli.running import LIMIT_SECONDS, SCRIPT, call, call_json, environment


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    home = tmp_path_factory.mktemp("fresh") / "home"
    call_json("init", env=environment(home))
    return home


@pytest.fixture
def instance(fresh, tmp_path):
    shutil.copytree(fresh, tmp_path / "home")
    return environment(tmp_path / "home")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture
def serving(instance, tmp_path):
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [SCRIPT, "serve", "--port", str(port)],
            env=instance,
            cwd=tmp_path,
            stderr=log,
            start_new_session=True,
        )
    yield server, port
    if server.poll() is None:
        server.kill()
        server.wait()


def wait_until(condition):
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)  # another process is at work
    return found


def answers(port, path="/assets/none"):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return None


def children(pid):
    """Of all its threads: the one that starts a worker again isn't the main one."""
    lists = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for text in lists for child in text.split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are read from /proc")


@needs_proc
def test_the_worker_leaves_when_its_parent_is_killed(serving):
    server, _port = serving
    (worker,) = wait_until(lambda: children(server.pid))
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    wait_until(lambda: not is_alive(worker))


@needs_proc
def test_a_dead_worker_is_started_again_and_both_leave_at_a_signal(serving):
    server, port = serving
    assert wait_until(lambda: answers(port))
    assert answers(port, "/sign-in") == 200
    (worker,) = wait_until(lambda: children(server.pid))
    os.kill(worker, signal.SIGKILL)
    (second,) = wait_until(lambda: [pid for pid in children(server.pid) if pid != worker and is_alive(pid)])
    os.kill(server.pid, signal.SIGINT)  # Ctrl+C
    assert server.wait(15) == 0
    assert not is_alive(second)
    assert answers(port) is None


@pytest.fixture
def refused(instance, monkeypatch):
    """What `serve` says before it refuses, within this process: it never comes to serving."""
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    return lambda *arguments: call("serve", *arguments, env=instance, code=1).stderr


def test_a_busy_port_is_a_plain_message(refused):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is taken" in refused("--port", port)


def test_an_open_http_address_has_to_be_asked_for(refused):
    assert "--insecure-http" in refused("--host", "0.0.0.0", "--port", free_port())


def test_a_database_of_another_schema_is_not_served(refused, tmp_path):
    with sqlite3.connect(tmp_path / "home" / "qualityeval.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0023'")
    database.close()
    assert "qualityeval init" in refused("--port", free_port())


@needs_proc
def test_launch_makes_a_demonstration_once_and_prints_its_accounts(tmp_path):
    env = environment(tmp_path / "home", PORT=str(free_port()))
    texts = []
    for _ in range(2):
        with (tmp_path / "out").open("wb") as out:
            server = subprocess.Popen(
                [SCRIPT, "launch", "--cases", "5"],
                env=env,
                cwd=tmp_path,
                stdout=out,
                stderr=subprocess.DEVNULL,
            )
        assert wait_until(lambda: answers(int(env["PORT"])))
        (worker,) = wait_until(lambda pid=server.pid: children(pid))
        server.terminate()
        assert server.wait(15) == 0
        assert not is_alive(worker)
        texts.append((tmp_path / "out").read_text())
    accounts = json.loads((tmp_path / "home" / "demo").read_text())
    for account in accounts:
        assert all(account["name"] in text and account["password"] in text for text in texts)
        assert all((account["totp_secret"] or "-") in text for text in texts)
