"""A practitioner's link: looking uses nothing up; one press shows the own case's result; one statement is kept."""

from typing import Any

from flask import Response, redirect, render_template, request, session, url_for

from qualityeval.core.errors import InvalidInput
from qualityeval.core.free_text import without_numbers
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import transaction
from qualityeval.extensions import limiter
from qualityeval.queries.practitioner_feedback import feedback_of
from qualityeval.services import practitioner_links as services
from qualityeval.web.guards import now, public
from qualityeval.web.link_device import knocked, origin, with_device
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import words
from qualityeval.web.practitioners import bp

HELD = "practitioner"  # the cookie's field for the session's token


@bp.get("/p/<token>")
@public
def knock(token: str) -> Response:
    """The same page for any token: previews and scanners may look at it as often as they like."""
    return knocked("practitioners/knock.html", token)


@bp.post("/p/")
@public
@limiter.limit("20 per minute")
def open_link() -> Any:
    """Exchange the link, once."""
    with transaction():
        session[HELD] = services.exchange(token=request.form.get("token", ""), now=now(), origin=origin())
    return with_device(redirect(url_for("practitioners.form"), 303))


@bp.route("/p/form", methods=["GET", "POST"])
@public
def form() -> Any:
    """The result and the statement; after sending it what was stated, and the answer once there is one."""
    held = str(session.get(HELD, ""))
    services.of_session(session_token=held, now=now())
    typed, error = request.form.get("statement", ""), ""
    if request.method == "POST":
        try:
            with transaction():
                services.state(session_token=held, text=typed, now=now())
            return redirect(url_for("practitioners.form"), 303)
        except InvalidInput as refusal:
            error = words(refusal)
    row = services.of_session(session_token=held, now=now())
    return render_template(
        "practitioners/form.html", row=row, found=feedback_of(row, now=now()), typed=typed, error=error, locale=choose_locale(),
        show_points=show_points, without_numbers=without_numbers,
    ), 422 if error else 200  # fmt: skip
