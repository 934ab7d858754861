"""What the doors of all one-time links share: the page before the exchange, and where its holder answers from.

That is the address, and a random name kept in the device's own cookie.

The name says nothing of its bearer; it lets several answers from one device be seen as such (threat list TK9).
"""

import secrets
from datetime import timedelta
from typing import TypeVar

from flask import Response, current_app, g, make_response, render_template, request

from qualityeval.services.one_time import TOKEN_BYTES, Origin

KEPT = timedelta(days=180)
Answer = TypeVar("Answer", bound=Response)


def _name() -> str:
    return "__Host-device" if current_app.config["SECURE"] else "device"


def _device() -> str:
    """The device's name: the one it brings, else a new one that `with_device` gives it."""
    if "device" not in g:
        g.device = request.cookies.get(_name(), "")[:64] or secrets.token_urlsafe(TOKEN_BYTES)
    return str(g.device)


def knocked(template: str, token: str) -> Response:
    """The same page for any token, which no other site is told of."""
    answer = make_response(render_template(template, token=token))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def origin() -> Origin:
    """Address and device of this request."""
    return Origin(request.remote_addr or "", _device())


def with_device(answer: Answer) -> Answer:
    """The answer, giving the device its name where it has none."""
    if not request.cookies.get(_name()):
        answer.set_cookie(
            _name(),
            _device(),
            max_age=KEPT,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SECURE"],
        )
    return answer
