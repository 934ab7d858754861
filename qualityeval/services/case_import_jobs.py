"""An import as a job: an upload checked or stored, its result, and the annotated workbook of a refusal."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from qualityeval.adapters.tables import open_table
from qualityeval.adapters.workbook_out import AnnotatedRow, annotated_workbook
from qualityeval.adapters.yaml_text import load_text
from qualityeval.authz import Actor, Permission, require
from qualityeval.core.errors import msg
from qualityeval.core.mapping import Mapping, parse_mapping
from qualityeval.models import Job, StoredFile
from qualityeval.services import files, jobs
from qualityeval.services.case_import import (
    ImportOptions,
    ImportOutcome,
    Progress,
    RejectedCase,
    import_cases,
)

KIND = "register.import"
PURPOSE = "register"
SHOWN = 300  # rejected rows named in the job's result; all of them are in the workbook
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHECK_TITLE, IMPORT_TITLE = msg("检查台账：%(name)s"), msg("导入台账：%(name)s")
REASONS = msg("未收原因")
ANNOTATED = msg("未收行标注")


def ask_import(*, actor: Actor, file: StoredFile, mapping: str, options: ImportOptions, now: datetime) -> Job:
    """Queue a check (dry run) or an import of an uploaded file; the mapping is checked at once."""
    require(actor, Permission.REGISTER_IMPORT)
    parse_mapping(load_text(mapping))
    title = (CHECK_TITLE if options.dry_run else IMPORT_TITLE) % {"name": file.name}
    chosen = {name: getattr(options, name) for name in ImportOptions.__slots__}
    arguments = {"file": file.public_id, "mapping": mapping, "options": chosen}
    return jobs.enqueue(actor=actor, kind=KIND, title=title, arguments=arguments, now=now)


def path_of(file: StoredFile) -> Path:
    """Where the upload's bytes lie."""
    with files.open_stored(file) as handle:
        return Path(handle.name)


def run_import(
    *, actor: Actor, job: str, arguments: dict[str, Any], now: datetime, today: date, progress: Progress
) -> dict[str, Any]:
    """Do a queued import inside the job's transaction; the result is what its page shows."""
    file = files.get_for(actor, arguments["file"])
    mapping = parse_mapping(load_text(arguments["mapping"]))
    options = ImportOptions(**arguments["options"])
    path = path_of(file)
    outcome = import_cases(
        actor=actor, path=path, name=file.name, mapping=mapping, options=options, now=now, today=today,
        progress=progress,
    )  # fmt: skip
    result: dict[str, Any] = {
        "rows": outcome.rows, "created": 0 if outcome.is_refused else outcome.created,
        "updated": 0 if outcome.is_refused else outcome.updated, "unchanged": outcome.unchanged,
        "rejected": len(outcome.rejected), "good": outcome.created + outcome.updated, "noted": outcome.noted,
        "defaulted": outcome.defaulted, "institutions": len(outcome.institutions), "is_dry_run": outcome.is_dry_run,
        "is_stored": outcome.is_stored, "problems": list(_problems(outcome.rejected)),
        "page": ["cases.import_result", {"public_id": job}],
    }  # fmt: skip
    if outcome.rejected:
        result["file"] = _annotate(actor, file, path, mapping, outcome, now).public_id
    return result


def _problems(rejected: tuple[RejectedCase, ...]) -> Iterator[dict[str, Any]]:
    for row in rejected[:SHOWN]:
        for problem in row.problems:
            params = {name: str(value) for name, value in problem.params.items()}
            yield {
                "row": row.row, "column": problem.column, "field": problem.field, "code": problem.code,
                "text": problem.text, "params": params,
            }  # fmt: skip


def _annotate(
    actor: Actor, file: StoredFile, path: Path, mapping: Mapping, outcome: ImportOutcome, now: datetime
) -> StoredFile:
    """The user's own table with the reasons: whole where nothing was stored, else the rejected rows alone."""
    reasons = {row.row: row for row in outcome.rejected}
    with (
        open_table(
            path, sheet=mapping.sheet, encoding=mapping.encoding, header_row=mapping.header_row
        ) as table,
        TemporaryFile() as target,
    ):
        places = {heading: place for place, heading in reversed(list(enumerate(table.header)))}

        def rows() -> Iterator[AnnotatedRow]:
            for row in table.rows():
                found = reasons.get(row.number)
                if found is not None:
                    faulty = {places[p.column] for p in found.problems if p.column in places}
                    yield AnnotatedRow(row, " ".join(p.message for p in found.problems), faulty)
                elif not outcome.is_stored:
                    yield AnnotatedRow(row)

        annotated_workbook(target, header=table.header, rows=rows(), title=REASONS)
        target.seek(0)
        stem = file.name.rpartition(".")[0] or file.name
        return files.store(
            actor=actor, name=f"{stem}-{ANNOTATED}.xlsx", media_type=SHEET_TYPE, purpose="register.annotated",
            content=target, now=now,
        )  # fmt: skip
