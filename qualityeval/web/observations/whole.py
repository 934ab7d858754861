"""The whole record on one page: works without script, and with it without a network.

The page keeps what is typed in the browser and deletes it only after the server has confirmed the record.
Over https or on localhost a service worker keeps the page itself, so that it opens where there is no network.
"""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import RuleViolation
from qualityeval.core.observation import ObservationState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import transaction
from qualityeval.models import Observation
from qualityeval.queries import observations as queries
from qualityeval.services import observations as services
from qualityeval.services.observation_photos import MOST
from qualityeval.web.assets import built
from qualityeval.web.guards import acting, now, public, requires
from qualityeval.web.messages import words
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.observations import bp
from qualityeval.web.observations.forms import HearingForm, PhotoForm


@bp.get("/<public_id>/whole")
@requires(Permission.OBSERVATION_WRITE)
def whole(public_id: str) -> Any:
    """All questions of a planned hearing."""
    row = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    if row.state != ObservationState.PLANNED:
        return redirect(url_for("observations.detail", public_id=public_id))
    form = HearingForm(
        court=row.court, mode=row.mode, arrived_at=_clock(row.arrived_at), left_at=_clock(row.left_at)
    )
    return _page(row, form, dict(row.answers), dict(row.notes))


@bp.post("/<public_id>/whole")
@requires(Permission.OBSERVATION_WRITE)
def hand_in(public_id: str) -> Any:
    """Take the record; a script is answered in JSON, a browser without one by a page."""
    row = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    form, asked = HearingForm(), services.form_of(row).questions
    answers = {one.code: request.form.get(one.code, "") for one in asked}
    notes = {one.code: request.form.get(f"note-{one.code}", "") for one in asked}
    record = services.Record(
        services.Hearing(
            form.court.data or "", form.mode.data or "", form.arrived_at.data or "", form.left_at.data or ""
        ),
        answers, notes,
    )  # fmt: skip
    try:
        with transaction():
            own = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE, lock=True)
            services.record_whole(actor=acting(), observation=own, record=record, now=now())
    except RuleViolation as refusal:
        return _refused(refusal, row, form, answers, notes)
    if is_script():
        return jsonify(state="submitted", text=_("旁听记录已提交。"))
    flash(_("旁听记录已提交。"), "success")
    warn_of_numbers((*answers.values(), *notes.values()))
    return redirect(url_for("observations.detail", public_id=public_id))


@bp.get("/worker.js")
@public
def worker() -> Response:
    """The service worker; it stands here because a worker rules over the addresses below its own."""
    return Response(built("observe-worker.js"), content_type="text/javascript; charset=utf-8")


def _refused(
    refusal: RuleViolation,
    row: Observation,
    form: HearingForm,
    answers: dict[str, str],
    notes: dict[str, str],
) -> Any:
    first = refusal.missing[0] if isinstance(refusal, Unanswered) else refusal.where
    if is_script():
        return jsonify(state="refused", text=words(refusal), where=first), 422
    places = {"mode": "mode-0", "arrived_at": "arrived_at", "left_at": "left_at"}
    target = places.get(first, first if first.startswith("note-") else f"q-{first}")
    return _page(row, form, answers, notes, [(words(refusal), target)]), 422


def _page(
    row: Observation,
    form: HearingForm,
    answers: dict[str, str],
    notes: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
) -> str:
    return render_template(
        "observations/whole.html", row=row, form=form, questions=services.form_of(row).questions,
        answers=answers, notes=notes, photo=PhotoForm().photo, most=MOST, errors=errors or [], failed={place: text for text, place in errors or []},
    )  # fmt: skip


def is_script() -> bool:
    """Whether the open page asks by script and wants to be told in JSON."""
    return request.accept_mimetypes.best == "application/json"


def _clock(value: Any) -> str:
    return f"{value:%H:%M}" if value else ""
