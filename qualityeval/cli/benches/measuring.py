"""Seconds and peak memory of one function, in a fresh process so that nothing else is counted.

The function prepares, outside the clock, and returns what is to be timed; a dictionary that this gives
back holds seconds by part, or figures that it counts in `settle`, after the clock.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

MEGABYTE = 2**20
START = "from qualityeval.cli.benches.measuring import main; main()"


@dataclass(frozen=True)
class Measured:
    """How long it took, how much memory it held at most (children included), what it says of its parts, and
    the processor's time for it (children included), which tells more where the machine is shared.
    """

    seconds: float
    peak_mb: float
    parts: Mapping[str, Any] = field(default_factory=dict)
    cpu: float | None = None


def measure(function: str, *arguments: str) -> Measured:
    """Run `module:function` with text arguments in a process of its own; its failure is ours."""
    command = [sys.executable, "-P", "-c", START, function, *arguments]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ourselves
    return Measured(**json.loads(answer.stdout.splitlines()[-1]))


def machine() -> str:
    """What the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def row(
    what: str, scale: int, measured: Measured, *, to: str = "", peer: Measured | None = None
) -> dict[str, object]:
    """One line of the result; `ratio` is how many times as long as the peer `to` it took."""
    ratio = round(measured.seconds / peer.seconds, 2) if peer else None
    return {
        "what": what, "scale": scale, "seconds": round(measured.seconds, 3), "peak_mb": round(measured.peak_mb, 1),
        "ratio": ratio, "to": to or None, "cpu": None if measured.cpu is None else round(measured.cpu, 3),
    }  # fmt: skip


def _peak() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, below) * unit / MEGABYTE


def _spent() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """What the process of `measure` does: prepare, time, print one JSON object."""
    module, _, name = sys.argv[1].partition(":")
    work = getattr(import_module(module), name)(*sys.argv[2:])
    start, spent = time.perf_counter(), _spent()
    told = work()
    seconds, cpu = time.perf_counter() - start, _spent() - spent
    peak = _peak()
    if hasattr(told, "settle"):
        told.settle()  # what is only looked at costs no time
    parts = told if isinstance(told, dict) else {}
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "parts": parts, "cpu": cpu}))
