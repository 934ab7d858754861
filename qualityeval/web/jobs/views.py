"""The pages of one's own jobs."""

from dataclasses import asdict
from typing import Any

from flask import jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from qualityeval.authz import Permission
from qualityeval.core.codes import JobState
from qualityeval.core.errors import NotFound
from qualityeval.database import transaction
from qualityeval.queries import jobs as queries
from qualityeval.services import files
from qualityeval.services import jobs as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.jobs import bp
from qualityeval.web.jobs.shown import moment, shown, state_choices, state_tag
from qualityeval.web.paging import page_asked, pages_of

PER_PAGE = 30


@bp.get("")
@requires(Permission.SIGNED_IN)
def list() -> str:  # noqa: A001 -- the endpoint's name
    """One's own jobs, the latest first."""
    state = request.args.get("state", "")
    state = state if state in set(JobState) else ""
    total = queries.count_for(acting(), state=state)
    pages = pages_of(total, PER_PAGE)
    page = page_asked(pages)
    rows = queries.list_for(acting(), state=state, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    return render_template(
        "jobs/list.html", rows=rows, state=state, choices=state_choices(), state_tag=state_tag, page=page, pages=pages, total=total,
        per_page=PER_PAGE, moment=moment,
    )  # fmt: skip


@bp.get("/<public_id>")
@requires(Permission.SIGNED_IN)
def detail(public_id: str) -> str:
    """One job; the page renews itself while the job lives."""
    job = queries.get_for(acting(), public_id)
    return render_template("jobs/detail.html", job=job, shown=shown(job, now=now()), moment=moment)


@bp.get("/<public_id>/state.json")
@requires(Permission.SIGNED_IN)
def state(public_id: str) -> Response:
    """The same for scripts."""
    job = queries.get_for(acting(), public_id)
    return jsonify({"public_id": public_id, "title": job.title, **asdict(shown(job, now=now()))})


@bp.post("/<public_id>/cancel")
@requires(Permission.SIGNED_IN)
def cancel(public_id: str) -> Response:
    """Cancel: a waiting job at once, a running one at its next step."""
    actor = acting()
    services.signal_cancel(queries.get_for(actor, public_id))
    with transaction():
        services.ask_cancel(actor=actor, job=queries.get_for(actor, public_id), now=now())
    return redirect(url_for("jobs.detail", public_id=public_id), 303)


@bp.get("/<public_id>/file")
@requires(Permission.SIGNED_IN)
def file(public_id: str) -> Any:
    """The file that the job made, always as a download."""
    job = queries.get_for(acting(), public_id)
    if job.state != JobState.DONE or not (job.result or {}).get("file"):
        raise NotFound
    stored = files.get_for(acting(), job.result["file"])
    response = send_file(
        files.open_stored(stored), mimetype=stored.media_type, as_attachment=True, download_name=stored.name
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
