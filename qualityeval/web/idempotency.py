"""A creating form pressed twice, or sent again after a lost answer, leads to the one thing it made.

The form carries a random key (`OnceMixin`); the view hands its work to `once`.
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from flask import redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response
from wtforms import HiddenField

from qualityeval.database import transaction
from qualityeval.services import idempotency as services
from qualityeval.web.guards import acting, now

FIELD = "once"
LEFT_OUT = frozenset({"csrf_token", FIELD})
BLOCK = 1 << 20


class OnceMixin:
    """Gives a form its hidden random key; it comes with `form.hidden_tag()`."""

    once = HiddenField(default=lambda: secrets.token_hex(16))


def once(work: Callable[[], str]) -> Response:
    """Run `work` inside a transaction and redirect to the address it returns.

    The same key with the same content redirects to the first answer and runs nothing; with other content
    it is refused. `work` opens no transaction of its own.
    """
    key, digest = request.form.get(FIELD, ""), _digest()
    actor, moment = acting(), now()
    try:
        with transaction():
            location = services.answer(actor=actor, key=key, request_hash=digest)
            if location is None:
                location = work()
                services.remember(actor=actor, key=key, request_hash=digest, location=location, now=moment)
    except IntegrityError:
        earlier = services.answer(actor=actor, key=key, request_hash=digest)
        if earlier is None:  # the clash was another one
            raise
        location = earlier
    return redirect(location, 303)


def _digest() -> str:
    """SHA-256 over path, fields and files, each with its length, so that no two contents look alike."""
    digest = hashlib.sha256()

    def add(part: bytes) -> None:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)

    add(request.path.encode())
    for name, values in sorted(request.form.lists()):
        if name not in LEFT_OUT:
            for value in values:
                add(name.encode())
                add(value.encode())
    for name, files in sorted(request.files.lists()):
        for file in files:
            add(name.encode())
            add((file.filename or "").encode())
            add(_file_digest(file.stream))
    return digest.hexdigest()


def _file_digest(stream: Any) -> bytes:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    stream.seek(0)
    return digest.digest()
