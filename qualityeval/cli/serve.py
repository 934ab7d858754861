"""`serve`: the web server, and the worker as its child. Both leave together."""

import errno
import ipaddress
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Any, NoReturn

import click
from flask import Flask
from waitress.server import create_server

from qualityeval.cli.instance import NotReady, newest_revision, schema_revision
from qualityeval.cli.worker import log_to_stderr

GRACE_SECONDS = 10
THREADS = 8
LONGEST_PAUSE = 30
log = logging.getLogger(__name__)


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="the address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), envvar="PORT", default=8000, show_default=True)
@click.option("--threads", type=click.IntRange(1, 64), default=THREADS, show_default=True)
@click.option("--insecure-http", is_flag=True, help="listen beyond this machine without https")
@click.option("--no-worker", is_flag=True, help="run no jobs here; start `qualityeval worker` elsewhere")
def serve(*, host: str, port: int, threads: int, insecure_http: bool, no_worker: bool) -> None:
    """Serve the pages and run the jobs until told to stop (SIGINT, SIGTERM)."""
    log_to_stderr()
    run(host=host, port=port, threads=threads, insecure_http=insecure_http, with_worker=not no_worker)


def run(*, host: str, port: int, threads: int, insecure_http: bool, with_worker: bool) -> None:
    """Bind first, so that a busy port is said before anything starts; then serve until a signal."""
    listener = bind(host, port)
    try:
        os.environ["PORT"] = str(listener.getsockname()[1])
        app = ready_app()
        refuse_open_http(host, app, insecure_http=insecure_http)
        child = WorkerProcess() if with_worker else None
        server = create_server(app, sockets=[listener], threads=threads, ident=None, **proxy_settings(app))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)
        click.echo(f"Serving {app.config['URL']} (Ctrl+C stops)", err=True)
        try:
            if child is not None:
                child.start()
            server.run()
        finally:
            server.close()
            if child is not None:
                child.stop()
    finally:
        listener.close()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, or a plain message about why there can't be one."""
    listener = None
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1024)
    except OSError as fault:
        if listener is not None:
            listener.close()
        if fault.errno == errno.EADDRINUSE:
            raise NotReady(
                f"Port {port} is taken: another program, or another qualityeval, listens there. "
                "Stop it, or choose another port: PORT=8001 or --port 8001."
            ) from fault
        raise NotReady(f"Can't listen on {host} port {port}: {fault.strerror or fault}.") from fault
    return listener


def ready_app() -> Flask:
    """The application, refused where its database isn't at the schema of this version."""
    from qualityeval.cli import build_app

    app = build_app(with_pages=True)
    with app.app_context():
        present, wanted = schema_revision(), newest_revision()
    if present != wanted:
        raise NotReady(
            f"The database stands at schema {present}, this version needs {wanted}. "
            "Make a backup, then run `qualityeval init`."
        )
    return app


def refuse_open_http(host: str, app: Flask, *, insecure_http: bool) -> None:
    """Passwords must not cross a network in the clear by oversight."""
    if is_loopback(host) or app.config["SECURE"] or insecure_http:
        return
    raise NotReady(
        f"{host} can be reached from other machines, and {app.config['URL']} isn't https. Put a server with "
        "TLS in front and set QUALITYEVAL_URL=https://…, or say --insecure-http for a closed network."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_settings(app: Flask) -> dict[str, Any]:
    """Behind https stands a proxy on this machine: it says who the visitor is, nobody else may."""
    if not app.config["SECURE"]:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": "127.0.0.1",
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
        "url_scheme": "https",
    }


def _leave(number: int, frame: object) -> NoReturn:
    del number, frame
    raise SystemExit(0)


class WorkerProcess:
    """The worker beside the server: started again when it dies, stopped with it."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start it, and watch it from a thread."""
        self._process = self._spawn()
        self._keeper.start()

    def stop(self) -> None:
        """Ask it to leave, wait ten seconds, then end it."""
        self._stopping.set()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except (subprocess.TimeoutExpired, SystemExit):
            process.kill()
            process.wait()

    def _spawn(self) -> "subprocess.Popen[bytes]":
        # -P: what lies in the folder one happens to stand in is not ours to import
        command = [sys.executable, "-P", "-m", "qualityeval.cli", "worker", "--parent", str(os.getpid())]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 -- ourselves

    def _keep(self) -> None:
        pause = 1
        while (process := self._process) is not None:
            code = process.wait()
            if self._stopping.is_set():
                return
            log.error("the worker ended with code %s; starting it again in %s s", code, pause)
            if self._stopping.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            self._process = self._spawn()
