"""A stranger's first quarter of an hour: clone, `make setup`, `make test`, `make run`, twice.

Everything happens in a fresh folder with an empty HOME and no caches, from the last commit.
`--setup-only` stops before the tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEST_LIMIT = 360
SECOND_LIMIT = 3
START_LIMIT = 120
DROPPED = ("QUALITYEVAL_", "XDG_", "UV_", "VIRTUAL_ENV", "PYTHON", "MAKE", "MFLAGS", "npm_")


def environment(home: Path) -> dict[str, str]:
    """The present one without what is remembered of this project or this user; the real registers stay in reach."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
    realdata = os.environ.get("QUALITYEVAL_REALDATA") or str(ROOT.parent / "shared" / "realdata")
    return {**kept, "HOME": str(home), "QUALITYEVAL_REALDATA": realdata}


def timed(target: str, folder: Path, env: dict[str, str]) -> float:
    """Seconds that `make TARGET` took; leaves the program where it failed."""
    began = time.monotonic()
    code = subprocess.run(["make", *target.split()], cwd=folder, env=env, check=False).returncode
    seconds = time.monotonic() - began
    print(f"-- make {target}: {seconds:.1f} s, exit {code}", flush=True)
    if code:
        raise SystemExit(f"make {target} failed")
    return seconds


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def see_sign_in(folder: Path, env: dict[str, str]) -> float:
    """Start `make run` and wait for its sign-in page; stop it as Ctrl+C does; seconds until the page."""
    port = free_port()
    began = time.monotonic()
    server = subprocess.Popen(
        ["make", "run"], cwd=folder, env={**env, "PORT": str(port)}, start_new_session=True
    )
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=5) as page:
                    found = "登录" in page.read().decode()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if server.poll() is not None or time.monotonic() - began > START_LIMIT:
                    raise SystemExit("make run showed no sign-in page") from None
                time.sleep(0.2)
        seconds = time.monotonic() - began
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait(timeout=30)
    if not found:
        raise SystemExit("what make run shows is not the sign-in page")
    print(f"-- make run: sign-in page after {seconds:.1f} s", flush=True)
    return seconds


def main(arguments: list[str]) -> int:
    """Do it all; the last line says the figures."""
    base = Path(tempfile.mkdtemp(prefix="clean-clone-"))
    try:
        folder, home = base / "project", base / "home"
        home.mkdir()
        env = environment(home)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
        first = timed("setup", folder, env)
        second = timed("setup", folder, env)
        if second > SECOND_LIMIT:
            raise SystemExit(f"a second make setup took {second:.1f} s")
        if "--setup-only" in arguments:
            print(f"set-up {first:.0f} s, again {second:.1f} s")
            return 0
        tests = timed("test", folder, env)
        page = see_sign_in(folder, env)
        print(f"set-up {first:.0f} s, tests {tests:.0f} s, sign-in page after {page:.0f} s")
        return 0 if tests < TEST_LIMIT else 1
    finally:
        if "--keep" not in arguments:
            shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
