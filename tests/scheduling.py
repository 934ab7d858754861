"""Which tests run first, and which stay together, when several workers share the run.

Two things cost a run on two cores most: a file of a few long tests that starts when all the others are
done, and the same sources parsed by every worker. So files whose tests start processes, browsers or
whole worlds come first, and all tests that read the project's sources stay with one worker.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

LONG = (
    "tests/services/test_demo.py",
    "tests/browser/",
    "tests/cli/",
    "tests/journeys/",
    "tests/services/test_draw_race.py",
    "tests/jobs/",
    "tests/adapters/test_papers_proof.py",
    "tests/migrations/",
    "tests/structure/",
    "tests/web/test_",
    "tests/services/",
    "tests/queries/",
    "tests/web/",
)
READERS = tuple(
    f"tests/structure/test_{name}.py"
    for name in ("audit_words", "catalogue", "code", "contracts", "labels", "links", "templates", "text")
)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Files with long tests first; within a file, and among its like, as before."""
    return sorted(items, key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    return next((rank for rank, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))


class Together(LoadFileScheduling):
    """A file stays with one worker, and so do the readers of the project's sources."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "the project's sources" if file in READERS else file
