"""Importing a register: the file, and how its columns are read; the check runs in the background."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField

from qualityeval.adapters.tables import Table, open_table
from qualityeval.adapters.yaml_text import load_text
from qualityeval.adapters.yaml_writing import dump_text
from qualityeval.authz import Permission
from qualityeval.core.errors import InvalidInput, NotFound, RuleViolation, msg
from qualityeval.core.mapping import Mapping, as_text, parse_mapping
from qualityeval.core.mapping_suggest import Suggestion, suggest
from qualityeval.core.table_row import TableRow
from qualityeval.database import transaction
from qualityeval.models import StoredFile
from qualityeval.queries import institutions
from qualityeval.services import case_import, case_import_jobs, files
from qualityeval.services.case_import import ImportOptions
from qualityeval.web.cases import bp
from qualityeval.web.cases.mapping_form import MappingForm, form_for, headings_of, node_of, unknown_words
from qualityeval.web.cases.shown import MASKS
from qualityeval.web.forms import Form
from qualityeval.web.guards import acting, now, requires
from qualityeval.web.idempotency import OnceMixin, once
from qualityeval.web.messages import place, words

SAMPLED, SHOWN_ROWS = 200, 4
NO_FILE = msg("请选择文件。")
READ_AS = ("sheet", "header_row", "encoding")


class UploadForm(Form, OnceMixin):
    """The file."""

    file = FileField(
        _l("台账文件"),
        description=_l("Excel（xlsx、xls）、WPS/ODS 或 CSV；最大 64 MB。先检查，确认后才登记。"),
    )


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.REGISTER_IMPORT)
def import_register() -> Any:
    """Choose the file; it is kept, and its columns are asked for next."""
    form = UploadForm()
    if request.method == "GET" or not form.validate_on_submit():
        return render_template("cases/import.html", form=form), 422 if form.errors else 200
    upload = form.file.data
    if not upload or not upload.filename:
        place(form, InvalidInput("file.missing", NO_FILE, where="file"))
        return render_template("cases/import.html", form=form), 422

    def keep() -> str:
        stored = files.store(
            actor=acting(), name=upload.filename, media_type="application/octet-stream",
            purpose=case_import_jobs.PURPOSE, content=upload.stream, now=now(),
        )  # fmt: skip
        return url_for("cases.import_mapping", public_id=stored.public_id)

    try:
        return once(keep)
    except RuleViolation as refusal:
        place(form, refusal)
        return render_template("cases/import.html", form=form), 422


@bp.route("/import/<public_id>", methods=["GET", "POST"])
@requires(Permission.REGISTER_IMPORT)
def import_mapping(public_id: str) -> Any:
    """Which column is what; then the check is queued."""
    file = _upload(public_id)
    try:
        table = _open(file)
    except (RuleViolation, OSError) as refusal:
        said = words(refusal) if isinstance(refusal, RuleViolation) else _("文件读不出来。")
        return render_template("cases/import_unreadable.html", file=file, said=said, asked=_asked()), 422
    with table:
        sample = table.sample(SAMPLED)
        suggestion = suggest(table.header, sample)
        saved = _saved(table)
        form = form_for(table, suggestion, institutions.list_for(acting(), Permission.REGISTER_IMPORT), saved)
        if request.method == "POST" and form.validate():
            return _check(file, table, form, suggestion)
        return _mapping_page(file, table, form, suggestion, 422 if form.errors else 200)


def _check(file: StoredFile, table: Table, form: MappingForm, suggestion: Suggestion) -> Any:
    try:
        if request.form.get("by") == "text":
            mapping = parse_mapping(load_text(form.mapping_text.data or ""))
        else:
            mapping = parse_mapping(node_of(form, table, suggestion, _kept(table)))
        text = as_text(mapping)
        options = ImportOptions(dry_run=True, **_places_chosen(form))
        with transaction():
            own = institutions.own_of(acting())
            if form.remember.data and own is not None:
                case_import.save_mapping(actor=acting(), institution=own, text=text, now=now())
            job = case_import_jobs.ask_import(
                actor=acting(),
                file=files.get_for(acting(), file.public_id),
                mapping=text,
                options=options,
                now=now(),
            )
            name = job.public_id
    except RuleViolation as refusal:
        place(form, refusal)
        return _mapping_page(_upload(file.public_id), table, form, suggestion, 422)
    return redirect(url_for("jobs.detail", public_id=name), 303)


def _mapping_page(
    file: StoredFile, table: Table, form: MappingForm, suggestion: Suggestion, status: int
) -> tuple[str, int]:
    if not form.is_submitted():
        form.mapping_text.data = _text(form, table, suggestion)
    rows = table.sample(SHOWN_ROWS)
    columns = [
        (heading, form[f"column_{index}"], _samples(rows, index, form[f"column_{index}"].data))
        for index, heading in enumerate(headings_of(table))
        if heading
    ]
    asked = [form[f"word_{name}_{place}"] for name, place, _word in unknown_words(suggestion)]
    page = render_template(
        "cases/import_mapping.html", file=file, table=table, form=form, columns=columns, words=asked, asked=_asked(),
        sheet_choices=[(name, name) for name in table.sheets],
    )  # fmt: skip
    return page, status


def _samples(rows: Sequence[TableRow], index: int, target: str) -> list[str]:
    """What stands in the first rows; numbers of persons are masked here too."""
    mask = MASKS.get(target, str)
    return [mask(row.cells[index]) for row in rows if index < len(row.cells) and row.cells[index]]


def _text(form: MappingForm, table: Table, suggestion: Suggestion) -> str:
    """The mapping as it stands; what is still missing is told when it is checked."""
    node = node_of(form, table, suggestion, _kept(table))
    try:
        return as_text(parse_mapping(node))
    except RuleViolation:
        return dump_text(node)


def _upload(public_id: str) -> StoredFile:
    file = files.get_for(acting(), public_id)
    if file.purpose != case_import_jobs.PURPOSE:
        raise NotFound
    return file


def _open(file: StoredFile) -> Table:
    asked = _asked()
    row = asked["header_row"]
    path: Path = case_import_jobs.path_of(file)
    return open_table(
        path,
        sheet=asked["sheet"] or None,
        encoding=asked["encoding"] or None,
        header_row=int(row) if row else None,
    )


def _asked() -> dict[str, str]:
    """How the address says that the file is to be read."""
    asked = {name: request.args.get(name, "").strip()[:60] for name in READ_AS}
    row = asked["header_row"]
    if not (row.isascii() and row.isdigit() and 1 <= int(row[:5]) <= 1_000):
        asked["header_row"] = ""
    return asked


def _kept(table: Table) -> dict[str, Any]:
    """What the mapping file says about opening the file."""
    asked = _asked()
    kept: dict[str, Any] = {}
    if table.kind == "workbook":
        kept["sheet"] = table.sheet
    elif asked["encoding"]:
        kept["encoding"] = asked["encoding"]
    if asked["header_row"]:
        kept["header_row"] = asked["header_row"]
    return kept


def _saved(table: Table) -> Mapping | None:
    """The institution's saved mapping where this table has all its headings."""
    own = institutions.own_of(acting())
    if own is None or not own.mapping:
        return None
    try:
        mapping = parse_mapping(load_text(own.mapping))
    except RuleViolation:
        return None
    return mapping if set(mapping.headings) <= set(headings_of(table)) else None


def _places_chosen(form: MappingForm) -> dict[str, Any]:
    own = institutions.own_of(acting())
    create = bool(form.create_institutions.data) and own is not None
    return {"create_institutions": create, "under": own.code if create and own is not None else ""}
