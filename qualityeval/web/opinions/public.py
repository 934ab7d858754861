"""The form behind a one-time link: looking uses nothing up, one press exchanges the link for a short session.

The token leaves the address bar with that press; it is in no Referer, and no page of ours holds it after.
"""

from typing import Any

from flask import Response, redirect, render_template, request, session, url_for

from qualityeval.core.callback import masked_name
from qualityeval.core.errors import InvalidInput
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import transaction
from qualityeval.extensions import limiter
from qualityeval.models import Practitioner
from qualityeval.services import opinions as services
from qualityeval.web.answer_errors import by_question, posted, summary
from qualityeval.web.guards import now, public
from qualityeval.web.link_device import knocked, origin, with_device
from qualityeval.web.opinions import bp

HELD = "opinion"  # the cookie's field for the session's token


@bp.get("/o/<token>")
@public
def knock(token: str) -> Response:
    """The same page for any token: previews and scanners may look at it as often as they like."""
    return knocked("opinions/knock.html", token)


@bp.post("/o/")
@public
@limiter.limit("20 per minute")
def open_link() -> Any:
    """Exchange the link, once."""
    with transaction():
        session[HELD] = services.exchange(token=request.form.get("token", ""), now=now())
    return with_device(redirect(url_for("opinions.form"), 303))


@bp.route("/o/form", methods=["GET", "POST"])
@public
def form() -> Any:
    """The form; after sending it says that the answer has come in."""
    held = str(session.get(HELD, ""))
    row = services.of_session(session_token=held, now=now())
    asked = services.form_of(row)
    typed: dict[str, str] = {}
    errors: dict[str, str] = {}
    if request.method == "POST":
        typed = posted(asked)
        try:
            with transaction():
                services.answer(session_token=held, given=typed, now=now(), origin=origin())
            return redirect(url_for("opinions.form"), 303)
        except (Unanswered, InvalidInput) as refusal:
            errors = by_question(refusal)
        row = services.of_session(session_token=held, now=now())
    said = summary(asked, errors)
    return render_template(
        "opinions/form.html", row=row, form=asked, typed=typed, errors=errors, said=said,
        recipient=masked_name(row.case.recipient_name), practitioner=_name(row.case.practitioner),
    ), 422 if errors else 200  # fmt: skip


def _name(practitioner: Practitioner | None) -> str:
    return practitioner.name if practitioner else ""
