"""Text that no database column takes is refused before a page sees it."""

from collections.abc import Iterator

from flask import Flask, abort, request

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NUL = "\0"


def refuse_odd_text() -> None:
    """400 for a NUL in address, form or file name: PostgreSQL has no such text, and nobody types one."""
    if any(NUL in text for text in _texts()):
        abort(400)


def _texts() -> Iterator[str]:
    yield request.path
    for name, values in request.args.lists():
        yield from (name, *values)
    if request.method in READING:
        return
    for name, values in request.form.lists():
        yield from (name, *values)
    for file in request.files.values():
        yield file.filename or ""


def register_odd_text(app: Flask) -> None:
    """Before every page, after the session is known."""
    app.before_request(refuse_odd_text)
