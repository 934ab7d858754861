"""Node for the tests of the browser's code: the machine's own, else the one that the build fetched."""

import base64
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
FETCHED = ROOT / ".node" / "bin" / "node"


def program() -> str | None:
    """Node 18 or newer, None where there is none."""
    found = shutil.which("node") or (str(FETCHED) if FETCHED.is_file() else None)
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    return found if version.startswith("v") and int(version[1:].split(".")[0]) >= 18 else None


class Browser:
    """The browser's verification behind a pipe: one question a line, one answer a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def ask(self, certificate: bytes, frame: bytes | None, *keys: str) -> dict[str, Any]:
        """What the page would show for these two files, and where these cases stand."""
        question: dict[str, Any] = {"certificate": base64.b64encode(certificate).decode(), "keys": keys}
        if frame is not None:
            question["frame"] = base64.b64encode(frame).decode()
        self.process.stdin.write(json.dumps(question) + "\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        answer = self.process.stdout.readline()  # type: ignore[union-attr]
        assert answer, self.process.stderr.read() if self.process.stderr else "no answer"
        return dict(json.loads(answer))

    def failed(self, certificate: bytes, frame: bytes) -> list[str]:
        """Names of the checks that aren't right."""
        return [check["name"] for check in self.ask(certificate, frame)["checks"] if not check["ok"]]


@contextmanager
def asking(node: str) -> Iterator[Browser]:
    """One process for many questions."""
    command = [node, str(HERE / "answer.mjs")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:  # fmt: skip
        yield Browser(process)
        process.stdin.close()  # type: ignore[union-attr]
