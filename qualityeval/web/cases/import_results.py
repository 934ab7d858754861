"""What a check of a register found, the way to store it, and what an import did."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from qualityeval.authz import Permission
from qualityeval.core.errors import NotFound
from qualityeval.core.register import RowProblem
from qualityeval.models import Job
from qualityeval.queries import jobs as job_queries
from qualityeval.services import case_import_jobs, files
from qualityeval.services.case_import import ImportOptions
from qualityeval.web.cases import bp
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import OnceMixin, once
from qualityeval.web.messages import problem_words


class StoreForm(Form, OnceMixin):
    """How to go on after a check."""

    skip_rejected = BooleanField(_l("登记其余各行，未收的行以后再补"))
    update = BooleanField(
        _l("更新已登记的案件"), description=_l("内容不同的，以本次台账为准；空格不会清掉已有内容。")
    )
    blank = BooleanField(_l("空格也清掉已有内容"), description=_l("只在“更新”时有效，请谨慎。"))


@bp.get("/import/results/<public_id>")
@requires(Permission.REGISTER_IMPORT)
def import_result(public_id: str) -> str:
    """What a check found, with the way to store it; or what an import did."""
    job = _import_job(public_id)
    form = StoreForm()
    form.update.data = bool(job.arguments["options"].get("update"))
    return _result_page(job, form)


@bp.post("/import/results/<public_id>/store")
@requires(Permission.REGISTER_IMPORT)
def import_store(public_id: str) -> Any:
    """Queue the import of what was checked, or check again with other choices."""
    job = _import_job(public_id)
    form = StoreForm()
    if not form.validate():
        return _result_page(job, form), 422
    chosen = {
        **job.arguments["options"], "dry_run": request.form.get("go") == "check",
        "skip_rejected": bool(form.skip_rejected.data), "update": bool(form.update.data), "blank": bool(form.blank.data),
    }  # fmt: skip
    file, mapping = job.arguments["file"], job.arguments["mapping"]

    def start() -> str:
        queued = case_import_jobs.ask_import(
            actor=acting(),
            file=files.get_for(acting(), file),
            mapping=mapping,
            options=ImportOptions(**chosen),
            now=now(),
        )
        return url_for("jobs.detail", public_id=queued.public_id)

    return once(start)


@bp.get("/import/results/<public_id>/mapping.yaml")
@requires(Permission.REGISTER_IMPORT)
def mapping_file(public_id: str) -> Response:
    """The mapping that was used, as the file that the command line takes."""
    job = _import_job(public_id)
    return Response(
        job.arguments["mapping"], mimetype="application/yaml",
        headers={"Content-Disposition": 'attachment; filename="mapping.yaml"'},
    )  # fmt: skip


def _result_page(job: Job, form: StoreForm) -> str:
    result = job.result or {}
    problems = [
        (problem["row"], problem["column"], problem_words(_problem(problem)), problem["code"])
        for problem in result.get("problems", ())
    ]
    file = files.get_for(acting(), job.arguments["file"])
    return render_template(
        "cases/import_result.html", job=job, result=result, problems=problems, form=form, file=file
    )


def _problem(kept: dict[str, Any]) -> RowProblem:
    return RowProblem(kept["row"], kept["column"], kept["field"], kept["code"], kept["text"], kept["params"])


def _import_job(public_id: str) -> Job:
    """One of the actor's own imports that has ended well."""
    job = job_queries.get_for(acting(), public_id)
    if job.kind != case_import_jobs.KIND or job.result is None:
        raise NotFound
    return job
