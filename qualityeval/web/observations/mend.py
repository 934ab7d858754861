"""After the record: mending it by a new version, and pictures of the hearing."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound, RuleViolation
from qualityeval.core.observation import ObservationState
from qualityeval.core.questionnaire import Unanswered
from qualityeval.database import transaction
from qualityeval.queries import observation_versions as queries
from qualityeval.queries.observations import get_for
from qualityeval.services import files, observation_photos
from qualityeval.services import observation_versions as services
from qualityeval.services.observations import Hearing, Record, form_of
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.messages import words
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.observations import bp
from qualityeval.web.observations.forms import HearingForm, PhotoForm
from qualityeval.web.observations.whole import is_script

PLACES = {"mode": "mode-0", "arrived_at": "arrived_at", "left_at": "left_at", "reason": "reason"}


class AmendForm(HearingForm):
    """The hearing itself, and why the record changes."""

    reason = StringField(_l("更正的理由"), description=_l("至少 4 个字；原来的版本都保留。"))


@bp.route("/<public_id>/amend", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def amend(public_id: str) -> Any:
    """A record that was handed in, open once more; POST keeps a new version."""
    row = get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    if row.state != ObservationState.SUBMITTED:
        raise NotFound(where="observation")
    form, asked = AmendForm(obj=None), form_of(row).questions
    if request.method == "GET":
        form.court.data, form.mode.data = row.court, row.mode
        form.arrived_at.data, form.left_at.data = (
            f"{one:%H:%M}" if one else "" for one in (row.arrived_at, row.left_at)
        )
        return _page(row, form, dict(row.answers), dict(row.notes), [])
    answers = {one.code: request.form.get(one.code, "") for one in asked}
    notes = {one.code: request.form.get(f"note-{one.code}", "") for one in asked}
    hearing = Hearing(
        form.court.data or "", form.mode.data or "", form.arrived_at.data or "", form.left_at.data or ""
    )
    try:
        with transaction():
            own = get_for(acting(), public_id, Permission.OBSERVATION_WRITE, lock=True)
            services.amend(
                actor=acting(), observation=own, record=Record(hearing, answers, notes), reason=form.reason.data or "",
                now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        first = refusal.missing[0] if isinstance(refusal, Unanswered) else refusal.where
        place = PLACES.get(first, first if first.startswith("note-") else f"q-{first}")
        row = get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
        return _page(row, form, answers, notes, [(words(refusal), place)]), 422
    flash(_("已更正；原来的版本仍然保留。"), "success")
    warn_of_numbers((*answers.values(), *notes.values(), form.reason.data or ""))
    return redirect(url_for("observations.detail", public_id=public_id), 303)


def _page(
    row: Any, form: AmendForm, answers: dict[str, str], notes: dict[str, str], errors: list[tuple[str, str]]
) -> str:
    return render_template(
        "observations/amend.html", row=row, form=form, questions=form_of(row).questions, answers=answers, notes=notes,
        errors=errors, failed={place: text for text, place in errors},
    )  # fmt: skip


@bp.route("/<public_id>/photos", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def photos(public_id: str) -> Any:
    """Add a picture."""
    row, form = get_for(acting(), public_id, Permission.OBSERVATION_WRITE), PhotoForm()
    if request.method == "POST":
        upload = form.photo.data
        try:
            with transaction():
                own = get_for(acting(), public_id, Permission.OBSERVATION_WRITE, lock=True)
                observation_photos.add_photo(
                    actor=acting(), observation=own, name=upload.filename if upload else "",
                    content=upload.read() if upload else b"", now=now(),
                )  # fmt: skip
            if is_script():
                return jsonify(state="kept", text=_("照片已存。"))
            flash(_("照片已存。"), "success")
            return redirect(url_for("observations.photos", public_id=public_id), 303)
        except RuleViolation as refusal:
            if is_script():
                return jsonify(state="refused", text=words(refusal)), 422
            form.photo.errors = [words(refusal)]
            row = get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    page = render_template(
        "observations/photos.html",
        row=row,
        form=form,
        photos=queries.photos_of(row),
        most=observation_photos.MOST,
    )
    return page, 422 if form.photo.errors else 200


@bp.get("/photos/<public_id>")
@requires(Permission.OBSERVATION_READ)
def photo(public_id: str) -> Response:
    """One picture, for whoever may read the record."""
    row = queries.photo_for(acting(), public_id)
    with files.open_stored(row.file) as content:
        return Response(content.read(), mimetype="image/jpeg")
