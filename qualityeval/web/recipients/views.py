"""A recipient's link: looking uses nothing up; one press opens the form; it is answered, declined, or not theirs.

The page shows the least: the institution and a masked name; no charge, no lawyer.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, session, url_for

from qualityeval.core.callback import State, masked_name
from qualityeval.core.errors import InvalidInput
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import transaction
from qualityeval.extensions import limiter
from qualityeval.services import callbacks
from qualityeval.services import recipient_links as services
from qualityeval.web.answer_errors import by_question, posted, summary
from qualityeval.web.guards import now, public
from qualityeval.web.link_device import knocked, origin, with_device
from qualityeval.web.recipients import bp

HELD = "recipient"  # the cookie's field for the session's token


@bp.get("/r/<token>")
@public
def knock(token: str) -> Response:
    """The same page for any token: previews and scanners may look at it as often as they like."""
    return knocked("recipients/knock.html", token)


@bp.post("/r/")
@public
@limiter.limit("20 per minute")
def open_link() -> Any:
    """Exchange the link, once."""
    with transaction():
        session[HELD] = services.exchange(token=request.form.get("token", ""), now=now())
    return with_device(redirect(url_for("recipients.form"), 303))


@bp.route("/r/form", methods=["GET", "POST"])
@public
def form() -> Any:
    """The form; after sending it says that the answer has come in."""
    row = services.of_session(session_token=_held(), now=now())
    asked = callbacks.form_of(row.callback)
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = posted(asked)
        try:
            with transaction():
                services.answer(session_token=_held(), given=typed, now=now(), origin=origin())
            return redirect(url_for("recipients.form"), 303)
        except (Unanswered, InvalidInput) as refusal:
            errors = by_question(refusal)
        row = services.of_session(session_token=_held(), now=now())
    case = row.callback.case
    return render_template(
        "recipients/form.html", row=row, form=asked, typed=typed, errors=errors, said=summary(asked, errors),
        over=bool(row.ended) or row.callback.state != State.OPEN, recipient=masked_name(case.recipient_name),
        guardian=row.guardian or services.minor_of(case, now()), place=case.institution.name,
    ), 422 if errors else 200  # fmt: skip


@bp.post("/r/not-me")
@public
def not_me() -> Any:
    """The reader isn't the recipient."""
    return _end(services.not_me)


@bp.post("/r/opt-out")
@public
def opt_out() -> Any:
    """The recipient doesn't want to be asked."""
    return _end(services.opt_out)


def _end(act: Callable[..., bool]) -> Any:
    with transaction():
        act(session_token=_held(), now=now())
    return redirect(url_for("recipients.form"), 303)


def _held() -> str:
    return str(session.get(HELD, ""))
