"""How far a verb is: a bar on a terminal, a plain line a tenth elsewhere, always on standard error.

The callable has the same face as a job's `progress`, so that one service tells both.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask_babel import gettext

Report = Callable[..., None]


@contextmanager
def bar(*, silent: bool = False) -> Iterator[Report]:
    """Yields `progress(stage, done=0, total=0)`; the stage is a Chinese source text."""
    if silent:
        yield lambda _stage, _done=0, _total=0: None
    elif sys.stderr.isatty():
        with _drawn() as report:
            yield report
    else:
        yield _Lines()


@contextmanager
def _drawn() -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        tasks: dict[str, int] = {}

        def report(stage: str, done: int = 0, total: int = 0) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(gettext(stage), total=total or None)
            shown.update(tasks[stage], completed=done, total=total or None)

        yield report


class _Lines:
    """A line when a stage begins and at each tenth of it."""

    def __init__(self) -> None:
        self._stage, self._tenth = "", -1

    def __call__(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Print where something new is to be said."""
        tenth = done * 10 // total if total else 0
        if stage == self._stage and tenth <= self._tenth:
            return
        self._stage, self._tenth = stage, tenth
        print(f"{gettext(stage)} {done}/{total}" if total else gettext(stage), file=sys.stderr, flush=True)
