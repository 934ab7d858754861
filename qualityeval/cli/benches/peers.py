"""Whether the peers that a benchmark compares with are installed, and how to get them."""

from importlib.util import find_spec

HOW = "pip install --require-hashes -r requirements-bench.txt (or: make bench-peers)"


def present(name: str) -> bool:
    """Whether the package can be imported."""
    return find_spec(name) is not None


def missing(names: tuple[str, ...]) -> str:
    """A sentence that names what is missing and how to get it; empty where all are there."""
    absent = [name for name in names if not present(name)]
    return f"not compared with {', '.join(absent)}, which isn't installed: {HOW}" if absent else ""
