"""Writing and changing a specification, by form or as YAML; both end in the same text."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from qualityeval import clock
from qualityeval.authz import Permission, require
from qualityeval.core.errors import RuleViolation, Stale, WrongState
from qualityeval.core.workflow import RoundAct, round_after
from qualityeval.database import transaction
from qualityeval.models import Round
from qualityeval.queries import round_trail
from qualityeval.queries import rounds as queries
from qualityeval.services import rounds as services
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import once
from qualityeval.web.messages import words
from qualityeval.web.rounds import bp
from qualityeval.web.rounds.defaults import proposal
from qualityeval.web.rounds.forms import BLANK_EXCLUSIONS, BLANK_FLOORS, BLANK_OVERRIDES, SpecForm, YamlForm
from qualityeval.web.rounds.spec_text import form_values, place_refusal, text_of_form

FORM, YAML = "form", "yaml"
SHOW = "show"  # the button that turns the page over without saving


@bp.route("/rounds/new", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def new() -> Any:
    """A new draft."""
    if request.method == "GET":
        return _first_page(None)
    return _posted(None)


@bp.route("/rounds/<public_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROUND_PLAN)
def edit(public_id: str) -> Any:
    """Change a draft."""
    round_ = queries.get_for(acting(), public_id)
    require(acting(), Permission.ROUND_PLAN, round_)
    if request.method == "POST":
        return _posted(round_)  # the service refuses, and what was typed stays on the page
    round_after(round_.state, RoundAct.EDIT)
    return _first_page(round_)


def _first_page(round_: Round | None) -> Any:
    if round_ is None:
        return _form_page(None, _spec_form(proposal(clock.office_date(now()))))
    values = form_values(round_.spec)
    if values is None or request.args.get("as") == YAML:
        form = YamlForm(formdata=None, data={"spec": round_.spec, "version": round_.version})
        return _yaml_page(round_, form, only=values is None)
    return _form_page(round_, _spec_form({**values, "version": round_.version}))


def _spec_form(values: dict[str, Any]) -> SpecForm:
    form = SpecForm(formdata=None, data=values)
    blanks = (
        (form.exclusions, BLANK_EXCLUSIONS),
        (form.overrides, BLANK_OVERRIDES),
        (form.floors, BLANK_FLOORS),
    )
    for rows, blank in blanks:
        for _number in range(blank):
            rows.append_entry()
    return form


def _posted(round_: Round | None) -> Any:
    """Turn the page over, or save."""
    if "spec" in request.form:
        return _posted_yaml(round_, YamlForm())
    form = SpecForm()
    if not form.validate():
        return _form_page(round_, form), 422
    text = text_of_form(form, institution=_institution(round_))
    if request.form.get(SHOW) == YAML:
        return _yaml_page(round_, YamlForm(formdata=None, data={"spec": text, "version": form.version.data}))
    try:
        return _save(round_, text, form.version.data)
    except Stale:
        return _stale_page(round_, text)
    except RuleViolation as refusal:
        place_refusal(form, refusal)
        return _form_page(round_, form), 422


def _posted_yaml(round_: Round | None, form: YamlForm) -> Any:
    if not form.validate():
        return _yaml_page(round_, form), 422
    text = _plain_lines(form.spec.data or "")
    if request.form.get(SHOW) == FORM:
        return _back_to_form(round_, form, text)
    try:
        return _save(round_, text, form.version.data)
    except Stale:
        return _stale_page(round_, text)
    except RuleViolation as refusal:
        place = _("（位置：%(place)s）", place=refusal.where) if refusal.where else ""
        form.spec.errors = [*form.spec.errors, words(refusal) + place]
        return _yaml_page(round_, form), 422


def _back_to_form(round_: Round | None, form: YamlForm, text: str) -> Any:
    values = form_values(text)
    if values is None:
        form.spec.errors = [_("这份方案写了表单里没有的内容，或者还有错误，只能用 YAML 编辑。")]
        return _yaml_page(round_, form), 422
    return _form_page(round_, _spec_form({**values, "version": form.version.data}))


def _save(round_: Round | None, text: str, version: str | None) -> Any:
    if round_ is None:
        return once(lambda: _address(services.create_round(actor=acting(), spec_text=text, now=now())))
    seen = int(version) if version and version.isascii() and version.isdigit() else -1
    with transaction():
        fresh = queries.get_for(acting(), round_.public_id)
        services.update_spec(actor=acting(), round_=fresh, spec_text=text, seen_version=seen, now=now())
    flash(_("方案已保存。"), "success")
    return redirect(url_for("rounds.detail", public_id=round_.public_id))


def _address(round_: Round) -> str:
    return url_for("rounds.detail", public_id=round_.public_id)


def _plain_lines(text: str) -> str:
    """A browser sends CR LF; the text is kept with LF, as a file would hold it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _institution(round_: Round | None) -> str:
    return round_.institution.code if round_ else round_trail.body_of(acting()).code


def _form_page(round_: Round | None, form: SpecForm) -> str:
    body = round_.institution if round_ else round_trail.body_of(acting())
    return render_template("rounds/form.html", form=form, round=round_, institution=body.name)


def _yaml_page(round_: Round | None, form: YamlForm, *, only: bool = False) -> str:
    return render_template("rounds/yaml.html", form=form, round=round_, only=only)


def _stale_page(round_: Round | None, text: str) -> Any:
    """Both texts, and a form that saves one's own over the other knowingly."""
    if round_ is None:
        raise WrongState
    stored = queries.get_for(acting(), round_.public_id)
    form = YamlForm(formdata=None, data={"spec": text, "version": stored.version})
    return render_template("rounds/stale.html", round=stored, form=form, stored=stored.spec), 409
