"""The own body's rubrics: brought, copied, edited, discarded."""

import tempfile
from pathlib import Path
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from qualityeval.adapters.rubric_tables import mapping_of
from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, msg
from qualityeval.core.proposal_rules import CHECKS
from qualityeval.database import db, transaction
from qualityeval.models import Institution, OwnRubric
from qualityeval.queries import own_rubrics as queries
from qualityeval.services import own_rubrics as services
from qualityeval.web.forms import Form, required_text
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.locale import choose_locale
from qualityeval.web.messages import place, words
from qualityeval.web.rounds import bp, rubric_forms
from qualityeval.words import process_checks as check_words
from qualityeval.words import rounds as round_words
from qualityeval.words import rubrics as rubric_words

LARGEST = 400_000


class BringForm(Form):
    """A rubric as a file."""

    file = FileField(
        _l("评分标准文件"),
        [FileRequired(_l("请选择一个文件。"))],
        description=_l("YAML，或从这里导出的 Excel 表。先导出一份现成的标准作为样子最方便。"),
    )


class CopyForm(Form):
    """The code of the copy."""

    code = required_text(
        _l("代码"), longest=60, description=_l("小写字母开头，只含小写字母、数字和连字符；用已有的代码就成为它的下一版。")
    )  # fmt: skip


@bp.route("/rubrics/bring", methods=["GET", "POST"])
@requires(Permission.RUBRIC_EDIT)
def bring_rubric() -> Any:
    """Choose a file; a complete rubric is kept as the own body's."""
    form = BringForm()
    if request.method == "GET" or not form.validate():
        return render_template("rounds/rubric_bring.html", form=form), 422 if form.errors else 200
    try:
        mapping = _mapping_of(form.file.data)
        with transaction():
            own = services.bring(actor=acting(), mapping=mapping, institution=_body(), now=now())
            public_id = own.public_id
    except RuleViolation as refusal:
        form.file.errors = [*form.file.errors, _with_row(refusal)]
        return render_template("rounds/rubric_bring.html", form=form), 422
    flash(_("评分标准已存入。"), "success")
    return redirect(url_for("rounds.edit_rubric", public_id=public_id), 303)


def _mapping_of(upload: Any) -> dict[str, Any]:
    with upload.stream as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise InvalidInput(
            "rubric.file_large", msg("文件超过 400 KB，不像是评分标准。请检查是否选错了文件。")
        )
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "rubric"
        copy.write_bytes(content)
        return mapping_of(copy, upload.filename or "")


def _with_row(refusal: RuleViolation) -> str:
    row, colon, _path = refusal.where.partition(":")
    said = words(refusal)
    if colon and row.isdigit() and "row" not in refusal.params:
        return _("第 %(row)s 行：%(fault)s", row=row, fault=said)
    return said


@bp.route("/rubrics/<key>/copy", methods=["GET", "POST"])
@requires(Permission.RUBRIC_EDIT)
def copy_rubric(key: str) -> Any:
    """A new version to edit: of an own rubric the next one, of another under a code of one's own."""
    queries.text_for(acting(), key)
    form = CopyForm()
    code, _version = queries.split(key)
    if request.method == "GET":
        own = queries.own_of(acting(), key)
        form.code.data = code if own else f"{code}-{_body().code}".lower()
        return render_template("rounds/rubric_copy.html", form=form, key=key)
    if form.validate():
        try:
            with transaction():
                public_id = services.copy(
                    actor=acting(), key=key, code=form.code.data or "", institution=_body(), now=now()
                ).public_id
        except RuleViolation as refusal:
            place(form, refusal)
        else:
            return redirect(url_for("rounds.edit_rubric", public_id=public_id), 303)
    return render_template("rounds/rubric_copy.html", form=form, key=key), 422


@bp.route("/own-rubrics/<public_id>", methods=["GET", "POST"])
@requires(Permission.RUBRIC_EDIT)
def edit_rubric(public_id: str) -> Any:
    """Titles, grades, indicators, vetoes and bonus of an own version; items stand on the pages of their indicators."""
    own = queries.get_for(acting(), public_id)
    mapping = load_text(own.text)
    if request.method == "GET":
        return _edit_page(own, mapping)
    changed = rubric_forms.read_head(request.form, mapping)
    return _saved(own, changed, url_for("rounds.edit_rubric", public_id=public_id))


@bp.route("/own-rubrics/<public_id>/parts/<part>", methods=["GET", "POST"])
@requires(Permission.RUBRIC_EDIT)
def edit_rubric_part(public_id: str, part: str) -> Any:
    """One indicator's items with their anchors and ready phrases."""
    own = queries.get_for(acting(), public_id)
    mapping = load_text(own.text)
    sections = list(mapping.get("sections") or ())
    number = next((at for at in range(1, len(sections) + 1) if str(at) == part), 0)
    if not number:
        raise NotFound(where="rubric")
    if request.method == "GET":
        return _part_page(own, mapping, number)
    sections[number - 1] = rubric_forms.read_part(request.form, sections[number - 1])
    address = url_for("rounds.edit_rubric_part", public_id=public_id, part=number)
    return _saved(own, {**mapping, "sections": sections}, address, number=number)


@bp.post("/own-rubrics/<public_id>/discard")
@requires(Permission.RUBRIC_EDIT)
def discard_rubric(public_id: str) -> Any:
    """Take an unused version away."""
    with transaction():
        services.discard(actor=acting(), own=queries.get_for(acting(), public_id), now=now())
    flash(_("已删除。"), "success")
    return redirect(url_for("rounds.rubrics"), 303)


def _saved(own: OwnRubric, mapping: dict[str, Any], address: str, *, number: int = 0) -> Any:
    public_id, seen = own.public_id, request.form.get("edits", "")
    try:
        with transaction():
            services.save(
                actor=acting(), own=queries.get_for(acting(), public_id), mapping=mapping,
                seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1, now=now(),
            )  # fmt: skip
    except RuleViolation as refusal:
        own = queries.get_for(acting(), public_id)
        page = (
            _part_page(own, mapping, number, said=words(refusal))
            if number
            else _edit_page(own, mapping, said=words(refusal))
        )
        return page, 422
    flash(_("已保存。"), "success")
    return redirect(address, 303)


def _edit_page(own: OwnRubric, mapping: dict[str, Any], said: str = "") -> str:
    return render_template("rounds/rubric_edit.html", **_shown(own, mapping, said))


def _part_page(own: OwnRubric, mapping: dict[str, Any], number: int, said: str = "") -> str:
    return render_template(
        "rounds/rubric_part.html", number=number, part=mapping["sections"][number - 1],
        parts=len(mapping["sections"]), **_shown(own, mapping, said),
    )  # fmt: skip


def _shown(own: OwnRubric, mapping: dict[str, Any], said: str) -> dict[str, Any]:
    line, locale = queries.line_of(own), choose_locale()
    choices = {
        name: [(code, label.text(locale)) for code, label in known.items()]
        for name, known in (
            ("roles", rubric_words.ROLES), ("kinds", rubric_words.VETO_KINDS), ("methods", round_words.METHODS),
        )
    }  # fmt: skip
    choices["checks"] = [
        ("", _("不由检查提议")),
        *((step, check_words.CHECKS[step].text(locale)) for step in CHECKS),
    ]
    choices["grades"] = [(one.get("name", ""), one.get("name", "")) for one in mapping.get("grades") or ()]
    return {
        "own": own, "line": line, "mapping": mapping, "said": said, "choices": choices,
        "fault": words(line.fault) if line.fault else "",
        "place": rubric_forms.place_words(load_text(own.text), line.fault.where) if line.fault else "",
        "spare": rubric_forms.SPARE,
    }  # fmt: skip


def _body() -> Institution:
    return db.session.get_one(Institution, acting().institution_id)
