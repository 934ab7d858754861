"""The observer's hearings: the list, the record with its questions one a screen, handing in; planning for managers."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, msg
from qualityeval.core.observation import ObservationState, score
from qualityeval.core.questionnaire import Question, Unanswered
from qualityeval.core.rubric_parts import show_points
from qualityeval.database import transaction
from qualityeval.models import Observation
from qualityeval.queries import observations as queries
from qualityeval.queries.observation_versions import photos_of, versions_of
from qualityeval.services import observations as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import once
from qualityeval.web.messages import place, words
from qualityeval.web.number_warning import warn_of_numbers
from qualityeval.web.observations import bp
from qualityeval.web.observations.forms import ClosedForm, HearingForm, PlanForm
from qualityeval.web.paging import page_asked, pages_of
from qualityeval.words import channels
from qualityeval.words.moments import OFFICE

PER_PAGE = 30


@bp.get("/", endpoint="list")
@requires(Permission.OBSERVATION_READ)
def index() -> str:
    """An observer's hearings; for a manager all of the subtree."""
    state = request.args.get("state", "")
    state = state if state in set(ObservationState) else ""
    total = queries.count_for(acting(), state=state)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    return render_template(
        "observations/list.html", state=state, total=total, page=page, pages=pages, per_page=PER_PAGE,
        rows=queries.list_for(acting(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE),
        words=channels, show_points=show_points, today=now().astimezone(OFFICE).date(),
    )  # fmt: skip


@bp.route("/plan", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_PLAN)
def plan() -> Any:
    """Send an observer to a hearing."""
    form = PlanForm()
    people = {one.public_id: one for one in queries.observers_for(acting())}
    form.observer.choices = [(key, one.display_name) for key, one in people.items()]
    if form.validate_on_submit():

        def work() -> str:
            row = services.plan_observation(
                actor=acting(), case=_case(form.case_key.data), observer=people[form.observer.data],
                hearing_on=form.hearing_on.data, court=form.court.data or "", now=now(),
            )  # fmt: skip
            return url_for("observations.detail", public_id=row.public_id)

        try:
            return once(work)
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template("observations/plan.html", form=form, people=people), _status(form)


def _case(key: str) -> Any:
    try:
        return queries.case_for(acting(), key, Permission.OBSERVATION_PLAN)
    except NotFound as refusal:
        raise InvalidInput(
            refusal.code, msg("本机构及下级的台账里没有这件案件，或者有几件同号。"), where="case_key"
        ) from None


@bp.get("/<public_id>")
@requires(Permission.OBSERVATION_READ)
def detail(public_id: str) -> Any:
    """The record: what is answered, what is missing, its score."""
    return _detail(queries.get_for(acting(), public_id))


def _detail(row: Observation, errors: list[tuple[str, str]] | None = None) -> str:
    form = services.form_of(row)
    result = score(form, row.answers)
    return render_template(
        "observations/detail.html", row=row, form=form, result=result, asked=form.asked(row.answers),
        missing=form.missing(row.answers), words=channels, show_points=show_points, errors=errors or [],
        open=row.state == ObservationState.PLANNED, versions=versions_of(row), photos=photos_of(row),
        fields={"court": _("法庭"), "mode": _("旁听方式"), "arrived_at": _("到达时间"), "left_at": _("离开时间")},
    )  # fmt: skip


@bp.route("/<public_id>/hearing", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def hearing(public_id: str) -> Any:
    """Court, mode, arrival and departure."""
    row = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    form = HearingForm(
        court=row.court, mode=row.mode, arrived_at=_clock(row.arrived_at), left_at=_clock(row.left_at)
    )
    if form.validate_on_submit():
        noted = services.Hearing(
            form.court.data or "", form.mode.data, form.arrived_at.data or "", form.left_at.data or ""
        )
        try:
            with transaction():
                services.note_hearing(actor=acting(), observation=_own(public_id), hearing=noted, now=now())
            return redirect(url_for("observations.detail", public_id=public_id))
        except RuleViolation as refusal:
            place(form, refusal)
    return render_template("observations/hearing.html", form=form, row=row), _status(form)


@bp.route("/<public_id>/question/<code>", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def question(public_id: str, code: str) -> Any:
    """One question; the answer is kept and the next one shown."""
    row = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    asked = services.form_of(row).asked(row.answers)
    place_of = next((number for number, one in enumerate(asked) if one.code == code), None)
    if place_of is None:
        raise NotFound(where="question")
    if request.method == "GET":
        return _question(row, asked, place_of)
    answer, note = request.form.get(code, ""), request.form.get(f"note-{code}", "")
    try:
        with transaction():
            services.answer_question(
                actor=acting(),
                observation=_own(public_id),
                question=code,
                answer=answer,
                note=note,
                now=now(),
            )
    except RuleViolation as refusal:
        return _question(row, asked, place_of, error=words(refusal), answer=answer, note=note), 422
    warn_of_numbers((answer, note))
    following = _following(queries.get_for(acting(), public_id), code)
    if following is None:
        return redirect(url_for("observations.detail", public_id=public_id))
    return redirect(url_for("observations.question", public_id=public_id, code=following))


def _following(row: Observation, code: str) -> str | None:
    codes = [one.code for one in services.form_of(row).asked(row.answers)]
    later = codes[codes.index(code) + 1 :]
    return later[0] if later else None


def _question(
    row: Observation,
    asked: tuple[Question, ...],
    number: int,
    *,
    error: str = "",
    answer: str = "",
    note: str = "",
) -> str:
    one = asked[number]
    return render_template(
        "observations/question.html", row=row, question=one, number=number + 1, count=len(asked), error=error,
        value=answer or row.answers.get(one.code, ""), note=note or row.notes.get(one.code, ""),
        before=asked[number - 1].code if number else "", errors=[(error, f"q-{one.code}")] if error else [],
    )  # fmt: skip


@bp.post("/<public_id>/submit")
@requires(Permission.OBSERVATION_WRITE)
def submit(public_id: str) -> Any:
    """Hand the record in."""
    try:
        with transaction():
            services.submit_observation(actor=acting(), observation=_own(public_id), now=now())
    except Unanswered as refusal:
        return _detail(queries.get_for(acting(), public_id), [(words(refusal), "questions")]), 422
    except InvalidInput as refusal:
        target = "hearing" if refusal.where == "arrived_at" else f"q-{refusal.where}"
        return _detail(queries.get_for(acting(), public_id), [(words(refusal), target)]), 422
    flash(_("旁听记录已提交。"), "success")
    return redirect(url_for("observations.detail", public_id=public_id))


@bp.route("/<public_id>/closed", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def closed(public_id: str) -> Any:
    """The hearing turned out not to be public."""
    row = queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE)
    form = ClosedForm()
    if form.validate_on_submit():
        with transaction():
            services.declare_closed(
                actor=acting(), observation=_own(public_id), reason=form.reason.data, now=now()
            )
        flash(_("已记为不公开审理。"), "success")
        return redirect(url_for("observations.list"))
    return render_template("observations/closed.html", form=form, row=row), _status(form)


def _own(public_id: str) -> Observation:
    return queries.get_for(acting(), public_id, Permission.OBSERVATION_WRITE, lock=True)


def _clock(value: Any) -> str:
    return f"{value:%H:%M}" if value else ""


def _status(form: Any) -> int:
    return 422 if form.errors or form.form_errors else 200
